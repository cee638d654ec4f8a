BeforeAll {
    Import-Module "$PSScriptRoot/../../Support/TestSupport.psm1", "$PSScriptRoot/../../Support/PngFile.psm1"
    $data = New-SampleData
    $small = @{ BaseChannels = 4; InformationAction = 'Ignore' }
}

Describe 'Start-WmsTraining -Attempts' {
    BeforeAll {
        $output = Join-Path (New-TestFolder) 'run'
        $three = @{ OutputPath = $output; BaseChannels = 4; Stage = '64x1x8'; Seed = 7; Attempts = 3 }
        $results = @(Start-WmsTraining $data @three -Verbose -InformationVariable said 4>&1 6>$null)
        $lines = @($results | Where-Object { $_ -is [Management.Automation.VerboseRecord] } | ForEach-Object Message)
        $results = @($results | Where-Object { $_ -is [WaterMeters.TrainingResult] })
        $best = $results | Where-Object IsBest
    }

    It 'returns one record per attempt, in order, each with its own seed and folder' {
        $results.Attempt | Should -Be 1, 2, 3
        $results.Attempts | Sort-Object -Unique | Should -Be 3
        $results.Seed | Should -Be 7, 8, 9
        $results.OutputPath | Should -Be (1..3 | ForEach-Object { Join-Path $output "attempt-$_" })
        $results.EndReason | Sort-Object -Unique | Should -Be 'Completed the last epoch, 1.'
        Get-FileName $output | Should -HaveCount 15
    }

    It 'selects the best on the validation photos, and measures only that one on the test photos' {
        $best | Should -HaveCount 1
        $best.ValidationDice | Should -Be ($results.ValidationDice | Measure-Object -Maximum).Maximum
        $lines -match 'test photos\.$' | Should -HaveCount 1
        $lines -match 'test photos\.$' | Should -BeLike "attempt $($best.Attempt) of 3: *"
        $best.TestPhotos | Should -BeGreaterThan 0
        foreach ($other in $results | Where-Object { -not $_.IsBest }) {
            $other.TestPhotos | Should -Be $null
            $other.TestDice | Should -Be $null
            (Get-Content $other.MetricsPath -Raw | ConvertFrom-Json).test_dice | Should -BeNullOrEmpty
        }
    }

    It 'gives the same model for the best attempt as a training with its seed alone' {
        $alone = Start-WmsTraining $data -OutputPath (New-TestFolder) -Stage 64x1x8 -Seed $best.Seed @small
        $alone.Attempt, $alone.Attempts, $alone.IsBest | Should -Be 1, 1, $true
        $alone.TestDice, $alone.ValidationDice | Should -Be $best.TestDice, $best.ValidationDice
        (Get-FileHash $alone.ModelPath).Hash | Should -Be (Get-FileHash $best.ModelPath).Hash
    }

    It 'starts its lines with the attempt number, and ends with a summary of all attempts' {
        @($said | Where-Object Tags -contains 'WmsEpoch') | Should -BeLike 'attempt ? of 3: epoch *'
        @($said | Where-Object { "$_" -match '^attempt \d of 3: \d+ training photos' }) | Should -HaveCount 3
        $chosen = @($said | Where-Object { "$_" -match 'is the best on the validation photos' })
        $chosen | Should -HaveCount 1
        $chosen.Tags | Should -Contain 'WmsTraining'
        "$chosen" | Should -Match "^attempt $($best.Attempt) of 3 .*Dice 0\.\d{4} \(attempt \d 0\.\d{4}, attempt \d 0\.\d{4}\)"
    }

    It 'marks the best in its view' {
        $table = $results | Out-String -Width 120
        $table | Should -Match "(?m)^attempt-$($best.Attempt)\* "
        [regex]::Matches($table, '(?m)^attempt-\d\* ').Count | Should -Be 1
    }

    It 'resumes without repeating finished attempts, and starts the additional ones' {
        $more = @(Start-WmsTraining $data -OutputPath $output -Attempts 4 -Resume -InformationVariable epochs 6>$null)
        $more.Seed | Should -Be 7, 8, 9, 10
        $more[0..2].ValidationDice | Should -Be $results.ValidationDice
        @($epochs | Where-Object Tags -contains 'WmsEpoch') | Should -BeLike 'attempt 4 of 4: *'
        $failure = Get-Failure { Start-WmsTraining $data -OutputPath $output -Resume }
        $failure.FullyQualifiedErrorId | Should -BeLike 'TrainingFailed,*'
        "$failure" | Should -BeLike '*-Attempts*'
    }

    It 'refuses a folder in use and an invalid number, and prints the plan with -WhatIf' {
        (Get-Failure { Start-WmsTraining $data -OutputPath $output -Attempts 2 @small }).FullyQualifiedErrorId |
            Should -BeLike 'TrainingFailed,*'
        $failure = Get-Failure { Start-WmsTraining $data -OutputPath (New-TestFolder) -Attempts 0 @small }
        $failure.FullyQualifiedErrorId | Should -BeLike 'SettingUnusable,*'
        $failure.TargetObject | Should -Be 'Attempts'
        $folder = New-TestFolder
        $two = @{ OutputPath = "$folder/run"; Attempts = 2; BaseChannels = 4; Stage = '64x1x8' }
        Start-WmsTraining $data @two -WhatIf -InformationVariable forecast 6>$null | Should -BeNullOrEmpty
        "$forecast" | Should -BeLike '*2 attempts, one after another, each: *of memory*'
        Get-ChildItem $folder | Should -BeNullOrEmpty
    }
}

Describe 'Start-WmsTraining -Promote' {
    BeforeAll {
        # A gate for four test photos, which are too few to show that a model is better.
        $gate = "gate:`n  minimumPhotos: 2`n  policy: NonInferior`n  margin: 1`n"
        $four = Join-Path (New-TestFolder) 'four.json'
        $photos = '"sample_0001": "test", "sample_0002": "test", "sample_0003": "test", "sample_0004": "test"'
        "{`"fractions`": {`"train`": 0.75, `"validation`": 0.25, `"test`": 0}, `"photos`": {$photos}}" | Set-Content $four
        # On masks that are all foreground, any network learns in a few steps to find something.
        $train = @{
            SplitPath = $four; BaseChannels = 4; Stage = '32x4x4'; LearningRate = 0.02; AverageDecay = 0; WarmupSteps = 1
            Precision = 'Float32'; WarningAction = 'Ignore'
        }
        $quick = $small + @{ Stage = '64x1x8' }
        # Each has a registry of its own: the model to beat is the one that is in production there.
        $variable = $env:MLFLOW_TRACKING_URI
        function New-Project([string] $Settings = $gate) {
            $project = New-TestFolder
            $env:MLFLOW_TRACKING_URI = "$project/mlflow.db"
            Set-Content "$project/wms.yaml" $Settings -NoNewline
            $project
        }
        function Invoke-In([string] $Folder, [scriptblock] $Command) {
            Push-Location -LiteralPath $Folder
            try { & $Command } finally { Pop-Location }
        }
        function Get-Sum([string] $Path) { (Get-FileHash -LiteralPath $Path).Hash }
        # Its own data set, because decisions are stored in the data set's folder.
        $meters = New-SampleData
        foreach ($one in Get-WmsDataset $meters) { [IO.File]::WriteAllBytes($one.MaskPath, (New-Png $one.Width $one.Height -White)) }
    }

    AfterAll { $env:MLFLOW_TRACKING_URI = $variable }

    It 'publishes the best of several attempts, and keeps the model it replaces' {
        $project = New-Project
        $first = Invoke-In $project {
            Start-WmsTraining $meters -OutputPath "$project/first" -Seed 1 -Promote -MinimumDice 0.01 @train 6>$null
        }
        $first.Verdict, $first.Passed | Should -Be 'NoBaseline', $true
        $first.PromotedPath | Should -Be (Join-Path $project 'models' 'production.safetensors')
        $first.ReplacedPath | Should -BeNullOrEmpty
        $first.PromotedVersion | Should -Be 1
        Get-Sum $first.PromotedPath | Should -Be (Get-Sum $first.ModelPath)

        $null = New-Item -ItemType Directory "$project/deep"
        $results = @(
            Invoke-In "$project/deep" {
                $two = @{ OutputPath = "$project/second"; Seed = 2; Attempts = 2; Promote = $true }
                Start-WmsTraining $meters @two @train -InformationVariable script:said 6>$null
            }
        )
        $best = $results | Where-Object IsBest
        $best.Verdict, $best.Passed | Should -Be 'NonInferior', $true
        $best.PromotedPath | Should -Be $first.PromotedPath
        $hash = (Get-Sum $first.ModelPath).Substring(0, 8).ToLowerInvariant()
        $best.ReplacedPath | Should -Be (Join-Path $project 'models' "production-$hash.safetensors")
        $best.PromotedVersion | Should -Be 2
        Get-Sum $best.PromotedPath | Should -Be (Get-Sum $best.ModelPath)
        Get-Sum $best.ReplacedPath | Should -Be (Get-Sum $first.ModelPath)
        ($results | Where-Object { -not $_.IsBest }).Passed | Should -BeNullOrEmpty
        Get-FileName "$meters/split" | Where-Object { $_ -like 'decisions/*' } | Should -HaveCount 2
    }

    It 'prints one line per step' {
        $lines = @($said | Where-Object Tags -contains 'WmsTraining' | ForEach-Object { "$_" })
        $parts = 'comparing the model of *', 'verdict NonInferior, passed: *', "published as '*'; the model it replaces is kept as '*'"
        foreach ($part in $parts) {
            @($lines -like $part) | Should -HaveCount 1
        }
    }

    It 'keeps the production model when the new one does not pass, with the reason' {
        $project = New-Project "gate:`n  minimumPhotos: 1000`n"
        $null = New-Item -ItemType Directory "$project/models"
        Copy-Item (New-SampleModel $data).ModelPath "$project/models/production.safetensors"
        $before = Get-Sum "$project/models/production.safetensors"
        $run = Invoke-In $project { Start-WmsTraining $data -OutputPath "$project/run" -Promote @quick }
        $run.Verdict, $run.Passed, $run.PromotedPath | Should -Be 'Inconclusive', $false, $null
        $run.GateReason | Should -BeLike '*A verdict needs 1000 photos*'
        Get-Sum "$project/models/production.safetensors" | Should -Be $before
        Get-FileName "$project/models" | Should -Be 'production.safetensors'
    }

    It 'does not publish a first model without -MinimumDice' {
        $project = New-Project
        $run = Invoke-In $project { Start-WmsTraining $data -OutputPath "$project/run" -Promote @quick }
        $run.Verdict, $run.Passed, $run.PromotedPath | Should -Be 'NoBaseline', $false, $null
        $run.GateReason | Should -BeLike '*-MinimumDice*'
        "$project/models" | Should -Not -Exist
    }

    It 'fails before training when the baseline <What>' -ForEach @(
        @{ What = 'in production is not a model'; Given = @{}; Id = 'ModelUnusable' }
        @{ What = 'is missing'; Given = @{ Baseline = 'nowhere.safetensors' }; Id = 'ModelNotFound' }
        @{ What = 'is empty'; Given = @{ Baseline = $null }; Id = 'SettingUnusable' }
        @{ What = 'comes with a null limit'; Given = @{ MinimumDice = $null }; Id = 'SettingUnusable' }
        @{ What = 'comes with an empty limit'; Given = @{ MinimumDice = '' }; Id = 'SettingUnusable' }
    ) {
        $project = New-Project
        $null = New-Item -ItemType Directory "$project/models"
        Set-Content "$project/models/production.safetensors" 'no model'
        $failure = Invoke-In $project { Get-Failure { Start-WmsTraining $data -OutputPath "$project/run" -Promote @Given @quick } }
        $failure.FullyQualifiedErrorId | Should -BeLike "$Id,*StartWmsTrainingCommand"
        "$project/run" | Should -Not -Exist
        Get-Content "$project/models/production.safetensors" | Should -Be 'no model'
    }

    It 'requires -Promote for -<Name>' -ForEach @(@{ Name = 'Baseline'; Value = 'a.safetensors' }, @{ Name = 'MinimumDice'; Value = 0.5 }) {
        $given = @{ $Name = $Value }
        $failure = Get-Failure { Start-WmsTraining $data -OutputPath (New-TestFolder) @given @quick }
        $failure.FullyQualifiedErrorId | Should -BeLike 'SettingUnusable,*'
        $failure.TargetObject | Should -Be $Name
    }

    It 'names the file it would replace with -WhatIf, and writes nothing' {
        $project = New-Project
        $child = Invoke-ChildPwsh -ImportModule ("Start-WmsTraining '$data' -OutputPath run -BaseChannels 4 -Stage 64x1x8 " +
            "-Attempts 2 -Promote -MinimumDice 0.5 -WhatIf") -WorkingDirectory $project
        $child.ExitCode | Should -Be 0
        $child.Output -join "`n" | Should -Match 'What if: .*Publish the trained model .*production\.safetensors'
        Get-FileName $project | Should -Be 'wms.yaml'

        # Beside the wms.yaml, where Sync-WmsModel writes too, and not below the current location.
        $deeper = (New-Item -ItemType Directory "$project/deeper").FullName
        $child = Invoke-ChildPwsh -ImportModule ("Start-WmsTraining '$data' -OutputPath run -BaseChannels 4 -Stage 64x1x8 " +
            "-Promote -MinimumDice 0.5 -WhatIf") -WorkingDirectory $deeper
        $child.Output -join '' | Should -Not -Match 'deeper.models'
    }

    It 'fails before the training when there is no photo to decide on' {
        $project = New-Project
        $split = "$project/split.json"
        '{"fractions": {"train": 0.8, "validation": 0.2, "test": 0}}' | Set-Content $split
        foreach ($preview in $false, $true) {
            $failure = Invoke-In $project {
                Get-Failure {
                    Start-WmsTraining $data -OutputPath "$project/run" -SplitPath $split -Promote -MinimumDice 0 @quick -WhatIf:$preview
                }
            }
            $failure.FullyQualifiedErrorId | Should -BeLike 'DatasetUnusable,*'
            "$failure" | Should -BeLike '*Test part has no photo*'
            "$project/run" | Should -Not -Exist
        }
    }

    It 'returns the trained model when the gate cannot decide' {
        # The header of a photo is read before the training, the rest of it only by the comparison.
        $project = New-Project
        $split = "$project/split.json"
        Copy-Item $data "$project/data" -Recurse
        $photos = @(Get-ChildItem "$project/data/images")
        [IO.File]::WriteAllBytes($photos[0].FullName, [IO.File]::ReadAllBytes($photos[0].FullName)[0..2000])
        $parts = @('test', 'validation') + @('train') * ($photos.Count - 2)
        $assigned = [ordered]@{}
        foreach ($i in 0..($photos.Count - 1)) { $assigned[$photos[$i].BaseName] = $parts[$i] }
        @{ photos = $assigned } | ConvertTo-Json | Set-Content $split
        $data = "$project/data"
        $failure = Invoke-In $project {
            Get-Failure {
                Start-WmsTraining $data -OutputPath "$project/run" -SplitPath $split -Promote -MinimumDice 0 @quick -OutVariable script:kept
            }
        }
        $failure.FullyQualifiedErrorId | Should -BeLike 'PhotoUnusable,*'
        $kept | Should -HaveCount 1
        $kept[0].ModelPath | Should -Exist
        $kept[0].PromotedPath | Should -BeNullOrEmpty
        "$project/models" | Should -Not -Exist
    }
}
