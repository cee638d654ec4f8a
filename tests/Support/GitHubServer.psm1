# The part of GitHub's API that keeps secrets, on this machine, for tests of cmdlets. It cannot open what it stores, as GitHub's
# clients cannot; the xunit tests open it.
Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'

<#
.SYNOPSIS
Starts a server. Returns Uri, Secrets (the sealed value by OWNER/NAME/SECRET) and Calls. The token 'refused' gets no access.
#>
function Start-GitHubServer {
    $listener = [Net.Sockets.TcpListener]::new([Net.IPAddress]::Loopback, 0)
    $listener.Start()
    $server = [pscustomobject]@{
        Uri      = "http://127.0.0.1:$($listener.LocalEndpoint.Port)"
        Secrets  = [hashtable]::Synchronized(@{})
        Calls    = [Collections.Concurrent.ConcurrentQueue[string]]::new()
        Listener = $listener
        Job      = $null
    }
    $server.Job = Start-ThreadJob -ArgumentList $server {
        param($server)
        $ErrorActionPreference = 'Stop'

        # The public key of the repository: any point of the curve will do, since nothing is opened here.
        $key = [Convert]::ToBase64String([byte[]] (@(9) + @(0) * 31))
        $date = '2026-11-30T00:00:00Z'

        function Get-Answer($method, $path, $text, $token) {
            if ($token -match 'refused') { return 401, @{ message = 'Bad credentials' } }
            if ($path -notmatch '^/repos/(?<repository>[^/]+/[^/]+)/actions/secrets/(?<name>[^/]+)$' -or $path -match '/nowhere/') {
                return 404, @{ message = 'Not Found' }
            }
            $id = "$($Matches.repository)/$($Matches.name)"
            if ($Matches.name -eq 'public-key') { return 200, @{ key_id = '1'; key = $key } }
            switch ($method) {
                'PUT' {
                    $isNew = -not $server.Secrets.ContainsKey($id)
                    $server.Secrets[$id] = ($text | ConvertFrom-Json).encrypted_value
                    return ($isNew ? 201 : 204), $null
                }
                'DELETE' {
                    $server.Secrets.Remove($id)
                    return 204, $null
                }
            }
            if (-not $server.Secrets.ContainsKey($id)) { return 404, @{ message = 'Not Found' } }
            200, @{ name = ($id -split '/')[-1]; created_at = $date; updated_at = $date }
        }

        while ($true) {
            try { $client = $server.Listener.AcceptTcpClient() } catch { return } # stopped
            try {
                $stream = $client.GetStream()
                $head = [Text.StringBuilder]::new()
                while (-not $head.ToString().EndsWith("`r`n`r`n")) {
                    $byte = $stream.ReadByte()
                    if ($byte -lt 0) { break }
                    $null = $head.Append([char] $byte)
                }
                $request = $head.ToString()
                if (-not $request) { continue }
                $content = [byte[]]::new(($request -match '(?im)^Content-Length: *(\d+)' ? [int] $Matches[1] : 0))
                $stream.ReadExactly($content, 0, $content.Length)
                $method, $target = ($request -split ' ')[0, 1]
                $token = $request -match '(?im)^Authorization: *(.+?)\r' ? $Matches[1] : ''
                $server.Calls.Enqueue("$method $target")
                $status, $answer = Get-Answer $method $target ([Text.Encoding]::UTF8.GetString($content)) $token
                $body = $null -eq $answer ? [byte[]]::new(0) : [Text.Encoding]::UTF8.GetBytes((ConvertTo-Json $answer -Compress))
                $type = $body.Length ? "Content-Type: application/json`r`n" : ''
                $answerHead = "HTTP/1.1 $status X`r`n${type}Content-Length: $($body.Length)`r`nConnection: close`r`n`r`n"
                $stream.Write([byte[]] ([Text.Encoding]::ASCII.GetBytes($answerHead) + $body))
            }
            catch [IO.IOException] { } # the client has gone
            finally { $client.Dispose() }
        }
    }
    $server
}

<#
.SYNOPSIS
Points this process to a server, with a token, and to a credentials file of AWS with one profile.
#>
function Set-GitHubEnvironment {
    param(
        [Parameter(Mandatory)] [pscustomobject] $Server,
        [Parameter(Mandatory)] [string] $CredentialPath,
        [Parameter(Mandatory)] [string] $ProfileName,
        [string] $Token = 'ghp_planted',
        [switch] $WithoutSession
    )

    $lines = "[$ProfileName]", 'aws_access_key_id = AKIAPLANTED', 'aws_secret_access_key = plantedSecret'
    if (-not $WithoutSession) { $lines += 'aws_session_token = plantedSession' }
    Set-Content -LiteralPath $CredentialPath $lines
    $env:GITHUB_API_URL, $env:GH_TOKEN, $env:AWS_SHARED_CREDENTIALS_FILE = $Server.Uri, $Token, $CredentialPath
    $env:AWS_PROFILE = $null
}

<#
.SYNOPSIS
Stops a server and removes what Set-GitHubEnvironment has set.
#>
function Stop-GitHubServer {
    param([Parameter(Mandatory)] [pscustomobject] $Server)

    $Server.Listener.Stop()
    $Server.Job | Wait-Job | Receive-Job
    $Server.Job | Remove-Job
    $env:GITHUB_API_URL = $env:GH_TOKEN = $env:AWS_SHARED_CREDENTIALS_FILE = $null
}

Export-ModuleMember -Function Start-GitHubServer, Set-GitHubEnvironment, Stop-GitHubServer
