# 48 real photos, their windows cut out: each level within 3 degrees of the true mask's rectangle, where the model found the window.
param([Parameter(Mandatory)] [string] $ModulePath)

$ErrorActionPreference = 'Stop'
Import-Module "$PSScriptRoot/../Support/CoreTests.psm1"
$root = Split-Path (Split-Path $PSScriptRoot)
if (-not (Test-Path (Join-Path $root '..' 'shared' 'data' 'meters'))) {
    'Crops: the folder shared with the real photos is not beside the repository'
    exit 1
}
$test = Invoke-CoreTest 'CropAngleTests' -Full
"Crops: $($test.Figures -join '; ')"
exit ($test.Holds ? 0 : 1)
