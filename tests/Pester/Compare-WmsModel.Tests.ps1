BeforeAll {
    Import-Module "$PSScriptRoot/TestSupport.psm1"
    $data = New-SampleData
    $one, $two = foreach ($seed in 1, 2) { New-SampleModel $data -Seed $seed }
    # Which of the two is better is chance; that one of them is, is not.
    $better, $worse = $one.TestDice -gt $two.TestDice ? ($one, $two) : ($two, $one)
}

Describe 'Compare-WmsModel' {
    It 'gives a verdict over photos that neither model has seen' {
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

    It 'calls a model superior whose Dice and IoU are both higher, and no other' {
        $up = Compare-WmsModel $better.ModelPath $worse.ModelPath $data
        $up.Passed | Should -Be ($up.CandidateDice -gt $up.BaselineDice -and $up.CandidateIoU -gt $up.BaselineIoU)
        (Compare-WmsModel $worse.ModelPath $better.ModelPath $data).Passed | Should -BeFalse
    }

    It 'does not pass a model over itself' {
        $comparison = Compare-WmsModel $one.ModelPath $one.ModelPath $data
        $comparison.Verdict | Should -Be 'Inconclusive'
        $comparison.Passed | Should -BeFalse
    }

    It 'gives only a bool with -Quiet' {
        Compare-WmsModel $one.ModelPath $one.ModelPath $data -Quiet | Should -BeExactly $false
    }

    It 'says no, with the error, when it could not compare: <What>' -ForEach @(
        @{ What = 'no such baseline'; Baseline = 'nowhere.safetensors'; Id = 'ModelNotFound' }
        @{ What = 'a baseline that is no model'; Baseline = 'bad.safetensors'; Id = 'ModelUnusable' }
    ) {
        $folder = New-TestFolder
        Set-Content "$folder/bad.safetensors" 'no model'
        $failure = Get-Failure { Compare-WmsModel $one.ModelPath "$folder/$Baseline" $data -Quiet -OutVariable script:answer }
        $failure.FullyQualifiedErrorId | Should -BeLike "$Id,*CompareWmsModelCommand"
        $answer | Should -BeExactly $false
        # Without -Quiet the pipeline ends there: no verdict at all.
        (Get-Failure { Compare-WmsModel $one.ModelPath "$folder/$Baseline" $data -OutVariable script:verdict }).FullyQualifiedErrorId | Should -BeLike "$Id,*"
        $verdict | Should -BeNullOrEmpty
    }

    It 'leaves out photos that a model has seen, and refuses when none is left' {
        $failure = Get-Failure { Compare-WmsModel $one.ModelPath $two.ModelPath $data -Split Train }
        $failure.FullyQualifiedErrorId | Should -BeLike 'DatasetUnusable,*'
        "$failure" | Should -BeLike '*prove nothing*'

        $split = Join-Path (New-TestFolder) 'split.json'
        '{"fractions": {"train": 0, "validation": 0, "test": 1}}' | Set-Content $split
        $all = Compare-WmsModel $one.ModelPath $two.ModelPath $data -SplitPath $split
        $all.Photos | Should -Be $one.TestPhotos
        $all.ExcludedPhotos | Should -Be (24 - $one.TestPhotos)
    }

    It 'fails when a photo cannot be measured: never a pass over the others' {
        $faulty = New-SampleData
        $photo = (Get-WmsDataset $faulty | Where-Object Split -eq Test)[0]
        [IO.File]::WriteAllBytes($photo.MaskPath, [byte[]] (1, 2, 3))
        $failure = Get-Failure { Compare-WmsModel $one.ModelPath $two.ModelPath $faulty }
        $failure.FullyQualifiedErrorId | Should -BeLike 'PhotoUnusable,*'
        $failure.TargetObject | Should -Be $photo.MaskPath
    }
}
