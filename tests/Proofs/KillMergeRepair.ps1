# kill -9 of 25 merges and 25 repairs (13 of them with a backup) at lines that they printed, spread over all steps: no file is lost or
# incomplete, no photo exists before the record of its part, and a repeated run ends with the files of an uninterrupted one.
param([Parameter(Mandatory)] [string] $ModulePath)

$ErrorActionPreference = 'Stop'
Import-Module $ModulePath, "$PSScriptRoot/../Support/DatasetKills.psm1"
$folder = (New-Item -ItemType Directory (Join-Path ([IO.Path]::GetTempPath()) "WaterMeters-$([Guid]::NewGuid().ToString('n'))")).FullName
try {
    $set = New-KillData $folder $ModulePath
    $results = @(
        Test-DatasetKill $set Merge 25
        Test-DatasetKill $set Repair 12
        Test-DatasetKill $set Repair 13 -Backup
    )
}
finally { Remove-Item -LiteralPath $folder -Recurse -Force }

foreach ($one in $results) {
    "  $($one.Kind), step $($one.Step) of $($one.Steps), '$($one.At)'" +
        "$($one.Orphans ? ", $($one.Orphans) half-written files beside" : '')$($one.Fault ? " FAILS, $($one.Fault)" : '')"
}
$good = @($results | Where-Object { $_.Killed -and -not $_.Fault })
"KillMergeRepair: $($good.Count) of $($results.Count) killed runs ($(@($results | Where-Object Kind -eq Merge).Count) merges, " +
    "$(@($results | Where-Object Kind -eq Repair).Count) repairs) lose nothing and are finished by the next; " +
    "$(($results.Orphans | Measure-Object -Sum).Sum) half-written files tidied"
exit ($good.Count -eq $results.Count -and $good.Count -ge 50 ? 0 : 1)
