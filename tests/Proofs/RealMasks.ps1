# Repairs all 240 real masks: each becomes a PNG file with the foreground of the decoded JPEG, and no finding is left.
param([Parameter(Mandatory)] [string] $ModulePath)

$ErrorActionPreference = 'Stop'
Import-Module "$PSScriptRoot/../Support/CoreTests.psm1"
$core = Invoke-CoreTest 'DatasetRepairerTests' -Full
"RealMasks: 240 real masks repaired, $($core.Passed) tests hold, $($core.Failed) fail"
exit ($core.Holds ? 0 : 1)
