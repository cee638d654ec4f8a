BeforeDiscovery {
    Import-Module "$PSScriptRoot/../../Support/GateCases.psm1"
    $cases = @(Get-GateCase | ForEach-Object { @{ Name = $_.Name; Case = $_ } })
}

BeforeAll {
    Import-Module "$PSScriptRoot/../../Support/TestSupport.psm1", "$PSScriptRoot/../../Support/GateCases.psm1"
    $data = New-SampleData
    $one, $two = foreach ($seed in 1, 2) { New-SampleModel $data -Seed $seed }
    # Either of the two may be the better one.
    $better, $worse = $one.TestDice -gt $two.TestDice ? ($one, $two) : ($two, $one)
}

Describe 'Compare-WmsModel' {
    It 'bases the verdict on photos that neither model has seen' {
        $comparison = Compare-WmsModel $one.ModelPath $two.ModelPath $data
        $comparison | Should -BeOfType WaterMeters.ModelComparison
        $comparison.Photos | Should -Be $one.TestPhotos
        $comparison.ExcludedPhotos | Should -Be 0
        $comparison.Candidate, $comparison.Baseline | Should -Be $one.ModelPath, $two.ModelPath
        $comparison.ModelPath | Should -Be $one.ModelPath
        $comparison.CandidateDice | Should -Be $one.TestDice
        $comparison.BaselineDice | Should -Be $two.TestDice
        $comparison.DiceDifference | Should -Be ($one.TestDice - $two.TestDice)
        $comparison.Reason | Should -Match 'Dice'
    }

    It 'is inconclusive when photos are too few, and returns how many are missing' {
        foreach ($pair in ($better, $worse), ($worse, $better), ($one, $one)) {
            $comparison = Compare-WmsModel $pair[0].ModelPath $pair[1].ModelPath $data
            $comparison.Verdict, $comparison.Passed | Should -Be 'Inconclusive', $false
            $comparison.Flags | Should -Match 'TooFewPhotos'
            $comparison.MissingPhotos | Should -Be (100 - $comparison.Photos)
        }
    }

    It 'returns one flat record per photo with -PerImage, in the order of the data set' {
        $photos = @(Compare-WmsModel $one.ModelPath $two.ModelPath $data -PerImage)
        $photos | Should -HaveCount $one.TestPhotos
        $photos | Should -BeOfType WaterMeters.ImageComparison
        $test = Get-WmsDataset $data | Where-Object Split -EQ Test
        $photos.ImagePath | Should -Be $test.ImagePath
        $photos.MaskPath | Should -Be $test.MaskPath
        $photos[0].Candidate, $photos[0].Baseline | Should -Be $one.ModelPath, $two.ModelPath
        ($photos | Measure-Object CandidateDice -Average).Average | Should -BeGreaterThan ($one.TestDice - 1e-9) -Because 'it is their mean'
        $photos | ConvertTo-Csv | Should -Not -Match 'System\.|WaterMeters\.'
    }

    It 'returns a single boolean with -Quiet for several candidates and for none, because an array of two is true' {
        $answer = @(Get-Item $one.ModelPath, $one.ModelPath | Compare-WmsModel -Baseline $one.ModelPath -DataPath $data -Quiet)
        $answer | Should -HaveCount 1
        $answer[0] | Should -BeExactly $false
        @() | Compare-WmsModel -Baseline $one.ModelPath -DataPath $data -Quiet | Should -BeExactly $false
    }

    It 'returns only a boolean with -Quiet' {
        Compare-WmsModel $one.ModelPath $one.ModelPath $data -Quiet | Should -BeExactly $false
    }

    It 'returns false and the error with -Quiet, only the error without, when it cannot compare: <What>' -ForEach @(
        @{ What = 'a missing baseline'; Baseline = 'nowhere.safetensors'; Id = 'ModelNotFound' }
        @{ What = 'a baseline that is not a model'; Baseline = 'bad.safetensors'; Id = 'ModelUnusable' }
    ) {
        $folder = New-TestFolder
        Set-Content "$folder/bad.safetensors" 'no model'
        $failure = Get-Failure { Compare-WmsModel $one.ModelPath "$folder/$Baseline" $data -Quiet -OutVariable script:answer }
        $failure.FullyQualifiedErrorId | Should -BeLike "$Id,*CompareWmsModelCommand"
        $answer | Should -BeExactly $false
        # Without -Quiet the pipeline ends there, without a verdict.
        (Get-Failure { Compare-WmsModel $one.ModelPath "$folder/$Baseline" $data -OutVariable script:verdict }).FullyQualifiedErrorId |
            Should -BeLike "$Id,*"
        $verdict | Should -BeNullOrEmpty
    }

    It 'excludes photos that a model has seen, and fails when none is left' {
        $failure = Get-Failure { Compare-WmsModel $one.ModelPath $two.ModelPath $data -Split Train }
        $failure.FullyQualifiedErrorId | Should -BeLike 'DatasetUnusable,*'
        "$failure" | Should -BeLike '*have been seen by one of them*'

        $split = Join-Path (New-TestFolder) 'split.json'
        '{"fractions": {"train": 0, "validation": 0, "test": 1}}' | Set-Content $split
        $all = Compare-WmsModel $one.ModelPath $two.ModelPath $data -SplitPath $split
        $all.Photos | Should -Be $one.TestPhotos
        $all.ExcludedPhotos | Should -Be (24 - $one.TestPhotos)
    }

    It 'fails when a photo cannot be measured, and never passes on the others' {
        $faulty = New-SampleData
        $photo = (Get-WmsDataset $faulty | Where-Object Split -eq Test)[0]
        [IO.File]::WriteAllBytes($photo.MaskPath, [byte[]] (1, 2, 3))
        $failure = Get-Failure { Compare-WmsModel $one.ModelPath $two.ModelPath $faulty }
        $failure.FullyQualifiedErrorId | Should -BeLike 'PhotoUnusable,*'
        $failure.TargetObject | Should -Be $photo.MaskPath
    }
}

Describe 'The gate' {
    BeforeAll { $in = New-GateInput (New-TestFolder) }

    It 'gives the required answer for <Name>' -ForEach $cases {
        Get-GateFault $Case $in | Should -BeNullOrEmpty
    }

    It 'passes a candidate of unknown provenance with -Force, and adds a flag' {
        $forced = @{ SplitPath = $in.Split; MinimumPhotos = 20; Force = $true; WarningAction = 'Ignore' }
        $comparison = Compare-WmsModel $in.File.mute $in.File.blind $in.Data @forced
        $comparison.Passed | Should -BeTrue
        $comparison.Flags | Should -Match 'UnknownProvenance'
        $comparison.Reason | Should -Match '-Force'
    }

    It 'reads wms.yaml, and a parameter overrides it' {
        $folder = New-TestFolder
        Set-Content "$folder/wms.yaml" ("gate:`n  policy: noninferior`n  margin: 0.02`n  minimumPhotos: 20`n" +
            "  minimumDice: 0.5`n  alpha: 0.01`naws:`n  region: eu-west-1")
        Push-Location -LiteralPath $folder
        try {
            $both = @{ Candidate = $in.File.right; Baseline = $in.File.right; DataPath = $in.Data; SplitPath = $in.Split }
            $set = Compare-WmsModel @both -WarningVariable warned -WarningAction SilentlyContinue
            $limits = @{ Policy = 'Superior'; Margin = 0.03; MinimumPhotos = 21; MinimumDice = 0.6; Alpha = 0.02; Seed = 7 }
            $given = Compare-WmsModel @both @limits -WarningAction Ignore
        }
        finally { Pop-Location }
        "$($set.Policy) $($set.Margin) $($set.MinimumPhotos) $($set.MinimumDice) $($set.Alpha) $($set.EffectiveAlpha) $($set.Passed)" |
            Should -BeExactly 'NonInferior 0.02 20 0.5 0.01 0.008 True'
        "$($given.Policy) $($given.Margin) $($given.MinimumPhotos) $($given.MinimumDice) $($given.Alpha) $($given.EffectiveAlpha) " +
            "$($given.Seed) $($given.Passed)" |
            Should -BeExactly 'Superior 0.03 21 0.6 0.02 0.016 7 False'
        # Of the photos that were used before, it may warn.
        $warned -notmatch 'decisions' | Should -BeNullOrEmpty
    }

    It 'records each comparison once in the ledger, and none with -WhatIf or -NoLedger' {
        $data = Join-Path (New-TestFolder) 'data'
        Copy-Item $in.Data $data -Recurse
        Remove-Item "$data/split" -Recurse # its decisions
        $ask = @{ Candidate = $in.File.right; Baseline = $in.File.blind; DataPath = $data; SplitPath = $in.Split; MinimumPhotos = 20 }
        foreach ($switch in 'WhatIf', 'NoLedger') {
            $more = @{ $switch = $true }
            $left = Compare-WmsModel @ask @more 6>$null
            $left.Flags, $left.LedgerPath, $left.Decisions | Should -Be 'BaselineFindsNothing, NotInLedger', $null, $null
            $left.Passed | Should -Be ($switch -eq 'NoLedger')
        }
        Test-Path "$data/split" | Should -BeFalse

        $first, $second = (Compare-WmsModel @ask), (Compare-WmsModel @ask)
        $first.Decisions, $second.Decisions, (Compare-WmsModel @ask -Policy Strict).Decisions | Should -Be 1, 1, 2
        $entry = Get-Content -LiteralPath $first.LedgerPath -Raw | ConvertFrom-Json
        $entry.test, $entry.candidate, $entry.verdict, $entry.passed |
            Should -Be $first.TestDigest, $first.CandidateDigest, 'Superior', $true
        $first.CandidateDigest | Should -Be (Get-FileHash -LiteralPath $in.File.right).Hash.ToLowerInvariant()
        (Get-Item -LiteralPath $first.LedgerPath).Directory.Name | Should -Be $first.TestDigest.Substring(0, 16)
    }

    It 'warns from the tenth decision on the same test part' {
        $data = Join-Path (New-TestFolder) 'data'
        Copy-Item $in.Data $data -Recurse
        Remove-Item "$data/split" -Recurse # its decisions
        foreach ($seed in 1..10) {
            $limits = @{ SplitPath = $in.Split; MinimumPhotos = 20; Seed = $seed }
            $last = Compare-WmsModel $in.File.right $in.File.blind $data @limits -WarningVariable warned -WarningAction SilentlyContinue
            [bool] $warned | Should -Be ($seed -eq 10)
        }
        $last.Decisions, $last.Passed | Should -Be 10, $true
        $last.Flags | Should -Match 'TestUsedOften'
        "$warned" | Should -Match '10 decisions.*Add new photos to the Test part'
    }
}
