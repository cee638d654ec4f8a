BeforeAll {
    Import-Module "$PSScriptRoot/../../Support/TestSupport.psm1"
    $data = New-SampleData
    $old = (New-SampleModel $data -Seed 1).ModelPath
}

Describe 'The pipelines of the main job' {
    It 'train and compare' {
        $comparison = Start-WmsTraining $data -OutputPath (New-TestFolder) -BaseChannels 4 -Stage 64x1x8 -Seed 2 -InformationAction Ignore |
            Compare-WmsModel -Baseline $old
        $comparison | Should -BeOfType WaterMeters.ModelComparison
        $comparison.Baseline | Should -Be $old
        $comparison.DataPath | Should -Be $data
    }

    It 'train, and compare on the split it was trained with' {
        $split = Join-Path (New-TestFolder) 'split.json'
        '{"photos": {"sample_0001": "test", "sample_0003": "test"}}' | Set-Content $split
        $small = @{ BaseChannels = 4; Stage = '64x1x8'; InformationAction = 'Ignore' }
        $run = Start-WmsTraining $data -SplitPath $split -OutputPath (New-TestFolder) @small
        ($run | Measure-WmsModel).Photos | Should -Be $run.TestPhotos
    }

    It 'predict test photos and select those of low confidence' {
        $all = @(Get-WmsDataset $data | Where-Object Split -eq test | Invoke-WmsPrediction -Model $old)
        $all | Should -HaveCount @(Get-WmsDataset $data | Where-Object Split -eq test).Count
        $doubtful = @(
            Get-WmsDataset $data | Where-Object Split -eq test | Invoke-WmsPrediction -Model $old | Where-Object Confidence -lt 0.8
        )
        $doubtful.ImagePath | Should -Be @($all | Where-Object Confidence -lt 0.8).ImagePath
    }

    It 'predict files and write a CSV' {
        $csv = Join-Path (New-TestFolder) 'windows.csv'
        Get-ChildItem "$data/images/*.jpg" | Invoke-WmsPrediction -Model $old | Export-Csv $csv
        (Import-Csv $csv).ImagePath | Should -Be (Get-ChildItem "$data/images").FullName
    }

    It 'predict the worst photos of a model again, with overlays' {
        $folder = New-TestFolder
        $worst = Measure-WmsModel $old $data -PerImage | Sort-Object Dice | Select-Object -First 2
        $worst | Invoke-WmsPrediction -Model $old -OutputPath $folder -Overlay | Should -HaveCount 2
        Get-FileName $folder | Should -HaveCount 4
    }

    It 'draw and check' {
        New-WmsSampleDataset (Join-Path (New-TestFolder) 'x') -Count 2 -Size 96 | Measure-Object Coverage -Average | ForEach-Object Count |
            Should -Be 2
    }
}

Describe 'Select-Object -First' {
    It 'ends <Cmdlet> early, and the next cmdlet works' -ForEach @(
        @{
            Cmdlet = 'Invoke-WmsPrediction'
            Command = { Get-ChildItem "$data/images" | Invoke-WmsPrediction -Model $old | Select-Object -First 1 }
        }
        @{ Cmdlet = 'Get-WmsDataset'; Command = { Get-WmsDataset $data | Select-Object -First 1 } }
        @{ Cmdlet = 'Measure-WmsModel'; Command = { Measure-WmsModel $old $data -All -PerImage | Select-Object -First 1 } }
        @{ Cmdlet = 'Test-WmsDataset'; Command = { $data, $data | Test-WmsDataset | Select-Object -First 1 } }
    ) {
        & $Command | Should -HaveCount 1
        [Diagnostics.Process]::GetCurrentProcess().Threads.Count | Should -BeLessThan 200
        & $Command | Should -HaveCount 1
        Invoke-WmsPrediction "$data/images/sample_0001.jpg" -Model $old | Should -HaveCount 1
    }

    It 'ends a training between two steps, leaves complete files, and the next training works' {
        $folder = New-TestFolder
        $started = [datetime]::UtcNow
        $first = Start-WmsTraining $data -OutputPath $folder -BaseChannels 4 -Stage 64x100000x8 6>&1 |
            Where-Object Tags -Contains WmsEpoch | Select-Object -First 1
        # 100,000 epochs would take hours on any machine.
        ([datetime]::UtcNow - $started).TotalMinutes | Should -BeLessThan 5
        "$first" | Should -BeLike 'epoch *1 of 100000*'
        Get-FileName $folder | Should -Not -Match '\.tmp$'
        (Measure-WmsModel "$folder/model.safetensors" $data).Photos | Should -BeGreaterThan 0
        Start-WmsTraining $data -OutputPath (New-TestFolder) -BaseChannels 4 -Stage 64x1x8 -InformationAction Ignore | Should -HaveCount 1
    }

    It 'leaves no incomplete mask' {
        $folder = New-TestFolder
        $null = Get-ChildItem "$data/images" | Invoke-WmsPrediction -Model $old -OutputPath $folder -Overlay | Select-Object -First 1
        Get-FileName $folder | Should -Not -Match '\.tmp$'
        Get-ChildItem "$data/images" | Invoke-WmsPrediction -Model $old -OutputPath $folder -Overlay -SkipExisting | Out-Null
        Get-FileName $folder | Should -HaveCount 48
    }
}

Describe 'A stopped pipeline' {
    It 'ends a training, and the next one works' {
        $shell = [powershell]::Create()
        try {
            $null = $shell.AddScript("Import-Module '$(Get-ModulePath)'; Start-WmsTraining '$data' -OutputPath '$(New-TestFolder)' " +
                "-BaseChannels 4 -Stage 64x100000x8")
            $running = $shell.BeginInvoke()
            while ($shell.Streams.Information.Count -eq 0 -and -not $running.IsCompleted) { $null = $running.AsyncWaitHandle.WaitOne(50) }
            $shell.Stop()
            $shell.InvocationStateInfo.State | Should -Be 'Stopped'
        }
        finally { $shell.Dispose() }
        Start-WmsTraining $data -OutputPath (New-TestFolder) -BaseChannels 4 -Stage 64x1x8 -InformationAction Ignore | Should -HaveCount 1
    }
}
