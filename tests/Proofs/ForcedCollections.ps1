# 2,000 training steps and 200 predictions of a small network give the same bits with and without constant garbage collections.
param([Parameter(Mandatory)] [string] $ModulePath)

Import-Module "$PSScriptRoot/../Support/CoreTests.psm1"
$result = Invoke-CoreTest 'ForcedCollectionTests' -Full
"ForcedCollections: $($result.Figures -join '; ') ($($result.Passed) passed, $($result.Failed) failed)"
exit ($result.Holds ? 0 : 1)
