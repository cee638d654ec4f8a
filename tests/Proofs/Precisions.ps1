# bfloat16 compared with float32 on 40 real photos, with the network of the legacy pipeline: the IoU of their masks with each other, and
# their Dice with the true masks.
param([Parameter(Mandatory)] [string] $ModulePath)

$ErrorActionPreference = 'Stop'
Import-Module "$PSScriptRoot/../Support/CoreTests.psm1"
$result = Invoke-CoreTest 'PrecisionTests' -Full
"Precisions: $($result.Figures -join '; ')"
exit ($result.Holds ? 0 : 1)
