BeforeAll {
    Import-Module "$PSScriptRoot/../../Support/TestSupport.psm1"
    $data = New-SampleData
    $model = (New-SampleModel $data).ModelPath
    $folder = New-TestFolder
    $polish = "za$([char]0x17c)$([char]0xf3)$([char]0x142)$([char]0x107) $([char]0x6c34)$([char]0x8868)"
    $names = 'IMG[1].jpg', 'IMG1.jpg', 'with space.jpg', "$polish.jpg", "apostrophe's.jpg", 'percent%20.jpg'
    $photos = @(Get-ChildItem "$data/images")
    0..($names.Count - 1) | ForEach-Object { [IO.File]::Copy($photos[$_].FullName, (Join-Path $folder $names[$_])) }
}

Describe 'File names' {
    It 'with brackets, spaces and non-ASCII letters work when files are piped in' {
        $out = Join-Path (New-TestFolder) $polish
        $records = @(Get-ChildItem $folder | Invoke-WmsPrediction -Model $model -OutputPath $out -Overlay)
        $records.ImagePath | Split-Path -Leaf | Sort-Object | Should -Be ($names | Sort-Object)
        $records.MaskPath + $records.OverlayPath | ForEach-Object { [IO.File]::Exists($_) | Should -BeTrue }
    }

    It 'with brackets are wildcards for -Path and literal for -LiteralPath' {
        (Invoke-WmsPrediction "$folder/IMG[1].jpg" -Model $model).ImagePath | Should -Be (Join-Path $folder 'IMG1.jpg')
        (Invoke-WmsPrediction -LiteralPath "$folder/IMG[1].jpg" -Model $model).ImagePath | Should -Be (Join-Path $folder 'IMG[1].jpg')
        $failure = Get-Failure { Invoke-WmsPrediction "$folder/IMG[2].jpg" -Model $model }
        $failure.FullyQualifiedErrorId | Should -BeLike 'PathNotFound,*'
        "$failure" | Should -BeLike '*-LiteralPath*'
    }

    It 'with only an opening bracket are an invalid wildcard, reported as PathNotFound' {
        (Get-Failure { Invoke-WmsPrediction "$folder/IMG[1.jpg" -Model $model }).FullyQualifiedErrorId | Should -BeLike 'PathNotFound,*'
    }

    It 'with special characters work for a data set, a run and a report' {
        $set = New-SampleData -Path (Join-Path (New-TestFolder) "set [1] $polish")
        $name = (Get-ChildItem -LiteralPath "$set/images")[0].BaseName
        Rename-Item -LiteralPath "$set/images/$name.jpg" -NewName "$polish [2].JPG"
        Rename-Item -LiteralPath "$set/masks/$name.png" -NewName "$polish [2].PNG"
        $report = Test-WmsDataset -LiteralPath $set -ReportPath "$set/report [1].json"
        $report.ValidPairs | Should -Be 24
        [IO.File]::Exists($report.ReportPath) | Should -BeTrue
        $run = Start-WmsTraining $set -OutputPath "$set/runs [1]" -BaseChannels 4 -Stage 64x1x8 -InformationAction Ignore
        ($run | Measure-WmsModel -All).Photos | Should -Be 24
        ($run | Compare-WmsModel -Baseline $run.ModelPath).Verdict | Should -Be 'Inconclusive'
        Get-WmsDataset -LiteralPath $set | Where-Object Name -like "$polish*" | Invoke-WmsPrediction -Model $run.ModelPath |
            Should -HaveCount 1
    }
}

Describe 'A relative path' {
    It 'resolves against the session''s location, not the process''s' {
        $parent = New-TestFolder
        $null = New-SampleData -Path (Join-Path $parent 'data')
        Push-Location $parent
        try {
            [Environment]::CurrentDirectory | Should -Not -Be $parent
            (Get-WmsDataset data)[0].ImagePath | Should -BeLike (Join-Path $parent 'data' '*')
            Test-WmsDataset data -ReportPath out/report.json -Quiet | Should -BeTrue
            $run = Start-WmsTraining data -OutputPath out/run -BaseChannels 4 -Stage 64x1x8 -InformationAction Ignore
            $run.ModelPath | Should -Be (Join-Path $parent 'out' 'run' 'model.safetensors')
            Measure-WmsModel out/run/model.safetensors data | Should -HaveCount 1
            Compare-WmsModel out/run/model.safetensors out/run/model.safetensors data | Should -HaveCount 1
            Invoke-WmsPrediction data/images/*_000?.jpg -Model out/run/model.safetensors -OutputPath out/masks | Should -HaveCount 9
            $null = New-WmsSampleDataset out/drawn -Count 1
            (Get-ChildItem out).Name | Sort-Object | Should -Be 'drawn', 'masks', 'report.json', 'run'
        }
        finally { Pop-Location }
    }
}

Describe 'A path that ends with a separator' {
    It 'is normalized in files and in records' {
        $set = New-SampleData
        (Test-WmsDataset "$set/").DataPath | Should -Be $set
        $run = Start-WmsTraining "$set/" -OutputPath "$set-run/" -BaseChannels 4 -Stage 64x1x8 -InformationAction Ignore
        $run.DataPath, $run.OutputPath | Should -Be $set, "$set-run"
    }
}

Describe 'An empty path' {
    It 'is an error and does not select the default' {
        Push-Location $data
        try {
            foreach ($command in { Get-WmsDataset $null }, { Get-WmsDataset -LiteralPath '' },
                { Test-WmsDataset $null }, { Invoke-WmsPrediction @() -Model $model }, { Invoke-WmsPrediction '' -Model $model }) {
                $failure = Get-Failure $command
                $failure | Should -HaveCount 1 -Because "$command"
                $failure.FullyQualifiedErrorId | Should -BeLike 'PathNotFound,*'
                "$failure" | Should -BeLike '*unset variable*'
            }
            Get-WmsDataset | Should -HaveCount 24
        }
        finally { Pop-Location }
        (Get-Failure { Compare-WmsModel '' $model $data }).FullyQualifiedErrorId | Should -BeLike 'PathNotFound,*'
    }
}

Describe 'A PowerShell drive' {
    BeforeAll { $null = New-PSDrive -Name Meters -PSProvider FileSystem -Root $data }
    AfterAll { Remove-PSDrive Meters }

    It 'works for data, models and output' {
        Get-WmsDataset Meters:/ | Should -HaveCount 24
        Test-WmsDataset Meters:/ -ReportPath Meters:/report.json -Quiet | Should -BeTrue
        Join-Path $data 'report.json' | Should -Exist
        $records = @(
            Get-ChildItem Meters:/images | Select-Object -First 2 | Invoke-WmsPrediction -Model $model -OutputPath Meters:/predicted
        )
        $records.MaskPath | Split-Path | Sort-Object -Unique | Should -Be (Join-Path $data 'predicted')
        (Invoke-WmsPrediction 'Meters:/images/*_0001.jpg' -Model $model).ImagePath | Should -Be (Join-Path $data 'images' 'sample_0001.jpg')
    }

    It 'works as the current location' {
        Push-Location Meters:/images
        try { Invoke-WmsPrediction sample_0002.jpg -Model $model | Should -HaveCount 1 } finally { Pop-Location }
    }

    It 'of another provider is refused by name' {
        foreach ($path in 'Env:/PATH', 'Variable:/HOME') {
            $failure = Get-Failure { Invoke-WmsPrediction $path -Model $model }
            $failure.FullyQualifiedErrorId | Should -BeLike 'PathNotInFileSystem,*'
            $failure.TargetObject | Should -Be $path
        }
        (Get-Failure { New-WmsSampleDataset Env:/data -Count 1 }).FullyQualifiedErrorId | Should -BeLike 'PathNotInFileSystem,*'
        (Get-Failure { Test-WmsDataset Env:/data }).FullyQualifiedErrorId | Should -BeLike 'PathNotInFileSystem,*'
    }

    It 'that does not exist fails only its own path' {
        $failure = Get-Failure {
            Invoke-WmsPrediction -LiteralPath 'nodrive:/a.jpg', "$data/images/sample_0001.jpg" -Model $model -OutVariable script:done
        }
        $failure.FullyQualifiedErrorId | Should -BeLike 'DriveNotFound,*'
        $failure.TargetObject | Should -Be 'nodrive:/a.jpg'
        $done | Should -HaveCount 1
        (Get-Failure { Measure-WmsModel 'nodrive:/m.safetensors' $data }).FullyQualifiedErrorId | Should -BeLike 'DriveNotFound,*'
    }
}
