BeforeAll {
    Import-Module "$PSScriptRoot/../../Support/TestSupport.psm1"
    function Get-StoredFile($Data) { @(Get-FileName (Join-Path $Data 'split')) }
    function Get-Metadata($Model) {
        $bytes = [IO.File]::ReadAllBytes($Model)
        ([Text.Encoding]::UTF8.GetString($bytes, 8, [BitConverter]::ToInt64($bytes, 0)) | ConvertFrom-Json).__metadata__
    }

    # 24 pairs, and three with duplicates: one in two parts, one within a part, one of identical files.
    function New-TornData {
        $folder = Join-Path (New-TestFolder) 'torn'
        $null = New-WmsSampleDataset $folder -Count 24 -Size 128 -Seed 3 -Defect PhotoInTwoSplits, PhotoSavedAgain, PhotoDuplicate
        $folder
    }
}

Describe 'Split-WmsDataset' {
    It 'stores the fractions, and no override for photos in the part of their hash' {
        $data = New-SampleData
        $before = @(Get-WmsDataset $data)
        $report = Split-WmsDataset $data
        $report | Should -BeOfType WaterMeters.DatasetSplitReport
        $report.DataPath | Should -Be $data
        $report.Photos, $report.AsidePhotos, $report.JoinedPhotos, $report.NewExceptions | Should -Be 24, 0, 0, 0
        foreach ($split in 'Train', 'Validation', 'Test') {
            $report."$($split)Photos" | Should -Be @($before | Where-Object Split -EQ $split).Count
        }
        $report.Train, $report.Validation, $report.Test | Should -Be 0.8, 0.1, 0.1
        Get-StoredFile $data | Should -Be 'fractions.json'
        @(Get-WmsDataset $data).Split | Should -Be $before.Split
        Get-Content "$data/split/fractions.json" -Raw | ConvertFrom-Json | ForEach-Object { $_.train, $_.validation, $_.test } |
            Should -Be 0.8, 0.1, 0.1
    }

    It 'keeps duplicates in one part, and stores nothing more the second time' {
        $data = New-TornData
        (Test-WmsDataset $data -PerFinding).Check | Should -Contain 'PhotoInTwoSplits'
        $report = Split-WmsDataset $data
        $report.JoinedPhotos | Should -Be 2
        $report.AsidePhotos | Should -Be 0
        $report.NewExceptions, "$($report.Outcome)" | Should -Be 2, 'Stored'
        (Test-WmsDataset $data -PerFinding).Check | Should -Not -Contain 'PhotoInTwoSplits'
        Get-StoredFile $data | Should -HaveCount 3

        $files = Get-ChildItem "$data/split" -Recurse -File | Get-FileHash
        $again = Split-WmsDataset $data
        $again.NewExceptions, "$($again.Outcome)" | Should -Be 0, 'Unchanged'
        $again.SplitDigest | Should -Be $report.SplitDigest
        (Get-ChildItem "$data/split" -Recurse -File | Get-FileHash).Hash | Should -Be $files.Hash
    }

    It 'returns each photo with an override, its part and the reason with -PerPhoto' {
        $data = New-TornData
        $photos = @(Split-WmsDataset $data -PerPhoto)
        $photos | Should -HaveCount 2
        $photos | Should -BeOfType WaterMeters.DatasetSplitPhoto
        $samples = Get-WmsDataset $data | Group-Object ImagePath -AsHashTable -AsString
        foreach ($photo in $photos) {
            $photo.Reason | Should -Be 'Resembles'
            $photo.Split | Should -Be $samples[$photo.ImagePath].Split
            $photo.Split | Should -Be $samples[$photo.OtherPath].Split
            $photo.OtherHash | Should -Be $samples[$photo.OtherPath].Hash
        }
        $photos | Where-Object { $_.Split -ne $_.HashSplit } | Should -HaveCount 1
    }

    It 'moves no photo of a split data set to another part: of two existing duplicates one is set aside and counts as seen with the other' {
        $data = New-TornData
        $before = Get-WmsDataset $data | Group-Object Hash -AsHashTable -AsString
        $null = New-Item -ItemType Directory "$data/split/decisions"
        $model = (New-SampleModel $data).ModelPath
        $report = Split-WmsDataset $data
        $report.AsidePhotos | Should -Be 1
        foreach ($sample in Get-WmsDataset $data) { $sample.Split | Should -BeIn @(@($before[$sample.Hash])[0].Split, 'Aside') }

        $aside = Split-WmsDataset $data -PerPhoto | Where-Object Split -EQ Aside
        $aside.Reason | Should -Be 'SetAside'
        $learned = @(Measure-WmsModel $model $data -All -PerImage | Where-Object Seen).ImagePath
        if ($aside.HashSplit -ne 'Test') { $learned | Should -Contain $aside.ImagePath }
        $learned | Should -Contain $aside.OtherPath
        (Measure-WmsModel $model $data -Split Aside).Photos | Should -Be 1
        (Measure-WmsModel $model $data -Split Aside).SeenPhotos | Should -Be 1
        (Get-WmsDataset $data | Where-Object Split -EQ Aside).Name | Should -Be $aside.Name
    }

    It 'returns the split digest that is stored in models' {
        $data = New-TornData
        $report = Split-WmsDataset $data -Train 0.6
        $metadata = Get-Metadata (New-SampleModel $data).ModelPath
        $metadata.'watermeters.split_digest' | Should -MatchExactly '^[0-9a-f]{64}$'
        $metadata.'watermeters.split_digest' | Should -Be $report.SplitDigest
        (Split-WmsDataset (New-SampleData)).SplitDigest | Should -Not -Be $report.SplitDigest
    }

    It 'suggests fractions for a large enough test part' {
        $data = New-SampleData
        $report = Split-WmsDataset $data -MinimumPhotos 6
        $report.IsTestLargeEnough | Should -BeFalse
        $report.MissingTestPhotos | Should -Be (6 - $report.TestPhotos)
        $report.SuggestedTrain + $report.SuggestedValidation + $report.SuggestedTest | Should -BeGreaterThan 0.999999
        $report.SuggestedTest * 24 | Should -BeGreaterThan 6
        $report.Advice | Should -BeLike ("*$($report.MissingTestPhotos) are missing*-Train $($report.SuggestedTrain) " +
            "-Validation $($report.SuggestedValidation) -Force*")
        $tests = @(Get-WmsDataset $data | Where-Object Split -EQ Test).Hash

        $larger = Split-WmsDataset $data -MinimumPhotos 6 -Train $report.SuggestedTrain -Validation $report.SuggestedValidation -Force
        $larger.IsTestLargeEnough | Should -BeTrue
        $larger.TestPhotos | Should -BeGreaterOrEqual 6
        $larger.SuggestedTrain | Should -BeNullOrEmpty
        $larger.Advice | Should -BeNullOrEmpty
        $tests | Should -BeIn @(Get-WmsDataset $data | Where-Object Split -EQ Test).Hash
    }

    It 'returns how many photos are missing when no fractions suffice' {
        $report = Split-WmsDataset (New-SampleData)
        $report.MinimumPhotos | Should -Be 100
        $report.IsTestLargeEnough | Should -BeFalse
        $report.SuggestedTest | Should -BeNullOrEmpty
        $report.Advice | Should -BeLike '*about 1026 more photos*'
    }

    It 'reads the minimum of test photos from wms.yaml' {
        $folder = New-TestFolder
        $null = New-SampleData -Path "$folder/data"
        Push-Location $folder
        try {
            Set-Content wms.yaml "gate:`n  minimumPhotos: 3"
            (Split-WmsDataset data).MinimumPhotos | Should -Be 3
            (Split-WmsDataset data -MinimumPhotos 2).MinimumPhotos | Should -Be 2
            Set-Content wms.yaml "gate:`n  minimumPhotos: many"
            (Get-Failure { Split-WmsDataset data }).FullyQualifiedErrorId | Should -BeLike 'SettingUnusable,*SplitWmsDatasetCommand'
        }
        finally { Pop-Location }
    }

    It 'changes stored fractions only with -Force, and says how many photos that moves' {
        $data = New-SampleData
        $null = Split-WmsDataset $data -Train 0.7 -Validation 0.2
        Split-WmsDataset $data -Train 0.7 | ForEach-Object Train | Should -Be 0.7
        $failure = Get-Failure { Split-WmsDataset $data -Train 0.3 -Validation 0.2 }
        $failure.FullyQualifiedErrorId | Should -BeLike 'DatasetUnusable,*SplitWmsDatasetCommand'
        "$failure" | Should -Match 'would move [1-9]\d* photos into the test part and 0 out of it\..* Use -Force'
        (Split-WmsDataset $data).Train | Should -Be 0.7
        (Split-WmsDataset $data -Train 0.3 -Force).Validation | Should -Be 0.2
        (Split-WmsDataset $data).Train | Should -Be 0.3
        (Get-Failure { Split-WmsDataset $data -Train 0.9 -Force }).FullyQualifiedErrorId | Should -BeLike 'SettingUnusable,*'
    }

    It 'stores nothing with -WhatIf, and prints what it would store' {
        $data = New-TornData
        $child = Invoke-ChildPwsh -ImportModule "`$r = Split-WmsDataset '$data' -WhatIf; `$r.NewExceptions; `"`$(`$r.Outcome)`""
        $child.Output[0] | Should -BeLike "*Store the split (0.8 to train, 0.1 to validate, 0.1 to test) with 2 new overrides*$data*"
        $child.Output[-2..-1] | Should -Be '2', 'WouldStore'
        Test-Path "$data/split" | Should -BeFalse
    }

    It 'leaves an unreadable photo in the part of its hash, with a warning' {
        $data = New-SampleData
        Set-Content "$data/images/sample_0002.jpg" 'no photo'
        $report = Split-WmsDataset $data -WarningVariable warned -WarningAction SilentlyContinue
        $report.Photos | Should -Be 24
        "$warned" | Should -BeLike '*1 photos*cannot be read*sample_0002.jpg*'
    }

    It 'refuses a damaged split instead of moving photos' {
        $data = New-TornData
        $null = Split-WmsDataset $data
        $file = (Get-ChildItem "$data/split/photos" -Recurse -File)[0].FullName
        Set-Content -LiteralPath $file '{'
        foreach ($command in { Split-WmsDataset $data }, { Get-WmsDataset $data }, { Measure-WmsModel 'none' $data }) {
            Get-Failure $command | Should -Not -BeNullOrEmpty
        }
        (Get-Failure { Split-WmsDataset $data }).TargetObject | Should -Be $file
        (Test-WmsDataset $data -PerFinding).Check | Should -Contain 'SplitUnreadable'
    }

    It 'continues with the other folders when one is not a data set' {
        $data = New-SampleData
        $failure = Get-Failure { "$data/images", $data | Split-WmsDataset -OutVariable script:reports }
        $failure.FullyQualifiedErrorId | Should -BeLike 'DatasetUnusable,*SplitWmsDatasetCommand'
        $reports | Should -HaveCount 1
        $named = Split-WmsDataset "$data/images", $data -ErrorAction SilentlyContinue -ErrorVariable failures
        $named.DataPath | Should -Be $data
        $failures.FullyQualifiedErrorId | Should -BeLike 'DatasetUnusable,*SplitWmsDatasetCommand'
    }
}
