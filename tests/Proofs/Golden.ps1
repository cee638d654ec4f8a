# The results of the legacy pipeline: preprocessing, models of every format, logits, masks, scores, the losses of its first training
# steps and its learning rates. A passing test must have read every file of ../shared/golden except those of mlflow/ and dvc/.
param([Parameter(Mandatory)] [string] $ModulePath)

$ErrorActionPreference = 'Stop'
Import-Module "$PSScriptRoot/../Support/CoreTests.psm1"
$golden = Join-Path $PSScriptRoot '..' '..' '..' 'shared' 'golden'
if (-not (Test-Path $golden)) { 'Golden: the folder shared with the seed''s results is not beside the repository'; exit 1 }

$log = New-TemporaryFile
$env:WMS_GOLDEN_LOG = $log.FullName
try {
    $result = Invoke-CoreTest -Full 'PreprocessorGoldenTests', 'GoldenPredictionTests', 'MaskScorerTests', 'GoldenModelTests',
        'GoldenTrainingTests', 'ScheduleTests', 'OnnxEngineTests'
    $read = @(Get-Content $log | ForEach-Object { [IO.Path]::GetRelativePath($golden, $_).Replace('\', '/') } | Sort-Object -Unique)
}
finally {
    $env:WMS_GOLDEN_LOG = $null
    Remove-Item $log
}
$files = @(Get-ChildItem $golden -File -Recurse |
    ForEach-Object { [IO.Path]::GetRelativePath((Resolve-Path $golden), $_.FullName).Replace('\', '/') } |
        Where-Object { $_ -notmatch '^(mlflow|dvc)/' -and $_ -ne 'README.md' })
$missed = @($files | Where-Object { $_ -notin $read })
$missed | ForEach-Object { "not read: $_" }
"Golden: $($files.Count - $missed.Count) of $($files.Count) files read and matched, MLflow's onnx folder run; $($result.Passed) " +
    "comparisons hold, $($result.Failed) fail, $($result.Skipped) skipped"
exit ($result.Holds -and $files -and -not $missed ? 0 : 1)
