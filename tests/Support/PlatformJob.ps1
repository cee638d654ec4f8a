<#
.SYNOPSIS
The same job for tests/Proofs/SameOnWindows.ps1 on each system: checks, splits, predicts, measures, exports and trains in a folder.
.PARAMETER Path
The folder: data is the data set, few a part of it, faulty a part to repair, meter-unet.safetensors a trained network. All results are
written beside them.
.PARAMETER Other
The folder in which another system has done the job: its model, checkpoint, split and cache are used here. Without it, the job itself.
#>
param(
    [Parameter(Mandatory)] [string] $ModulePath, [Parameter(Mandatory)] [string] $Path, [string] $Other
)

Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
$InformationPreference = 'Ignore'
Import-Module $ModulePath
$env:WMS_CACHE_PATH = Join-Path $Path cache
$data, $few, $faulty, $model = 'data', 'few', 'faulty', 'meter-unet.safetensors' | ForEach-Object { Join-Path $Path $_ }
# At a low rate: a higher one multiplies differences in the last digits.
$recipe = @{ BaseChannels = 8; Stage = '96x3x8'; LearningRate = 1e-5; Seed = 5; Precision = 'Float32' }
function Out($Name) { Join-Path $Path $Name }

if (-not $Other) {
    Get-WmsDataset $data | Export-Csv (Out dataset.csv)
    $reports = 'json', 'html', 'md', 'sarif', 'xml' | ForEach-Object { Out "check.$_" }
    Test-WmsDataset $data -ReportPath $reports | Export-Csv (Out check.csv)
    Test-WmsDataset $data -PerFinding | Export-Csv (Out findings.csv)
    Split-WmsDataset $data | Export-Csv (Out split.csv)
    Split-WmsDataset $data -PerPhoto | Export-Csv (Out parts.csv)
    $parts, $number = [ordered] @{}, 0
    foreach ($sample in Get-WmsDataset $few) {
        $parts[$sample.Name] = switch ($number++ % 10) { 8 { 'validation' } 9 { 'test' } default { 'train' } }
    }
    ConvertTo-Json ([ordered] @{ photos = $parts }) | Set-Content (Out few.json)
    Repair-WmsDataset $faulty | Export-Csv (Out repairs.csv)
    Merge-WmsDataset $faulty (Out merged) | Export-Csv (Out merge.csv)
    'step: data sets'

    Get-ChildItem "$few/images" | Invoke-WmsPrediction -Model $model -OutputPath (Out masks) -CropPath (Out crops) -Precision Float32 |
        Tee-Object -Variable predictions | Export-Csv (Out predictions.csv)
    Measure-WmsModel $model $few -All -Precision Float32 | Export-Csv (Out metrics.csv)
    Measure-WmsModel $model $few -All -PerImage -Precision Float32 | Export-Csv (Out images.csv)
    foreach ($extension in 'safetensors', 'pth', 'onnx') {
        Export-WmsModel $model (Out "exported.$extension") | Export-Csv (Out "$extension.csv")
    }
    'step: predictions'

    $split = @{ SplitPath = Out few.json }
    $whole = Start-WmsTraining $few -OutputPath (Out whole) @recipe @split
    $whole | Export-WmsReport -OutputPath (Out training.json), (Out training.md), (Out training.html)
    # Stopped by its first message after the checkpoint of epoch 1.
    Start-WmsTraining $few -OutputPath (Out stopped) @recipe @split -InformationAction Continue 6>&1 |
        Where-Object { "$_" -match '^epoch +1' } | Select-Object -First 1 | Out-String | Write-Host
    'step: trainings'
    exit 0
}

# What the other system wrote.
Copy-Item (Join-Path $Other stopped) (Out resumed) -Recurse
$resumed = Start-WmsTraining $few -OutputPath (Out resumed) -SplitPath (Join-Path $Other few.json) -Resume -WarningVariable warnings
# After three epochs it finds nothing yet; any other warning would be about the checkpoint.
$about = @($warnings -notmatch 'finds no windows')
"resumed: $($resumed.Epochs) epochs, $($about.Count) warnings"; $about
Measure-WmsModel (Join-Path $Other whole model.safetensors) $few -All -Precision Float32 | Export-Csv (Out other-model.csv)
Measure-WmsModel (Join-Path $Path whole model.safetensors) $few -All -Precision Float32 | Export-Csv (Out own-model.csv)

# Its stored split, and its split file.
Copy-Item $few (Out copy) -Recurse
if (Test-Path (Join-Path $Other data split)) { Copy-Item (Join-Path $Other data split) (Out copy) -Recurse }
Get-WmsDataset (Out copy) | Export-Csv (Out other-split.csv)
Get-WmsDataset $few -SplitPath (Join-Path $Other few.json) | Export-Csv (Out other-split-file.csv)

# The cache of the other system is that of another absolute path, so nothing is taken from it, and nothing of it is damaged.
$env:WMS_CACHE_PATH = Join-Path $Other cache
Test-WmsDataset $few -Verbose 4>&1 | Where-Object { "$_" -match '^Measured pairs' } | ForEach-Object { "cache: $_" }
