# Every case of a push, with the git of this machine and with another one that WMS_GIT_PATH names: real repositories and bare remotes, whose
# ids are compared before and after.
param([Parameter(Mandatory)] [string] $ModulePath)

$ErrorActionPreference = 'Stop'
Import-Module "$PSScriptRoot/../Support/CoreTests.psm1"
$null = $ModulePath

function Test-Case {
    $version = (git --version) -replace '^git version '
    $run = Invoke-CoreTest PrePushTests, PrePushRefsTests, PrePushRemotesTests, GitProcessTests -Suite Ops
    [pscustomobject]@{ Version = $version; Passed = $run.Passed; Failed = $run.Failed; Skipped = $run.Skipped; Holds = $run.Holds }
}

$results = @(Test-Case)
if ($env:WMS_GIT_PATH) {
    $path = $env:PATH
    try {
        $env:PATH = "$env:WMS_GIT_PATH$([IO.Path]::PathSeparator)$path"
        $results += Test-Case
    }
    finally { $env:PATH = $path }
}
$words = $results | ForEach-Object { "git $($_.Version): $($_.Passed) passed, $($_.Failed) failed, $($_.Skipped) skipped" }
"PrePushCases: $($words -join '; ')"
exit (@($results | Where-Object { -not $_.Holds }).Count -eq 0 ? 0 : 1)
