# The quickstart on the real photos: 240 pairs with their JPEG masks as warnings, and within 30 minutes a test Dice of 0.80 or more.
param([Parameter(Mandatory)] [string] $ModulePath)

$ErrorActionPreference = 'Stop'
$root = Split-Path (Split-Path $PSScriptRoot)
$data = Join-Path $root '..' 'shared' 'data' 'meters'
if (-not (Test-Path $data)) { 'RealPhotos: the folder shared with the real photos is not beside the repository'; exit 1 }

Import-Module $ModulePath
$report = Test-WmsDataset $data
$warnings = @($report.Findings | Where-Object Check -EQ MaskJpeg).Count
$run = Join-Path $root 'runs' ('real-' + (Get-Date -Format 'yyyyMMdd-HHmmss'))
& (Join-Path $root 'samples' 'quickstart.ps1') -DataPath $data -OutputPath $run
$metrics = Get-Content (Join-Path $run 'model' 'metrics.json') -Raw | ConvertFrom-Json
$epochs = Get-Content (Join-Path $run 'model' 'epochs.jsonl') | ConvertFrom-Json
$minutes = ($epochs | Measure-Object seconds -Sum).Sum / 60
$speeds = ($epochs | Group-Object size |
    ForEach-Object {
        '{0} at {1} px' -f [Math]::Round(($_.Group | Measure-Object photos_per_second -Average).Average, 1), $_.Name
    }) -join ', '
$culture = [cultureinfo]::InvariantCulture
[string]::Format($culture,
    'RealPhotos: {0} pairs, {1} of {2} findings are JPEG masks as warnings, status {3}; test Dice {4:0.0000}, IoU {5:0.0000} ' +
        'after {6:0.0} minutes (promised: 0.80 within 30), photos per second {8}, results in {7}',
    $report.ValidPairs, $warnings, $report.Findings.Count, $report.Status, $metrics.test_dice, $metrics.test_iou, $minutes,
    (Split-Path $run -Leaf), $speeds)
exit ($report.ValidPairs -eq 240 -and $report.Status -eq 'Pass' -and $metrics.test_dice -ge 0.8 -and $minutes -le 30 ? 0 : 1)
