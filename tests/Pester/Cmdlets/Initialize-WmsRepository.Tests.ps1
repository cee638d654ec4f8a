BeforeDiscovery { $hasGit = [bool] (Get-Command git -ErrorAction Ignore) }

BeforeAll {
    Import-Module "$PSScriptRoot/../../Support/TestSupport.psm1", "$PSScriptRoot/../../Support/GitRepository.psm1"
    $parts = 'wms.yaml', 'data/training/images', 'data/training/masks', 'models', '.gitignore', '.gitattributes',
        '.github/workflows/data-check.yml', 'pre-push'
}

Describe 'Initialize-WmsRepository' -Skip:(-not $hasGit) {
    It 'makes a folder a repository with everything in it, and changes nothing the second time' {
        $root = Join-Path (New-TestFolder) 'novo projeto'
        $items = @(Initialize-WmsRepository $root)
        $items | ForEach-Object { $_ | Should -BeOfType WaterMeters.RepositoryItem }
        $items.Name | Should -Be (@('.git') + $parts)
        $items.Outcome | Select-Object -Unique | Should -Be Created
        $items.Path | ForEach-Object { $_ | Should -Exist }
        Get-Content "$root/.git/HEAD" | Should -Be 'ref: refs/heads/main'
        Invoke-Git -C $root config watermeters.dataPrefix | Should -Be 'data/training'

        $before = Get-ChildItem $root -Recurse -File -Force | Get-FileHash | ForEach-Object { "$($_.Path) $($_.Hash)" }
        $again = @(Initialize-WmsRepository $root)
        $again.Name | Should -Be $parts
        ($again | Where-Object Outcome -EQ Kept).Name | Should -Be 'wms.yaml'
        ($again | Where-Object Outcome -EQ Unchanged) | Should -HaveCount 7
        Get-ChildItem $root -Recurse -File -Force | Get-FileHash | ForEach-Object { "$($_.Path) $($_.Hash)" } | Should -Be $before
    }

    It 'writes settings that the cmdlets read without a warning' {
        $root = New-TestFolder
        $null = Initialize-WmsRepository $root
        Remove-Item "$root/data" -Recurse
        $null = New-WmsSampleDataset "$root/data/training" -Count 2 -Size 96
        Push-Location $root
        try { Test-WmsDataset -Quiet -WarningAction Stop | Should -BeTrue } finally { Pop-Location }
    }

    It 'shows every part with -WhatIf, and writes none' {
        $root = New-TestFolder
        $child = Invoke-ChildPwsh -ImportModule "Initialize-WmsRepository '$root' -WhatIf"
        $child.Error | Should -BeNullOrEmpty
        @($child.Output -like 'What if:*') | Should -HaveCount 9
        Get-ChildItem $root -Force | Should -BeNullOrEmpty
    }

    It 'keeps what the user has, and replaces a workflow only with -Force' {
        $root = New-GitRepository (New-TestFolder)
        Set-Content "$root/wms.yaml" "dataset:`n  path: meters"
        $null = New-Item -ItemType Directory "$root/.github/workflows"
        Set-Content "$root/.github/workflows/data-check.yml" 'name: mine'
        $items = @(Initialize-WmsRepository $root)
        ($items | Where-Object Outcome -EQ Kept).Name | Should -Be 'wms.yaml', '.github/workflows/data-check.yml'
        "$root/meters/masks" | Should -Exist
        "$root/data" | Should -Not -Exist
        Get-Content "$root/.github/workflows/data-check.yml" | Should -Be 'name: mine'
        (Initialize-WmsRepository $root -Force | Where-Object Name -Like '*.yml').Outcome | Should -Be Updated
        Get-Content "$root/wms.yaml" | Should -Contain '  path: meters'
    }

    It 'refuses the path of a file, also with -WhatIf' {
        $file = Join-Path (New-TestFolder) 'photos.txt'
        Set-Content $file 'x'
        foreach ($path in $file, "$file/sub") {
            $failure = Get-Failure { Initialize-WmsRepository $path -WhatIf }
            "$failure" | Should -BeLike "*'$file' is a file*Name a folder."
        }
    }

    It 'refuses a folder inside a repository, and names the top' {
        $root = New-GitRepository (New-TestFolder)
        $failure = Get-Failure { Initialize-WmsRepository "$root/inside" }
        $failure.FullyQualifiedErrorId | Should -BeLike 'GitFailed,*'
        "$failure" | Should -BeLike "*inside the repository '$root'*"
        "$root/inside" | Should -Not -Exist
    }
}

Describe 'The workflows of the module' {
    It 'check the data with rights to read only, and pin their actions' {
        $file = Join-Path (Get-ModulePath) 'workflows' 'data-check.yml'
        $file | Should -Exist
        $text = Get-Content $file -Raw
        $text | Should -Not -Match "`r"
        $text | Should -Match '(?m)^permissions:\n  contents: read$'
        $text | Should -Match 'Test-WmsDataset -GitHub -Quiet'
        [regex]::Matches($text, 'uses: (\S+)').ForEach{ $_.Groups[1].Value } | Should -Match '@v\d+$'
    }
}
