# Processes that log into the local store are killed (kill -9) after a line they printed, 50 times: the database passes PRAGMA
# integrity_check, every metric that was reported is there, and the latest value belongs to the last of them.
param([Parameter(Mandatory)] [string] $ModulePath)

Import-Module "$PSScriptRoot/../Support/CoreTests.psm1"
$result = Invoke-CoreTest 'KilledProcessTests' -Full -Suite Ops
"TrackingKills: $($result.Figures -join '; ') ($($result.Passed) passed, $($result.Failed) failed)"
exit ($result.Holds ? 0 : 1)
