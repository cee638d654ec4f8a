BeforeAll {
    Import-Module "$PSScriptRoot/../../Support/TestSupport.psm1"
    $data = New-SampleData
    $faulty = New-SampleData
    [IO.File]::WriteAllText("$faulty/images/sample_0001.jpg", '')
    Remove-Item "$faulty/masks/sample_0002.png"
}

Describe 'The report of Test-WmsDataset' {
    It 'has the JSON keys that other programs read' {
        $file = Join-Path (New-TestFolder) 'made' 'report.json'
        $report = Test-WmsDataset $faulty -ReportPath $file
        $report.ReportPath | Should -Be $file
        $json = Get-Content $file -Raw | ConvertFrom-Json -AsHashtable
        $json.Keys |
            Should -Be @(
                'status', 'image_count', 'mask_count', 'valid_pairs', 'errors', 'warnings', 'statistics', 'histograms', 'findings'
                'data_path', 'checked', 'seconds'
            )
        $json.status | Should -BeExactly 'FAIL'
        $json.image_count, $json.mask_count, $json.valid_pairs | Should -Be 24, 23, 22
        $json.errors | Should -HaveCount 2
        $json.errors[0] | Should -BeLike 'sample_0002.jpg: *'
        $json.statistics.Keys | Should -Be 'resolution', 'median_coverage_%', 'std_coverage_%'
        $json.statistics['median_coverage_%'] | Should -BeGreaterThan 0.5
        ($json.histograms['coverage_%'] | ForEach-Object { $_['count'] } | Measure-Object -Sum).Sum | Should -Be 23
        $json.findings.check | Should -Be 'PhotoWithoutMask', 'PhotoUnreadable'
        $json.findings[0].Keys | Should -Be 'check', 'severity', 'name', 'path', 'other_path', 'message'
        $json.findings[0].severity, $json.findings[0].name, $json.findings[0].path |
            Should -Be 'error', 'sample_0002', (Join-Path $faulty 'images' 'sample_0002.jpg')
        Get-FileName (Split-Path $file) | Should -Be 'report.json'
    }

    It 'replaces an existing report' {
        $file = Join-Path (New-TestFolder) 'report.json'
        foreach ($set in $faulty, $data) { $null = Test-WmsDataset $set -ReportPath $file }
        (Get-Content $file -Raw | ConvertFrom-Json).status | Should -BeExactly 'PASS'
    }

    It 'is not written for data that are not there: that is an error, which ends a script with ErrorActionPreference Stop' {
        $folder = New-TestFolder
        $child = Invoke-ChildPwsh -ImportModule @"
            foreach (`$data in 'nowhere', 'nodrive:/data', 'set[1') {
                try { if (-not (Test-WmsDataset `$data -ReportPath "$folder/report.json" -Quiet)) { "fails" } }
                catch { `$_.FullyQualifiedErrorId }
            }
"@
        $child.Output | Should -Be @('PathNotFound', 'DriveNotFound', 'PathNotFound' | ForEach-Object {
                "$_,WaterMeters.PowerShell.Commands.Datasets.TestWmsDatasetCommand"
            })
        Get-FileName $folder | Should -BeNullOrEmpty
    }

    It 'fails the check when it cannot be written, under every ErrorActionPreference' {
        $where = Join-Path $data 'images' 'sample_0001.jpg' 'report.json'
        $failure = Get-Failure { Test-WmsDataset $data -ReportPath $where -Quiet -OutVariable script:answer }
        $failure.FullyQualifiedErrorId | Should -BeLike 'DatasetUnusable,*'
        $failure.TargetObject | Should -Be $where
        "$failure" | Should -BeLike '*-ReportPath*'
        $answer | Should -BeExactly $false
        foreach ($preference in 'Continue', 'Stop') {
            $script = "`$ErrorActionPreference = '$preference'; if (-not (Test-WmsDataset '$data' -ReportPath '$where' -Quiet)) " +
                "{ exit 3 }; exit 0"
            (Invoke-ChildPwsh -ImportModule $script).ExitCode | Should -BeIn 1, 3 -Because "it must fail under $preference"
        }
    }

    It 'is not written with -WhatIf, but the check runs' {
        $folder = New-TestFolder
        $report = Test-WmsDataset $data -ReportPath "$folder/report.json" -WhatIf
        $report.Status | Should -Be 'Pass'
        $report.ReportPath | Should -BeNullOrEmpty
        Get-ChildItem $folder | Should -BeNullOrEmpty
    }

    It 'is refused before the check when its format is unknown: <Name>' -ForEach @(@{ Name = 'report.txt' }, @{ Name = 'report' }) {
        $folder = New-TestFolder
        $failure = Get-Failure { Test-WmsDataset $data -ReportPath "$folder/report.json", "$folder/$Name" }
        $failure.FullyQualifiedErrorId | Should -BeLike 'SettingUnusable,*'
        $failure.TargetObject | Should -Be "$folder/$Name"
        "$failure" | Should -BeLike '*.json, .html, .htm, .md, .sarif or .xml*'
        $null = Get-Failure { Test-WmsDataset $data -ReportPath "$folder/$Name" -Quiet -OutVariable script:answer }
        $answer | Should -BeExactly $false
        Get-ChildItem $folder | Should -BeNullOrEmpty
    }

    It 'is written in several formats at once; ReportPath is the first' {
        $folder = New-TestFolder
        $report = Test-WmsDataset $faulty -ReportPath "$folder/report.json", "$folder/page.HTML", "$folder/page.htm"
        $report.ReportPath | Should -Be (Join-Path $folder 'report.json')
        Get-FileName $folder | Should -Be 'page.htm', 'page.HTML', 'report.json'
    }

    It 'is written when another report cannot be, and the check fails' {
        $folder = New-TestFolder
        Set-Content "$folder/file" 'no folder'
        $failure = Get-Failure {
            Test-WmsDataset $data -ReportPath "$folder/file/report.html", "$folder/report.html" -Quiet -OutVariable script:answer
        }
        $failure.FullyQualifiedErrorId | Should -BeLike 'DatasetUnusable,*'
        $answer | Should -BeExactly $false
        Get-FileName $folder | Should -Be 'file', 'report.html'
    }

    It 'is written for CI systems, with paths from the root of the repository' {
        $repository = New-TestFolder
        $null = New-Item -ItemType Directory "$repository/.git"
        Copy-Item $faulty "$repository/set" -Recurse
        $null = Test-WmsDataset "$repository/set" -ReportPath "$repository/r.sarif", "$repository/r.xml", "$repository/r.md"
        $run = (Get-Content "$repository/r.sarif" -Raw | ConvertFrom-Json).runs[0]
        $run.results.ruleId | Should -Be 'PhotoWithoutMask', 'PhotoUnreadable'
        $run.results.locations.physicalLocation.artifactLocation.uri | Should -Be 'set/images/sample_0002.jpg', 'set/images/sample_0001.jpg'
        $suites = ([xml] (Get-Content "$repository/r.xml" -Raw)).testsuites
        $suites.failures | Should -Be '2'
        @($suites.testsuite.testcase | Where-Object { $_['failure'] }).name | Should -Contain 'set/images/sample_0001.jpg'
        Get-Content "$repository/r.md" -TotalCount 1 | Should -Be '### Data set check: Fail'
    }

    It 'is written relative to the session''s location, not the process''s' {
        $folder = New-TestFolder
        Push-Location $folder
        try { $null = Test-WmsDataset $data -ReportPath report.json } finally { Pop-Location }
        Get-FileName $folder | Should -Be 'report.json'
    }
}

Describe 'Test-WmsDataset -GitHub' {
    BeforeEach {
        $folder = New-TestFolder
        $before = $env:GITHUB_STEP_SUMMARY, $env:GITHUB_OUTPUT, $env:GITHUB_WORKSPACE
        $env:GITHUB_STEP_SUMMARY, $env:GITHUB_OUTPUT, $env:GITHUB_WORKSPACE = "$folder/summary", "$folder/output", (Split-Path $faulty)
    }

    AfterEach { $env:GITHUB_STEP_SUMMARY, $env:GITHUB_OUTPUT, $env:GITHUB_WORKSPACE = $before }

    It 'annotates the files, appends the summary and sets the outputs' {
        $passed = Test-WmsDataset $faulty -GitHub -Quiet -InformationVariable lines 6> $null
        $passed | Should -BeExactly $false
        "$($lines[0])" | Should -BeLike "::error file=$(Split-Path $faulty -Leaf)/images/sample_000?.jpg,title=Photo*%3A sample_000?::*"
        $lines | Where-Object Tags -contains WmsAnnotation | Should -HaveCount 2
        Get-Content "$folder/summary" -TotalCount 1 | Should -Be '### Data set check: Fail'
        Get-Content "$folder/output" | Should -Be 'status=fail', 'errors=2', 'warnings=0'
        Test-WmsDataset $data -GitHub -Quiet | Should -BeExactly $true
        Get-Content "$folder/output" | Select-Object -Last 3 | Should -Be 'status=pass', 'errors=0', 'warnings=0'
        $null = Get-Failure { Test-WmsDataset $data, "$data-typo" -GitHub -Quiet }
        Get-Content "$folder/output" | Select-Object -Last 3 | Should -Be 'status=fail', 'errors=0', 'warnings=0'
    }

    It 'makes the check and its report outside of a step, and then fails' {
        $env:GITHUB_OUTPUT = $null
        $failure = Get-Failure {
            Test-WmsDataset $data -GitHub -Quiet -ReportPath "$folder/r.json" -OutVariable script:answer `
                -WarningVariable script:warned 3> $null
        }
        $failure.TargetObject | Should -Be 'GITHUB_OUTPUT'
        $answer | Should -BeExactly $false
        "$warned" | Should -BeLike '*step of GitHub Actions*'
        Get-FileName $folder | Should -Be 'r.json'
    }
}

Describe 'The page of Test-WmsDataset' {
    BeforeAll {
        function Read-Page([string] $Path) {
            # A file name that is not escaped makes the page unreadable for this parser.
            $settings = [Xml.XmlReaderSettings]@{ DtdProcessing = 'Ignore'; XmlResolver = $null }
            $reader = [Xml.XmlReader]::Create($Path, $settings)
            try {
                $page = [Xml.XmlDocument]::new()
                $page.Load($reader)
                , $page
            }
            finally { $reader.Dispose() }
        }
    }

    It 'shows every kind of finding with its images, in one file that loads nothing from outside' {
        $set, $folder = (New-TestFolder), (New-TestFolder)
        $null = New-WmsSampleDataset $set -Count 24 -Size 128 -Defect All
        $report = Test-WmsDataset $set -ReportPath "$folder/report.html"
        Get-FileName $folder | Should -Be 'report.html'
        $page = Read-Page $report.ReportPath
        $page.SelectNodes('//article').Count | Should -Be $report.Findings.Count
        $page.SelectNodes('//section').id | Sort-Object |
            Should -Be ($report.Findings.Check | Sort-Object -Unique | ForEach-Object { "check-$_" })
        $page.SelectNodes('//figure[@class="chart"]').Count | Should -BeGreaterThan 4
        foreach ($check in 'PhotoDuplicate', 'PhotoWithTwoMasks', 'PhotoInTwoSplits') {
            $page.SelectNodes("//section[@id='check-$check']//img").Count | Should -Be 4 -Because $check
        }
        $page.SelectNodes('//@src') | ForEach-Object Value | Should -Match '^data:image/jpeg;base64,[A-Za-z0-9+/=]+$'
        $page.SelectNodes('//@href') | ForEach-Object Value | Should -Match '^#'
        $page.SelectNodes('//script').Count | Should -Be 0
        $text = [IO.File]::ReadAllText($report.ReportPath)
        $text | Should -Not -Match 'https?:|url\(|@import'
        $text | Should -Match "default-src 'none'|default-src &#x27;none&#x27;"
        (Get-Item $report.ReportPath).Length | Should -BeLessThan 1MB
    }

    It 'escapes file names' {
        # Which characters a name may have depends on the operating system.
        $names = $IsWindows ? @("a'b & c;") :
            @('<script>alert(1)<', '"><img src=x onerror=alert(1)>', "a'b&lt;c", "gpj.$([char] 0x202E)exe", "bell$([char] 7)")
        $set = New-TestFolder
        $null = New-Item -ItemType Directory "$set/images", "$set/masks"
        foreach ($name in $names) {
            [IO.File]::Copy((Join-Path $data 'images' 'sample_0003.jpg'), [IO.Path]::Join($set, 'images', "$name.jpg"))
        }
        $report = Test-WmsDataset $set -ReportPath "$set/report.htm"
        $page = Read-Page $report.ReportPath
        $page.SelectNodes('//script').Count | Should -Be 0
        $page.SelectNodes('//@*[starts-with(name(), "on")]').Count | Should -Be 0
        $page.SelectNodes('//article').Count | Should -Be $report.Findings.Count
        $shown = $page.SelectNodes('//article/p[@class="file"]') | ForEach-Object InnerText
        foreach ($name in $names) {
            $shown.Replace('\', '/') | Should -Contain "images/$($name -replace '[\x07\u202E]', [char] 0xFFFD).jpg"
        }
    }

    It 'is written for a folder that is not a data set' {
        $file = Join-Path (New-TestFolder) 'report.html'
        (Test-WmsDataset (New-TestFolder) -ReportPath $file).Status | Should -Be 'Fail'
        (Read-Page $file).SelectNodes('//section').id | Should -Be 'check-NoDataset'
    }
}
