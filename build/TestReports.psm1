# Reads the reports of xunit and Pester as results: Platform, Runner, Source (the class of xunit, the file of Pester), Name,
# Status (passed, failed, skipped), Seconds, Reason.
Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'

<#
.SYNOPSIS
Creates a result for something that is not a test of its own: a build, a run, a platform.
#>
function New-TestResult {
    param(
        [Parameter(Mandatory)] [string] $Runner,
        [Parameter(Mandatory)] [string] $Name,
        [Parameter(Mandatory)] [ValidateSet('passed', 'failed', 'skipped')] [string] $Status,
        [string] $Source = '',
        [double] $Seconds = 0,
        [string] $Reason = ''
    )

    [pscustomobject]@{
        Platform = ''
        Runner   = $Runner
        Source   = $Source
        Name     = $Name
        Status   = $Status
        Seconds  = $Seconds
        Reason   = $Reason
    }
}

<#
.SYNOPSIS
Reads the CTRF report of an xunit program.
#>
function Read-XunitReport([Parameter(Mandatory)] [string] $Path) {
    foreach ($test in (Get-Content -LiteralPath $Path -Raw | ConvertFrom-Json).results.tests) {
        # An explicit test that was not selected is pending. Any status that is not known here counts as failed.
        $status = switch ($test.status) { 'passed' { 'passed' } { $_ -in 'skipped', 'pending' } { 'skipped' } default { 'failed' } }
        $reason = $test.psobject.Properties['message'] ? ($test.message -split "`n")[0].Trim() : ''
        New-TestResult xunit $test.name $status -Source $test.suite[2] -Seconds ($test.duration / 1000) -Reason $reason
    }
}

<#
.SYNOPSIS
Reads the report of Invoke-Pester.ps1: its Result, and its Tests as results.
#>
function Read-PesterReport([Parameter(Mandatory)] [string] $Path) {
    $report = Get-Content -LiteralPath $Path -Raw | ConvertFrom-Json
    $tests = foreach ($test in $report.Tests) {
        New-TestResult Pester $test.Name $test.Status -Source $test.File -Seconds $test.Seconds -Reason $test.Reason
    }
    [pscustomobject]@{ Result = $report.Result; Tests = @($tests) }
}

<#
.SYNOPSIS
Whether the name of a class or a file contains one of the wanted names, with or without wildcards; without wanted names, any does.
#>
function Test-TestName([Parameter(Mandatory)] [string] $Name, [string[]] $Wanted, [string] $Suffix = '') {
    if (-not $Wanted) { return $true }
    foreach ($one in $Wanted) { if ($Name -like "*$($one.Trim('*'))$($Suffix ? "*$Suffix" : '*')") { return $true } }
    $false
}

Export-ModuleMember -Function Test-TestName, New-TestResult, Read-XunitReport, Read-PesterReport
