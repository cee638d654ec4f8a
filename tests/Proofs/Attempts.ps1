# Three attempts of a small network on drawn photos. The test photos are opened once, for the attempt that is best on the validation
# photos; it equals, byte for byte, a single training with its seed. -Promote publishes only what passes, keeps the model it replaces,
# and refuses a damaged baseline.
param([Parameter(Mandatory)] [string] $ModulePath)

$ErrorActionPreference = 'Stop'
Import-Module $ModulePath, "$PSScriptRoot/../Support/CoreTests.psm1"
$core = Invoke-CoreTest 'TrainingAttemptsTests', 'ProductionModelTests', 'ModelPromotionTests'
$folder = (New-Item -ItemType Directory (Join-Path ([IO.Path]::GetTempPath()) "WaterMeters-$([Guid]::NewGuid().ToString('n'))")).FullName
$faults = [Collections.Generic.List[string]]::new()
function Assert-That([string] $What, [bool] $Holds) { if (-not $Holds) { $faults.Add($What) } }
function Get-Sum([string] $Path) { (Get-FileHash -LiteralPath $Path).Hash }

$env:MLFLOW_TRACKING_URI = Join-Path $folder 'mlflow.db'
Push-Location -LiteralPath $folder
try {
    $null = New-WmsSampleDataset data -Count 160 -Size 128 -Seed 11
    $small = @{ DataPath = 'data'; BaseChannels = 4; LearningRate = 0.01; InformationAction = 'Ignore'; WarningAction = 'Ignore' }
    $said = @(Start-WmsTraining @small -OutputPath three -Stage 64x10x8 -Seed 21 -Attempts 3 -Verbose 4>&1)
    $results = @($said | Where-Object { $_ -is [WaterMeters.TrainingResult] })
    $best = $results | Where-Object IsBest
    $opened = @($said | Where-Object { $_ -is [Management.Automation.VerboseRecord] -and $_.Message -match 'test photos\.$' })
    Assert-That 'the test is opened once' ($opened.Count -eq 1)
    Assert-That 'the test is opened for the best' ($opened[0].Message -like "attempt $($best.Attempt) of 3: *" -and $best.TestPhotos -gt 5)
    Assert-That 'the best is the best on validation' ($best.ValidationDice -eq ($results.ValidationDice | Measure-Object -Maximum).Maximum)
    $tested = $results | Where-Object { -not $_.IsBest -and ($null -ne $_.TestPhotos -or $null -ne $_.TestDice) }
    Assert-That 'the others are not tested' (-not $tested)
    $alone = Start-WmsTraining @small -OutputPath alone -Stage 64x10x8 -Seed $best.Seed
    Assert-That 'the best is the training of its seed alone' (
        (Get-Sum $alone.ModelPath) -eq (Get-Sum $best.ModelPath) -and (Get-Sum $alone.MetricsPath) -eq (Get-Sum $best.MetricsPath))

    # The gate accepts so few test photos.
    Set-Content wms.yaml "gate:`n  minimumPhotos: 5`n  policy: NonInferior`n  margin: 0.3"
    $production = Join-Path $folder 'models' 'production.safetensors'
    $none = Start-WmsTraining @small -OutputPath none -Stage 64x10x8 -Promote
    Assert-That 'a first model does not pass without a lowest Dice' (
        -not $none.Passed -and $none.Verdict -eq 'NoBaseline' -and -not (Test-Path $production))
    $first = Start-WmsTraining @small -OutputPath first -Stage 64x24x8 -Seed 1 -Promote -MinimumDice 0.01
    if (-not $first.PromotedPath) { throw "The first model was not published: $($first.GateReason)" }
    Assert-That 'a first model passes with one' (
        $first.Passed -and $first.PromotedPath -eq $production -and (Get-Sum $production) -eq (Get-Sum $first.ModelPath))
    $worse = Start-WmsTraining @small -OutputPath worse -Stage 16x1x200 -Promote
    Assert-That 'a worse model does not pass' (
        $worse.Passed -eq $false -and -not $worse.PromotedPath -and (Get-Sum $production) -eq (Get-Sum $first.ModelPath))
    $second = Start-WmsTraining @small -OutputPath second -Stage 64x36x8 -Seed 1 -Attempts 2 -Promote | Where-Object IsBest
    Assert-That 'a better model passes' ($second.Passed -and (Get-Sum $production) -eq (Get-Sum $second.ModelPath))
    Assert-That 'the replaced model is kept' ($second.ReplacedPath -and (Get-Sum $second.ReplacedPath) -eq (Get-Sum $first.ModelPath))

    # Of the version in production, the registry has the file; the copy in the folder counts without it.
    $registered = (Get-WmsModel Production).ModelPath
    Set-Content $production 'no model'
    $caught = try { Start-WmsTraining @small -OutputPath never -Stage 64x1x8 -Promote -MinimumDice 0 -NoTracking } catch { $_ }
    Assert-That 'an unreadable copy ends it before it trains' (
        $caught.FullyQualifiedErrorId -like 'ModelUnusable,*' -and -not (Test-Path never))
    Set-Content $registered 'no model'
    $caught = try { Start-WmsTraining @small -OutputPath never -Stage 64x1x8 -Promote -MinimumDice 0 } catch { $_ }
    Assert-That 'an unreadable baseline ends it before it trains' (
        $caught.FullyQualifiedErrorId -like 'ModelUnusable,*' -and -not (Test-Path never))
    Assert-That 'nothing is published over it' ((Get-Content $production) -eq 'no model')
}
finally {
    Pop-Location
    Remove-Item -LiteralPath $folder -Recurse -Force
}

$faults | ForEach-Object { "  FAILS: $_" }
$culture = [cultureinfo]::InvariantCulture
[string]::Format($culture,
    'Attempts: validation Dice {0}; attempt {1} chosen, test opened {2} time for it ({3} photos, Dice {4:0.0000}), ' +
        'the bytes of its seed alone; gate {5:0.000} -> {6:0.000} published, worse and damaged not; {7} core tests',
    (($results | ForEach-Object { $_.ValidationDice.ToString('0.0000', $culture) }) -join ', '), $best.Attempt, $opened.Count,
    $best.TestPhotos, $best.TestDice, $first.TestDice, $second.TestDice, $core.Passed)
exit ($faults.Count -eq 0 -and $core.Holds ? 0 : 1)
