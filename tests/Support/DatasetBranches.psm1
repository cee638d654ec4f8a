# Two git branches that add photos to one data set: tests/Proofs/Branches.ps1 and Branches.Tests.ps1.
Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'

# Adds photos to a data set.
$merge = [bool] (Get-Command Merge-WmsDataset -ErrorAction Ignore)
$addPhotos = {
    param($New, $Data)
    if ($merge) {
        $null = Merge-WmsDataset -Path $New -Destination $Data -WarningAction Ignore
    }
    else {
        Copy-Item "$New/*" $Data -Recurse -Force
        $null = Split-WmsDataset $Data
    }
}

<#
.SYNOPSIS
Draws a data set in a repository, splits it, lets two branches add photos, merges them, checks and splits again. Returns Conflicts,
InTwoSplits (findings after the merge), Crossing (findings expected), Left (findings after splitting again), Moved (photos in another
part than before), Exceptions (split overrides) and Fault.
.PARAMETER Old
Number of photos before the branches.
.PARAMETER New
Number of photos that each branch adds.
#>
function Test-Branch {
    param([Parameter(Mandatory)] [string] $Path, [Parameter(Mandatory)] [int] $Seed, [int] $Old = 60, [int] $New = 40)

    $random = [Random]::new($Seed)
    $data = Join-Path $Path 'data'
    $null = New-Item -ItemType Directory -Force $Path
    $null = Invoke-Git $Path init '-q' '-b' main
    $null = New-WmsSampleDataset $data -Count $Old -Size 128 -Seed (1000 + $Seed)
    $null = Split-WmsDataset $data -Train 0.5 -Validation 0.2
    $null = Invoke-Git $Path add '-A'
    $null = Invoke-Git $Path commit '-qm' 'The data set'
    $before = @(Get-WmsDataset $data)

    # The photos to add lie beside the repository; the hash of a file tells which photo it shows.
    $pool = @(New-WmsSampleDataset "$Path.pool" -Count (2 * $New) -Size 128 -Seed (500000 + $Seed))
    $family, $sides = @{}, @{}
    foreach ($sample in $before) { $family[$sample.Hash], $sides[$sample.Hash] = "old $($sample.Name)", 'old' }
    Save-NewPhoto $before $pool $random $New $Path $family $sides
    foreach ($side in 'left', 'right') {
        $null = Invoke-Git $Path checkout '-q' '-b' $side main
        & $addPhotos "$Path.$side" $data
        $null = Invoke-Git $Path add '-A'
        $null = Invoke-Git $Path commit '-qm' "Photos of the $side"
    }
    $merged = Invoke-Git $Path merge '-q' '--no-edit' left -AllowFailure
    $conflicts = @(Invoke-Git $Path diff '--name-only' '--diff-filter=U')

    $result = [ordered]@{
        Seed = $Seed; Conflicts = $conflicts.Count
        InTwoSplits = 0; Crossing = 0; Left = 0; Moved = 0; Exceptions = 0; Fault = $null
    }
    if ($merged -ne 0 -or $conflicts) {
        $result.Fault = "git merge ended with $merged, conflicts in $($conflicts -join ', ')"
        return [pscustomobject] $result
    }

    $joined = @(Get-WmsDataset $data)
    $found = @(Test-WmsDataset $data -PerFinding | Where-Object Check -EQ PhotoInTwoSplits)
    $hashes = $joined | Group-Object ImagePath -AsHashTable -AsString
    $expected = @(Get-Torn $joined $family)
    $result.InTwoSplits, $result.Crossing = $found.Count, $expected.Count
    $difference = @(
        Compare-Object @($found | ForEach-Object Path) $expected |
            ForEach-Object { "$($_.SideIndicator) $(Split-Path $_.InputObject -Leaf)" }
    )
    $within = @(
        $found | Where-Object { "$($sides[$hashes[$_.Path].Hash]) $($sides[$hashes[$_.OtherPath].Hash])" -notin 'left right', 'right left' }
    )

    $null = Split-WmsDataset $data
    $result.Left = @(Test-WmsDataset $data -PerFinding | Where-Object Check -In PhotoInTwoSplits, SplitDisputed).Count
    $again = Split-WmsDataset $data
    $after = Get-WmsDataset $data | Group-Object Hash -AsHashTable -AsString
    $moved = @($before | Where-Object { $now = @($after[$_.Hash])[0].Split; $now -ne $_.Split -and $now -ne 'Aside' })
    $result.Moved = $moved.Count
    $result.Exceptions = @(Get-ChildItem (Join-Path $data 'split' 'photos') -Recurse -File -Filter *.json).Count
    $result.Fault = if ($difference) { "PhotoInTwoSplits is not what crosses branches: $($difference -join ', ')" }
    elseif ($within) {
        "PhotoInTwoSplits within a branch: $(Split-Path $within[0].Path -Leaf) and $(Split-Path $within[0].OtherPath -Leaf)"
    }
    elseif ($result.Left) { "$($result.Left) are left after splitting again" }
    elseif ($again.NewExceptions) { "splitting once more stores $($again.NewExceptions) more" }
    elseif ($moved) { "$($moved[0].Name) moved" }
    [pscustomobject] $result
}

# Chooses at random what each branch adds: copies of existing photos, new photos and copies of them, and photos of the other branch.
function Save-NewPhoto($Old, $Pool, [Random] $Random, [int] $Count, [string] $Path, $Family, $Sides) {
    $number = 0
    $own = @{ left = [Collections.Generic.List[object]]::new(); right = [Collections.Generic.List[object]]::new() }
    foreach ($side in 'left', 'right') { $null = New-Item -ItemType Directory "$Path.$side/images", "$Path.$side/masks" }
    $shared = [int] ($Count / 4)
    foreach ($place in 0..($shared - 1)) {
        # One photo in both branches: the same file under one name, under two names, or as a copy.
        $source = $Pool[$number++]
        $name = 'left_{0:000}', 'both_{0:000}', 'zz_{0:000}' | Select-Object -Index ($place % 3)
        Add-NewPhoto $source ($name -f $place) left 0
        $name = ($place % 3 -eq 1 ? 'both_{0:000}' : 'right_{0:000}') -f $place
        Add-NewPhoto $source $name right ($place % 3 -eq 2 ? $Random.Next(1, 4) : 0)
        if ($place % 4 -eq 3) { Add-NewPhoto $source "right_again_$place" right $Random.Next(1, 4) }
    }
    foreach ($side in 'left', 'right') {
        while ($own[$side].Count -lt $Count) {
            $at = $own[$side].Count
            if ($Random.Next(3) -eq 0) { Add-NewPhoto $Old[$Random.Next($Old.Count)] "$($side)_old_$at" $side $Random.Next(1, 4) }
            elseif ($Random.Next(3) -eq 0) { Add-NewPhoto $own[$side][$Random.Next($at)] "$($side)_copy_$at" $side $Random.Next(1, 4) }
            else { Add-NewPhoto $Pool[$number++] "$($side)_new_$at" $side 0 }
        }
    }
}

# Adds one photo to a branch: 0 the file itself, 1 saved again, 2 smaller, 3 brighter. Uses variables of Save-NewPhoto.
function Add-NewPhoto($Source, [string] $Name, [string] $Side, [int] $Kind) {
    $image, $mask = "$Path.$Side/images/$Name.jpg", "$Path.$Side/masks/$Name.png"
    Copy-Image $Source.ImagePath $image $Kind $Random.Next(60, 90)
    Copy-Image $Source.MaskPath $mask ($Kind -eq 2 ? 2 : 0) 100
    $hash = (Get-FileHash -LiteralPath $image).Hash.ToLowerInvariant()
    $Family[$hash] = $Source.Hash -and $Family.ContainsKey($Source.Hash) ? $Family[$Source.Hash] : "new $($Source.Hash)"
    $Sides[$hash] = $Sides.ContainsKey($hash) -and $Sides[$hash] -ne $Side ? 'both' : $Side
    $own[$Side].Add([pscustomobject]@{ ImagePath = $image; MaskPath = $mask; Hash = $hash })
}

# Each photo whose duplicate, earlier in the list, is in another part: what the check should report, each once.
function Get-Torn($Samples, $Family) {
    for ($i = 0; $i -lt $Samples.Count; $i++) {
        if ($Samples[$i].Split -eq 'Aside') { continue }
        for ($j = 0; $j -lt $i; $j++) {
            if ($Family[$Samples[$i].Hash] -eq $Family[$Samples[$j].Hash] -and $Samples[$j].Split -notin $Samples[$i].Split, 'Aside') {
                $Samples[$i].ImagePath
                break
            }
        }
    }
}

# Uses the SkiaSharp that the module has loaded.
function Copy-Image([string] $From, [string] $To, [int] $Kind, [int] $Quality) {
    if ($Kind -eq 0) { Copy-Item -LiteralPath $From $To; return }
    $skia = [AppDomain]::CurrentDomain.GetAssemblies() | Where-Object { $_.GetName().Name -eq 'SkiaSharp' } | Select-Object -First 1
    $type = { param($Name) $skia.GetType("SkiaSharp.$Name", $true) }
    $bitmap = (& $type SKBitmap)::Decode($From)
    if ($Kind -eq 2) {
        $isMask = $To -like '*.png'
        $sampling = (& $type SKSamplingOptions)::new(
            [Enum]::Parse((& $type SKFilterMode), $isMask ? 'Nearest' : 'Linear'),
            [Enum]::Parse((& $type SKMipmapMode), 'None'))
        $bitmap = $bitmap.Resize((& $type SKImageInfo)::new([int] ($bitmap.Width * 0.75), [int] ($bitmap.Height * 0.75)), $sampling)
    }
    elseif ($Kind -eq 3) {
        $brighter = (& $type SKBitmap)::new($bitmap.Width, $bitmap.Height)
        $canvas, $paint = (& $type SKCanvas)::new($brighter), (& $type SKPaint)::new()
        $paint.ColorFilter =
            (& $type SKColorFilter)::CreateColorMatrix([single[]] (1.12, 0, 0, 0, 0, 0, 1.12, 0, 0, 0, 0, 0, 1.12, 0, 0, 0, 0, 0, 1, 0))
        $canvas.DrawBitmap($bitmap, [single] 0, [single] 0, $paint)
        $canvas.Flush()
        $bitmap = $brighter
    }
    $stream = [IO.File]::Create($To)
    try {
        $null = $bitmap.Encode($stream, [Enum]::Parse((& $type SKEncodedImageFormat), $To -like '*.png' ? 'Png' : 'Jpeg'), $Quality)
    }
    finally {
        $stream.Dispose()
    }
}

# Runs git in a repository with a fixed identity. With -AllowFailure the exit code is returned.
function Invoke-Git([string] $Repository, [Parameter(ValueFromRemainingArguments)] [string[]] $Arguments, [switch] $AllowFailure) {
    $settings = 'user.name=Nobody', 'user.email=nobody@localhost', 'commit.gpgsign=false', 'core.autocrlf=false', 'core.hooksPath=none' |
        ForEach-Object { '-c', $_ }
    $lines = git -C $Repository @settings @Arguments 2>&1
    if ($AllowFailure) { return $LASTEXITCODE }
    if ($LASTEXITCODE -ne 0) { throw "git $Arguments ended with $($LASTEXITCODE): $lines" }
    $lines
}

Export-ModuleMember -Function Test-Branch
