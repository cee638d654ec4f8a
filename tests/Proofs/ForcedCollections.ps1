# 2,000 training steps and 200 predictions of a small network under constant collections give bit for bit what they give without.
param([Parameter(Mandatory)] [string] $ModulePath)

Import-Module "$PSScriptRoot/../Support/CoreTests.psm1"
$result = Invoke-CoreTest 'ForcedCollectionTests' -Full
"ForcedCollections: $($result.Figures -join '; ') ($($result.Passed) passed, $($result.Failed) failed)"
exit ($result.Holds ? 0 : 1)
