BeforeAll {
    Import-Module "$PSScriptRoot/TestSupport.psm1"
    $data = New-SampleData
    $small = @{ BaseChannels = 4; InformationAction = 'Ignore' }
}

Describe 'Start-WmsTraining' {
    BeforeAll {
        $output = Join-Path (New-TestFolder) 'run'
        $result = Start-WmsTraining $data -OutputPath $output -BaseChannels 4 -Stage 64x2x8 -Seed 4 -InformationVariable information 6>$null
    }

    It 'gives one record with the scores and the files of the run' {
        $result | Should -HaveCount 1
        $result | Should -BeOfType WaterMeters.TrainingResult
        $result.Epochs | Should -Be 2
        $result.StopReason | Should -Be 'Finished'
        $result.TrainingPhotos + $result.ValidationPhotos + $result.TestPhotos | Should -Be 24
        $result.DataPath, $result.OutputPath | Should -Be $data, $output
        $result.TestDice | Should -BeGreaterOrEqual 0
    }

    It 'leaves the model, the checkpoint, the scores and the epochs in one folder, and nothing else' {
        Get-FileName $output | Should -Be 'checkpoint.safetensors', 'epochs.jsonl', 'metrics.json', 'model.safetensors'
        $result.ModelPath, $result.CheckpointPath, $result.MetricsPath | Split-Path | Sort-Object -Unique | Should -Be $output
        $scores = Get-Content $result.MetricsPath -Raw | ConvertFrom-Json -AsHashtable
        $scores.Keys | Should -Be 'val_dice', 'val_iou', 'test_dice', 'test_iou', 'test_hausdorff'
        $scores.test_dice | Should -Be $result.TestDice
        $lines = @(Get-Content "$output/epochs.jsonl" | ConvertFrom-Json)
        $lines.epoch | Should -Be 1, 2
    }

    It 'writes one information record an epoch, tagged WmsEpoch' {
        $epochs = @($information | Where-Object Tags -contains 'WmsEpoch')
        $epochs | Should -HaveCount 2
        "$($epochs[1])" | Should -Match '^epoch +2 of 2 .*loss [\d.]+ .*Dice [\d.]+'
    }

    It 'refuses the folder of another run without -Force, and takes it with it' {
        $before = (Get-FileHash $result.ModelPath).Hash
        $failure = Get-Failure { Start-WmsTraining $data -OutputPath $output -Stage 64x1x8 @small }
        $failure.FullyQualifiedErrorId | Should -BeLike 'TrainingFailed,*StartWmsTrainingCommand'
        $failure.TargetObject | Should -Be $output
        "$failure" | Should -BeLike '*-Force*'
        (Get-FileHash $result.ModelPath).Hash | Should -Be $before

        (Start-WmsTraining $data -OutputPath $output -Stage 64x1x8 -Seed 9 -Force @small).Epochs | Should -Be 1
        (Get-FileHash $result.ModelPath).Hash | Should -Not -Be $before
    }

    It 'gives the same weights for the same seed, however many threads prepare them' {
        $scores = foreach ($threads in 1, 3) { (Start-WmsTraining $data -OutputPath (New-TestFolder) -Stage 64x1x8 -Seed 2 -AugmentationThreads $threads -Precision Float32 @small).ValidationDice }
        $scores[1] | Should -Be $scores[0]
    }

    It 'takes runs/DATE-TIME of the session when no folder is named' {
        $folder = New-TestFolder
        Push-Location $folder
        try { $run = Start-WmsTraining $data -Stage 64x1x8 @small } finally { Pop-Location }
        $run.OutputPath | Should -BeLike (Join-Path $folder 'runs' '????????-??????')
        $run.ModelPath | Should -Exist
    }

    It 'gives each training a folder of its own when none is named, however fast they follow' {
        $folder = New-TestFolder
        Push-Location $folder
        try { $runs = @($data, $data, $data | Start-WmsTraining -Stage 16x1x24 @small) } finally { Pop-Location }
        $runs.OutputPath | Sort-Object -Unique | Should -HaveCount 3
    }

    It 'says only steps and memory with -WhatIf: it writes nothing and loads no libtorch' {
        $folder = New-TestFolder
        $child = Invoke-ChildPwsh -ImportModule "
            Start-WmsTraining '$data' -OutputPath '$folder/run' -BaseChannels 4 -Stage 64x2x8,128x1x4 -WhatIf
            'native: ' + @([Diagnostics.Process]::GetCurrentProcess().Modules.ModuleName -match 'torch|c10').Count"
        $child.ExitCode | Should -Be 0
        $said = $child.Output -join "`n"
        $said | Should -Match 'What if: Train on'
        $said | Should -Match '\d+ photos to train on, \d+ to validate by: \d+ steps in 3 epochs; about [\d.]+ GB of memory'
        $said | Should -Match 'native: 0'
        Get-ChildItem $folder | Should -BeNullOrEmpty
    }

    It 'says with -WhatIf too that a folder is taken and that there is nothing to train on' {
        (Get-Failure { Start-WmsTraining $data -OutputPath $output -WhatIf }).FullyQualifiedErrorId | Should -BeLike 'TrainingFailed,*'
        Get-Failure { Start-WmsTraining $data -OutputPath $output -Force -WhatIf } | Should -BeNullOrEmpty
        $split = Join-Path (New-TestFolder) 'split.json'
        '{"fractions": {"train": 1, "validation": 0, "test": 0}}' | Set-Content $split
        (Get-Failure { Start-WmsTraining $data -SplitPath $split -WhatIf }).FullyQualifiedErrorId | Should -BeLike 'DatasetUnusable,*'
    }

    It 'says steps and memory before it starts, in one line that is not an epoch' {
        $lines = @($information | Where-Object { "$_" -match 'of memory' })
        $lines | Should -HaveCount 1
        $lines[0].Tags | Should -Contain 'WmsTraining'
        $lines[0].Tags | Should -Not -Contain 'WmsEpoch'
    }

    It 'reads train.yaml as it is, warns of a key nobody knows, and lets a parameter win' {
        $config = Join-Path (New-TestFolder) 'train.yaml'
        Set-Content $config "model:`n  input_size: 64`ntraining:`n  epochs: 3`n  batch_size: 8`n  learning_rate: 0.001`n  colour: red"
        $run = Start-WmsTraining $data -OutputPath (New-TestFolder) -ConfigPath $config -WarningVariable warnings -WarningAction SilentlyContinue @small
        $run.Epochs | Should -Be 3
        $warnings | Where-Object { "$_" -like "*'training.colour'*" } | Should -HaveCount 1
        (Start-WmsTraining $data -OutputPath (New-TestFolder) -ConfigPath $config -Stage 64x1x8 -WarningAction SilentlyContinue @small).Epochs | Should -Be 1
    }

    It 'follows a split file and hands its path on' {
        $split = Join-Path (New-TestFolder) 'split.json'
        '{"fractions": {"train": 0.5, "validation": 0.5, "test": 0}, "photos": {"sample_0001": "test"}}' | Set-Content $split
        $run = Start-WmsTraining $data -OutputPath (New-TestFolder) -SplitPath $split -Stage 64x1x8 @small
        $run.TestPhotos | Should -Be 1
        $run.SplitPath | Should -Be $split
    }

    It 'refuses <Name> <Value> and says what is allowed' -ForEach @(
        @{ Name = 'Stage'; Value = '60x1x8'; Says = 'divisible by 16' }
        @{ Name = 'Stage'; Value = 'large'; Says = 'SIZExEPOCHSxBATCH' }
        @{ Name = 'Stage'; Value = @('128x1x8', '64x1x8'); Says = 'must not fall' }
        @{ Name = 'Stage'; Value = '4096x1x64'; Says = 'Use fewer photos in a step' }
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

    It 'says what is missing when a part of the data set is empty' {
        $few = New-TestFolder
        $null = New-WmsSampleDataset $few -Count 1 -Size 96
        $failure = Get-Failure { Start-WmsTraining $few -OutputPath (New-TestFolder) -Stage 64x1x8 @small }
        $failure.FullyQualifiedErrorId | Should -BeLike 'DatasetUnusable,*'
        "$failure" | Should -BeLike '*both need at least one*'
    }

    It 'goes on with -Resume from the checkpoint with what it was begun with, and refuses another setting by name' {
        $output = Join-Path (New-TestFolder) 'run'
        $null = Start-WmsTraining $data -OutputPath $output -Stage 64x1x8 -Seed 4 @small
        $refused = Get-Failure { Start-WmsTraining $data -OutputPath $output -Stage 64x2x8 -Resume @small }
        $refused.FullyQualifiedErrorId | Should -BeLike 'TrainingFailed,*'
        "$refused" | Should -BeLike '*Stage is 64x2x8 and was 64x1x8*-Force*'

        $more = Start-WmsTraining $data -OutputPath $output -Stage 64x2x8 -Resume -Force -WarningAction SilentlyContinue @small
        $more.Epochs | Should -Be 2
        $again = Start-WmsTraining $data -OutputPath $output -Resume -InformationVariable said 6>$null
        $again.Epochs, $again.Seed, $again.TestDice | Should -Be 2, 4, $more.TestDice
        "$said" | Should -BeLike '*resumes after the last epoch*'
    }

    It 'begins with -Resume where there is no checkpoint, and says so' {
        $output = Join-Path (New-TestFolder) 'run'
        $run = Start-WmsTraining $data -OutputPath $output -Stage 64x1x8 -Resume -WarningVariable said -WarningAction SilentlyContinue @small
        $run.Epochs | Should -Be 1
        "$said" | Should -BeLike '*no checkpoint*'
        (Get-Failure { Start-WmsTraining $data -Resume }).FullyQualifiedErrorId | Should -BeLike 'SettingUnusable,*'
    }

    It 'leaves its folder free when a photo ends it before the first epoch' {
        $faulty = New-SampleData
        Get-ChildItem "$faulty/images" | ForEach-Object { [IO.File]::WriteAllText($_.FullName, 'no photo') ; $_ } | Out-Null
        $folder = New-TestFolder
        (Get-Failure { Start-WmsTraining $faulty -OutputPath $folder -Stage 64x1x8 @small }).FullyQualifiedErrorId | Should -BeLike '*Unusable,*'
        (Start-WmsTraining $data -OutputPath $folder -Stage 64x1x8 @small).ModelPath | Should -Exist
    }

    It 'trains one model at a time in a process' {
        $folder = New-TestFolder
        # The first goes on on its own thread while what it says of its first epoch is handled here.
        $second = 0
        $results = Start-WmsTraining $data -OutputPath "$folder/1" -BaseChannels 4 -Stage 64x12x8 6>&1 | ForEach-Object {
            if ($_ -isnot [Management.Automation.InformationRecord]) { $_ }
            elseif ($second++ -eq 0) { Get-Failure { Start-WmsTraining $data -OutputPath "$folder/2" -Stage 64x1x8 @small } }
        }
        $refused = @($results | Where-Object { $_ -is [Management.Automation.ErrorRecord] })
        $refused | Should -HaveCount 1
        "$refused" | Should -BeLike '*running in this process already*'
        $results | Where-Object { $_ -is [WaterMeters.TrainingResult] } | Should -HaveCount 1
    }
}

Describe 'Start-WmsTraining -Attempts' {
    BeforeAll {
        $output = Join-Path (New-TestFolder) 'run'
        $results = @(Start-WmsTraining $data -OutputPath $output -BaseChannels 4 -Stage 64x1x8 -Seed 7 -Attempts 3 -Verbose -InformationVariable said 4>&1 6>$null)
        $lines = @($results | Where-Object { $_ -is [Management.Automation.VerboseRecord] } | ForEach-Object Message)
        $results = @($results | Where-Object { $_ -is [WaterMeters.TrainingResult] })
        $best = $results | Where-Object IsBest
    }

    It 'gives a record an attempt, in their order, each with a seed and a folder of its own' {
        $results.Attempt | Should -Be 1, 2, 3
        $results.Attempts | Sort-Object -Unique | Should -Be 3
        $results.Seed | Should -Be 7, 8, 9
        $results.OutputPath | Should -Be (1..3 | ForEach-Object { Join-Path $output "attempt-$_" })
        $results.EndReason | Sort-Object -Unique | Should -Be 'It ran to its last epoch, 1.'
        Get-FileName $output | Should -HaveCount 12
    }

    It 'chooses by the validation photos and opens the test photos once, for the best' {
        $best | Should -HaveCount 1
        $best.ValidationDice | Should -Be ($results.ValidationDice | Measure-Object -Maximum).Maximum
        $lines -match 'test photos\.$' | Should -HaveCount 1
        $lines -match 'test photos\.$' | Should -BeLike "attempt $($best.Attempt) of 3: *"
        $best.TestPhotos | Should -BeGreaterThan 0
        foreach ($other in $results | Where-Object { -not $_.IsBest }) {
            $other.TestPhotos | Should -Be 0
            [double]::IsNaN($other.TestDice) | Should -BeTrue
            (Get-Content $other.MetricsPath -Raw | ConvertFrom-Json).test_dice | Should -BeNullOrEmpty
        }
    }

    It 'is, for the best, the training of that seed alone' {
        $alone = Start-WmsTraining $data -OutputPath (New-TestFolder) -Stage 64x1x8 -Seed $best.Seed @small
        $alone.Attempt, $alone.Attempts, $alone.IsBest | Should -Be 1, 1, $true
        $alone.TestDice, $alone.ValidationDice | Should -Be $best.TestDice, $best.ValidationDice
        (Get-FileHash $alone.ModelPath).Hash | Should -Be (Get-FileHash $best.ModelPath).Hash
    }

    It 'says which attempt it speaks of, and in the end what was tried' {
        @($said | Where-Object Tags -contains 'WmsEpoch') | Should -BeLike 'attempt ? of 3: epoch *'
        @($said | Where-Object { "$_" -match '^attempt \d of 3: \d+ photos to train on' }) | Should -HaveCount 3
        $chosen = @($said | Where-Object { "$_" -match 'is the best on the validation photos' })
        $chosen | Should -HaveCount 1
        $chosen.Tags | Should -Contain 'WmsTraining'
        "$chosen" | Should -Match "^attempt $($best.Attempt) of 3 .*Dice 0\.\d{4} \(attempt \d 0\.\d{4}, attempt \d 0\.\d{4}\)"
    }

    It 'marks the best in its view' {
        $table = $results | Out-String -Width 120
        $table | Should -Match "(?m)^ *$($best.Attempt)\* "
        [regex]::Matches($table, '(?m)^ *\d\* ').Count | Should -Be 1
    }

    It 'goes on with -Resume without training again what is over, and begins the attempts that are more' {
        $more = @(Start-WmsTraining $data -OutputPath $output -Attempts 4 -Resume -InformationVariable epochs 6>$null)
        $more.Seed | Should -Be 7, 8, 9, 10
        $more[0..2].ValidationDice | Should -Be $results.ValidationDice
        @($epochs | Where-Object Tags -contains 'WmsEpoch') | Should -BeLike 'attempt 4 of 4: *'
        $failure = Get-Failure { Start-WmsTraining $data -OutputPath $output -Resume }
        $failure.FullyQualifiedErrorId | Should -BeLike 'TrainingFailed,*'
        "$failure" | Should -BeLike '*-Attempts*'
    }

    It 'refuses folders that are taken and numbers that are none, and says with -WhatIf what it would do' {
        (Get-Failure { Start-WmsTraining $data -OutputPath $output -Attempts 2 @small }).FullyQualifiedErrorId | Should -BeLike 'TrainingFailed,*'
        $failure = Get-Failure { Start-WmsTraining $data -OutputPath (New-TestFolder) -Attempts 0 @small }
        $failure.FullyQualifiedErrorId | Should -BeLike 'SettingUnusable,*'
        $failure.TargetObject | Should -Be 'Attempts'
        $folder = New-TestFolder
        Start-WmsTraining $data -OutputPath "$folder/run" -Attempts 2 -BaseChannels 4 -Stage 64x1x8 -WhatIf -InformationVariable forecast 6>$null | Should -BeNullOrEmpty
        "$forecast" | Should -BeLike '*2 attempts, one after another, each: *of memory*'
        Get-ChildItem $folder | Should -BeNullOrEmpty
    }
}

Describe 'Start-WmsTraining -Promote' {
    BeforeAll {
        # A gate for four test photos, which cannot show that a model is better, and a network that finds something.
        $gate = "gate:`n  minimumPhotos: 2`n  policy: NonInferior`n  margin: 1`n"
        $four = Join-Path (New-TestFolder) 'four.json'
        '{"fractions": {"train": 0.75, "validation": 0.25, "test": 0}, "photos": {"sample_0001": "test", "sample_0002": "test", "sample_0003": "test", "sample_0004": "test"}}' | Set-Content $four
        $train = @{ SplitPath = $four; BaseChannels = 8; Stage = '48x12x4,64x10x4' -split ','; LearningRate = 0.01; AverageDecay = 0.9; WarmupSteps = 10; BrightnessProbability = 0; WarningAction = 'Ignore' }
        $quick = $small + @{ Stage = '64x1x8' }
        function New-Project([string] $Settings = $gate) {
            $project = New-TestFolder
            Set-Content "$project/wms.yaml" $Settings -NoNewline
            $project
        }
        function Invoke-In([string] $Folder, [scriptblock] $Command) {
            Push-Location -LiteralPath $Folder
            try { & $Command } finally { Pop-Location }
        }
        function Get-Sum([string] $Path) { (Get-FileHash -LiteralPath $Path).Hash }
        # Each with a data set of its own: the decisions of one are entered beside it.
        $meters = New-SampleData
    }

    It 'puts the best of several into production, and keeps the one it replaces' {
        $project = New-Project
        $first = Invoke-In $project { Start-WmsTraining $meters -OutputPath "$project/first" -Seed 1 -Promote -MinimumDice 0.01 @train 6>$null }
        $first.Verdict, $first.Passed | Should -Be 'NoBaseline', $true
        $first.PromotedPath | Should -Be (Join-Path $project 'models' 'production.safetensors')
        $first.ReplacedPath | Should -BeNullOrEmpty
        Get-Sum $first.PromotedPath | Should -Be (Get-Sum $first.ModelPath)

        $null = New-Item -ItemType Directory "$project/deep"
        $results = @(Invoke-In "$project/deep" { Start-WmsTraining $meters -OutputPath "$project/second" -Seed 2 -Attempts 2 -Promote @train -InformationVariable script:said 6>$null })
        $best = $results | Where-Object IsBest
        $best.Verdict, $best.Passed | Should -Be 'NonInferior', $true
        $best.PromotedPath | Should -Be $first.PromotedPath
        $best.ReplacedPath | Should -Be (Join-Path $project 'models' "production-$((Get-Sum $first.ModelPath).Substring(0, 8).ToLowerInvariant()).safetensors")
        Get-Sum $best.PromotedPath | Should -Be (Get-Sum $best.ModelPath)
        Get-Sum $best.ReplacedPath | Should -Be (Get-Sum $first.ModelPath)
        ($results | Where-Object { -not $_.IsBest }).Passed | Should -BeNullOrEmpty
        Get-FileName "$meters/split" | Where-Object { $_ -like 'decisions/*' } | Should -HaveCount 2
    }

    It 'says each step in a line of its own' {
        $lines = @($said | Where-Object Tags -contains 'WmsTraining' | ForEach-Object { "$_" })
        foreach ($part in 'the gate compares the model of *', 'verdict NonInferior, passed: *', "published as '*'; the model it replaces is kept as '*'") { @($lines -like $part) | Should -HaveCount 1 }
    }

    It 'leaves production as it is when the model does not pass, and says why' {
        $project = New-Project "gate:`n  minimumPhotos: 1000`n"
        $null = New-Item -ItemType Directory "$project/models"
        Copy-Item (New-SampleModel $data).ModelPath "$project/models/production.safetensors"
        $before = Get-Sum "$project/models/production.safetensors"
        $run = Invoke-In $project { Start-WmsTraining $data -OutputPath "$project/run" -Promote @quick }
        $run.Verdict, $run.Passed, $run.PromotedPath | Should -Be 'Inconclusive', $false, $null
        $run.GateReason | Should -BeLike '*missing to the 1000*'
        Get-Sum "$project/models/production.safetensors" | Should -Be $before
        Get-FileName "$project/models" | Should -Be 'production.safetensors'
    }

    It 'does not let a first model in without a lowest Dice' {
        $project = New-Project
        $run = Invoke-In $project { Start-WmsTraining $data -OutputPath "$project/run" -Promote @quick }
        $run.Verdict, $run.Passed, $run.PromotedPath | Should -Be 'NoBaseline', $false, $null
        $run.GateReason | Should -BeLike '*-MinimumDice*'
        "$project/models" | Should -Not -Exist
    }

    It 'is an error before it trains when the model to beat <What>' -ForEach @(
        @{ What = 'in production is none'; Given = @{}; Id = 'ModelUnusable' }
        @{ What = 'is not there'; Given = @{ Baseline = 'nowhere.safetensors' }; Id = 'ModelNotFound' }
        @{ What = 'is empty'; Given = @{ Baseline = $null }; Id = 'SettingUnusable' }
        @{ What = 'has no limit'; Given = @{ MinimumDice = $null }; Id = 'SettingUnusable' }
    ) {
        $project = New-Project
        $null = New-Item -ItemType Directory "$project/models"
        Set-Content "$project/models/production.safetensors" 'no model'
        $failure = Invoke-In $project { Get-Failure { Start-WmsTraining $data -OutputPath "$project/run" -Promote @Given @quick } }
        $failure.FullyQualifiedErrorId | Should -BeLike "$Id,*StartWmsTrainingCommand"
        "$project/run" | Should -Not -Exist
        Get-Content "$project/models/production.safetensors" | Should -Be 'no model'
    }

    It 'asks for -Promote where only that reads <Name>' -ForEach @(@{ Name = 'Baseline'; Value = 'a.safetensors' }, @{ Name = 'MinimumDice'; Value = 0.5 }) {
        $given = @{ $Name = $Value }
        $failure = Get-Failure { Start-WmsTraining $data -OutputPath (New-TestFolder) @given @quick }
        $failure.FullyQualifiedErrorId | Should -BeLike 'SettingUnusable,*'
        $failure.TargetObject | Should -Be $Name
    }

    It 'says with -WhatIf which file it would replace, and writes nothing' {
        $project = New-Project
        $child = Invoke-ChildPwsh -ImportModule "Start-WmsTraining '$data' -OutputPath run -BaseChannels 4 -Stage 64x1x8 -Attempts 2 -Promote -MinimumDice 0.5 -WhatIf" -WorkingDirectory $project
        $child.ExitCode | Should -Be 0
        $child.Output -join "`n" | Should -Match 'What if: .*Publish the trained model .*production\.safetensors'
        Get-FileName $project | Should -Be 'wms.yaml'
    }

    It 'hands on what was trained although it could not be decided' {
        $project = New-Project
        $split = "$project/split.json"
        '{"fractions": {"train": 0.8, "validation": 0.2, "test": 0}}' | Set-Content $split
        $failure = Invoke-In $project { Get-Failure { Start-WmsTraining $data -OutputPath "$project/run" -SplitPath $split -Promote -MinimumDice 0 @quick -OutVariable script:kept } }
        $failure.FullyQualifiedErrorId | Should -BeLike 'DatasetUnusable,*'
        $kept | Should -HaveCount 1
        $kept[0].ModelPath | Should -Exist
        $kept[0].PromotedPath | Should -BeNullOrEmpty
        "$project/models" | Should -Not -Exist
    }
}
