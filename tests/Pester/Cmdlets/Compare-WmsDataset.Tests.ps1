BeforeAll {
    Import-Module "$PSScriptRoot/../../Support/TestSupport.psm1", "$PSScriptRoot/../../Support/DvcRepository.psm1"
}

Describe 'Compare-WmsDataset' {
    It 'lists the files that differ from the published version, with their parts' {
        $root = New-DvcRepository (New-TestFolder)
        $null = New-WmsSampleDataset "$root/data" -Count 6 -Size 96
        $null = Publish-WmsDataset "$root/data"
        Compare-WmsDataset "$root/data" | Should -BeNullOrEmpty
        $part = (Get-WmsDataset "$root/data" | Where-Object Name -EQ sample_0002).Split
        $null = New-Item -ItemType Directory "$root/older"
        Copy-Item "$root/data/images.dvc" "$root/older"
        Copy-Item "$root/data/images/sample_0001.jpg" "$root/data/images/new.jpg"
        Remove-Item "$root/data/images/sample_0002.jpg"
        Set-Content "$root/data/images/sample_0003.jpg" 'changed'
        $changes = @(Compare-WmsDataset "$root/data")
        $changes | ForEach-Object { $_ | Should -BeOfType WaterMeters.DatasetChange }
        $changes.Name | Should -Be 'new.jpg', 'sample_0002.jpg', 'sample_0003.jpg'
        $changes.Change | Should -Be Added, Removed, Changed
        $changes[1].Split | Should -Be $part
        $null = Publish-WmsDataset "$root/data/images"
        $from = @(Compare-WmsDataset "$root/data/images" -From "$root/older/images.dvc")
        $from.Name | Should -Be $changes.Name
        $from.Hash | Should -Be $changes.Hash
    }

    It 'says that there is no such version' {
        $root = New-DvcRepository (New-TestFolder)
        $null = New-WmsSampleDataset "$root/data" -Count 1 -Size 96
        (Get-Failure { Compare-WmsDataset "$root/data/images" }).FullyQualifiedErrorId | Should -BeLike 'VersionNotFound,*'
        $null = Publish-WmsDataset "$root/data"
        $failure = Get-Failure { Compare-WmsDataset "$root/data/images" -From none }
        $failure.FullyQualifiedErrorId | Should -BeLike 'VersionNotFound,*'
        # A name that is no file is a revision.
        $failure.TargetObject | Should -Be ((Get-Command git -ErrorAction Ignore) ? 'none' : 'git')
    }
}
