<#
.SYNOPSIS
Runs every step on one machine: checks photos, trains two models, compares them, predicts.
.DESCRIPTION
Without -DataPath it draws a sample data set. It writes into -OutputPath only.
.EXAMPLE
./build.ps1 Quickstart
.EXAMPLE
./build.ps1 Quickstart -DataPath ../my-meters
#>
param(
    # A data set of your own: a folder with images/ and masks/.
    [string] $DataPath,

    # The folder for all results; it must not hold an earlier run.
    [string] $OutputPath = (Join-Path 'runs' ('quickstart-' + (Get-Date -Format 'yyyyMMdd-HHmmss'))),

    # Training stages of the second model, SIZExEPOCHSxBATCH. For 240 photos of your own the default takes about 25 minutes on
    # two cores with bfloat16 (avx512_bf16 or AMX), about an hour on two cores without.
    [string[]] $Stage = ($DataPath ? @('128x20x8', '256x40x8', '384x10x4', '512x5x4') : @('64x6x4', '96x4x4', '128x3x4')),

    [int] $Seed = 1
)

$ErrorActionPreference = 'Stop'
$Stage = @($Stage -split '[,\s]+' -ne '') # from a command line all stages arrive as one string
Set-StrictMode -Version Latest
if (-not (Get-Module WaterMeters)) { Import-Module (Join-Path $PSScriptRoot '..' 'out' 'WaterMeters') }

# Phones are held at any angle, and so few photos do not show every angle.
$turns = $DataPath ? @{ RotationDegrees = 180; RotationProbability = 0.5 } : @{}

# A verdict needs 100 photos that neither model has seen. The sample data set has about 24 of them: enough to show a verdict, not
# to rely on it. For your own photos the limit stays 100, and the comparison says how many are missing.
$few = $DataPath ? @{} : @{ MinimumPhotos = 20 }

# The trainings are recorded beside their results: `mlflow ui` there shows them.
$tracking = @{ TrackingUri = Join-Path $OutputPath 'mlflow.db'; Experiment = 'quickstart' }

function Write-Step([string] $Text) { Write-Host "`n== $Text" }

# The views are 120 columns wide; a log has 80.
function Show { $input | Out-String -Width 120 | ForEach-Object { Write-Host $_.TrimEnd() } }

if (-not $DataPath) {
    Write-Step 'Draw a sample data set: 240 photos with masks'
    $DataPath = Join-Path $OutputPath 'meters'
    New-WmsSampleDataset $DataPath -Count 240 -Size 400 -Seed $Seed | Measure-Object Coverage -Average | Format-List Count, Average | Show
}

Write-Step 'Check the data set'
New-Item $OutputPath -ItemType Directory -Force | Out-Null
$report = Test-WmsDataset $DataPath -ReportPath (Join-Path $OutputPath 'report.json')
$report | Show
if ($report.Status -ne 'Pass') {
    throw "The data set has $($report.Findings). See '$($report.ReportPath)', correct the files and try again."
}
Get-WmsDataset $DataPath | Group-Object Split -NoElement | Sort-Object Count -Descending | Show

Write-Step 'Train a short baseline'
$baseline = Start-WmsTraining $DataPath -OutputPath (Join-Path $OutputPath 'baseline') -Stage '128x2x8' -Seed $Seed @tracking
$baseline | Show

Write-Step 'Train a better model'
$model = Start-WmsTraining $DataPath -OutputPath (Join-Path $OutputPath 'model') -Stage $Stage -Seed $Seed @turns @tracking
$model | Show

Write-Step 'List the recorded trainings'
Get-WmsRun @tracking | Show

Write-Step 'Compare the models on photos that neither has seen'
$comparison = $model | Compare-WmsModel -Baseline $baseline.ModelPath @few
$comparison | Show

Write-Step 'Predict the photos of the test part'
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
Write-Host ([string]::Format([cultureinfo]::InvariantCulture,
        'mean Dice {0:0.0000} on {1} photos that no model has seen; verdict: {2}', $mean, $scores.Count, $comparison.Verdict))
Write-Host "Masks and overlays: $(Join-Path $OutputPath 'masks')"
Write-Host "Table: $csv"
Write-Host "Model: $($model.ModelPath)"
