<#
.SYNOPSIS
The process that runs the Pester files: imports Pester and the module, and writes what happened to a JSON file.
#>
param(
    [Parameter(Mandatory)] [string] $PesterPath,
    [Parameter(Mandatory)] [string] $ModulePath,
    [Parameter(Mandatory)] [string] $ReportPath,
    [Parameter(Mandatory, ValueFromRemainingArguments)] [string[]] $TestPath
)

$ErrorActionPreference = 'Stop'
Import-Module $PesterPath
Import-Module $ModulePath

$configuration = New-PesterConfiguration
$configuration.Run.Path = $TestPath
$configuration.Run.PassThru = $true
$configuration.Output.CIFormat = 'None'
if ([Console]::IsOutputRedirected) { $configuration.Output.RenderMode = 'Plaintext' }
# Every user may read it: one test becomes another user.
$folder = Join-Path ([IO.Path]::GetTempPath()) "wms-tests-$([Guid]::NewGuid().ToString('n'))"
$env:WMS_TEST_PATH = (New-Item -ItemType Directory $folder).FullName
# Nor do they read or write the runs of the user.
$env:MLFLOW_TRACKING_URI = 'sqlite:///' + (Join-Path $folder 'mlflow.db').Replace('\', '/')
$env:MLFLOW_EXPERIMENT_NAME = $null
try { $run = Invoke-Pester -Configuration $configuration }
finally { Remove-Item -LiteralPath $env:WMS_TEST_PATH -Recurse -Force -ErrorAction Ignore }

# It -Skip, which gives no reason, is for what the other systems have.
$elsewhere = $IsWindows ? 'not for Windows' : 'only for Windows'
$results = @(
    foreach ($test in $run.Tests | Where-Object Result -ne 'NotRun') {
        # When its block's BeforeAll broke, the test has no error of its own.
        $errors = @($test.ErrorRecord) + @($test.Block.ErrorRecord)
        $reason = $errors ? ($errors[0].Exception.Message -split "`n")[0].Trim() : ''
        [ordered]@{
            Name    = $test.ExpandedPath
            File    = Split-Path $test.ScriptBlock.File -Leaf
            Status  = switch ($test.Result) { 'Passed' { 'passed' } 'Skipped' { 'skipped' } default { 'failed' } }
            Seconds = $test.Duration.TotalSeconds
            Reason  = $reason ? ($reason -replace '^is skipped, because ', '') : $test.Skipped ? $elsewhere : ''
        }
    }

    # A file that cannot be read, or a block that breaks after its tests, fails no test.
    foreach ($broken in @($run.FailedContainers) + @($run.FailedBlocks | Where-Object FailedCount -eq 0)) {
        [ordered]@{
            Name    = "$($broken.Name ?? $broken.Item)"
            File    = Split-Path "$($broken.ScriptBlock.File ?? $broken.Item)" -Leaf
            Status  = 'failed'
            Seconds = 0
            Reason  = "$($broken.ErrorRecord)"
        }
    }
)

[ordered]@{ Result = "$($run.Result)"; Tests = $results } | ConvertTo-Json -Depth 4 | Set-Content -LiteralPath $ReportPath
exit ($run.Result -eq 'Passed' ? 0 : 1)
