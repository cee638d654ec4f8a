# kill -9 of 30 publications and 20 restores at lines that they printed: no .dvc file names an object that the remote lacks, no half file
# is in place, and a repeated run completes the work.
param([Parameter(Mandatory)] [string] $ModulePath)

$ErrorActionPreference = 'Stop'
Import-Module $ModulePath, "$PSScriptRoot/../Support/VersionKills.psm1"
$folder = (New-Item -ItemType Directory (Join-Path ([IO.Path]::GetTempPath()) "WaterMeters-$([Guid]::NewGuid().ToString('n'))")).FullName
try { $results = @(Test-VersionKill $folder $ModulePath Publish 30) + @(Test-VersionKill $folder $ModulePath Restore 20) }
finally { Remove-Item -LiteralPath $folder -Recurse -Force }

foreach ($one in $results | Where-Object Fault) { "  $($one.Kind), step $($one.Step): $($one.Fault)" }
$good = @($results | Where-Object { $_.Killed -and -not $_.Fault })
"VersionKills: $($good.Count) of $($results.Count) killed runs leave no .dvc file without its objects and no half file, and the next run " +
    'completes them'
exit ($good.Count -eq $results.Count -and $good.Count -ge 50 ? 0 : 1)
