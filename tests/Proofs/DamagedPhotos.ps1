# Damaged JPEGs are found by their codes, and whole ones never reported: the real photos and masks, with and without extra bytes before
# their end marker, and damage of four sizes at ten places of 60 photos (docs/decisions/damaged-photos.md).
param([Parameter(Mandatory)] [string] $ModulePath)

$ErrorActionPreference = 'Stop'
Import-Module "$PSScriptRoot/../Support/CoreTests.psm1"
$result = Invoke-CoreTest 'JpegScanCheckerTests' -Full
$result.Figures
"DamagedPhotos: $($result.Holds ? 'no whole file reported; 98 % or more of damage of 512 bytes and more found' : 'NOT AS STATED')"
exit ($result.Holds ? 0 : 1)
