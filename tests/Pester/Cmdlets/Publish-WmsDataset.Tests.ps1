BeforeAll {
    Import-Module "$PSScriptRoot/../../Support/TestSupport.psm1", "$PSScriptRoot/../../Support/DvcRepository.psm1",
        "$PSScriptRoot/../../Support/VersionKills.psm1"

    # A repository with six drawn pairs.
    function New-Repository {
        $root = New-DvcRepository (New-TestFolder)
        $null = New-WmsSampleDataset "$root/data" -Count 6 -Size 96
        $root
    }
}

Describe 'Publish-WmsDataset' {
    It 'publishes the images and masks of a data set, and nothing the second time' {
        $root = New-Repository
        $versions = @(Publish-WmsDataset "$root/data")
        $versions | Should -HaveCount 2
        $versions | ForEach-Object { $_ | Should -BeOfType WaterMeters.DatasetVersion }
        $versions.Path | Should -Be (Join-Path $root 'data' 'images'), (Join-Path $root 'data' 'masks')
        foreach ($version in $versions) {
            $version.Outcome, $version.FileCount, $version.SentCount | Should -Be Published, 6, 7
            [IO.File]::ReadAllText($version.DvcPath) | Should -BeLike "*md5: $($version.Version)*"
            Get-MissingObject $version.DvcPath "$root/remote" | Should -BeNullOrEmpty
        }
        Get-Content "$root/data/.gitignore" | Should -Be '/images', '/masks'
        $again = @(Get-Item "$root/data/images", "$root/data/masks" | Publish-WmsDataset)
        $again.Outcome | Should -Be Unchanged, Unchanged
        $again.SentCount | Should -Be 0, 0
    }

    It 'writes nothing with -WhatIf' {
        $root = New-Repository
        $before = Get-FileName $root
        $child = Invoke-ChildPwsh -ImportModule ("Publish-WmsDataset '$root/data' -WhatIf | " +
            'ForEach-Object { "$($_.Outcome) $($_.SentCount)" }')
        $child.Error | Should -BeNullOrEmpty
        @($child.Output -match 'What if:.*Publish') | Should -HaveCount 2
        @($child.Output -eq 'WouldPublish 6') | Should -HaveCount 2
        Get-FileName $root | Should -Be $before
    }

    It 'adds files to a version that is not here' {
        $root = New-Repository
        $first = @(Publish-WmsDataset "$root/data")
        Remove-Item "$root/data/images", "$root/data/masks", "$root/.dvc/cache", "$root/.dvc/tmp" -Recurse -Force
        $null = New-WmsSampleDataset "$root/new" -Count 2 -Size 96 -Seed 9
        foreach ($part in 'images', 'masks') { Get-ChildItem "$root/new/$part" | Rename-Item -NewName { "new_$($_.Name)" } }
        $added = @(Publish-WmsDataset "$root/data" -Add "$root/new")
        $added.FileCount | Should -Be 8, 8
        $added.PreviousVersion | Should -Be $first.Version
        $added.ReadCount | Should -Be 2, 2
        Test-Path "$root/data/images" | Should -BeFalse
        foreach ($version in $added) { Get-MissingObject $version.DvcPath "$root/remote" | Should -BeNullOrEmpty }

        Set-Content "$root/new/images/new_sample_0001.jpg" 'other'
        $failure = Get-Failure { Publish-WmsDataset "$root/data" -Add "$root/new" }
        $failure.FullyQualifiedErrorId | Should -BeLike 'FileNotPublished,*'
        @(Publish-WmsDataset "$root/data" -Add "$root/new" -Force).Outcome | Should -Be Published, Unchanged
    }

    It 'replaces damaged files in the remote with -Verify' {
        $root = New-Repository
        $version = @(Publish-WmsDataset "$root/data")[0]
        $photo = (Get-ChildItem "$root/data/images")[0]
        $object = Get-DvcObjectPath "$root/remote" (Get-FileHash $photo -Algorithm MD5).Hash.ToLowerInvariant()
        $size = (Get-Item $object).Length
        Remove-Item $object -Force
        [IO.File]::WriteAllBytes($object, [byte[]]::new($size))
        @(Publish-WmsDataset "$root/data" -Verify).RepairedCount | Should -Be 1, 0
        Get-MissingObject $version.DvcPath "$root/remote" | Should -BeNullOrEmpty
        @(Publish-WmsDataset "$root/data").RepairedCount | Should -Be $null, $null
    }

    It 'leaves no .dvc file without its objects when it is killed' {
        $kills = @(Test-VersionKill (New-TestFolder) (Get-ModulePath) Publish 2)
        $kills.Killed | Should -Be $true, $true
        $kills.Fault | Where-Object { $_ } | Should -BeNullOrEmpty
    }

    It 'ends with Ctrl+C without a trace, and completes the next time' {
        $stopped = Test-VersionKill (New-TestFolder) (Get-ModulePath) Publish 1 -Signal Interrupt
        $stopped.Fault | Should -BeNullOrEmpty
    }

    It 'sends to the remote of wms.yaml, unless -Remote names another' {
        $root = New-Repository
        Add-Content "$root/.dvc/config" "['remote `"project`"']`n    url = ../project"
        Set-Content "$root/wms.yaml" "storage:`n  remote: project"
        $null = Push-Location $root
        try {
            (Publish-WmsDataset data/images).Remote | Should -Be 'project'
            (Publish-WmsDataset data/images -Remote store).Remote | Should -Be 'store'
            Set-Content "$root/wms.yaml" "storage:`n  remote:"
            (Get-Failure { Publish-WmsDataset data/images }).FullyQualifiedErrorId | Should -BeLike 'SettingUnusable,*'
        }
        finally { Pop-Location }
    }

    It 'names the setting of a remote that cannot be used' {
        $root = New-Repository
        $null = New-DvcRepository $root -Settings "    version_aware = true`n"
        $failure = Get-Failure { Publish-WmsDataset "$root/data" }
        $failure.FullyQualifiedErrorId | Should -BeLike 'VersionUnusable,*'
        "$failure" | Should -BeLike '*version_aware*'
        (Get-Failure { Publish-WmsDataset "$root/data" -Remote other }).TargetObject | Should -Be 'other'
        (Get-Failure { Publish-WmsDataset "$root/nowhere" }).FullyQualifiedErrorId | Should -BeLike 'PathNotFound,*'
    }
}
