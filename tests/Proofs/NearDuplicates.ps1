# 200 real photos, each saved again, scaled, brightened, cropped by 5 % and rotated by 90 degrees: how many are recognized as
# near-duplicates, and whether any two of 240 different photos are.
param([Parameter(Mandatory)] [string] $ModulePath)

Import-Module "$PSScriptRoot/../Support/CoreTests.psm1"
$result = Invoke-CoreTest 'NearDuplicateTests' -Full
"NearDuplicates: $($result.Figures -join ', ') (promised: 0.98 of the first three, 0.9 of cropped and turned, no false pair)"
exit ($result.Holds ? 0 : 1)
