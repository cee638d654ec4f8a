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
try { $run = Invoke-Pester -Configuration $configuration }
finally { Remove-Item -LiteralPath $env:WMS_TEST_PATH -Recurse -Force -ErrorAction Ignore }

$results = @(
    foreach ($test in $run.Tests | Where-Object Result -ne 'NotRun') {
        # When its block's BeforeAll broke, the test has no error of its own.
        $errors = @($test.ErrorRecord) + @($test.Block.ErrorRecord)
        $reason = $errors ? ($errors[0].Exception.Message -split "`n")[0].Trim() : ''
        [ordered]@{
            Runner  = 'Pester'
            Name    = $test.ExpandedPath
            Status  = switch ($test.Result) { 'Passed' { 'passed' } 'Skipped' { 'skipped' } default { 'failed' } }
            Seconds = $test.Duration.TotalSeconds
            Reason  = $reason -replace '^is skipped, because ', ''
        }
    }

    # A file that cannot be read, or a block that breaks after its tests, fails no test.
    foreach ($broken in @($run.FailedContainers) + @($run.FailedBlocks | Where-Object FailedCount -eq 0)) {
        [ordered]@{
            Runner  = 'Pester'
            Name    = "$($broken.Name ?? $broken.Item)"
            Status  = 'failed'
            Seconds = 0
            Reason  = "$($broken.ErrorRecord)"
        }
    }
)

[ordered]@{ Result = "$($run.Result)"; Tests = $results } | ConvertTo-Json -Depth 4 | Set-Content -LiteralPath $ReportPath
exit ($run.Result -eq 'Passed' ? 0 : 1)
