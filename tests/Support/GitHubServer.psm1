# The part of GitHub's API that keeps secrets, on this machine, for tests of cmdlets. It cannot open what it stores, as GitHub's
# clients cannot; the xunit tests open it. It also stands for STS, which accepts any credentials; tests/FakeCloud refuses some.
Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'

<#
.SYNOPSIS
Starts a server. Returns Uri, Secrets (the sealed value by OWNER/NAME/SECRET) and Calls. The token 'refused' gets no access. Classic
tokens (ghp_) have the scopes repo and workflow, or gist if that is in the token; others have none, and show when they end.
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

        $identity = '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>' +
            '<Arn>arn:aws:iam::123456789012:user/ana</Arn><UserId>AIDA</UserId><Account>123456789012</Account>' +
            '</GetCallerIdentityResult></GetCallerIdentityResponse>'

        function Get-TokenHeader($token) {
            if ($token -match 'ghp_') { return "X-OAuth-Scopes: $($token -match 'gist' ? 'gist' : 'repo, workflow')`r`n" }
            if ($token -match 'github_pat_') {
                $end = $token -match 'ending' ? [DateTime]::UtcNow.AddHours(5) : [DateTime]::UtcNow.AddDays(80)
                $text = $end.ToString('yyyy-MM-dd HH:mm:ss', [cultureinfo]::InvariantCulture)
                return "github-authentication-token-expiration: $text UTC`r`n"
            }
        }

        function Get-Answer($method, $path, $text, $token) {
            if ($method -eq 'POST' -and $text -match 'Action=GetCallerIdentity') { return 200, $identity }
            if ($token -match 'refused') { return 401, @{ message = 'Bad credentials' } }
            if ($path -eq '/') { return 200, @{ current_user_url = "$($server.Uri)/user" } }
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
                $json = $answer -is [hashtable]
                $body = $null -eq $answer ? [byte[]]::new(0) :
                    [Text.Encoding]::UTF8.GetBytes(($json ? (ConvertTo-Json $answer -Compress) : $answer))
                $type = $body.Length ? "Content-Type: $($json ? 'application/json' : 'text/xml')`r`n" : ''
                $type += Get-TokenHeader $token
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
    $env:AWS_ENDPOINT_URL, $env:AWS_EC2_METADATA_DISABLED = $Server.Uri, 'true'
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
    $env:AWS_ENDPOINT_URL = $env:AWS_EC2_METADATA_DISABLED = $null
}

Export-ModuleMember -Function Start-GitHubServer, Set-GitHubEnvironment, Stop-GitHubServer
