# A NuGet v3 feed on this machine, with one package: Install-WmsRuntime.Tests.ps1 and ErrorCases.psm1.
Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'

<#
.SYNOPSIS
Serves a file as the libtorch package of every platform, until Stop-PackageServer. Returns Root, and Index for -Source.
.PARAMETER Cut
Cuts off each download after its first byte.
#>
function Start-PackageServer {
    param([Parameter(Mandatory)] [string] $File, [switch] $Cut)

    # Not HttpListener, which is a part of Windows there, and incomplete in Wine.
    $listener = [Net.Sockets.TcpListener]::new([Net.IPAddress]::Loopback, 0)
    $listener.Start()
    $root = "http://127.0.0.1:$($listener.LocalEndpoint.Port)"
    $job = Start-ThreadJob -ArgumentList $listener, $root, $File, $Cut {
        param($listener, $root, $file, $cut)
        while ($true) {
            try { $client = $listener.AcceptTcpClient() } catch { return } # stopped
            try {
                $stream = $client.GetStream()
                $reader = [IO.StreamReader]::new($stream, [Text.Encoding]::ASCII)
                $path = ($reader.ReadLine() -split ' ')[1]
                while ($reader.ReadLine()) { }
                $status, $bytes = '200 OK', [byte[]] @()
                if ($path -eq '/v3/index.json') {
                    $bytes = [Text.Encoding]::UTF8.GetBytes(
                        "{`"resources`":[{`"@id`":`"$root/flat`",`"@type`":`"PackageBaseAddress/3.0.0`"}]}")
                }
                elseif ($path -like '/flat/libtorch-cpu-*/2.10.0/libtorch-cpu-*.2.10.0.nupkg') { $bytes = [IO.File]::ReadAllBytes($file) }
                else { $status = '404 Not Found' }
                $head = "HTTP/1.1 $status`r`nContent-Length: $($bytes.Length)`r`nConnection: close`r`n`r`n"
                $stream.Write([Text.Encoding]::ASCII.GetBytes($head))
                $stream.Write($bytes, 0, ($cut -and $path -like '*.nupkg' ? 1 : $bytes.Length))
            }
            catch [IO.IOException] { } # the client has gone
            finally { $client.Dispose() }
        }
    }
    [pscustomobject]@{ Root = $root; Index = "$root/v3/index.json"; Listener = $listener; Job = $job }
}

<#
.SYNOPSIS
Stops a server.
#>
function Stop-PackageServer {
    param([Parameter(Mandatory)] [pscustomobject] $Server)

    $Server.Listener.Stop()
    $Server.Job | Wait-Job | Remove-Job
}

Export-ModuleMember -Function Start-PackageServer, Stop-PackageServer
