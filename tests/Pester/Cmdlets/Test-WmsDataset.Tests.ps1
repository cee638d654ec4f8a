BeforeAll {
    Import-Module "$PSScriptRoot/../../Support/TestSupport.psm1"
    $data = New-SampleData
    $faulty = New-SampleData
    [IO.File]::WriteAllText("$faulty/images/sample_0001.jpg", '')
    Remove-Item "$faulty/masks/sample_0002.png"
}

Describe 'Test-WmsDataset' {
    It 'passes a valid data set and counts its pairs' {
        $report = Test-WmsDataset $data
        $report | Should -BeOfType WaterMeters.DatasetReport
        $report.Status | Should -Be 'Pass'
        $report.ImageCount, $report.MaskCount, $report.ValidPairs | Should -Be 24, 24, 24
        $report.Findings | Should -HaveCount 0
        $report.MedianCoverage | Should -BeGreaterThan 0
        $report.DataPath | Should -Be $data
    }

    It 'fails a faulty data set, reports each finding and counts the valid pairs' {
        $report = Test-WmsDataset $faulty
        $report.Status | Should -Be 'Fail'
        $report.ValidPairs | Should -Be 22
        $report.Findings.Check | Should -Be 'PhotoWithoutMask', 'PhotoUnreadable'
        $report.Findings.Path | Should -Be (Join-Path $faulty 'images' 'sample_0002.jpg'), (Join-Path $faulty 'images' 'sample_0001.jpg')
        "$($report.Findings.ToString())" | Should -Be '2 errors, 0 warnings'
    }

    It 'returns one record per finding with -PerFinding' {
        $findings = @(Test-WmsDataset $faulty -PerFinding)
        $findings | Should -HaveCount 2
        $findings | Should -BeOfType WaterMeters.DatasetFinding
        $findings.Severity | Should -Be 'Error', 'Error'
        Test-WmsDataset $data -PerFinding | Should -BeNullOrEmpty
    }

    It 'returns one boolean for all piped data sets with -Quiet' {
        $data, $data | Test-WmsDataset -Quiet | Should -BeExactly $true
        @($data, $faulty, $data | Test-WmsDataset -Quiet) | Should -HaveCount 1
        $data, $faulty, $data | Test-WmsDataset -Quiet | Should -BeExactly $false
    }

    It 'returns one report for all piped data sets' {
        $report = @(Get-Item $data, $faulty | Test-WmsDataset)
        $report | Should -HaveCount 1
        $report.ImageCount | Should -Be 48
        $report.DataPath | Should -Be ($data, $faulty -join [IO.Path]::PathSeparator)
    }

    It 'fails when nothing is piped in' {
        @() | Test-WmsDataset -Quiet | Should -BeExactly $false
        $report = @() | Test-WmsDataset
        $report.Status | Should -Be 'Fail'
        $report.Findings[0].Check | Should -Be 'NoDataset'
    }

    It 'fails an empty data set' {
        $empty = New-TestFolder
        $null = New-Item -ItemType Directory "$empty/images", "$empty/masks"
        (Test-WmsDataset $empty).Findings.Check | Should -Contain 'NoPhotos'
        Test-WmsDataset $empty -Quiet | Should -BeFalse
    }

    It 'uses the current folder when no path is given' {
        Push-Location $data
        try { (Test-WmsDataset).DataPath | Should -Be $data } finally { Pop-Location }
    }

    It 'reports a JPEG mask as a warning, and as an error with -Strict' {
        # Phones and editing tools often save masks as JPEG.
        $shared = Get-SharedPath 'data/meters'
        $set = New-TestFolder
        $null = New-Item -ItemType Directory "$set/images", "$set/masks"
        $mask = (Get-ChildItem "$shared/masks" -Filter *.jp*g)[0]
        $photo = (Get-ChildItem "$shared/images" | Where-Object BaseName -EQ $mask.BaseName)[0]
        Copy-Item $mask.FullName "$set/masks/one.jpg"
        Copy-Item $photo.FullName "$set/images/one$($photo.Extension)"
        $report = Test-WmsDataset $set
        $report.Status | Should -Be 'Pass'
        $report.Findings.Check | Should -Be 'MaskJpeg', 'PartTooSmall'
        $report.Findings[0].Message | Should -Match 'repaired'
        (Test-WmsDataset $set -Strict).Status | Should -Be 'Fail'
    }

    It 'takes severities from the nearest wms.yaml, from the session''s location upward' {
        $project = New-TestFolder
        $null = New-Item -ItemType Directory "$project/sub/deeper"
        Set-Content "$project/wms.yaml" "checks:`n  PhotoUnreadable: warning`n  PhotoWithoutMask: off"
        Push-Location "$project/sub/deeper"
        try {
            $report = Test-WmsDataset $faulty
            $report.Status, $report.ErrorCount, $report.WarningCount, $report.ValidPairs | Should -Be 'Pass', 0, 1, 23
            $report.Findings.Check | Should -Be 'PhotoUnreadable'

            Set-Content "$project/sub/wms.yaml" "checks:`n  PhotoUnreadible: off"
            (Test-WmsDataset $faulty -WarningVariable warnings -WarningAction SilentlyContinue).ErrorCount | Should -Be 2
            $warnings | Should -BeLike "*$(Join-Path 'sub' 'wms.yaml')*PhotoUnreadible*"
        }
        finally { Pop-Location }
        Test-WmsDataset $faulty -Quiet | Should -BeFalse
    }

    It 'returns false when <What> cannot be used' -ForEach @(
        @{ What = 'wms.yaml'; Yaml = "checks:`n  MaskJpeg: fatal"; Parameters = @{}; Id = 'SettingUnusable' }
        @{ What = 'a misspelt check of wms.yaml'; Yaml = "checks:`n  MaskJpg: off"; Parameters = @{}; Id = 'SettingUnusable' }
        @{ What = 'a misspelt part of wms.yaml'; Yaml = "chekcs:`n  MaskJpeg: off"; Parameters = @{}; Id = 'SettingUnusable' }
        @{ What = 'the split file'; Yaml = ''; Parameters = @{ SplitPath = 'nowhere.json' }; Id = 'DatasetUnusable' }
        @{ What = 'the drive of the split file'; Yaml = ''; Parameters = @{ SplitPath = 'nodrive:/split.json' }; Id = 'DriveNotFound' }
    ) {
        $project = New-TestFolder
        Set-Content "$project/wms.yaml" $Yaml
        Push-Location $project
        try {
            $failure = Get-Failure { Test-WmsDataset $data -Quiet @Parameters -OutVariable script:answer }
            $failure.FullyQualifiedErrorId | Should -BeLike "$Id,*"
            $answer | Should -BeExactly $false
        }
        finally { Pop-Location }
    }

    It 'names both photos of a duplicate, and reports PhotoInTwoSplits when a split file separates them' {
        $set = New-TestFolder
        $null = New-WmsSampleDataset $set -Count 3 -Size 128 -Defect PhotoDuplicate
        $finding = Test-WmsDataset $set -PerFinding | Where-Object Check -NE PartTooSmall
        $finding.Check, "$($finding.Severity)" | Should -Be 'PhotoDuplicate', 'Warning'
        $finding.Path, $finding.OtherPath |
            Should -Be (Join-Path $set 'images' 'defect-photo-duplicate-second.jpg'), (Join-Path $set 'images' 'defect-photo-duplicate.jpg')
        $split = Join-Path (New-TestFolder) 'split.json'
        @{ photos = @{ 'defect-photo-duplicate' = 'train'; 'defect-photo-duplicate-second' = 'test' } } | ConvertTo-Json |
            Set-Content $split
        $finding = Test-WmsDataset $set -PerFinding -SplitPath $split | Where-Object Check -NE PartTooSmall
        $finding.Check, "$($finding.Severity)" | Should -Be 'PhotoInTwoSplits', 'Error'
        $finding.Message | Should -Match 'Test.*Train'
    }
}

Describe 'A process that ran Test-WmsDataset' {
    It 'has loaded neither libtorch nor ONNX Runtime' {
        $child = Invoke-ChildPwsh -ImportModule ("Test-WmsDataset '$data' -NoCache -Quiet; " +
            "[Diagnostics.Process]::GetCurrentProcess().Modules.ModuleName")
        $child.Output[0] | Should -Be 'True' -Because ($child.Error -join "`n")
        $child.Output -match 'SkiaSharp' | Should -Not -BeNullOrEmpty
        $child.Output -match 'torch|c10|onnxruntime' | Should -BeNullOrEmpty
    }
}

Describe 'The cache of Test-WmsDataset' {
    BeforeAll {
        # The number of pairs that were inspected, and the report without its duration.
        function Get-Check([string] $Path, [hashtable] $With = @{}) {
            $all = @(Test-WmsDataset $Path -Verbose @With 4>&1)
            $said = @($all | Where-Object { $_ -is [Management.Automation.VerboseRecord] }) -join ' '
            [pscustomobject]@{
                Looked = $said -match 'Measured pairs of .*?: (\d+); read' ? [int]$Matches[1] : -1
                Report = $all | Where-Object { $_ -is [WaterMeters.DatasetReport] } | Select-Object * -ExcludeProperty Duration |
                    ConvertTo-Json -Depth 5
                Said   = $said
            }
        }

        function Set-WriteTime([string] $Path, [DateTime] $Time) {
            Get-ChildItem $Path -Recurse -File | ForEach-Object { $_.LastWriteTimeUtc = $Time }
        }

        $before = $env:WMS_CACHE_PATH
        $time = [DateTime]::UtcNow.AddHours(-1)
    }

    BeforeEach {
        $set = New-SampleData
        Set-WriteTime $set $time
        $env:WMS_CACHE_PATH = New-TestFolder
    }

    AfterAll { $env:WMS_CACHE_PATH = $before }

    It 'avoids decoding a pair again until a file changes' {
        $first = Get-Check $set
        $second = Get-Check $set
        $first.Looked, $second.Looked | Should -Be 24, 0
        $second.Report | Should -BeExactly $first.Report
        Copy-Item "$set/masks/sample_0003.png" "$set/masks/sample_0004.png"
        Set-WriteTime "$set/masks/sample_0004.png" $time.AddMinutes(1)
        $third = Get-Check $set
        $third.Looked | Should -Be 1
        $third.Report | Should -BeExactly (Get-Check $set @{ NoCache = $true }).Report
    }

    It 'is neither written nor read with -NoCache' {
        $null = Get-Check $set @{ NoCache = $true }
        Get-ChildItem $env:WMS_CACHE_PATH | Should -BeNullOrEmpty
        $null = Get-Check $set
        $kept = Get-ChildItem $env:WMS_CACHE_PATH -Recurse -File
        $kept | Should -HaveCount 1

        # Other content of the same length and time: only reading the file reveals it.
        $photo = Get-Item "$set/images/sample_0005.jpg"
        $bytes = [byte[]]::new($photo.Length)
        [IO.File]::WriteAllBytes($photo.FullName, $bytes)
        Set-WriteTime $photo.FullName $time
        (Test-WmsDataset $set).Status | Should -Be 'Pass'
        (Test-WmsDataset $set -NoCache).Findings.Check | Should -Be 'PhotoUnreadable'
        (Get-Item $kept.FullName).Length | Should -Be $kept.Length
    }

    It 'is not written with -WhatIf' {
        $null = Test-WmsDataset $set -ReportPath "$set/report.json" -WhatIf
        & { $WhatIfPreference = $true; $null = Test-WmsDataset $set -Quiet }
        Get-ChildItem $env:WMS_CACHE_PATH | Should -BeNullOrEmpty
    }

    It 'is written relative to the session''s location when its path is relative' {
        $folder = New-TestFolder
        $env:WMS_CACHE_PATH = 'kept'
        Push-Location $folder
        try { $null = Test-WmsDataset $set -Quiet } finally { Pop-Location }
        Get-ChildItem "$folder/kept" -Recurse -File | Should -HaveCount 1
    }

    It 'gives a verbose message and no error when it cannot be written' {
        $env:WMS_CACHE_PATH = Join-Path $set 'images' 'sample_0001.jpg'
        $check = Get-Check $set
        $check.Looked | Should -Be 24
        $check.Said | Should -BeLike '*Cannot write the cache*'
        (Test-WmsDataset $set -ErrorVariable errors).Status | Should -Be 'Pass'
        $errors | Should -BeNullOrEmpty
    }
}
