BeforeAll {
    Import-Module "$PSScriptRoot/../../Support/TestSupport.psm1"
    $folder = New-TestFolder
    $data = New-SampleData
    $store = @{ TrackingUri = "$folder/mlflow.db" }
    $tiny = @{ BaseChannels = 4; Precision = 'Float32'; InformationAction = 'Ignore' }
    foreach ($name in 'first', 'second') {
        $null = Start-WmsTraining $data -OutputPath "$folder/$name" -Stage 32x1x8 -RunName $name @tiny @store
    }
    $null = Start-WmsTraining $data -OutputPath "$folder/other" -Stage 32x1x8 -Experiment trials @tiny @store
}

Describe 'Get-WmsRun' {
    It 'lists the runs of the experiment, the newest first' {
        $runs = @(Get-WmsRun @store)
        $runs | Should -BeOfType WaterMeters.TrackedRun
        $runs.RunName | Should -Be 'second', 'first'
        (Get-WmsRun @store -First 1).RunName | Should -Be 'second'
    }

    It 'selects by name, state and experiment, with wildcards' {
        (Get-WmsRun 'F*' @store).RunName | Should -Be 'first'
        @(Get-WmsRun first, 'sec*' @store) | Should -HaveCount 2
        @(Get-WmsRun -Status Failed, Killed @store) | Should -BeNullOrEmpty
        @(Get-WmsRun -Status 'Finished,Failed' @store) | Should -HaveCount 2
        (Get-WmsRun -Experiment 'tri*' @store).RunName | Should -Be 'other'
        @(Get-WmsRun -Experiment * @store) | Should -HaveCount 3
    }

    It 'returns each value of each metric with -PerMetric' {
        $metrics = @(Get-WmsRun first @store -PerMetric)
        $metrics | Should -BeOfType WaterMeters.RunMetric
        $metrics.Metric | Should -Contain 'val_dice_epoch'
        $run = Get-WmsRun first @store
        ($metrics | Where-Object Metric -EQ 'val_dice').Value | Should -Be $run.ValidationDice
        @($run | Get-WmsRun -PerMetric) | Should -HaveCount $metrics.Count
    }

    It 'gives the path of a model only while its folder holds that run' {
        $path = "$folder/replaced"
        $run = Start-WmsTraining $data -OutputPath $path -Stage 32x1x8 -Experiment replaced @tiny @store
        ($run | Get-WmsRun).ModelPath | Should -Be $run.ModelPath
        $null = Start-WmsTraining $data -OutputPath $path -Stage 32x1x8 -Seed 2 -Force -Experiment replaced @tiny @store
        ($run | Get-WmsRun).ModelPath | Should -BeNullOrEmpty
    }

    It 'reports names, identifiers and experiments that do not exist, and returns the others' {
        $runs = Get-WmsRun nowhere, first @store -ErrorVariable failures -ErrorAction SilentlyContinue
        $runs.RunName | Should -Be 'first'
        $failures[0].FullyQualifiedErrorId | Should -BeLike 'TrackingNotFound,*GetWmsRunCommand'
        $failures[0].TargetObject | Should -Be 'nowhere'

        $ids = @((Get-WmsRun first @store).RunId, ('0' * 32))
        (Get-WmsRun -RunId $ids @store -ErrorVariable failures -ErrorAction SilentlyContinue).RunName | Should -Be 'first'
        $failures[0].TargetObject | Should -Be ('0' * 32)

        $failure = Get-Failure { Get-WmsRun -Experiment trails @store }
        $failure.FullyQualifiedErrorId | Should -BeLike 'TrackingNotFound,*'
        "$failure" | Should -BeLike "*'trials'*"
    }

    It 'returns nothing, and creates nothing, where there is no store' {
        $empty = New-TestFolder
        Get-WmsRun -TrackingUri "$empty/none.db" -WarningVariable warnings -WarningAction SilentlyContinue | Should -BeNullOrEmpty
        "$warnings" | Should -BeLike '*no database*none.db*-TrackingUri*'
        (Get-Failure { Get-WmsRun some -TrackingUri "$empty/none.db" }).FullyQualifiedErrorId | Should -BeLike 'TrackingNotFound,*'
        Get-ChildItem $empty | Should -BeNullOrEmpty
    }

    It 'reads the runs that MLflow <_> wrote' -ForEach '2.22.1', '3.17.2' {
        $golden = Get-SharedPath "golden/mlflow/local-$_"
        $copy = New-TestFolder
        Copy-Item "$golden/*" $copy -Recurse
        $runs = @(Get-WmsRun -Experiment * -TrackingUri "$copy/mlflow.db")
        $runs.Count | Should -BeGreaterThan 1
        $runs.RunName | Should -Not -Contain ''
        @($runs | Get-WmsRun -PerMetric).Count | Should -BeGreaterThan 1
    }
}

Describe 'The module without a store' {
    It 'loads neither SQLite nor a resilience library' {
        $child = Invoke-ChildPwsh -ImportModule "
            `$null = Get-WmsDataset '$data'
            `$null = Start-WmsTraining '$data' -OutputPath '$folder/none' -WhatIf 6>`$null
            [AppDomain]::CurrentDomain.GetAssemblies().GetName().Name -match 'Sqlite|SQLitePCL|Polly|AWSSDK' -join ' '"
        "$($child.Output | Where-Object { $_ -notlike 'What if*' })".Trim() | Should -Be ''
        $child.ExitCode | Should -Be 0
    }
}
