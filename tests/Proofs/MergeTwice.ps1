# 40 photos merged into 200, drawn ones (30 of the 40 are near-duplicates of existing photos) and real ones: no existing photo changes
# its part, and a second merge changes no name, no byte and no write time.
param([Parameter(Mandatory)] [string] $ModulePath)

$ErrorActionPreference = 'Stop'
Import-Module $ModulePath, "$PSScriptRoot/../Support/MergeTwice.psm1"
$folder = (New-Item -ItemType Directory (Join-Path ([IO.Path]::GetTempPath()) "WaterMeters-$([Guid]::NewGuid().ToString('n'))")).FullName
try {
    $drawn = New-MergeData "$folder/drawn"
    $results = @(Test-MergeTwice $drawn.Data $drawn.More)
    $meters = Join-Path (Split-Path (Split-Path $PSScriptRoot)) '..' 'shared' 'data' 'meters'
    if (Test-Path $meters) {
        foreach ($part in 'images', 'masks') {
            $files = @(Get-ChildItem "$meters/$part" | Sort-Object Name)
            foreach ($name in 'data', 'more') { $null = New-Item -ItemType Directory "$folder/real/$name/$part" }
            for ($i = 0; $i -lt $files.Count; $i++) { Copy-Item $files[$i].FullName "$folder/real/$($i % 6 ? 'data' : 'more')/$part" }
        }
        $results += Test-MergeTwice "$folder/real/data" "$folder/real/more"
    }
}
finally { Remove-Item -LiteralPath $folder -Recurse -Force }

$words = foreach ($one in $results) {
    "$($one.New) into $($one.Old): $($one.Joined) joined photos that they resemble, $($one.Moved) old ones moved, " +
        "$($one.Misplaced) elsewhere than said, $($one.InTwoSplits) in two parts; " +
        "again: $($one.Again) there already, $($one.Changed) files changed"
}
"MergeTwice: $($words -join '; ')"
$bad = @(
    $results | Where-Object {
        $_.Moved -or $_.Misplaced -or $_.InTwoSplits -or $_.Changed -or $_.New -ne 40 -or $_.Old -ne 200 -or $_.Again -ne 40
    }
)
exit ($results.Count -eq 2 -and -not $bad -and $results[0].Joined -ge 30 ? 0 : 1)
