# The same seed and data with 1, 2 and 4 augmentation threads: the same losses to the last bit in every epoch, and the same model.
param([Parameter(Mandatory)] [string] $ModulePath)

$ErrorActionPreference = 'Stop'
Import-Module $ModulePath
$folder = (New-Item -ItemType Directory (Join-Path ([IO.Path]::GetTempPath()) "WaterMeters-$([Guid]::NewGuid().ToString('n'))")).FullName
try {
    $null = New-WmsSampleDataset "$folder/data" -Count 48 -Size 320 -Seed 3
    $recipe = @{
        Stage = '64x4x8', '128x3x8'; Seed = 7; BaseChannels = 8; InformationAction = 'Ignore'
        RotationDegrees = 15; RotationProbability = 0.5; BrightnessProbability = 0.5
    }
    $runs = foreach ($threads in 1, 2, 4) {
        $run = Start-WmsTraining "$folder/data" -OutputPath "$folder/$threads" -AugmentationThreads $threads @recipe
        $epochs = Get-Content "$folder/$threads/epochs.jsonl" | ConvertFrom-Json
        [pscustomobject]@{
            Losses = ($epochs | ForEach-Object { '{0:R} {1:R} {2:R}' -f $_.training_loss, $_.validation_loss, $_.val_dice }) -join "`n"
            Epochs = @($epochs).Count
            Model  = (Get-FileHash $run.ModelPath).Hash
            Last   = $epochs[-1].training_loss
        }
    }
}
finally { Remove-Item -LiteralPath $folder -Recurse -Force }

$losses, $models = ($runs.Losses | Sort-Object -Unique), ($runs.Model | Sort-Object -Unique)
[string]::Format([cultureinfo]::InvariantCulture,
    'AugmentationThreads: {0} different courses of the loss and {1} different models of 3 runs with 1, 2 and 4 threads, ' +
        '{2} epochs each, last loss {3:R}',
    @($losses).Count, @($models).Count, $runs[0].Epochs, $runs[0].Last)
exit (@($losses).Count -eq 1 -and @($models).Count -eq 1 -and $runs[0].Epochs -eq 7 ? 0 : 1)
