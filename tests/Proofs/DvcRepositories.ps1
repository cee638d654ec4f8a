# Repositories made by DVC 3.67 and 2.58, two versions each: restored, published unchanged, changed and published, equal byte by byte to
# what DVC wrote.
param([Parameter(Mandatory)] [string] $ModulePath)

Import-Module "$PSScriptRoot/../Support/CoreTests.psm1"
$result = Invoke-CoreTest 'GoldenRepositoryTests', 'FolderListingTests' -Full -Suite Ops
"DvcRepositories: $($result.Passed) passed, $($result.Failed) failed, $($result.Skipped) skipped"
exit ($result.Holds ? 0 : 1)
