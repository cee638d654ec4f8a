# A cloud on this machine (tests/FakeCloud) for tests of cmdlets: EC2, S3, STS and SSM with states that take time and faults. Its clock
# moves with each request, so nothing waits long.
Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'
Import-Module "$PSScriptRoot/../../build/Processes.psm1"

$names = 'AWS_ENDPOINT_URL', 'AWS_REGION', 'AWS_DEFAULT_REGION', 'AWS_PROFILE', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY',
    'AWS_SESSION_TOKEN', 'AWS_EC2_METADATA_DISABLED', 'AWS_SHARED_CREDENTIALS_FILE', 'AWS_CONFIG_FILE', 'GITHUB_RUN_ID',
    'WMS_CACHE_PATH'

<#
.SYNOPSIS
Starts a cloud and makes it the one of this process: the variables of AWS are set until Stop-FakeCloud.
.PARAMETER SecondsPerRequest
By how much each request moves its clock.
.PARAMETER ModulePath
The module that its machine runs jobs with; without it, commands do nothing.
.PARAMETER JobPath
The folder of the jobs' files.
#>
function Start-FakeCloud {
    param([double] $SecondsPerRequest = 10, [string] $ModulePath, [string] $JobPath)

    $artifacts = Join-Path (Split-Path (Split-Path $PSScriptRoot)) 'artifacts'
    $name = $IsWindows ? 'WaterMeters.FakeCloud.exe' : 'WaterMeters.FakeCloud'
    # Built on Linux, the program for Windows is in another folder.
    $program = (Join-Path $artifacts 'bin' 'WaterMeters.FakeCloud' 'release' $name), (Join-Path $artifacts 'windows' 'bin' $name) |
        Where-Object { Test-Path -LiteralPath $_ } | Select-Object -First 1
    $arguments = @($SecondsPerRequest.ToString([cultureinfo]::InvariantCulture))
    if ($ModulePath) { $arguments += @($ModulePath, $JobPath) + @(Get-PwshCommand) }
    $start = [Diagnostics.ProcessStartInfo]::new($program)
    foreach ($argument in $arguments) { $start.ArgumentList.Add($argument) }
    $start.RedirectStandardInput = $start.RedirectStandardOutput = $true
    $process = [Diagnostics.Process]::Start($start)
    $uri = $process.StandardOutput.ReadLine()
    if (-not $uri) { throw 'The fake cloud has not started.' }
    $cloud = [pscustomobject]@{ Uri = $uri.TrimEnd('/'); Bucket = 'wms-bucket'; Region = 'eu-central-1'; Process = $process; Before = @{} }
    foreach ($name in $names) {
        $cloud.Before[$name] = [Environment]::GetEnvironmentVariable($name)
        [Environment]::SetEnvironmentVariable($name, $null)
    }
    $env:AWS_ENDPOINT_URL, $env:AWS_REGION = $cloud.Uri, $cloud.Region
    $env:AWS_ACCESS_KEY_ID, $env:AWS_SECRET_ACCESS_KEY, $env:AWS_SESSION_TOKEN = 'AKIAPLANTED', 'PLANTED-SECRET', 'PLANTED-TOKEN'
    $env:AWS_EC2_METADATA_DISABLED = 'true'
    # Prices are kept by the address of the service, and ports are used again.
    $env:WMS_CACHE_PATH = Join-Path $artifacts 'cloud' ([guid]::NewGuid())
    $cloud
}

<#
.SYNOPSIS
Sets a state or a fault of a cloud: state, type, machines, advance, or a property of CloudFaults.
#>
function Set-FakeCloud {
    param([Parameter(Mandatory)] [pscustomobject] $Cloud, [Parameter(Mandatory)] [hashtable] $Values)

    $query = ($Values.Keys | ForEach-Object { "$_=$([uri]::EscapeDataString("$($Values[$_])"))" }) -join '&'
    $null = Invoke-WebRequest "$($Cloud.Uri)/_fake/set?$query"
}

<#
.SYNOPSIS
A property of CloudFaults of a cloud, as text.
#>
function Get-FakeCloudFault {
    param([Parameter(Mandatory)] [pscustomobject] $Cloud, [Parameter(Mandatory)] [string] $Name)

    (Invoke-WebRequest "$($Cloud.Uri)/_fake/get?name=$Name").Content
}

<#
.SYNOPSIS
The requests that a cloud has had, such as 'EC2 StartInstances'.
#>
function Get-FakeCloudCall {
    param([Parameter(Mandatory)] [pscustomobject] $Cloud)

    (Invoke-WebRequest "$($Cloud.Uri)/_fake/calls").Content -split "`n"
}

<#
.SYNOPSIS
The state of the first machine of a cloud.
#>
function Get-FakeCloudState {
    param([Parameter(Mandatory)] [pscustomobject] $Cloud)

    ((Invoke-WebRequest "$($Cloud.Uri)/_fake/state").Content -split ' ')[1]
}

<#
.SYNOPSIS
Identifiers of the sessions that a cloud has started and not ended.
#>
function Get-FakeCloudSession {
    param([Parameter(Mandatory)] [pscustomobject] $Cloud)

    (Invoke-WebRequest "$($Cloud.Uri)/_fake/sessions").Content -split "`n" -ne ''
}

<#
.SYNOPSIS
Stops a cloud, and restores the variables.
#>
function Stop-FakeCloud {
    param([Parameter(Mandatory)] [pscustomobject] $Cloud)

    if ($env:WMS_CACHE_PATH -and (Test-Path -LiteralPath $env:WMS_CACHE_PATH)) { Remove-Item -Recurse -LiteralPath $env:WMS_CACHE_PATH }
    foreach ($name in $names) { [Environment]::SetEnvironmentVariable($name, $Cloud.Before[$name]) }
    $Cloud.Process.StandardInput.Close()
    if (-not $Cloud.Process.WaitForExit(10000)) { $Cloud.Process.Kill() }
    $Cloud.Process.Dispose()
}

Export-ModuleMember -Function Start-FakeCloud, Set-FakeCloud, Get-FakeCloudFault, Get-FakeCloudCall, Get-FakeCloudState,
    Get-FakeCloudSession, Stop-FakeCloud
