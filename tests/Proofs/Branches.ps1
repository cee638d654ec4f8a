# Twenty times: two branches of a repository each add 40 photos to a data set of 60, among them copies of old photos, of their own, of
# the other branch's, and identical files. git merges them without a conflict; the only photos in two parts are duplicates across the
# branches, Split-WmsDataset sets those aside, and no existing photo changes its part.
param([Parameter(Mandatory)] [string] $ModulePath)

$ErrorActionPreference = 'Stop'
Import-Module $ModulePath
Import-Module "$PSScriptRoot/../Support/DatasetBranches.psm1"
$folder = (New-Item -ItemType Directory (Join-Path ([IO.Path]::GetTempPath()) "WaterMeters-$([Guid]::NewGuid().ToString('n'))")).FullName
try {
    $results = @(
        foreach ($seed in 1..20) { Test-Branch -Path (Join-Path $folder $seed) -Seed $seed; Remove-Item "$folder/*" -Recurse -Force }
    )
}
finally { Remove-Item -LiteralPath $folder -Recurse -Force }

foreach ($one in $results) {
    "  $($one.Seed), $($one.Exceptions) exceptions, $($one.InTwoSplits) photos in two parts after the join, " +
        "$($one.Crossing) of them across branches, $($one.Left) after splitting again$($one.Fault ? " FAILS, $($one.Fault)" : '')"
}
$clean = @($results | Where-Object { $_.Conflicts -eq 0 -and $_.Fault -notlike 'git*' }).Count
$sum = { param($Name) ($results | Measure-Object $Name -Sum).Sum }
"Branches: $clean of $($results.Count) merges without conflict, $(& $sum Exceptions) exceptions stored, $(& $sum InTwoSplits) photos " +
    "found in two parts of $(& $sum Crossing) that cross branches, $(& $sum Left) left after splitting again, " +
    "$(& $sum Moved) old photos moved"
exit ($clean -eq 20 -and -not ($results.Fault -ne $null) -and (& $sum InTwoSplits) -gt 0 ? 0 : 1)
