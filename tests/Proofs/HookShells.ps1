# The hook under every shell: dash, busybox sh and bash --posix, with odd paths, CRLF in the configuration, no HOME and a PATH of one
# folder; with git of PATH, and with a newer one whose folder WMS_GIT_PATH names. Needs the three shells.
param([Parameter(Mandatory)] [string] $ModulePath)

$ErrorActionPreference = 'Stop'
Import-Module "$PSScriptRoot/../Support/CoreTests.psm1", "$PSScriptRoot/../Support/HookCases.psm1"
$missing = @('/usr/bin/dash', '/usr/bin/busybox', '/usr/bin/bash' | Where-Object { -not (Test-Path $_) })
if ($missing) { throw "Install the shells first: $($missing -join ', ') are missing." }

# The hook of the module is that of the sources, which the tests run.
$isSame = (Get-FileHash "$ModulePath/hooks/pre-push").Hash -eq (Get-FileHash "$PSScriptRoot/../../hooks/pre-push").Hash
$path = $env:PATH
$results = foreach ($folder in Get-GitFolder) {
    $env:PATH = $folder ? "$folder$([IO.Path]::PathSeparator)$path" : $path
    $result = Invoke-CoreTest 'HookScriptTests', 'HookScriptEnvironmentTests' -Suite Ops
    $version = (git version) -replace '^git version '
    "git ${version}: $($result.Passed) cases passed, $($result.Failed) failed, $($result.Skipped) skipped"
    [pscustomobject]@{ Version = $version; Result = $result }
}
$env:PATH = $path
$holds = $isSame -and $results.Result.Holds -notcontains $false
'HookShells: {0} cases in sh, dash, busybox sh and bash --posix, with git {1}{2}' -f
    ($results.Result.Passed | Measure-Object -Sum).Sum, ($results.Version -join ' and '), ($holds ? '' : ' NOT AS STATED')
exit ($holds ? 0 : 1)
