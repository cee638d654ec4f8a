# Merging twice, and the parts of photos before and after: tests/Proofs/MergeTwice.ps1 and Merge-WmsDataset.Tests.ps1.
Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'

<#
.SYNOPSIS
Draws two data sets into a folder, `data` and `more`: three of every four photos in `more` are near-duplicates of photos in `data`,
saved again or rotated. Count is a multiple of four, and at most Old.
#>
function New-MergeData {
    param([Parameter(Mandatory)] [string] $Path, [int] $Old = 200, [int] $Count = 40, [int] $Size = 128)

    foreach ($folder in 'data', 'more') {
        foreach ($part in 'images', 'masks') { $null = New-Item -ItemType Directory "$Path/$folder/$part" }
    }
    $four = $Count / 4
    foreach ($seed in 1..$four) {
        $drawn = "$Path/drawn"
        $null = New-WmsSampleDataset $drawn -Count 1 -Size $Size -Seed $seed -Defect PhotoSavedAgain, PhotoTurned, PhotoInTwoSplits
        foreach ($part in 'images', 'masks') {
            foreach ($file in Get-ChildItem "$drawn/$part") {
                Move-Item $file.FullName "$Path/$($file.BaseName -match '-second$|^sample' ? 'more' : 'data')/$part/$seed-$($file.Name)"
            }
        }
        Remove-Item $drawn -Recurse
    }
    $null = New-WmsSampleDataset "$Path/data" -Count ($Old - (3 * $four)) -Size $Size -Seed 1000
    [pscustomobject]@{ Data = "$Path/data"; More = "$Path/more" }
}

<#
.SYNOPSIS
Merges twice. Returns Old and New (photos), Moved (old photos in another part), Joined (new photos with near-duplicates), Misplaced,
InTwoSplits (findings after it), Again and Changed (names, bytes or write times that the second merge changed).
#>
function Test-MergeTwice {
    param([Parameter(Mandatory)] [string] $DataPath, [Parameter(Mandatory)] [string] $MorePath)

    $before = @(Get-WmsDataset $DataPath)
    $first = @(Merge-WmsDataset $MorePath $DataPath)
    $after = @{}
    foreach ($sample in Get-WmsDataset $DataPath) { $after[$sample.Hash] = $sample.Split }
    $found = @(Test-WmsDataset $DataPath -PerFinding | Where-Object Check -in PhotoInTwoSplits, PhotoWithoutMask, MaskWithoutPhoto)
    $files = Get-State $DataPath
    $second = @(Merge-WmsDataset $MorePath $DataPath)
    [pscustomobject]@{
        Old         = $before.Count
        New         = @($first | Where-Object Outcome -EQ Added).Count
        Joined      = @($first | Where-Object { $_.Outcome -eq 'Added' -and $_.OtherPath }).Count
        Moved       = @($before | Where-Object { $after[$_.Hash] -ne $_.Split }).Count
        Misplaced   = @(
            $first | Where-Object { $_.Outcome -eq 'Added' -and $after[(Get-FileHash -LiteralPath $_.ImagePath).Hash] -ne $_.Split }
        ).Count
        InTwoSplits = $found.Count
        Again       = @($second | Where-Object Outcome -EQ AlreadyThere).Count
        Changed     = @(Compare-Object $files (Get-State $DataPath)).Count
    }
}

function Get-State([string] $Path) {
    foreach ($file in Get-ChildItem -LiteralPath $Path -File -Recurse -Force | Sort-Object FullName) {
        "$($file.FullName) $((Get-FileHash -LiteralPath $file.FullName).Hash) $($file.LastWriteTimeUtc.Ticks)"
    }
}

Export-ModuleMember -Function New-MergeData, Test-MergeTwice
