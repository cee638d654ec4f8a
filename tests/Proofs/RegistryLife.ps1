# The whole life of a model with the cmdlets: train, log, register, stage, alias, sync, predict by Production, promote another, roll back,
# ask what was in production; in a database and on a server that also goes away. And each fault of a server: refused, slow, 429, 500, 503,
# a download cut in the middle with and without a length, a wrong digest, a redirect to another host, which does not get the token.
param([Parameter(Mandatory)] [string] $ModulePath)

$ErrorActionPreference = 'Stop'
$root = Split-Path (Split-Path $PSScriptRoot)
Import-Module "$root/build/Processes.psm1"
$names = 'RegistryLife', 'RegistryPromotion', 'ServerFault', 'HttpArtifactFolder', 'ModelSynchronizer', 'ModelLocator', 'ModelPublisher',
    'Sync-WmsRun', 'Start-WmsTraining.Tracking'
Invoke-Pwsh -File "$root/build.ps1" -Arguments (@('Test') + $names) | Tee-Object -Variable lines | Out-Host
$code = $LASTEXITCODE
$passed, $failed, $skipped = [regex]::Match($lines[-1], '^(\d+) passed, (\d+) failed, (\d+) skipped$').Groups[1..3].Value
"RegistryLife: $passed tests of the life of a model and of the faults of a server hold, $failed fail, $skipped skipped"
exit ($code -eq 0 -and [int] $passed -gt 80 ? 0 : 1)
