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

    $free = [Net.Sockets.TcpListener]::new([Net.IPAddress]::Loopback, 0)
    $free.Start()
    $root = "http://127.0.0.1:$($free.LocalEndpoint.Port)"
    $free.Stop()
    $listener = [Net.HttpListener]::new()
    $listener.Prefixes.Add("$root/")
    $listener.Start()
    $job = Start-ThreadJob -ArgumentList $listener, $root, $File, $Cut {
        param($listener, $root, $file, $cut)
        while ($listener.IsListening) {
            try { $context = $listener.GetContext() } catch { return }
            $path = $context.Request.Url.AbsolutePath
            if ($path -eq '/v3/index.json') {
                $bytes = [Text.Encoding]::UTF8.GetBytes("{`"resources`":[{`"@id`":`"$root/flat`",`"@type`":`"PackageBaseAddress/3.0.0`"}]}")
            }
            elseif ($path -like '/flat/libtorch-cpu-*/2.10.0/libtorch-cpu-*.2.10.0.nupkg') {
                $bytes = [IO.File]::ReadAllBytes($file)
                if ($cut) {
                    $context.Response.ContentLength64 = $bytes.Count
                    $context.Response.OutputStream.Write($bytes, 0, 1)
                    $context.Response.Abort()
                    continue
                }
            }
            else { $bytes = @(); $context.Response.StatusCode = 404 }
            $context.Response.ContentLength64 = $bytes.Count
            if ($bytes) { $context.Response.OutputStream.Write($bytes) }
            $context.Response.Close()
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

    $Server.Listener.Close()
    $Server.Job | Wait-Job | Remove-Job
}

Export-ModuleMember -Function Start-PackageServer, Stop-PackageServer
