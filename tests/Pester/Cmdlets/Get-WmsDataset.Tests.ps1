BeforeAll {
    Import-Module "$PSScriptRoot/../../Support/TestSupport.psm1"
    $data = New-SampleData
    $samples = @(Get-WmsDataset $data)
}

Describe 'Get-WmsDataset' {
    It 'returns every pair sorted by name, with sizes, coverage, part and hash' {
        $samples.Count | Should -Be 24
        $samples.Name | Should -Be ($samples.Name | Sort-Object)
        $samples[0].ImagePath | Should -Be (Join-Path $data 'images' 'sample_0001.jpg')
        $samples[0].MaskPath | Should -Be (Join-Path $data 'masks' 'sample_0001.png')
        $samples[0].Hash | Should -MatchExactly '^[0-9a-f]{64}$'
        $samples.Coverage | ForEach-Object { $_ | Should -BeGreaterThan 0; $_ | Should -BeLessThan 0.5 }
        $samples.Split | Sort-Object -Unique | Should -Be 'Train', 'Validation', 'Test'
    }

    It 'keeps every photo in its part when photos are added' {
        $more = New-SampleData
        $null = New-WmsSampleDataset "$more/other" -Count 6 -Size 128 -Seed 8
        foreach ($kind in 'images', 'masks') { Get-ChildItem "$more/other/$kind" | Move-Item -Destination { "$more/$kind/new_$($_.Name)" } }
        $after = Get-WmsDataset $more | Group-Object Hash -AsHashTable
        $after.Count | Should -Be 30
        foreach ($sample in $samples) { $after[$sample.Hash].Split | Should -Be $sample.Split }
    }

    It 'applies a split file by hash and by name, in any letter case' {
        $file = Join-Path (New-TestFolder) 'split.json'
        @{ fractions = @{ train = 1; validation = 0; test = 0 }; photos = @{ SAMPLE_0002 = 'Test'; $samples[2].Hash = 'validation' } } |
            ConvertTo-Json | Set-Content $file
        $split = Get-WmsDataset $data -SplitPath $file
        $split[1, 2].Split | Should -Be 'Test', 'Validation'
        $split | Where-Object Split -eq 'Train' | Should -HaveCount 22
    }

    It 'uses the current folder when no path is given' {
        Push-Location $data
        try { Get-WmsDataset | Should -HaveCount 24 } finally { Pop-Location }
    }

    It 'accepts folders from the pipeline, as strings and as objects' {
        $other = New-SampleData -Seed 4
        $data, $other | Get-WmsDataset | Should -HaveCount 48
        Get-Item $data, $other | Get-WmsDataset | Should -HaveCount 48
    }

    It 'expands wildcards in -Path and takes -LiteralPath literally' {
        $parent = New-TestFolder
        $null = New-SampleData -Path (Join-Path $parent 'set[1]')
        $null = New-SampleData -Path (Join-Path $parent 'set1')
        Get-WmsDataset "$parent/set*" | Should -HaveCount 48
        (Get-WmsDataset "$parent/set[1]")[0].ImagePath | Should -BeLike '*set1*'
        (Get-WmsDataset -LiteralPath "$parent/set[1]")[0].ImagePath | Should -BeLike '*set`[1`]*'
        Get-Item -LiteralPath "$parent/set[1]" | Get-WmsDataset | Should -HaveCount 24
    }

    It 'returns the other folders when one is not a data set' {
        $failure = Get-Failure { Get-WmsDataset "$data/images", $data -OutVariable script:listed }
        $failure.FullyQualifiedErrorId | Should -BeLike 'DatasetUnusable,*GetWmsDatasetCommand'
        $failure.TargetObject | Should -Be (Join-Path $data 'images')
        "$failure" | Should -BeLike "*no folder 'images'*"
        $listed | Should -HaveCount 24
    }
}
