BeforeAll {
    Import-Module "$PSScriptRoot/../../Support/TestSupport.psm1"
    $data = New-SampleData
    $run = New-SampleModel $data
    $model = $run.ModelPath
}

Describe 'Measure-WmsModel' {
    It 'measures the test part by default' {
        $metrics = Measure-WmsModel $model $data
        $metrics | Should -BeOfType WaterMeters.ModelMetrics
        $metrics.Split | Should -Be 'Test'
        $metrics.Photos | Should -Be $run.TestPhotos
        $metrics.SeenPhotos | Should -Be 0
        $metrics.ProvenanceKnown | Should -BeTrue
        $metrics.Dice | Should -Be $run.TestDice
        $metrics.Quality | Should -Be 'Poor'
    }

    It 'measures another part, or the whole data set' {
        (Measure-WmsModel $model $data -Split Train).SeenPhotos | Should -Be $run.TrainingPhotos
        $all = Measure-WmsModel $model $data -All
        $all.Photos | Should -Be 24
        $all.Split | Should -BeNullOrEmpty
    }

    It 'returns one record per photo with -PerImage, whose mean is the model''s score' {
        $photos = @(Measure-WmsModel $model $data -All -PerImage)
        $photos | Should -HaveCount 24
        $photos | Should -BeOfType WaterMeters.ImageMetrics
        ($photos | Measure-Object Dice -Average).Average | Should -BeGreaterThan 0
        [Math]::Abs(($photos | Measure-Object Dice -Average).Average - (Measure-WmsModel $model $data -All).Dice) | Should -BeLessThan 1e-12
        ($photos | Where-Object Seen).Count | Should -Be ($run.TrainingPhotos + $run.ValidationPhotos)
    }

    It 'accepts a training result and files from the pipeline' {
        ($run | Measure-WmsModel).ModelPath | Should -Be $model
        (Get-Item $model, $run.CheckpointPath | Select-Object -First 1 | Measure-WmsModel -DataPath $data).ModelPath | Should -Be $model
    }

    It 'accepts its own records, whose Model property is a name' {
        ($run | Measure-WmsModel | Measure-WmsModel).ModelPath | Should -Be $model
        ($run | Measure-WmsModel -PerImage | Select-Object -First 1 | Measure-WmsModel -DataPath $data).ModelPath | Should -Be $model
        ($run | Measure-WmsModel | Export-WmsModel -Path (Join-Path (New-TestFolder) 'copy.pth')).SourcePath | Should -Be $model
        (Measure-WmsModel -ModelPath $model -DataPath $data).ModelPath | Should -Be $model
    }

    It 'takes the folder of a run for its model, which has the name of the run' {
        $metrics = Measure-WmsModel $run.OutputPath $data
        $metrics.ModelPath | Should -Be $model
        $metrics.Model | Should -Be (Split-Path $run.OutputPath -Leaf)
        (Get-Item $run.OutputPath | Measure-WmsModel -DataPath $data).ModelPath | Should -Be $model
        (Compare-WmsModel $run.OutputPath -NoBaseline -DataPath $data -NoLedger).Candidate | Should -Be $model
        (Get-Failure { Measure-WmsModel $data $data }).FullyQualifiedErrorId | Should -BeLike 'ModelUnusable,*'
    }

    It 'rejects a checkpoint and names the model file' {
        $failure = Get-Failure { Measure-WmsModel $run.CheckpointPath $data }
        $failure.FullyQualifiedErrorId | Should -BeLike 'ModelUnusable,*'
        "$failure" | Should -BeLike '*checkpoint*model.safetensors*'
    }

    It 'measures the other models when one is unreadable' {
        $bad = Join-Path (New-TestFolder) 'bad.safetensors'
        Set-Content $bad 'no model'
        $failure = Get-Failure { Get-Item $bad, $model | Measure-WmsModel -DataPath $data -OutVariable script:measured }
        $failure.FullyQualifiedErrorId | Should -BeLike 'ModelUnusable,*MeasureWmsModelCommand'
        $failure.TargetObject | Should -Be $bad
        $measured | Should -HaveCount 1
    }

    It 'uses the nearest models/production.safetensors, from the session''s location upward' {
        $folder = New-TestFolder
        $null = New-Item -ItemType Directory "$folder/models", "$folder/deep/deeper"
        Copy-Item $model "$folder/models/production.safetensors"
        Push-Location "$folder/deep/deeper"
        try { (Measure-WmsModel -DataPath $data).ModelPath | Should -Be (Join-Path $folder 'models' 'production.safetensors') }
        finally { Pop-Location }
    }

    It 'warns that an unseen test cannot be promised when the model has no provenance' {
        $bytes = [Text.Encoding]::Latin1.GetString([IO.File]::ReadAllBytes($model))
        $mute = Join-Path (New-TestFolder) 'mute.safetensors'
        [IO.File]::WriteAllBytes($mute,
            [Text.Encoding]::Latin1.GetBytes($bytes.Replace('watermeters.training_photos', 'watermeters.training_phot0s')))
        $metrics = Measure-WmsModel $mute $data -WarningVariable warnings -WarningAction SilentlyContinue
        $metrics.ProvenanceKnown | Should -BeFalse
        "$warnings" | Should -BeLike '*which photos it has seen*'

        # Silenced above, so it is new to the user; from then on it is not, also of a copy and in another cmdlet.
        $copy = Join-Path (New-TestFolder) 'copy.safetensors'
        Copy-Item $mute $copy
        $calls = { Measure-WmsModel $mute $data }, { Measure-WmsModel $copy $data }, { Compare-WmsModel $copy $mute $data -NoLedger },
            { Export-WmsModel $mute "$copy.pth" }
        $said = $calls | ForEach-Object { , @(& $_ 3>&1 | Where-Object { $_ -is [Management.Automation.WarningRecord] }) }
        $said | ForEach-Object Count | Should -Be 1, 0, 0, 0
    }

    It 'does not warn of a model when nothing is measured' {
        $bytes = [Text.Encoding]::Latin1.GetString([IO.File]::ReadAllBytes($model))
        $mute = Join-Path (New-TestFolder) 'mute2.safetensors'
        [IO.File]::WriteAllBytes($mute,
            [Text.Encoding]::Latin1.GetBytes($bytes.Replace('watermeters.training_photos', 'watermeters.training_ph0tos')))
        $split = Join-Path (New-TestFolder) 'split.json'
        '{"fractions": {"train": 0.9, "validation": 0.1, "test": 0}}' | Set-Content $split
        $null = Get-Failure { Measure-WmsModel $mute $data -SplitPath $split -WarningVariable script:warnings }
        $warnings | Should -BeNullOrEmpty
    }

    It 'names the empty part' {
        $split = Join-Path (New-TestFolder) 'split.json'
        '{"fractions": {"train": 0.9, "validation": 0.1, "test": 0}}' | Set-Content $split
        $failure = Get-Failure { Measure-WmsModel $model $data -SplitPath $split }
        "$failure" | Should -BeLike '*no photo in its Test part*-All*'
    }
}
