BeforeAll {
    Import-Module "$PSScriptRoot/../../Support/TestSupport.psm1", "$PSScriptRoot/../../Support/GateCases.psm1"
    $gate = New-GateInput (New-TestFolder)
    $data = New-SampleData
    $run = New-SampleModel $data
}

Describe 'Publish-WmsModel' {
    BeforeEach {
        $folder = New-TestFolder
        $store = @{ TrackingUri = "$folder/mlflow.db" }
    }

    It 'registers a model file, a folder of a training and a record, each as the version it returns' {
        $versions = @(
            Publish-WmsModel $run.ModelPath @store
            Publish-WmsModel $run.OutputPath @store
            Get-Item $run.ModelPath | Publish-WmsModel @store
        )
        $versions | Should -BeOfType WaterMeters.RegisteredModelVersion
        $versions.Version | Should -Be 1, 2, 3
        $versions.Stage | Sort-Object -Unique | Should -Be 'None'
        $versions.ModelDigest | Sort-Object -Unique | Should -Be (Get-FileHash $run.ModelPath).Hash.ToLowerInvariant()
        $versions.Dice | Sort-Object -Unique | Should -Be $run.TestDice
    }

    It 'registers the model of a run, and says that a version of the run is there' {
        $first = Publish-WmsModel $run.ModelPath @store
        $second = Publish-WmsModel -RunId $first.RunId @store -WarningVariable warnings -WarningAction SilentlyContinue
        $second.Version, $second.RunId | Should -Be 2, $first.RunId
        "$warnings" | Should -BeLike '*Version 1*same run*Set-WmsModelStage 1*'
        $third = $first | Publish-WmsModel -WarningAction Ignore
        $third.ModelName, $third.Version, $third.RunId | Should -Be 'water-meter-segmentation', 3, $first.RunId
        ($first | Publish-WmsModel -ModelName other).ModelName | Should -Be 'other'
        (Publish-WmsModel "runs:/$($first.RunId)/model" -ModelName another @store).RunId | Should -Be $first.RunId
        # In a store without that run, the file is used.
        $elsewhere = $first | Publish-WmsModel -TrackingUri "$folder/elsewhere.db"
        $elsewhere.RunId | Should -Not -Be $first.RunId
        $elsewhere.ModelDigest | Should -Be $first.ModelDigest
        (Get-Failure { Publish-WmsModel -RunId nothing @store }).FullyQualifiedErrorId | Should -BeLike 'TrackingNotFound,*'
    }

    It 'takes the folder of a training for its run' {
        $first = Publish-WmsModel $run.ModelPath @store
        Copy-Item $run.OutputPath "$folder/training" -Recurse
        @{ tracking_uri = $first.TrackingUri; run_id = $first.RunId } | ConvertTo-Json | Set-Content "$folder/training/mlflow.json"
        (Publish-WmsModel "$folder/training" @store -WarningAction Ignore).RunId | Should -Be $first.RunId
        (Get-Item "$folder/training" | Publish-WmsModel @store -WarningAction Ignore).RunId | Should -Be $first.RunId
        (Publish-WmsModel "$folder/training/model.safetensors" @store).RunId | Should -Not -Be $first.RunId
        (Publish-WmsModel "$folder/training" -TrackingUri "$folder/elsewhere.db").RunId | Should -Not -Be $first.RunId
    }

    It 'registers without a gate and says so' {
        $said = Publish-WmsModel $run.ModelPath -Stage Staging -Alias night -Verbose @store 4>&1 |
            Where-Object { $_ -is [Management.Automation.VerboseRecord] }
        "$said" | Should -BeLike '*No gate*'
        (Get-WmsModel Staging @store).Aliases | Should -Be 'challenger, night'
    }

    It 'puts a model into production only through the gate' {
        Push-Location $folder
        try {
            # No baseline and no minimum Dice: closed.
            $failure = Get-Failure { $run | Publish-WmsModel -Stage Production @store }
            $failure.FullyQualifiedErrorId | Should -BeLike 'GateNotPassed,*PublishWmsModelCommand'
            $failure.Exception | Should -BeOfType WaterMeters.GateException
            $failure.Exception.Comparison.Passed | Should -BeFalse
            $failure.TargetObject | Should -Be $run.ModelPath
            "$failure" | Should -BeLike '*did not pass the gate*-Force*'
            "$(Get-Failure { Get-WmsModel @store })" | Should -BeLike '*no version*'

            $null = Publish-WmsModel $run.ModelPath -Stage Production -Force -Reason 'The first model' @store
            # Equal to the one in production, and too few photos: it stays.
            $failure = Get-Failure { $run | Publish-WmsModel -Stage Production -MinimumDice 0 @store }
            $failure.FullyQualifiedErrorId | Should -BeLike 'GateNotPassed,*'
            $failure.Exception.Comparison.BaselineDigest | Should -Be (Get-WmsModel 1 @store).ModelDigest
            (Get-WmsModel -All @store).Version | Should -Be 1
        }
        finally { Pop-Location }
    }

    It 'puts a better model into production, with what the gate said as the reason, and keeps it before a worse one' {
        Set-Content "$folder/wms.yaml" "gate:`n  minimumPhotos: $($gate.Count)"
        $test = @{ Stage = 'Production'; DataPath = $gate.Data; SplitPath = $gate.Split }
        Push-Location $folder
        try {
            $null = Publish-WmsModel $gate.File.blind -Stage Production -Force -Reason 'The first model' @store
            $right = Publish-WmsModel $gate.File.right @test @store
            $right.Version, $right.Stage, $right.Aliases | Should -Be 2, 'Production', 'champion'
            $right.Reason | Should -BeLike '*better*'
            (Get-WmsModel 1 @store).Stage | Should -Be 'Archived'

            $failure = Get-Failure { Publish-WmsModel $gate.File.'blind-too' @test @store }
            $failure.Exception.Comparison.Verdict | Should -Be 'Inferior'
            $failure.Exception.Comparison.BaselineDigest | Should -Be $right.ModelDigest
            (Get-WmsModel -All @store).Version | Should -Be 2, 1
            (Publish-WmsModel $gate.File.'blind-too' @test -WhatIf -WarningAction Ignore @store) | Should -BeNullOrEmpty
        }
        finally { Pop-Location }
    }

    It 'compares with models/production.* while no version is in production' {
        Set-Content "$folder/wms.yaml" "gate:`n  minimumPhotos: $($gate.Count)"
        $null = New-Item -ItemType Directory "$folder/models"
        Copy-Item $gate.File.right "$folder/models/production.safetensors"
        Push-Location $folder
        try {
            $test = @{ Stage = 'Production'; DataPath = $gate.Data; SplitPath = $gate.Split; MinimumDice = 0 }
            $failure = Get-Failure { Publish-WmsModel $gate.File.blind @test @store }
            $failure.Exception.Comparison.BaselineDigest | Should -Be (Get-FileHash $gate.File.right).Hash.ToLowerInvariant()
        }
        finally { Pop-Location }
    }

    It 'writes nothing with -WhatIf, and says what it would do' {
        $call = "Publish-WmsModel '$($run.ModelPath)' -Stage Staging -WhatIf -TrackingUri '$folder/mlflow.db'"
        $said = Invoke-ChildPwsh -ImportModule $call
        "$($said.Output)" | Should -BeLike '*Register*model.safetensors*as a new version in stage Staging*'
        Get-ChildItem $folder | Should -BeNullOrEmpty
    }

    It 'refuses what contradicts itself: <Said>' -ForEach @(
        @{ More = @{ Stage = 'Production'; Force = $true }; Said = '*Say why with -Reason*' }
        @{ More = @{ Force = $true; Reason = 'x' }; Said = '*-Stage Production*' }
        @{ More = @{ MinimumDice = 0.5 }; Said = '*-MinimumDice is for the gate*' }
        @{ More = @{ Stage = 'Production'; MinimumDice = '' }; Said = '*-MinimumDice is empty*' }
        @{ More = @{ Reason = 'x' }; Said = '*-Reason is recorded*' }
        @{ More = @{ Alias = 'v1' }; Said = "*alias 'v1' is reserved*" }
    ) {
        "$(Get-Failure { Publish-WmsModel $run.ModelPath @More @store })" | Should -BeLike $Said
        Get-ChildItem $folder | Should -BeNullOrEmpty
    }

    It 'continues with the next model after one that is not' {
        Set-Content "$folder/text.safetensors" 'no model'
        $versions = @(Get-Item "$folder/text.safetensors", $run.ModelPath |
                Publish-WmsModel @store -ErrorVariable failures -ErrorAction SilentlyContinue)
        $versions.Version | Should -Be 1
        $failures.FullyQualifiedErrorId | Should -BeLike 'ModelUnusable,*'
    }
}
