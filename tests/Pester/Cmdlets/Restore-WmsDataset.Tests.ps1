BeforeAll {
    Import-Module "$PSScriptRoot/../../Support/TestSupport.psm1", "$PSScriptRoot/../../Support/DvcRepository.psm1",
        "$PSScriptRoot/../../Support/DatasetKills.psm1", "$PSScriptRoot/../../Support/VersionKills.psm1"

    # A repository with six drawn pairs, published.
    function New-Published {
        $root = New-DvcRepository (New-TestFolder)
        $null = New-WmsSampleDataset "$root/data" -Count 6 -Size 96
        $null = Publish-WmsDataset "$root/data"
        $root
    }
}

Describe 'Restore-WmsDataset' {
    It 'restores images and masks, and touches nothing the second time' {
        $root = New-Published
        $before = Get-FolderHash "$root/data"
        Remove-Item "$root/data/images", "$root/data/masks", "$root/.dvc/cache", "$root/.dvc/tmp" -Recurse -Force
        $restored = @(Restore-WmsDataset "$root/data")
        $restored | ForEach-Object { $_ | Should -BeOfType WaterMeters.DatasetRestore }
        $restored.Outcome | Should -Be Restored, Restored
        $restored.WrittenCount | Should -Be 6, 6
        $after = Get-FolderHash "$root/data"
        foreach ($name in @($before.Keys) + @($after.Keys)) { $after[$name] | Should -Be $before[$name] }
        @(Get-Item "$root/data/*.dvc" | Restore-WmsDataset).Outcome | Should -Be Unchanged, Unchanged
        Test-WmsDataset "$root/data" -Quiet | Should -BeTrue
    }

    It 'keeps files that were never published, except with -Force' {
        $root = New-Published
        $own = Join-Path $root 'data' 'images' 'own.jpg'
        Set-Content $own 'own'
        $photo = Join-Path $root 'data' 'images' 'sample_0001.jpg'
        Set-Content $photo 'changed'
        $failure = Get-Failure { Restore-WmsDataset "$root/data/images" }
        $failure.FullyQualifiedErrorId | Should -BeLike 'FileNotPublished,*'
        $failure.TargetObject | Should -Be $photo
        Remove-Item $photo
        (Restore-WmsDataset "$root/data/images").KeptCount | Should -Be 1
        $own | Should -Exist
        (Restore-WmsDataset "$root/data/images" -Force).RemovedCount | Should -Be 1
        $own | Should -Not -Exist
    }

    It 'writes nothing with -WhatIf' {
        $root = New-Published
        Remove-Item "$root/data/images" -Recurse
        $before = Get-FileName $root
        $child = Invoke-ChildPwsh -ImportModule ("Restore-WmsDataset '$root/data/images' -WhatIf | " +
            'ForEach-Object { "$($_.Outcome) $($_.WrittenCount)" }')
        $child.Error | Should -BeNullOrEmpty
        $child.Output | Should -Contain 'WouldRestore 6'
        Get-FileName $root | Should -Be $before
    }

    It 'puts no half file in place when it is killed' {
        $kills = @(Test-VersionKill (New-TestFolder) (Get-ModulePath) Restore 2)
        $kills.Killed | Should -Be $true, $true
        $kills.Fault | Where-Object { $_ } | Should -BeNullOrEmpty
    }

    It 'ends with Ctrl+C without a trace, and completes the next time' {
        $stopped = Test-VersionKill (New-TestFolder) (Get-ModulePath) Restore 1 -Signal Interrupt
        $stopped.Fault | Should -BeNullOrEmpty
    }

    It 'says that a folder was never published' {
        $root = New-DvcRepository (New-TestFolder)
        $null = New-Item -ItemType Directory "$root/data/images"
        $failure = Get-Failure { Restore-WmsDataset "$root/data/images" }
        $failure.FullyQualifiedErrorId | Should -BeLike 'VersionNotFound,*'
        "$failure" | Should -BeLike '*Publish-WmsDataset*'
    }
}
