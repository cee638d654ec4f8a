# An MLflow server on this machine that keeps runs and models in memory, for tests of cmdlets with a server. What real
# servers answer is in the recordings that the xunit tests use; this one only has to be there, and to be gone, while a cmdlet runs.
Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'

<#
.SYNOPSIS
Starts a server. Returns Uri, Experiments, Runs and Models (by name or identifier), Artifacts (content by path) and Calls.
.PARAMETER Port
The port of an address that was refused before; 0 takes any that is free.
#>
function Start-MlflowServer {
    param([int] $Port = 0)

    $listener = [Net.Sockets.TcpListener]::new([Net.IPAddress]::Loopback, $Port)
    $listener.Start()
    $server = [pscustomobject]@{
        Uri         = "http://127.0.0.1:$($listener.LocalEndpoint.Port)"
        Experiments = [hashtable]::Synchronized(@{})
        Runs        = [hashtable]::Synchronized(@{})
        Models      = [hashtable]::Synchronized(@{})
        Artifacts   = [hashtable]::Synchronized(@{})
        Calls       = [Collections.Concurrent.ConcurrentQueue[string]]::new()
        Listener    = $listener
        Job         = $null
    }
    $server.Job = Start-ThreadJob -ArgumentList $server {
        param($server)
        $ErrorActionPreference = 'Stop'

        function Get-RunAnswer($run) {
            $latest = $run.Metrics | Group-Object { $_['key'] } |
                ForEach-Object { $_.Group | Sort-Object { [long] $_['step'] } -Stable | Select-Object -Last 1 }
            @{
                info = $run.Info
                data = @{
                    metrics = @($latest)
                    params  = @($run.Params.GetEnumerator() | ForEach-Object { @{ key = $_.Key; value = $_.Value } })
                    tags    = @($run.Tags.GetEnumerator() | ForEach-Object { @{ key = $_.Key; value = $_.Value } })
                }
            }
        }

        function Get-Experiment($name) {
            $id = $server.Experiments[$name]
            @{ experiment_id = $id; name = $name; artifact_location = "mlflow-artifacts:/$id"; lifecycle_stage = 'active' }
        }

        function Get-VersionAnswer($model, $version) {
            $answer = $version.Clone()
            $answer.aliases = @($model.Aliases.Keys | Where-Object { $model.Aliases[$_] -eq $version.version })
            $answer.Remove('Pairs')
            $answer.tags = @($version.Pairs.GetEnumerator() | ForEach-Object { @{ key = $_.Key; value = $_.Value } })
            $answer
        }

        # The registry: every call names a model.
        function Get-ModelAnswer($method, $call, $query, $body) {
            $name = $body ? $body.name : $query['name']
            if ($call -eq 'model-versions/search') { $name = $query['filter'] -replace "^name='|'$" }
            $model = $server.Models["$name"]
            $number = $body ? "$($body['version'])" : $query['version']
            if (-not $model -and $call -ne 'registered-models/create') {
                if ($call -eq 'model-versions/search') { return 200, @{} }
                return 404, @{ error_code = 'RESOURCE_DOES_NOT_EXIST'; message = "No model $name" }
            }
            $version = $number ? ($model.Versions | Where-Object version -EQ $number) : $null
            $now = [DateTimeOffset]::UtcNow.ToUnixTimeMilliseconds()
            switch ("$method $call") {
                'POST registered-models/create' {
                    if ($model) { return 400, @{ error_code = 'RESOURCE_ALREADY_EXISTS'; message = "Model $name exists" } }
                    $server.Models[$name] = @{ Versions = [Collections.Generic.List[object]]::new(); Aliases = @{}; Created = $now }
                    return 200, @{ registered_model = @{ name = $name; creation_timestamp = $now; last_updated_timestamp = $now } }
                }
                'GET registered-models/get' {
                    $aliases = @($model.Aliases.GetEnumerator() | ForEach-Object { @{ alias = $_.Key; version = $_.Value } })
                    return 200, @{ registered_model = @{ name = $name; creation_timestamp = $model.Created; aliases = $aliases } }
                }
                'GET registered-models/alias' {
                    $version = $model.Versions | Where-Object version -EQ $model.Aliases[$query['alias']]
                    if (-not $version) { return 400, @{ error_code = 'INVALID_PARAMETER_VALUE'; message = 'No such alias' } }
                    return 200, @{ model_version = (Get-VersionAnswer $model $version) }
                }
                'POST registered-models/alias' {
                    $model.Aliases[$body.alias] = $number
                    return 200, @{}
                }
                'DELETE registered-models/alias' {
                    $model.Aliases.Remove($body.alias)
                    return 200, @{}
                }
                'POST model-versions/create' {
                    $tags = @{}
                    foreach ($tag in $body['tags']) { $tags[$tag.key] = $tag.value }
                    $version = @{
                        name = $name; version = "$($model.Versions.Count + 1)"; source = $body.source; run_id = $body['run_id']
                        creation_timestamp = $now; last_updated_timestamp = $now; current_stage = 'None'; status = 'READY'; Pairs = $tags
                    }
                    $model.Versions.Add($version)
                    return 200, @{ model_version = (Get-VersionAnswer $model $version) }
                }
                'GET model-versions/search' {
                    return 200, @{ model_versions = @($model.Versions | ForEach-Object { Get-VersionAnswer $model $_ }) }
                }
            }
            if (-not $version) { return 404, @{ error_code = 'RESOURCE_DOES_NOT_EXIST'; message = "No version $number of $name" } }
            switch ($call) {
                'model-versions/get-download-uri' { return 200, @{ artifact_uri = $version.source } }
                'model-versions/set-tag' { $version.Pairs[$body.key] = $body.value }
                'model-versions/transition-stage' {
                    foreach ($one in $model.Versions) {
                        if ($body.archive_existing_versions -and $one.current_stage -eq $body.stage) { $one.current_stage = 'Archived' }
                    }
                    $version.current_stage = $body.stage
                    $version.last_updated_timestamp = $now
                }
            }
            200, @{ model_version = (Get-VersionAnswer $model $version) }
        }

        function Get-Answer($call, $query, $body) {
            if ($call -in 'runs/get', 'runs/update', 'runs/log-batch', 'metrics/get-history') {
                $id = $body ? $body.run_id : $query['run_id']
                $run = $server.Runs["$id"]
                if (-not $run) { return 404, @{ error_code = 'RESOURCE_DOES_NOT_EXIST'; message = "Run '$id' not found" } }
            }
            switch ($call) {
                'experiments/get-by-name' {
                    $name = $query['experiment_name']
                    if (-not $server.Experiments.ContainsKey($name)) {
                        return 404, @{ error_code = 'RESOURCE_DOES_NOT_EXIST'; message = "No experiment $name" }
                    }
                    return 200, @{ experiment = (Get-Experiment $name) }
                }
                'experiments/create' {
                    $server.Experiments[$body.name] = "$($server.Experiments.Count + 1)"
                    return 200, @{ experiment_id = $server.Experiments[$body.name] }
                }
                'experiments/search' { return 200, @{ experiments = @($server.Experiments.Keys | ForEach-Object { Get-Experiment $_ }) } }
                'runs/create' {
                    $id = [Guid]::NewGuid().ToString('n')
                    $tags = @{}
                    foreach ($tag in $body.tags) { $tags[$tag.key] = $tag.value }
                    $server.Runs[$id] = @{
                        Info    = @{
                            run_id = $id; run_uuid = $id; run_name = $body.run_name; experiment_id = $body.experiment_id
                            user_id = $body.user_id; status = 'RUNNING'; start_time = $body.start_time; lifecycle_stage = 'active'
                            artifact_uri = "mlflow-artifacts:/$($body.experiment_id)/$id/artifacts"
                        }
                        Metrics = [Collections.Generic.List[object]]::new(); Params = @{}; Tags = $tags
                    }
                    return 200, @{ run = (Get-RunAnswer $server.Runs[$id]) }
                }
                'runs/get' { return 200, @{ run = (Get-RunAnswer $run) } }
                'runs/update' {
                    $run.Info.status = $body.status
                    if ($body.ContainsKey('end_time')) { $run.Info.end_time = $body.end_time }
                    return 200, @{ run_info = $run.Info }
                }
                'runs/log-batch' {
                    foreach ($metric in $body['metrics']) { $run.Metrics.Add($metric) }
                    foreach ($param in $body['params']) { $run.Params[$param.key] = $param.value }
                    foreach ($tag in $body['tags']) { $run.Tags[$tag.key] = $tag.value }
                    return 200, @{}
                }
                # The client looks at the answer again, so no filter is needed here.
                'runs/search' {
                    $found = $server.Runs.Values | Where-Object { $_.Info.experiment_id -in $body.experiment_ids } |
                        Sort-Object { [long] $_.Info.start_time } -Descending
                    return 200, @{ runs = @($found | ForEach-Object { Get-RunAnswer $_ }) }
                }
                'metrics/get-history' { return 200, @{ metrics = @($run.Metrics | Where-Object { $_['key'] -eq $query['metric_key'] }) } }
            }
            404, @{ error_code = 'ENDPOINT_NOT_FOUND'; message = $call }
        }

        function Get-ArtifactAnswer($folder) {
            $prefix = $folder ? "$folder/" : ''
            $names = $server.Artifacts.Keys | Where-Object { $_.StartsWith($prefix) } |
                ForEach-Object { $_.Substring($prefix.Length).Split('/')[0] } | Sort-Object -Unique
            @{
                files = @($names | ForEach-Object {
                        $content = $server.Artifacts["$prefix$_"]
                        if ($null -eq $content) { @{ path = $_; is_dir = $true } }
                        else { @{ path = $_; is_dir = $false; file_size = $content.Length } }
                    })
            }
        }

        function Read-Request($stream) {
            $head = [Text.StringBuilder]::new()
            while (-not $head.ToString().EndsWith("`r`n`r`n")) {
                $byte = $stream.ReadByte()
                if ($byte -lt 0) { return $null }
                $null = $head.Append([char] $byte)
            }
            $text = $head.ToString()
            $length = $text -match '(?im)^Content-Length: *(\d+)' ? [int] $Matches[1] : 0
            if ($text -match '(?im)^Expect: *100-continue') {
                $stream.Write([byte[]] [Text.Encoding]::ASCII.GetBytes("HTTP/1.1 100 Continue`r`n`r`n"))
            }
            $content = [byte[]]::new($length)
            $stream.ReadExactly($content, 0, $length)
            $method, $target = ($text -split ' ')[0, 1]
            [pscustomobject]@{ Method = $method; Uri = [uri] "$($server.Uri)$target"; Content = $content }
        }

        while ($true) {
            try { $client = $server.Listener.AcceptTcpClient() } catch { return } # stopped
            try {
                $stream = $client.GetStream()
                $request = Read-Request $stream
                if (-not $request) { continue }
                $query = @{}
                foreach ($pair in $request.Uri.Query.TrimStart('?') -split '&' -ne '') {
                    $key, $value = $pair -split '=', 2
                    $query[$key] = [uri]::UnescapeDataString($value)
                }
                $path = [uri]::UnescapeDataString($request.Uri.AbsolutePath)
                $server.Calls.Enqueue("$($request.Method) $path")
                $file = $null
                $status, $answer = if ($path -match '^/api/2\.0/mlflow-artifacts/artifacts/(.+)$') {
                    if ($request.Method -eq 'PUT') { $server.Artifacts[$Matches[1]] = $request.Content }
                    else { $file = $server.Artifacts[$Matches[1]] }
                    ($request.Method -eq 'PUT' -or $null -ne $file) ? 200 : 404
                    @{}
                }
                elseif ($path -eq '/health') { 200, @{} }
                elseif ($path -eq '/api/2.0/mlflow-artifacts/artifacts') { 200, (Get-ArtifactAnswer $query['path']) }
                else {
                    $text = [Text.Encoding]::UTF8.GetString($request.Content)
                    $body = $text ? (ConvertFrom-Json $text -AsHashtable) : $null
                    $call = $path -replace '^/api/2\.0/mlflow/'
                    if ($call -match '^(registered-models|model-versions)/') { Get-ModelAnswer $request.Method $call $query $body }
                    else { Get-Answer $call $query $body }
                }
                $bytes = $file ?? [Text.Encoding]::UTF8.GetBytes((ConvertTo-Json $answer -Depth 8 -Compress))
                $head = "HTTP/1.1 $status X`r`nContent-Type: application/json`r`n" +
                    "Content-Length: $($bytes.Length)`r`nConnection: close`r`n`r`n"
                $stream.Write([byte[]] ([Text.Encoding]::ASCII.GetBytes($head) + $bytes))
            }
            catch [IO.IOException] { } # the client has gone
            catch { $server.Calls.Enqueue("failed: $_ $($_.ScriptStackTrace)") } # the client sees a closed connection
            finally { $client.Dispose() }
        }
    }
    $server
}

<#
.SYNOPSIS
Stops a server; its address refuses connections from then on.
#>
function Stop-MlflowServer {
    param([Parameter(Mandatory)] [pscustomobject] $Server)

    $Server.Listener.Stop()
    $Server.Job | Wait-Job | Receive-Job
    $Server.Job | Remove-Job
}

<#
.SYNOPSIS
An address of this machine that refuses connections.
#>
function Get-RefusingUri {
    $listener = [Net.Sockets.TcpListener]::new([Net.IPAddress]::Loopback, 0)
    $listener.Start()
    $port = $listener.LocalEndpoint.Port
    $listener.Stop()
    "http://127.0.0.1:$port"
}

Export-ModuleMember -Function Start-MlflowServer, Stop-MlflowServer, Get-RefusingUri
