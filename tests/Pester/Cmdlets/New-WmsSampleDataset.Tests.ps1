BeforeAll { Import-Module "$PSScriptRoot/../../Support/TestSupport.psm1" }

Describe 'New-WmsSampleDataset' {
    It 'draws the given number of pairs at the given size, and returns one record per pair' {
        $folder = Join-Path (New-TestFolder) 'made here'
        $samples = @(New-WmsSampleDataset $folder -Count 3 -Size 96)
        $samples.Name | Should -Be 'sample_0001', 'sample_0002', 'sample_0003'
        foreach ($sample in $samples) {
            $sample | Should -BeOfType WaterMeters.DatasetSample
            [Math]::Max($sample.Width, $sample.Height) | Should -Be 96
            $sample.MaskWidth, $sample.MaskHeight | Should -Be $sample.Width, $sample.Height
            $sample.ImagePath, $sample.MaskPath | Should -Exist
            $sample.Coverage | Should -BeGreaterThan 0
            $sample.Hash | Should -Be (Get-FileHash -LiteralPath $sample.ImagePath).Hash
        }
        @(Get-FileName $folder).Count | Should -Be 6
    }

    It 'draws the same bytes for the same seed, and others for another seed' {
        $one, $two, $three = foreach ($seed in 5, 5, 6) { , @(New-WmsSampleDataset (New-TestFolder) -Count 2 -Size 96 -Seed $seed) }
        $two.Hash | Should -Be $one.Hash
        (Get-FileHash -LiteralPath $two.MaskPath).Hash | Should -Be (Get-FileHash -LiteralPath $one.MaskPath).Hash
        $three.Hash | Where-Object { $_ -in $one.Hash } | Should -BeNullOrEmpty
    }

    It 'draws a data set that Test-WmsDataset passes' {
        Test-WmsDataset (New-SampleData) -Quiet | Should -BeTrue
    }

    It 'writes nothing with -WhatIf' {
        $folder = New-TestFolder
        New-WmsSampleDataset (Join-Path $folder 'data') -Count 2 -WhatIf | Should -BeNullOrEmpty
        Get-ChildItem $folder | Should -BeNullOrEmpty
    }

    It 'replaces photos only with -Force' {
        $folder = New-TestFolder
        $first = New-WmsSampleDataset $folder -Count 1 -Size 96
        $failure = Get-Failure { New-WmsSampleDataset $folder -Count 1 -Size 96 -Seed 9 }
        $failure.FullyQualifiedErrorId | Should -BeLike 'DatasetUnusable,*'
        $failure.TargetObject | Should -Be $first.ImagePath
        "$failure" | Should -BeLike '*already exists*-Force*'
        (Get-FileHash -LiteralPath $first.ImagePath).Hash | Should -Be $first.Hash

        (New-WmsSampleDataset $folder -Count 1 -Size 96 -Seed 9 -Force).Hash | Should -Not -Be $first.Hash
    }

    It 'rejects -<Parameters.Keys> <Parameters.Values>' -ForEach @(
        @{ Parameters = @{ Count = 0 } }, @{ Parameters = @{ Size = 10 } }, @{ Parameters = @{ Size = 100000 } }
    ) {
        (Get-Failure { New-WmsSampleDataset (New-TestFolder) @Parameters }).CategoryInfo.Category | Should -Be 'InvalidData'
    }

    It 'stops early when the pipeline stops' {
        $folder = New-TestFolder
        (New-WmsSampleDataset $folder -Count 200 -Size 256 | Select-Object -First 1).Name | Should -Be 'sample_0001'
        $names = @(Get-FileName $folder)
        $names.Count | Should -BeLessThan 200
        $names | Should -Not -Match '^[^/]+/\.'
    }
}

Describe 'New-WmsSampleDataset -Defect' {
    It 'plants defects that Test-WmsDataset reports by check, severity and file, and nothing else' {
        $folder = New-TestFolder
        $clean = @(New-WmsSampleDataset (Join-Path $folder 'clean') -Count 3 -Size 128)
        $given = @(New-WmsSampleDataset (Join-Path $folder 'faulty') -Count 3 -Size 128 -Defect All)
        $given[0..2].Hash | Should -Be $clean.Hash
        $planted = $given[3..($given.Count - 1)]
        $planted | Should -BeOfType WaterMeters.PlantedDefect
        $planted.Defect | Should -Be ([enum]::GetValues([WaterMeters.SampleDefect]) | Where-Object { $_ -ne 'All' })

        # A few photos are too few for three parts.
        $findings = @(Test-WmsDataset (Join-Path $folder 'faulty') -PerFinding | Where-Object Check -NE PartTooSmall)
        $differences = Compare-Object $planted $findings -Property Check, Severity, Name, Path
        $differences | Out-String | Should -BeNullOrEmpty
        $findings.Count | Should -Be $planted.Count
        (Test-WmsDataset (Join-Path $folder 'clean') -PerFinding).Check | Should -Be 'PartTooSmall'
    }

    It 'accepts one or several defects, in any letter case, and names files after them' {
        $folder = New-TestFolder
        $planted = New-WmsSampleDataset $folder -Count 1 -Size 128 -Defect maskempty, PhotoTruncated |
            Where-Object { $_ -is [WaterMeters.PlantedDefect] }
        $planted.Name | Should -Be 'defect-photo-truncated', 'defect-mask-empty'
        $planted.Severity | Should -Be 'Error', 'Error'
        @(Get-FileName $folder) -like '*/defect-*' |
            Should -Be 'images/defect-mask-empty.jpg', 'images/defect-photo-truncated.jpg',
                'masks/defect-mask-empty.png', 'masks/defect-photo-truncated.png'
    }

    It 'completes defect names' {
        $line = 'New-WmsSampleDataset x -Defect PhotoT'
        $names = (TabExpansion2 $line $line.Length).CompletionMatches.CompletionText
        $names | Should -Be 'PhotoTooLarge', 'PhotoTruncated', 'PhotoTurned'
    }

    It 'replaces files only with -Force, and plants nothing with -WhatIf' {
        $folder = New-TestFolder
        New-WmsSampleDataset $folder -Count 1 -Size 128 -Defect All -WhatIf | Should -BeNullOrEmpty
        Get-FileName $folder | Should -BeNullOrEmpty
        $null = New-WmsSampleDataset $folder -Count 1 -Size 128 -Defect MaskInverted
        Remove-Item "$folder/*/sample_0001*"
        $failure = Get-Failure { New-WmsSampleDataset $folder -Count 1 -Size 128 -Defect MaskInverted }
        $failure.TargetObject | Should -BeLike '*defect-mask-inverted.jpg'
        (New-WmsSampleDataset $folder -Count 1 -Size 128 -Defect MaskInverted -Force).Count | Should -Be 2
    }

    It 'fails with -WhatIf too when files exist' {
        $folder = New-TestFolder
        $null = New-WmsSampleDataset $folder -Count 1 -Size 128 -Defect MaskInverted
        $failure = Get-Failure { New-WmsSampleDataset $folder -Count 1 -Size 128 -WhatIf }
        $failure.TargetObject | Should -BeLike '*sample_0001.jpg'
        Get-Failure { New-WmsSampleDataset $folder -Count 1 -Size 128 -Force -WhatIf } | Should -BeNullOrEmpty
    }
}
