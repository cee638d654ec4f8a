# Memory does not grow with epochs or photos; 500 phone photos peak under 1 GB of resident memory, photos of 48 megapixels under the
# limit in docs/decisions/memory-bounds.md; a training needs as much as it printed before it started.
param(
    [Parameter(Mandatory)] [string] $ModulePath,
    [ValidateSet('', 'Photos', 'Huge', 'Training')] [string] $Part = '',
    [string] $Folder = ''
)

$ErrorActionPreference = 'Stop'
$root = Split-Path (Split-Path $PSScriptRoot)
$model = Join-Path $root '..' 'shared' 'golden' 'models' 'meter-unet.safetensors'
$meters = Join-Path $root '..' 'shared' 'data' 'meters' 'images'
$megabyte = 1MB
$photoLimit, $hugeLimit, $tolerance = 1000, 1200, 0.25 # MB, MB, part of what was said

# The peak memory of this process, MB.
function Get-Peak {
    if ($IsLinux) { return [int](((Get-Content /proc/self/status) -match '^VmHWM:' -replace '\D')[0] / 1024) }
    $own = [Diagnostics.Process]::GetCurrentProcess()
    $own.Refresh()
    [int]($own.PeakWorkingSet64 / $megabyte)
}

# A JPEG of a camera held sideways: an EXIF segment with orientation 6 after the first marker.
function Copy-Turned ([string] $From, [string] $To) {
    $bytes = [IO.File]::ReadAllBytes($From)
    [byte[]] $exif = 0xff, 0xe1, 0, 34, 0x45, 0x78, 0x69, 0x66, 0, 0, 0x4d, 0x4d, 0, 0x2a, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0,
        6, 0, 0, 0, 0, 0, 0
    $file = [IO.File]::Create($To)
    $file.Write($bytes, 0, 2)
    $file.Write($exif, 0, $exif.Length)
    $file.Write($bytes, 2, $bytes.Length - 2)
    $file.Dispose()
}

if ($Part) {
    Import-Module $ModulePath
    $given = @{ Model = $model; OutputPath = "$Folder/masks-$Part"; Overlay = $true; Precision = 'Float32' }
    switch ($Part) {
        'Photos' {
            $count, $early = 0, 0
            Get-ChildItem "$Folder/photos" | Invoke-WmsPrediction @given | ForEach-Object { if (++$count -eq 100) { $early = Get-Peak } }
            "$count $early $(Get-Peak)"
        }
        'Huge' {
            $pixels = 0
            $predictions = @(Get-ChildItem "$Folder/huge" | Invoke-WmsPrediction @given)
            $pixels = ($predictions | ForEach-Object { [long]$_.Width * $_.Height } | Measure-Object -Minimum).Minimum
            "$($predictions.Count) $pixels $(Get-Peak)"
        }
        'Training' {
            $line = $null
            $settings = @{ OutputPath = "$Folder/run"; Stage = '256x1x8'; Precision = 'Float32' }
            $null = Start-WmsTraining "$Folder/data" @settings -InformationVariable said 6>$null
            $line = "$(@($said -match 'of memory')[0])"
            if ($line -notmatch 'about ([\d.]+) GB of memory') { throw "No memory was said: $($said -join '; ')" }
            "$([int](1e9 * [double]::Parse($Matches[1], [cultureinfo]::InvariantCulture) / $megabyte)) $(Get-Peak)"
        }
    }
    exit 0
}

if (-not (Test-Path $meters)) { 'Memory: the folder shared with the real photos is not beside the repository'; exit 1 }
Import-Module $ModulePath, "$root/build/Processes.psm1", "$PSScriptRoot/../Support/CoreTests.psm1"
$Folder = (New-Item -ItemType Directory (Join-Path ([IO.Path]::GetTempPath()) "WaterMeters-$([Guid]::NewGuid().ToString('n'))")).FullName
try {
    # 500 files with different names: the real photos, each two or three times.
    $null = New-Item -ItemType Directory "$Folder/photos", "$Folder/huge"
    $all = Get-ChildItem $meters -Filter *.jpg
    foreach ($i in 0..499) { Copy-Item -LiteralPath $all[$i % $all.Count].FullName "$Folder/photos/$($i.ToString('d3')).jpg" }

    # 8000 x 6000: upright, rotated, and as PNG.
    $sample = @(New-WmsSampleDataset "$Folder/large" -Count 2 -Size 8000)
    $originals = Get-ChildItem "$Folder/large/images"
    foreach ($i in 0..3) { Copy-Item $originals[$i % 2].FullName "$Folder/huge/upright$i$($originals[0].Extension)" }
    foreach ($i in 0..1) { Copy-Turned $originals[$i].FullName "$Folder/huge/turned$i$($originals[0].Extension)" }
    Copy-Item (Get-ChildItem "$Folder/large/masks")[0].FullName "$Folder/huge/grey.png"
    $null = New-WmsSampleDataset "$Folder/data" -Count 32 -Size 400

    $core = Invoke-CoreTest 'TrainingMemoryTests', 'PredictionMemoryTests', 'LargePhotoTests' -Full
    $figures = foreach ($name in 'Training', 'Huge', 'Photos') {
        $line = @(Invoke-Pwsh -File $PSCommandPath -Arguments '-ModulePath', $ModulePath, '-Part', $name, '-Folder', $Folder)[-1]
        if ($LASTEXITCODE) { throw "The part $name failed: $line" }
        , [long[]]("$line" -split ' ')
    }
}
finally { Remove-Item -LiteralPath $Folder -Recurse -Force }

($said, $needed), ($hugeCount, $pixels, $huge), ($count, $early, $peak) = $figures
$core.Figures
$off = [Math]::Abs($needed - $said) / $said
[string]::Format([cultureinfo]::InvariantCulture,
    'Memory: {0} photos {1} MB at the peak, {2} MB after 100 (promised: under {3}); {4} of {5:0} megapixels {6} MB ' +
        '(stated: under {7}); a training {8} MB, said {9} ({10:0.0%} off, stated: {11:0%}); epochs: {12}',
    $count, $peak, $early, $photoLimit, $hugeCount, ($pixels / 1e6), $huge, $hugeLimit, $needed, $said, $off, $tolerance,
    ($core.Holds ? 'nothing grows' : 'SOMETHING GROWS'))
exit ($count -eq 500 -and $peak -lt $photoLimit -and $hugeCount -eq 7 -and $pixels -ge 48e6 -and $huge -lt $hugeLimit -and
    $off -le $tolerance -and $core.Holds ? 0 : 1)
