# 240 real pairs published to an S3 service, deleted and restored; requests of a second publication of 20,000 files; cut connections,
# errors, expired credentials and unknown headers; the memory of a listing of 1,000,000 files. Needs npm.
param([Parameter(Mandatory)] [string] $ModulePath)

Import-Module "$PSScriptRoot/../Support/CoreTests.psm1"
$result = Invoke-CoreTest 'S3StoreTests', 'LargeListingTests' -Full -Suite Ops
"VersionsInS3: $($result.Figures -join '; ') ($($result.Passed) passed, $($result.Failed) failed, $($result.Skipped) skipped)"
exit ($result.Holds ? 0 : 1)
