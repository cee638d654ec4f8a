# What the data set cmdlets work on: missing paths, single pairs, the data set of wms.yaml.
BeforeAll {
    Import-Module "$PSScriptRoot/../../Support/TestSupport.psm1"
    $data = New-SampleData
    $faulty = New-SampleData
    [IO.File]::WriteAllText("$faulty/images/sample_0001.jpg", '')
    Remove-Item "$faulty/masks/sample_0002.png"
}

Describe 'A path that is not there' {
    It 'is an ObjectNotFound error of <Name>, and no finding' -ForEach @(
        @{ Name = 'Test-WmsDataset'; Command = { Test-WmsDataset ./typo } }
        @{ Name = 'Test-WmsDataset -LiteralPath'; Command = { Test-WmsDataset -LiteralPath ./typo } }
        @{ Name = 'Test-WmsDataset -Quiet'; Command = { Test-WmsDataset ./typo -Quiet }; Answer = $false }
        @{ Name = 'Get-WmsDataset -LiteralPath'; Command = { Get-WmsDataset -LiteralPath ./typo } }
        @{ Name = 'Repair-WmsDataset -LiteralPath'; Command = { Repair-WmsDataset -LiteralPath ./typo } }
        @{ Name = 'Split-WmsDataset -LiteralPath'; Command = { Split-WmsDataset -LiteralPath ./typo } }
        @{ Name = 'Merge-WmsDataset -LiteralPath'; Command = { Merge-WmsDataset -LiteralPath ./typo -Destination ./new } }
    ) {
        $failure = @(Get-Failure $Command)
        $failure | Should -HaveCount 1
        $failure[0].FullyQualifiedErrorId | Should -BeLike 'PathNotFound,*'
        "$($failure[0].CategoryInfo.Category)" | Should -Be 'ObjectNotFound'
        $given = & { $ErrorActionPreference = 'SilentlyContinue'; & $Command }
        $given | Should -Be $Answer
        { $ErrorActionPreference = 'Stop'; & $Command } | Should -Throw '*typo*'
    }

    It 'does not cost the report of the others' {
        $failure = @(Get-Failure { Test-WmsDataset ./typo, $data -OutVariable script:report })
        $failure | Should -HaveCount 1
        $report.Status, $report.DataPath | Should -Be 'Pass', $data
        Test-WmsDataset ./typo, $data -Quiet -ErrorAction SilentlyContinue | Should -BeExactly $false
    }
}

Describe 'Single pairs' {
    It 'are checked by photo, by mask, from records and as git prints them' {
        Push-Location $faulty
        try {
            $report = 'images/sample_0001.jpg', 'masks/sample_0001.png', 'masks/sample_0003.png', '"images/sample_\060004.jpg"' |
                Test-WmsDataset
            $report.ImageCount, $report.MaskCount, $report.ValidPairs, $report.DataPath | Should -Be 3, 3, 2, $faulty
            $report.Findings.Check | Should -Be 'PhotoUnreadable'
        }
        finally { Pop-Location }
        $tested = Get-WmsDataset $data | Where-Object Split -EQ Test | Test-WmsDataset
        $tested.ImageCount, $tested.Status, $tested.DataPath |
            Should -Be @(Get-WmsDataset $data | Where-Object Split -EQ Test).Count, 'Pass', $data
        (Test-WmsDataset "$faulty/images/sample_0002.jpg").Findings.Check | Should -Be 'PhotoWithoutMask'
    }

    It 'use the split and the settings of their data set' {
        $set = New-TestFolder
        $null = New-WmsSampleDataset "$set/data" -Count 1 -Size 128 -Defect PhotoInTwoSplits
        $twins = Get-ChildItem "$set/data/images" -Filter 'defect-*'
        ($twins | Test-WmsDataset).Findings.Check | Should -Be 'PhotoInTwoSplits'
        Set-Content "$set/wms.yaml" "checks:`n  PhotoInTwoSplits: off"
        Push-Location $set
        try { ($twins | Test-WmsDataset).Findings.Check | Should -Be 'PhotoNearDuplicate' } finally { Pop-Location }
    }
}

Describe 'Test-WmsDataset -Quiet' {
    It 'shows one line for each error: path, check, message' {
        Push-Location $faulty
        try {
            $answer = Test-WmsDataset -Quiet -InformationVariable lines 6>$null
            $answer | Should -BeExactly $false
            $lines | Should -HaveCount 2
            $lines.Tags | Should -Contain 'WmsFinding'
            "$($lines[0])" | Should -BeLike "$(Join-Path 'images' 'sample_0002.jpg'): PhotoWithoutMask: There is no mask*"
            $null = Test-WmsDataset $data -Quiet -InformationVariable lines
            $lines | Should -BeNullOrEmpty
        }
        finally { Pop-Location }
    }

    It 'lets a pre-push hook say what is wrong, in a repository with quoted names' {
        if (-not (Get-Command git -ErrorAction Ignore)) { Set-ItResult -Skipped -Because 'git is not installed' }
        $repository = New-TestFolder
        $null = New-WmsSampleDataset "$repository/meters" -Count 2 -Size 128
        $name = "za$([char]0x17c)$([char]0xf3)"
        Set-Content "$repository/check.ps1" @"
`$ErrorActionPreference = 'Stop'
Import-Module '$(Get-ModulePath)'
`$changed = git diff --name-only --diff-filter=d HEAD~1 -- meters/images meters/masks
if (`$changed -and -not (`$changed | Test-WmsDataset -Quiet)) { exit 1 }
"@
        Push-Location $repository
        try {
            $git = { git -c user.name=t -c user.email=t@t -c core.autocrlf=false @args 2>&1 | Out-Null }
            & $git init -q
            & $git add .
            & $git commit -qm one
            Copy-Item meters/images/sample_0001.jpg "meters/images/$name.jpg"
            [IO.File]::WriteAllBytes("$repository/meters/masks/$name.png", @())
            & $git add .
            & $git commit -qm two
            $child = Invoke-ChildPwsh "& '$repository/check.ps1'; exit `$LASTEXITCODE"
            $child.ExitCode | Should -Be 1
            @($child.Output) -match ': ' | Should -HaveCount 1
            @($child.Output) -match "^meters.masks.$name\.png: MaskUnreadable: " | Should -HaveCount 1
        }
        finally { Pop-Location }
    }
}

Describe 'The section dataset of wms.yaml' {
    It 'names the data set and the split file where no parameter does' {
        $project = New-TestFolder
        Copy-Item $data "$project/meters" -Recurse
        $set = Join-Path $project 'meters'
        @{ photos = @{ sample_0001 = 'aside' } } | ConvertTo-Json | Set-Content "$project/split.json"
        Set-Content "$project/wms.yaml" "dataset:`n  path: meters`n  split: split.json"
        $null = New-Item -ItemType Directory "$project/sub"
        Push-Location "$project/sub"
        try {
            (Test-WmsDataset).DataPath | Should -Be $set
            (Get-WmsDataset | Where-Object Name -EQ sample_0001).Split | Should -Be 'Aside'
            (Get-WmsDataset $data | Where-Object Name -EQ sample_0001).Split | Should -Not -Be 'Aside'
            (Split-WmsDataset -WhatIf).DataPath | Should -Be $set
            (Merge-WmsDataset $data -WhatIf).ImagePath | Split-Path | Sort-Object -Unique | Should -Be (Join-Path $set 'images')
            Repair-WmsDataset -ErrorAction Stop | Should -BeNullOrEmpty
            Set-Content "$project/wms.yaml" "dataset:`n  path: nowhere"
            foreach ($command in { Test-WmsDataset }, { Get-WmsDataset }) {
                $failure = Get-Failure $command
                "$($failure.CategoryInfo.Category)" | Should -Be 'ObjectNotFound'
                "$failure" | Should -BeLike '*dataset.path*wms.yaml*'
            }
            Test-WmsDataset -Quiet -ErrorAction SilentlyContinue | Should -BeExactly $false
        }
        finally { Pop-Location }
    }
}
