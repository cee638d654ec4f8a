<#
.SYNOPSIS
The whole job on one machine: check photos, train, compare, predict.
.DESCRIPTION
Without -DataPath it draws its own photos. Everything it writes lies in -OutputPath.
.EXAMPLE
./build.ps1 Quickstart
.EXAMPLE
./build.ps1 Quickstart -DataPath ../my-meters
#>
param(
    # A folder with images/ and masks/ of your own.
    [string] $DataPath,

    # Where everything is written; it must not hold an earlier run.
    [string] $OutputPath = (Join-Path 'runs' ('quickstart-' + (Get-Date -Format 'yyyyMMdd-HHmmss'))),

    # Stages of the better model, SIZExEPOCHSxBATCH. For 240 photos of your own they take about 25 minutes on two cores
    # with bfloat16 (avx512_bf16 or AMX), about an hour on two without.
    [string[]] $Stage = ($DataPath ? @('128x20x8', '256x40x8', '384x10x4', '512x5x4') : @('128x12x4')),

    [int] $Seed = 1
)

$ErrorActionPreference = 'Stop'
$Stage = @($Stage -split '[,\s]+' -ne '') # a command line hands over one text
Set-StrictMode -Version Latest
if (-not (Get-Module WaterMeters)) { Import-Module (Join-Path $PSScriptRoot '..' 'out' 'WaterMeters') }

# A phone is held at any angle, and so few photos do not show all of them.
$turns = $DataPath ? @{ RotationDegrees = 180; RotationProbability = 0.5 } : @{}

# A verdict needs 100 photos that neither model has seen. Of the drawn ones there are some 24: enough to show a verdict, not to rely
# on one. For photos of your own the limit stays, and below it the verdict says how many are missing.
$few = $DataPath ? @{} : @{ MinimumPhotos = 20 }

function Write-Step([string] $Text) { Write-Host "`n== $Text" }

# The views want 120 columns; a log gives them 80.
function Show { $input | Out-String -Width 120 | ForEach-Object { Write-Host $_.TrimEnd() } }

if (-not $DataPath) {
    Write-Step 'Draw 240 photos of water meters, with exact masks'
    $DataPath = Join-Path $OutputPath 'meters'
    New-WmsSampleDataset $DataPath -Count 240 -Size 400 -Seed $Seed | Measure-Object Coverage -Average | Format-List Count, Average | Show
}

Write-Step 'Check the photos'
New-Item $OutputPath -ItemType Directory -Force | Out-Null
$report = Test-WmsDataset $DataPath -ReportPath (Join-Path $OutputPath 'report.json')
$report | Show
if ($report.Status -ne 'Pass') { throw "The photos cannot be trained on: $($report.Findings). See $($report.ReportPath)." }
Get-WmsDataset $DataPath | Group-Object Split -NoElement | Sort-Object Count -Descending | Show

Write-Step 'Train a short baseline'
$baseline = Start-WmsTraining $DataPath -OutputPath (Join-Path $OutputPath 'baseline') -Stage '128x2x8' -Seed $Seed
$baseline | Show

Write-Step 'Train the better model'
$model = Start-WmsTraining $DataPath -OutputPath (Join-Path $OutputPath 'model') -Stage $Stage -Seed $Seed @turns
$model | Show

Write-Step 'Compare both on photos that neither has seen'
$comparison = $model | Compare-WmsModel -Baseline $baseline.ModelPath @few
$comparison | Show
$comparison | Format-List Verdict, Passed, Reason | Show

Write-Step 'Predict the photos that no training has seen'
$scores = @{}
Measure-WmsModel $model.ModelPath $DataPath -PerImage | ForEach-Object { $scores[$_.ImagePath] = $_ }
$predictions = Get-WmsDataset $DataPath | Where-Object Split -EQ Test |
    Invoke-WmsPrediction -Model $model.ModelPath -OutputPath (Join-Path $OutputPath 'masks') -Overlay
$predictions |
    Format-Table @{ Name = 'Photo'; Expression = { Split-Path $_.ImagePath -Leaf } }, X, Y, BoxWidth, BoxHeight,
        @{ Name = 'Angle'; Expression = { $_.Angle.ToString('0.0') } }, Regions,
        @{ Name = 'Confidence'; Expression = { $_.Confidence.ToString('0.000') } },
        @{ Name = 'Dice'; Expression = { $scores[$_.ImagePath].Dice.ToString('0.000') } } | Show
$csv = Join-Path $OutputPath 'predictions.csv'
$predictions | Export-Csv $csv

$mean = ($scores.Values | Measure-Object Dice -Average).Average
Write-Host ([string]::Format([cultureinfo]::InvariantCulture, 'mean Dice {0:0.0000} on {1} photos that no training has seen; verdict {2}', $mean, $scores.Count, $comparison.Verdict))
Write-Host "masks and overlays in $(Join-Path $OutputPath 'masks'), table in $csv, model in $($model.ModelPath)"
