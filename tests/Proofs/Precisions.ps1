# bfloat16 beside float32 with the seed's network on 40 real photos: the masks' IoU with each other, and their Dice with the truth.
param([Parameter(Mandatory)] [string] $ModulePath)

$ErrorActionPreference = 'Stop'
Import-Module "$PSScriptRoot/../Support/CoreTests.psm1"
$result = Invoke-CoreTest 'PrecisionTests' -Full
"Precisions: $($result.Figures -join '; ')"
exit ($result.Holds ? 0 : 1)
