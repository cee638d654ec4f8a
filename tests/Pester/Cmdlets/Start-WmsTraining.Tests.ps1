BeforeAll {
    Import-Module "$PSScriptRoot/../../Support/TestSupport.psm1"
    $data = New-SampleData
    $small = @{ BaseChannels = 4; InformationAction = 'Ignore' }
}

Describe 'Start-WmsTraining' {
    BeforeAll {
        $output = Join-Path (New-TestFolder) 'run'
        $result = Start-WmsTraining $data -OutputPath $output -BaseChannels 4 -Stage 64x2x8 -Seed 4 -InformationVariable information 6>$null
    }

    It 'returns one record with the scores and files of the run' {
        $result | Should -HaveCount 1
        $result | Should -BeOfType WaterMeters.TrainingResult
        $result.Epochs | Should -Be 2
        $result.StopReason | Should -Be 'Finished'
        $result.TrainingPhotos + $result.ValidationPhotos + $result.TestPhotos | Should -Be 24
        $result.DataPath, $result.OutputPath | Should -Be $data, $output
        $result.TestDice | Should -BeGreaterOrEqual 0
    }

    It 'leaves the model, checkpoint, scores and epochs in its folder, and nothing else' {
        Get-FileName $output | Should -Be 'checkpoint.safetensors', 'epochs.jsonl', 'metrics.json', 'mlflow.json', 'model.safetensors'
        $result.ModelPath, $result.CheckpointPath, $result.MetricsPath | Split-Path | Sort-Object -Unique | Should -Be $output
        $scores = Get-Content $result.MetricsPath -Raw | ConvertFrom-Json -AsHashtable
        $scores.Keys | Should -Be 'val_dice', 'val_iou', 'test_dice', 'test_iou', 'test_hausdorff'
        $scores.test_dice | Should -Be $result.TestDice
        $lines = @(Get-Content "$output/epochs.jsonl" | ConvertFrom-Json)
        $lines.epoch | Should -Be 1, 2
    }

    It 'writes one information record per epoch, tagged WmsEpoch' {
        $epochs = @($information | Where-Object Tags -contains 'WmsEpoch')
        $epochs | Should -HaveCount 2
        "$($epochs[1])" | Should -Match '^epoch +2 of 2 .*loss [\d.]+ .*Dice [\d.]+'
    }

    It 'names the folder of the run first, and says in a word what the Dice means' {
        "$($information[0])" | Should -Be "run folder '$output'"
        $result.Quality | Should -BeIn 'Poor', 'Mediocre', 'Good', 'Excellent'
    }

    It 'warns when the model finds no windows, and says what to change' {
        $warned = @{ WarningVariable = 'said'; WarningAction = 'SilentlyContinue' }
        $run = Start-WmsTraining $data -OutputPath (New-TestFolder) -Stage 16x1x24 @warned @small
        $run.Quality | Should -Be 'Poor'
        "$said" | Should -BeLike 'The model finds no windows: its mean Dice on the test photos is 0.0*. Train for more epochs*'
    }

    It 'overwrites the folder of another run only with -Force' {
        $before = (Get-FileHash $result.ModelPath).Hash
        $failure = Get-Failure { Start-WmsTraining $data -OutputPath $output -Stage 64x1x8 @small }
        $failure.FullyQualifiedErrorId | Should -BeLike 'TrainingFailed,*StartWmsTrainingCommand'
        $failure.TargetObject | Should -Be $output
        "$failure" | Should -BeLike '*-Force*'
        (Get-FileHash $result.ModelPath).Hash | Should -Be $before

        (Start-WmsTraining $data -OutputPath $output -Stage 64x1x8 -Seed 9 -Force @small).Epochs | Should -Be 1
        (Get-FileHash $result.ModelPath).Hash | Should -Not -Be $before
    }

    It 'gives the same weights for the same seed with any number of augmentation threads' {
        $scores = foreach ($threads in 1, 3) {
            $settings = @{ Stage = '64x1x8'; Seed = 2; AugmentationThreads = $threads; Precision = 'Float32' }
            (Start-WmsTraining $data -OutputPath (New-TestFolder) @settings @small).ValidationDice
        }
        $scores[1] | Should -Be $scores[0]
    }

    It 'writes to runs/DATE-TIME below the current location when no folder is given' {
        $folder = New-TestFolder
        Push-Location $folder
        try { $run = Start-WmsTraining $data -Stage 64x1x8 @small } finally { Pop-Location }
        $run.OutputPath | Should -BeLike (Join-Path $folder 'runs' '????????-??????')
        $run.ModelPath | Should -Exist
    }

    It 'gives each training its own folder when none is given, also within one second' {
        $folder = New-TestFolder
        Push-Location $folder
        try { $runs = @($data, $data, $data | Start-WmsTraining -Stage 16x1x24 @small) } finally { Pop-Location }
        $runs.OutputPath | Sort-Object -Unique | Should -HaveCount 3
    }

    It 'prints steps and memory with -WhatIf, writes nothing and does not load libtorch' {
        $folder = New-TestFolder
        $child = Invoke-ChildPwsh -ImportModule "
            Start-WmsTraining '$data' -OutputPath '$folder/run' -BaseChannels 4 -Stage 64x2x8,128x1x4 -WhatIf
            'native: ' + @([Diagnostics.Process]::GetCurrentProcess().Modules.ModuleName -match 'torch|c10').Count"
        $child.ExitCode | Should -Be 0
        $said = $child.Output -join "`n"
        $said | Should -Match 'What if: Train on'
        $said | Should -Match '\d+ training photos, \d+ validation photos: \d+ steps in 3 epochs; about [\d.]+ GB of memory'
        $said | Should -Match '; stages 64x2x8,128x1x4; roughly a minute or less on this processor'
        $said | Should -Match 'native: 0'
        Get-ChildItem $folder | Should -BeNullOrEmpty
    }

    It 'chooses the stages <Stages> by <Name>' -ForEach @(
        @{ Name = '-Preset Quick'; Given = @{ Preset = 'Quick' }; Stages = '128x40x8,256x10x8' }
        @{ Name = '-Preset Thorough'; Given = @{ Preset = 'Thorough' }; Stages = '256x120x8,384x30x4,512x16x4' }
        @{ Name = 'three numbers'; Given = @{ Epochs = 8; ImageSize = 64; BatchSize = 2 }; Stages = '32x6x2,48x1x2,64x1x2' }
        @{ Name = 'a preset and a number'; Given = @{ Preset = 'Quick'; Epochs = 1 }; Stages = '256x1x8' }
        @{ Name = 'train.yaml and numbers'; Given = @{ ConfigPath = 'train.yaml'; Epochs = 2; BatchSize = 3 }; Stages = '64x2x3' }
        @{ Name = 'train.yaml and -Preset'; Given = @{ ConfigPath = 'train.yaml'; Preset = 'Quick' }; Stages = '128x40x8,256x10x8' }
        @{ Name = 'training.config of wms.yaml'; Given = @{}; Settings = "training:`n  config: train.yaml"; Stages = '64x9x4' }
    ) {
        $project = New-TestFolder
        Set-Content "$project/train.yaml" "model:`n  input_size: 64`ntraining:`n  epochs: 9"
        if ($Settings) { Set-Content "$project/wms.yaml" $Settings }
        Push-Location $project
        try { Start-WmsTraining $data -WhatIf @Given -InformationVariable said 6>$null } finally { Pop-Location }
        "$said" | Should -Match ([regex]::Escape("; stages $Stages; roughly"))
    }

    It 'refuses -Stage together with -<Name>, and names both' -ForEach @(
        @{ Name = 'Preset'; Value = 'Quick' }, @{ Name = 'Epochs'; Value = 3 }, @{ Name = 'ImageSize'; Value = 64 },
        @{ Name = 'BatchSize'; Value = 4 }
    ) {
        $given = @{ $Name = $Value }
        $failure = Get-Failure { Start-WmsTraining $data -Stage 64x1x8 -WhatIf @given }
        $failure.FullyQualifiedErrorId | Should -BeLike 'SettingUnusable,*'
        $failure.TargetObject | Should -Be $Name
        "$failure" | Should -BeLike "-Stage and -$Name cannot be combined*"
    }

    It 'creates its folders in training.output of wms.yaml, whatever the location' {
        $project = New-TestFolder
        Set-Content "$project/wms.yaml" "training:`n  output: trainings`n  ouput: x"
        $null = New-Item -ItemType Directory "$project/below"
        Push-Location "$project/below"
        $warned = @{ WarningVariable = 'said'; WarningAction = 'SilentlyContinue' }
        try { $run = Start-WmsTraining $data -Stage 16x1x24 @warned @small } finally { Pop-Location }
        $run.OutputPath | Should -BeLike (Join-Path $project 'trainings' '????????-??????')
        "$said" | Should -BeLike "*Unknown key 'training.ouput' ignored. Did you mean 'training.output'?*"
    }

    It 'fails with -WhatIf too when the folder is in use or there are no photos to train on' {
        (Get-Failure { Start-WmsTraining $data -OutputPath $output -WhatIf }).FullyQualifiedErrorId | Should -BeLike 'TrainingFailed,*'
        Get-Failure { Start-WmsTraining $data -OutputPath $output -Force -WhatIf } | Should -BeNullOrEmpty
        $split = Join-Path (New-TestFolder) 'split.json'
        '{"fractions": {"train": 1, "validation": 0, "test": 0}}' | Set-Content $split
        (Get-Failure { Start-WmsTraining $data -SplitPath $split -WhatIf }).FullyQualifiedErrorId | Should -BeLike 'DatasetUnusable,*'
    }

    It 'prints steps and memory before it starts, in one line without the epoch tag' {
        $lines = @($information | Where-Object { "$_" -match 'of memory' })
        $lines | Should -HaveCount 1
        $lines[0].Tags | Should -Contain 'WmsTraining'
        $lines[0].Tags | Should -Not -Contain 'WmsEpoch'
    }

    It 'reads train.yaml, warns of an unknown key, and lets a parameter win' {
        $config = Join-Path (New-TestFolder) 'train.yaml'
        Set-Content $config "model:`n  input_size: 64`ntraining:`n  epochs: 3`n  batch_size: 8`n  learning_rate: 0.001`n  colour: red"
        $quiet = @{ ConfigPath = $config; WarningAction = 'SilentlyContinue' }
        $run = Start-WmsTraining $data -OutputPath (New-TestFolder) -WarningVariable warnings @quiet @small
        $run.Epochs | Should -Be 3
        $warnings | Where-Object { "$_" -like "*'training.colour'*" } | Should -HaveCount 1
        (Start-WmsTraining $data -OutputPath (New-TestFolder) -Stage 64x1x8 @quiet @small).Epochs | Should -Be 1
    }

    It 'applies a split file and returns its path' {
        $split = Join-Path (New-TestFolder) 'split.json'
        '{"fractions": {"train": 0.5, "validation": 0.5, "test": 0}, "photos": {"sample_0001": "test"}}' | Set-Content $split
        $run = Start-WmsTraining $data -OutputPath (New-TestFolder) -SplitPath $split -Stage 64x1x8 @small
        $run.TestPhotos | Should -Be 1
        $run.SplitPath | Should -Be $split
    }

    It 'rejects -<Name> <Value> and says what is allowed' -ForEach @(
        @{ Name = 'Stage'; Value = '60x1x8'; Says = 'multiple of 16' }
        @{ Name = 'Stage'; Value = 'large'; Says = 'SIZExEPOCHSxBATCH' }
        @{ Name = 'Stage'; Value = @('128x1x8', '64x1x8'); Says = 'must not decrease' }
        @{ Name = 'Stage'; Value = '4096x1x64'; Says = 'Use fewer photos in a step' }
        @{ Name = 'ImageSize'; Value = 100; Says = 'ImageSize is 100. Use a multiple of 16' }
        @{ Name = 'Epochs'; Value = 0; Says = 'Epochs is 0. Use at least 1' }
        @{ Name = 'BatchSize'; Value = 0; Says = 'BatchSize is 0. Use at least 1' }
        @{ Name = 'Preset'; Value = 'Fast'; Says = 'Thorough' }
        @{ Name = 'LearningRate'; Value = 100; Says = 'LearningRate is 100' }
        @{ Name = 'HorizontalFlip'; Value = 2; Says = 'between 0 and 1' }
        @{ Name = 'Precision'; Value = 'float8'; Says = 'BFloat16' }
        @{ Name = 'Loss'; Value = 'mean'; Says = 'BceDice' }
    ) {
        $folder = New-TestFolder
        $given = @{ $Name = $Value }
        $failure = Get-Failure { Start-WmsTraining $data -OutputPath "$folder/run" @given }
        "$failure" | Should -BeLike "*$Says*"
        Get-ChildItem $folder | Should -BeNullOrEmpty
    }

    It 'fails when a part of the data set is empty' {
        $few = New-TestFolder
        $null = New-WmsSampleDataset $few -Count 1 -Size 96
        $failure = Get-Failure { Start-WmsTraining $few -OutputPath (New-TestFolder) -Stage 64x1x8 @small }
        $failure.FullyQualifiedErrorId | Should -BeLike 'DatasetUnusable,*'
        "$failure" | Should -BeLike '*needs at least one of each*'
    }

    It 'resumes with -Resume from the checkpoint with its settings, and lists changed settings' {
        $output = Join-Path (New-TestFolder) 'run'
        $null = Start-WmsTraining $data -OutputPath $output -Stage 64x1x8 -Seed 4 @small
        $refused = Get-Failure { Start-WmsTraining $data -OutputPath $output -Stage 64x2x8 -Resume @small }
        $refused.FullyQualifiedErrorId | Should -BeLike 'TrainingFailed,*'
        "$refused" | Should -BeLike ('Cannot resume *because these settings changed: Stage is 64x2x8 and was 64x1x8. ' +
            'Restore them, use -Force *')

        $more = Start-WmsTraining $data -OutputPath $output -Stage 64x2x8 -Resume -Force -WarningAction SilentlyContinue @small
        $more.Epochs | Should -Be 2
        # The same short way finds the same stages; another one is a changed setting.
        (Start-WmsTraining $data -OutputPath $output -Resume -Epochs 2 -BatchSize 8 @small).Epochs | Should -Be 2
        $refused = Get-Failure { Start-WmsTraining $data -OutputPath $output -Resume -Epochs 3 @small }
        "$refused" | Should -BeLike '*Stage is 64x3x8 and was 64x2x8*'
        $again = Start-WmsTraining $data -OutputPath $output -Resume -InformationVariable said 6>$null
        $again.Epochs, $again.Seed, $again.TestDice | Should -Be 2, 4, $more.TestDice
        "$said" | Should -BeLike '*resumes after the last epoch*'
    }

    It 'starts from the beginning with -Resume and a warning when there is no checkpoint' {
        $output = Join-Path (New-TestFolder) 'run'
        $again = @{ OutputPath = $output; Stage = '64x1x8'; Resume = $true }
        $run = Start-WmsTraining $data @again -WarningVariable said -WarningAction SilentlyContinue @small
        $run.Epochs | Should -Be 1
        "$said" | Should -BeLike '*no checkpoint*'
        (Get-Failure { Start-WmsTraining $data -Resume }).FullyQualifiedErrorId | Should -BeLike 'SettingUnusable,*'
    }

    It 'leaves its folder unused when a photo fails before the first epoch' {
        $faulty = New-SampleData
        Get-ChildItem "$faulty/images" | ForEach-Object { [IO.File]::WriteAllText($_.FullName, 'no photo') ; $_ } | Out-Null
        $folder = New-TestFolder
        (Get-Failure { Start-WmsTraining $faulty -OutputPath $folder -Stage 64x1x8 @small }).FullyQualifiedErrorId |
            Should -BeLike '*Unusable,*'
        (Start-WmsTraining $data -OutputPath $folder -Stage 64x1x8 @small).ModelPath | Should -Exist
    }

    It 'refuses a second training in the same process' {
        $folder = New-TestFolder
        # The first training continues on its own thread while its first epoch record is handled here.
        $second = 0
        $results = Start-WmsTraining $data -OutputPath "$folder/1" -BaseChannels 4 -Stage 64x12x8 6>&1 | ForEach-Object {
            if ($_ -isnot [Management.Automation.InformationRecord]) { $_ }
            elseif ($_.Tags -contains 'WmsEpoch' -and $second++ -eq 0) {
                Get-Failure { Start-WmsTraining $data -OutputPath "$folder/2" -Stage 64x1x8 @small }
            }
        }
        $refused = @($results | Where-Object { $_ -is [Management.Automation.ErrorRecord] })
        $refused | Should -HaveCount 1
        "$refused" | Should -BeLike '*running in this process already*'
        $results | Where-Object { $_ -is [WaterMeters.TrainingResult] } | Should -HaveCount 1
    }
}
