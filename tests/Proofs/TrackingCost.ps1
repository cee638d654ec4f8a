# What it costs a training to be recorded in the local store: the same training of 10 short epochs with and without it, in turns in one
# process, medians of 5. The epochs' figures are written on another thread; what remains is the end of a run: its model as .onnx, .pth and
# .safetensors, its curves and a page of predictions. It takes less than 2 s more, and the model is the same.
param([Parameter(Mandatory)] [string] $ModulePath)

$ErrorActionPreference = 'Stop'
Import-Module $ModulePath
$folder = (New-Item -ItemType Directory (Join-Path ([IO.Path]::GetTempPath()) "WaterMeters-$([Guid]::NewGuid().ToString('n'))")).FullName
$culture = [cultureinfo]::InvariantCulture
$epochs = 10

function Measure-Training([int] $Number, [hashtable] $Recording) {
    $watch = [Diagnostics.Stopwatch]::StartNew()
    $result = Start-WmsTraining "$folder/data" -OutputPath "$folder/$($Recording.Keys)$Number" -Stage "64x${epochs}x8" -BaseChannels 4 `
        -Seed 3 -InformationAction Ignore -WarningAction Ignore @Recording
    [pscustomobject]@{ Seconds = $watch.Elapsed.TotalSeconds; Run = $result.RunId; Hash = (Get-FileHash $result.ModelPath).Hash }
}

function Get-Median($Values) { @($Values | Sort-Object)[[int][Math]::Floor(@($Values).Count / 2)] }

try {
    $null = New-WmsSampleDataset "$folder/data" -Count 40 -Size 128 -Seed 5
    $database = "sqlite:///$folder/mlflow.db"
    $null = Measure-Training 0 @{ TrackingUri = $database }
    $recorded, $alone = foreach ($i in 1..2) { , [Collections.Generic.List[object]]::new() }
    foreach ($i in 1..5) {
        $recorded.Add((Measure-Training $i @{ TrackingUri = $database }))
        $alone.Add((Measure-Training $i @{ NoTracking = $true }))
    }
    $runs = @(Get-WmsRun -TrackingUri $database -Status Finished)
    $epochsRecorded = @($runs[0] | Get-WmsRun -PerMetric | Where-Object Metric -eq val_dice_epoch).Count
}
finally { Remove-Item -LiteralPath $folder -Recurse -Force }

$with, $without = (Get-Median $recorded.Seconds), (Get-Median $alone.Seconds)
$same = @($recorded.Hash + $alone.Hash | Sort-Object -Unique).Count -eq 1
"  with $($with.ToString('0.00', $culture)) s, without $($without.ToString('0.00', $culture)) s; " +
    "$($runs.Count) runs of $epochsRecorded epochs"
"TrackingCost: $(($with - $without).ToString('0.00', $culture)) s more for a recorded training of $epochs epochs " +
    "(promised: under 2); the same model$($same ? '' : ': NO')"
exit ($with - $without -lt 2 -and $same -and $runs.Count -eq 6 -and $epochsRecorded -eq $epochs -and -not $alone[0].Run ? 0 : 1)
