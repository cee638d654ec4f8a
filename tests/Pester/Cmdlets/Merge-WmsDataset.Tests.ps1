BeforeAll {
    Import-Module "$PSScriptRoot/../../Support/TestSupport.psm1", "$PSScriptRoot/../../Support/MergeTwice.psm1",
        "$PSScriptRoot/../../Support/DatasetKills.psm1", "$PSScriptRoot/../../Support/DvcRepository.psm1"

    # Two data sets of three photos with different names, and one photo of the second also in the first.
    function New-Pair {
        $folder = New-TestFolder
        $null = New-WmsSampleDataset "$folder/data" -Count 3 -Size 128 -Seed 1
        $null = New-WmsSampleDataset "$folder/more" -Count 3 -Size 128 -Seed 2
        foreach ($part in 'images', 'masks') {
            Get-ChildItem "$folder/more/$part" | Rename-Item -NewName { "more_$($_.Name)" }
            Copy-Item "$folder/more/$part/more_sample_0002*" "$folder/data/$part"
        }
        $folder
    }
}

Describe 'Merge-WmsDataset' {
    It 'adds new pairs and returns one record per pair' {
        $folder = New-Pair
        $merged = @(Merge-WmsDataset "$folder/more" -Destination "$folder/data")
        $merged | ForEach-Object { $_ | Should -BeOfType WaterMeters.DatasetMerge }
        ($merged | Sort-Object Name).Outcome | Should -Be 'Added', 'AlreadyThere', 'Added'
        foreach ($one in $merged) {
            $one.Reason | Should -Match '\.$'
            (Get-FileHash -LiteralPath $one.ImagePath).Hash | Should -Be (Get-FileHash -LiteralPath $one.SourceImagePath).Hash
            (Get-FileHash -LiteralPath $one.MaskPath).Hash | Should -Be (Get-FileHash -LiteralPath $one.SourceMaskPath).Hash
        }
        $samples = @(Get-WmsDataset "$folder/data")
        $samples | Should -HaveCount 6
        foreach ($one in $merged) { ($samples | Where-Object Name -EQ $one.Name).Split | Should -Be $one.Split }
        Test-WmsDataset "$folder/data" -Quiet | Should -BeTrue
    }

    It 'merges into a published version that is not here, and publishes the result' {
        $folder = New-Pair
        $root = New-DvcRepository $folder
        $null = Publish-WmsDataset "$root/data"
        Remove-Item "$root/data/images", "$root/data/masks", "$root/.dvc/cache", "$root/.dvc/tmp" -Recurse -Force
        $merged = @(Merge-WmsDataset "$root/more" "$root/data" -Publish -InformationVariable said -InformationAction Ignore)
        ($merged | Sort-Object Name).Outcome | Should -Be 'Added', 'AlreadyThere', 'Added'
        @($said.MessageData.Message -match '6 files') | Should -HaveCount 2
        foreach ($part in 'images', 'masks') { Get-MissingObject "$root/data/$part.dvc" "$root/remote" | Should -BeNullOrEmpty }
        Compare-WmsDataset "$root/data" | Should -BeNullOrEmpty
    }

    It 'lists every pair with -WhatIf and writes nothing' {
        $folder = New-Pair
        $before = Get-FolderHash $folder
        $child = Invoke-ChildPwsh -ImportModule ("Merge-WmsDataset '$folder/more' '$folder/data' -WhatIf | " +
            "ForEach-Object { `"`$(`$_.Name) `$(`$_.Outcome)`" }")
        $child.Error | Should -BeNullOrEmpty
        @($child.Output -match 'What if:.*Add .*more_sample_000[13]\.jpg. to (Train|Validation|Test)') | Should -HaveCount 2
        foreach ($line in 'more_sample_0001 WouldAdd', 'more_sample_0002 AlreadyThere', 'more_sample_0003 WouldAdd') {
            $child.Output | Should -Contain $line
        }
        $after = Get-FolderHash $folder
        foreach ($name in @($before.Keys) + @($after.Keys)) { $after[$name] | Should -Be $before[$name] }
    }

    It 'reports a name in use, and renames the pair with -Rename' {
        $folder = New-Pair
        foreach ($part in 'images', 'masks') {
            Get-ChildItem "$folder/more/$part" -Filter 'more_sample_0001*' | Rename-Item -NewName { $_.Name -replace 'more_' }
        }
        $conflict = Merge-WmsDataset "$folder/more" "$folder/data" | Where-Object Outcome -EQ NameConflict
        $conflict.Name, $conflict.ImagePath | Should -Be 'sample_0001', $null
        $conflict.OtherPath | Should -Be (Join-Path $folder 'data' 'images' 'sample_0001.jpg')
        $conflict.Reason | Should -BeLike '*-Rename*'
        (Merge-WmsDataset "$folder/more" "$folder/data" -Rename -WhatIf).Outcome | Should -Contain 'WouldRename'
        $renamed = Merge-WmsDataset "$folder/more" "$folder/data" -Rename | Where-Object Outcome -EQ Renamed
        $hash = (Get-FileHash "$folder/more/images/sample_0001.jpg").Hash
        $renamed.Name | Should -Be "sample_0001-$($hash.Substring(0, 8).ToLowerInvariant())"
    }

    It 'reports a different mask for an existing photo' {
        $folder = New-Pair
        Copy-Item "$folder/data/masks/sample_0001.png" "$folder/more/masks/more_sample_0002.png"
        $conflict = Merge-WmsDataset "$folder/more" "$folder/data" | Where-Object Outcome -EQ MaskConflict
        $conflict.Name | Should -Be 'more_sample_0002'
        $conflict.OtherPath | Should -Be (Join-Path $folder 'data' 'masks' 'more_sample_0002.png')
    }

    It 'reports unusable pairs, with severities from wms.yaml' {
        $folder = New-Pair
        Set-Content "$folder/more/images/more_sample_0001.jpg" 'no photo'
        Copy-Item "$folder/data/masks/sample_0001.png" "$folder/more/masks/alone.png"
        $null = New-WmsSampleDataset "$folder/soft" -Count 1 -Size 128 -Seed 9 -Defect MaskNotBinary
        Remove-Item "$folder/soft/*/sample_*"
        $left = @(Merge-WmsDataset "$folder/more", "$folder/soft" "$folder/data" | Where-Object Outcome -EQ Unusable)
        $left.Name | Sort-Object | Should -Be 'alone', 'defect-mask-not-binary', 'more_sample_0001'
        ($left | Where-Object Name -Like 'defect*').Reason | Should -BeLike 'MaskNotBinary: *'

        Set-Content "$folder/wms.yaml" "checks:`n  MaskNotBinary: warning"
        Push-Location $folder
        try { (Merge-WmsDataset ./soft ./data).Outcome | Should -Be 'Added' } finally { Pop-Location }
    }

    It 'accepts folders from the pipeline and by wildcard, and continues after one that is not a data set' {
        $folder = New-Pair
        $null = New-Item -ItemType Directory "$folder/other"
        $failure = Get-Failure { Get-ChildItem $folder -Directory | Merge-WmsDataset -Destination "$folder/all" }
        $failure.FullyQualifiedErrorId | Should -BeLike 'DatasetUnusable,*'
        $failure.TargetObject | Should -Be (Join-Path $folder 'other')
        Get-WmsDataset "$folder/all" | Should -HaveCount 6
        (Merge-WmsDataset "$folder/m*" "$folder/all").Outcome | Should -Be 'AlreadyThere', 'AlreadyThere', 'AlreadyThere'
    }

    It 'refuses a destination with other files, and a merge without sources' {
        $folder = New-Pair
        Set-Content "$folder/note.txt" 'mine'
        $failure = Get-Failure { Merge-WmsDataset "$folder/more" $folder }
        $failure.FullyQualifiedErrorId | Should -BeLike 'DatasetUnusable,*'
        $failure.TargetObject | Should -Be $folder
        (Get-Failure { Merge-WmsDataset -Destination "$folder/data" }).FullyQualifiedErrorId | Should -BeLike 'PathNotFound,*'
        (Get-Failure { Merge-WmsDataset $null "$folder/data" }).FullyQualifiedErrorId | Should -BeLike 'PathNotFound,*'
        Get-WmsDataset "$folder/data" | Should -HaveCount 4
    }

    It 'moves no existing photo, adds near-duplicates to the part of their original, and changes nothing the second time' {
        $set = New-MergeData (New-TestFolder) -Old 12 -Count 8
        $result = Test-MergeTwice $set.Data $set.More
        $result.Old, $result.New, $result.Joined, $result.Again | Should -Be 12, 8, 6, 8
        $result.Moved, $result.Misplaced, $result.InTwoSplits, $result.Changed | Should -Be 0, 0, 0, 0
    }

    It 'loses nothing when killed, and a second call finishes the work' {
        $results = @(Test-DatasetKill (New-KillData (New-TestFolder) (Get-ModulePath) -Seeds 1) Merge 2)
        $results.Fault | Where-Object { $_ } | Should -BeNullOrEmpty
        $results.Killed | Should -Be $true, $true
    }
}
