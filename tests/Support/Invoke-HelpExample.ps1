<#
.SYNOPSIS
Runs help examples and writes one line of JSON for each.
.DESCRIPTION
A script, not a function of a module, because $PSDefaultParameterValues does not reach into modules. An error or a warning is a
fault; not the warning that a model finds no windows: these are trained on four photos. `exit` ends the example only.
#>
param(
    [Parameter(Mandatory)] [string] $ModulePath,
    [Parameter(Mandatory)] [string] $ListPath,
    [Parameter(Mandatory)] [string] $From,
    [Parameter(Mandatory)] [string] $ReportPath,
    [switch] $Quick
)

Import-Module $ModulePath, "$PSScriptRoot/HelpExamples.psm1", "$PSScriptRoot/GitHubServer.psm1",
    "$PSScriptRoot/FakeCloud.psm1", "$PSScriptRoot/RemoteJobs.psm1" -ErrorAction Stop
$ProgressPreference = 'SilentlyContinue'

# The store of each example is the one in its folder.
$env:MLFLOW_TRACKING_URI = $null
# GitHub, and a user who has logged in to AWS.
$github = Start-GitHubServer
Set-GitHubEnvironment $github -CredentialPath "$(Split-Path $From)/credentials" -ProfileName academy

foreach ($example in Get-Content -LiteralPath $ListPath -Raw | ConvertFrom-Json) {
    Set-Location -LiteralPath (Copy-ExampleFolder $example $From)
    $global:PSDefaultParameterValues = Get-ExampleDefault -Quick:$Quick
    $watch = [Diagnostics.Stopwatch]::StartNew()
    $torch = $env:WMS_TORCH_PATH
    $code = $Quick ? (Get-QuickCode $example.Code) : $example.Code
    $code = $code -replace '\bexit (?=\d)', 'return '
    $cloud = $code -match 'WmsTraining .*-Remote\b' ? (Start-PublishedCloud "$PWD/meters" -ModulePath $ModulePath) :
        $code -match 'WmsInfrastructure' ? (Start-FakeCloud) : $null
    $said = try { & ([scriptblock]::Create($code)) 2>&1 3>&1 6>$null } catch { $_ }
    if ($cloud) { Stop-FakeCloud $cloud }
    $faults = @($said | Where-Object { $_ -is [Management.Automation.ErrorRecord] -or $_ -is [Management.Automation.WarningRecord] } |
            Where-Object { "$_" -notmatch '^(attempt \d of \d: )?The model finds no windows' } |
            ForEach-Object { "$_ In: $($example.Code)" })
    $env:WMS_TORCH_PATH = $torch
    Set-Location -LiteralPath (Split-Path $From)
    [ordered]@{ Cmdlet = $example.Cmdlet; Number = $example.Number; Faults = $faults; Seconds = $watch.Elapsed.TotalSeconds } |
        ConvertTo-Json -Compress | Add-Content -LiteralPath $ReportPath
}
Stop-GitHubServer $github
