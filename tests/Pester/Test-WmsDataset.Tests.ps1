BeforeAll {
    Import-Module "$PSScriptRoot/TestSupport.psm1"
    $data = New-SampleData
    $faulty = New-SampleData
    [IO.File]::WriteAllText("$faulty/images/sample_0001.jpg", '')
    Remove-Item "$faulty/masks/sample_0002.png"
}

Describe 'Test-WmsDataset' {
    It 'passes a sound data set and counts it' {
        $report = Test-WmsDataset $data
        $report | Should -BeOfType WaterMeters.DatasetReport
        $report.Status | Should -Be 'Pass'
        $report.ImageCount, $report.MaskCount, $report.ValidPairs | Should -Be 24, 24, 24
        $report.Findings | Should -HaveCount 0
        $report.MedianCoverage | Should -BeGreaterThan 0
        $report.DataPath | Should -Be $data
    }

    It 'fails a faulty one, names each fault and counts the rest' {
        $report = Test-WmsDataset $faulty
        $report.Status | Should -Be 'Fail'
        $report.ValidPairs | Should -Be 22
        $report.Findings.Check | Should -Be 'PhotoWithoutMask', 'PhotoUnreadable'
        $report.Findings.Path | Should -Be (Join-Path $faulty 'images' 'sample_0002.jpg'), (Join-Path $faulty 'images' 'sample_0001.jpg')
        "$($report.Findings.ToString())" | Should -Be '2 errors, 0 warnings'
    }

    It 'gives a record a finding with -PerFinding' {
        $findings = @(Test-WmsDataset $faulty -PerFinding)
        $findings | Should -HaveCount 2
        $findings | Should -BeOfType WaterMeters.DatasetFinding
        $findings.Severity | Should -Be 'Error', 'Error'
        Test-WmsDataset $data -PerFinding | Should -BeNullOrEmpty
    }

    It 'gives one bool over everything piped in with -Quiet' {
        $data, $data | Test-WmsDataset -Quiet | Should -BeExactly $true
        @($data, $faulty, $data | Test-WmsDataset -Quiet) | Should -HaveCount 1
        $data, $faulty, $data | Test-WmsDataset -Quiet | Should -BeExactly $false
    }

    It 'makes one report of everything piped in' {
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

    It 'takes the current folder when nothing is named' {
        Push-Location $data
        try { (Test-WmsDataset).DataPath | Should -Be $data } finally { Pop-Location }
    }

    It 'takes a JPEG mask for a warning, and with -Strict for an error' {
        # A mask saved as JPEG is what phones and tools leave.
        $shared = Get-SharedPath 'data/meters'
        $set = New-TestFolder
        $null = New-Item -ItemType Directory "$set/images", "$set/masks"
        $mask = (Get-ChildItem "$shared/masks" -Filter *.jp*g)[0]
        $photo = (Get-ChildItem "$shared/images" -Filter "$($mask.BaseName).*")[0]
        Copy-Item $mask.FullName "$set/masks/one.jpg"
        Copy-Item $photo.FullName "$set/images/one$($photo.Extension)"
        $report = Test-WmsDataset $set
        $report.Status | Should -Be 'Pass'
        $report.Findings.Check | Should -Be 'MaskJpeg'
        $report.Findings[0].Message | Should -Match 'repaired'
        (Test-WmsDataset $set -Strict).Status | Should -Be 'Fail'
    }

    It 'weighs its checks as the nearest wms.yaml says, from the session''s location upward' {
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

    It 'closes the gate when <What> cannot be used' -ForEach @(
        @{ What = 'wms.yaml'; Yaml = "checks:`n  MaskJpeg: fatal"; Parameters = @{}; Id = 'SettingUnusable' }
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

    It 'names both photos of a duplicate, and calls it one in two splits by the split file' {
        $set = New-TestFolder
        $null = New-WmsSampleDataset $set -Count 3 -Size 128 -Defect PhotoDuplicate
        $finding = Test-WmsDataset $set -PerFinding
        $finding.Check, "$($finding.Severity)" | Should -Be 'PhotoDuplicate', 'Warning'
        $finding.Path, $finding.OtherPath | Should -Be (Join-Path $set 'images' 'defect-photo-duplicate-second.jpg'), (Join-Path $set 'images' 'defect-photo-duplicate.jpg')
        $split = Join-Path (New-TestFolder) 'split.json'
        @{ photos = @{ 'defect-photo-duplicate' = 'train'; 'defect-photo-duplicate-second' = 'test' } } | ConvertTo-Json | Set-Content $split
        $finding = Test-WmsDataset $set -PerFinding -SplitPath $split
        $finding.Check, "$($finding.Severity)" | Should -Be 'PhotoInTwoSplits', 'Error'
        $finding.Message | Should -Match 'Test.*Train'
    }
}

Describe 'The report of Test-WmsDataset' {
    It 'has the shape that other programs read' {
        $file = Join-Path (New-TestFolder) 'made' 'report.json'
        $report = Test-WmsDataset $faulty -ReportPath $file
        $report.ReportPath | Should -Be $file
        $json = Get-Content $file -Raw | ConvertFrom-Json -AsHashtable
        $json.Keys | Should -Be 'status', 'image_count', 'mask_count', 'valid_pairs', 'errors', 'warnings', 'statistics', 'histograms', 'findings'
        $json.status | Should -BeExactly 'FAIL'
        $json.image_count, $json.mask_count, $json.valid_pairs | Should -Be 24, 23, 22
        $json.errors | Should -HaveCount 2
        $json.errors[0] | Should -BeLike 'sample_0002.jpg: *'
        $json.statistics.Keys | Should -Be 'resolution', 'median_coverage_%', 'std_coverage_%'
        $json.statistics['median_coverage_%'] | Should -BeGreaterThan 0.5
        ($json.histograms['coverage_%'] | ForEach-Object { $_['count'] } | Measure-Object -Sum).Sum | Should -Be 23
        $json.findings.check | Should -Be 'PhotoWithoutMask', 'PhotoUnreadable'
        $json.findings[0].Keys | Should -Be 'check', 'severity', 'name', 'path', 'other_path', 'message'
        $json.findings[0].severity, $json.findings[0].name, $json.findings[0].path | Should -Be 'error', 'sample_0002', (Join-Path $faulty 'images' 'sample_0002.jpg')
        Get-FileName (Split-Path $file) | Should -Be 'report.json'
    }

    It 'replaces an older one' {
        $file = Join-Path (New-TestFolder) 'report.json'
        foreach ($set in $faulty, $data) { $null = Test-WmsDataset $set -ReportPath $file }
        (Get-Content $file -Raw | ConvertFrom-Json).status | Should -BeExactly 'PASS'
    }

    It 'is written for a missing <What> under ErrorActionPreference Stop, and says FAIL' -ForEach @(
        @{ What = 'folder'; Folder = 'nowhere' }, @{ What = 'drive'; Folder = 'nodrive:/data' }, @{ What = 'match of a pattern'; Folder = 'set[1' }
    ) {
        $file = Join-Path (New-TestFolder) 'report.json'
        $child = Invoke-ChildPwsh -ImportModule "if (-not (Test-WmsDataset '$Folder' -ReportPath '$file' -Quiet)) { 'gate closed'; exit 3 }"
        $child.Output | Should -Be 'gate closed' -Because ($child.Error -join "`n")
        $child.ExitCode | Should -Be 3
        $json = Get-Content $file -Raw | ConvertFrom-Json
        $json.status | Should -BeExactly 'FAIL'
        $json.errors | Should -BeLike "*$($Folder.Replace('[', '`['))*"
    }

    It 'closes the gate when it cannot be written, whatever ErrorActionPreference says' {
        $where = Join-Path $data 'images' 'sample_0001.jpg' 'report.json'
        $failure = Get-Failure { Test-WmsDataset $data -ReportPath $where -Quiet -OutVariable script:answer }
        $failure.FullyQualifiedErrorId | Should -BeLike 'DatasetUnusable,*'
        $failure.TargetObject | Should -Be $where
        "$failure" | Should -BeLike '*-ReportPath*'
        $answer | Should -BeExactly $false
        foreach ($preference in 'Continue', 'Stop') {
            $child = Invoke-ChildPwsh -ImportModule "`$ErrorActionPreference = '$preference'; if (-not (Test-WmsDataset '$data' -ReportPath '$where' -Quiet)) { exit 3 }; exit 0"
            $child.ExitCode | Should -BeIn 1, 3 -Because "$preference must not open it"
        }
    }

    It 'is not written with -WhatIf, and the check is made all the same' {
        $folder = New-TestFolder
        $report = Test-WmsDataset $data -ReportPath "$folder/report.json" -WhatIf
        $report.Status | Should -Be 'Pass'
        $report.ReportPath | Should -BeNullOrEmpty
        Get-ChildItem $folder | Should -BeNullOrEmpty
    }

    It 'is refused before the check when its name says no form: <Name>' -ForEach @(@{ Name = 'report.txt' }, @{ Name = 'report' }) {
        $folder = New-TestFolder
        $failure = Get-Failure { Test-WmsDataset $data -ReportPath "$folder/report.json", "$folder/$Name" }
        $failure.FullyQualifiedErrorId | Should -BeLike 'SettingUnusable,*'
        $failure.TargetObject | Should -Be "$folder/$Name"
        "$failure" | Should -BeLike '*.json, .html or .htm*'
        $null = Get-Failure { Test-WmsDataset $data -ReportPath "$folder/$Name" -Quiet -OutVariable script:answer }
        $answer | Should -BeExactly $false
        Get-ChildItem $folder | Should -BeNullOrEmpty
    }

    It 'is written in several forms at once, and the first is the one of the record' {
        $folder = New-TestFolder
        $report = Test-WmsDataset $faulty -ReportPath "$folder/report.json", "$folder/page.HTML", "$folder/page.htm"
        $report.ReportPath | Should -Be (Join-Path $folder 'report.json')
        Get-FileName $folder | Should -Be 'page.htm', 'page.HTML', 'report.json'
    }

    It 'is written where it can be when another one cannot, and the gate closes' {
        $folder = New-TestFolder
        Set-Content "$folder/file" 'no folder'
        $failure = Get-Failure { Test-WmsDataset $data -ReportPath "$folder/file/report.html", "$folder/report.html" -Quiet -OutVariable script:answer }
        $failure.FullyQualifiedErrorId | Should -BeLike 'DatasetUnusable,*'
        $answer | Should -BeExactly $false
        Get-FileName $folder | Should -Be 'file', 'report.html'
    }

    It 'lies where the session is, not where the process is' {
        $folder = New-TestFolder
        Push-Location $folder
        try { $null = Test-WmsDataset $data -ReportPath report.json } finally { Pop-Location }
        Get-FileName $folder | Should -Be 'report.json'
    }
}

Describe 'The page of Test-WmsDataset' {
    BeforeAll {
        function Read-Page([string] $Path) {
            # Whoever breaks out of his place in a page breaks it for this parser.
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

    It 'shows every kind of fault with its pictures, in one file that asks for nothing' {
        $set, $folder = (New-TestFolder), (New-TestFolder)
        $null = New-WmsSampleDataset $set -Count 24 -Size 128 -Defect All
        $report = Test-WmsDataset $set -ReportPath "$folder/report.html"
        Get-FileName $folder | Should -Be 'report.html'
        $page = Read-Page $report.ReportPath
        $page.SelectNodes('//article').Count | Should -Be $report.Findings.Count
        $page.SelectNodes('//section').id | Sort-Object | Should -Be ($report.Findings.Check | Sort-Object -Unique | ForEach-Object { "check-$_" })
        $page.SelectNodes('//figure[@class="chart"]').Count | Should -BeGreaterThan 4
        foreach ($check in 'PhotoDuplicate', 'PhotoWithTwoMasks', 'PhotoInTwoSplits') { $page.SelectNodes("//section[@id='check-$check']//img").Count | Should -Be 4 -Because $check }
        $page.SelectNodes('//@src') | ForEach-Object Value | Should -Match '^data:image/jpeg;base64,[A-Za-z0-9+/=]+$'
        $page.SelectNodes('//@href') | ForEach-Object Value | Should -Match '^#'
        $page.SelectNodes('//script').Count | Should -Be 0
        $text = [IO.File]::ReadAllText($report.ReportPath)
        $text | Should -Not -Match 'https?:|url\(|@import'
        $text | Should -Match "default-src 'none'|default-src &#x27;none&#x27;"
        (Get-Item $report.ReportPath).Length | Should -BeLessThan 1MB
    }

    It 'shows names of files as text, whatever they are' {
        # What a name may hold depends on the system; each takes what it can.
        $names = $IsWindows ? @("a'b & c;") : @('<script>alert(1)<', '"><img src=x onerror=alert(1)>', "a'b&lt;c", "gpj.$([char] 0x202E)exe", "bell$([char] 7)")
        $set = New-TestFolder
        $null = New-Item -ItemType Directory "$set/images", "$set/masks"
        foreach ($name in $names) { [IO.File]::Copy((Join-Path $data 'images' 'sample_0003.jpg'), [IO.Path]::Join($set, 'images', "$name.jpg")) }
        $report = Test-WmsDataset $set -ReportPath "$set/report.htm"
        $page = Read-Page $report.ReportPath
        $page.SelectNodes('//script').Count | Should -Be 0
        $page.SelectNodes('//@*[starts-with(name(), "on")]').Count | Should -Be 0
        $page.SelectNodes('//article').Count | Should -Be $report.Findings.Count
        $shown = $page.SelectNodes('//article/p[@class="file"]') | ForEach-Object InnerText
        foreach ($name in $names) { $shown.Replace('\', '/') | Should -Contain "images/$($name -replace '[\x07\u202E]', [char] 0xFFFD).jpg" }
    }

    It 'is written for a folder that is not there' {
        $file = Join-Path (New-TestFolder) 'report.html'
        (Test-WmsDataset (Join-Path (New-TestFolder) 'nowhere') -ReportPath $file).Status | Should -Be 'Fail'
        (Read-Page $file).SelectNodes('//section').id | Should -Be 'check-NoDataset'
    }
}

Describe 'A process that has checked a data set' {
    It 'has neither libtorch nor ONNX Runtime in it' {
        $child = Invoke-ChildPwsh -ImportModule "Test-WmsDataset '$data' -NoCache -Quiet; [Diagnostics.Process]::GetCurrentProcess().Modules.ModuleName"
        $child.Output[0] | Should -Be 'True' -Because ($child.Error -join "`n")
        $child.Output -match 'SkiaSharp' | Should -Not -BeNullOrEmpty
        $child.Output -match 'torch|c10|onnxruntime' | Should -BeNullOrEmpty
    }
}

Describe 'What Test-WmsDataset saw' {
    BeforeAll {
        # The pairs that a check looked at, and its report without the time.
        function Get-Check([string] $Path, [hashtable] $With = @{}) {
            $all = @(Test-WmsDataset $Path -Verbose @With 4>&1)
            $said = @($all | Where-Object { $_ -is [Management.Automation.VerboseRecord] }) -join ' '
            [pscustomobject]@{
                Looked = $said -match '(\d+) pairs of .* were looked at' ? [int]$Matches[1] : -1
                Report = $all | Where-Object { $_ -is [WaterMeters.DatasetReport] } | Select-Object * -ExcludeProperty Duration | ConvertTo-Json -Depth 5
                Said   = $said
            }
        }

        function Set-WriteTime([string] $Path, [DateTime] $Time) { Get-ChildItem $Path -Recurse -File | ForEach-Object { $_.LastWriteTimeUtc = $Time } }

        $before = $env:WMS_CACHE_PATH
        $time = [DateTime]::UtcNow.AddHours(-1)
    }

    BeforeEach {
        $set = New-SampleData
        Set-WriteTime $set $time
        $env:WMS_CACHE_PATH = New-TestFolder
    }

    AfterAll { $env:WMS_CACHE_PATH = $before }

    It 'is not looked at again, until a file changes' {
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

    It 'is not kept, and not asked for, with -NoCache' {
        $null = Get-Check $set @{ NoCache = $true }
        Get-ChildItem $env:WMS_CACHE_PATH | Should -BeNullOrEmpty
        $null = Get-Check $set
        $kept = Get-ChildItem $env:WMS_CACHE_PATH -Recurse -File
        $kept | Should -HaveCount 1

        # Another photo of the same size and time: only who looks sees it.
        $photo = Get-Item "$set/images/sample_0005.jpg"
        $bytes = [byte[]]::new($photo.Length)
        [IO.File]::WriteAllBytes($photo.FullName, $bytes)
        Set-WriteTime $photo.FullName $time
        (Test-WmsDataset $set).Status | Should -Be 'Pass'
        (Test-WmsDataset $set -NoCache).Findings.Check | Should -Be 'PhotoUnreadable'
        (Get-Item $kept.FullName).Length | Should -Be $kept.Length
    }

    It 'is not kept with -WhatIf, which writes nothing' {
        $null = Test-WmsDataset $set -ReportPath "$set/report.json" -WhatIf
        & { $WhatIfPreference = $true; $null = Test-WmsDataset $set -Quiet }
        Get-ChildItem $env:WMS_CACHE_PATH | Should -BeNullOrEmpty
    }

    It 'is kept below the location of the session where its folder has a relative name' {
        $folder = New-TestFolder
        $env:WMS_CACHE_PATH = 'kept'
        Push-Location $folder
        try { $null = Test-WmsDataset $set -Quiet } finally { Pop-Location }
        Get-ChildItem "$folder/kept" -Recurse -File | Should -HaveCount 1
    }

    It 'is told of, and no error, where it cannot be kept' {
        $env:WMS_CACHE_PATH = Join-Path $set 'images' 'sample_0001.jpg'
        $check = Get-Check $set
        $check.Looked | Should -Be 24
        $check.Said | Should -BeLike '*cannot be kept*'
        (Test-WmsDataset $set -ErrorVariable errors).Status | Should -Be 'Pass'
        $errors | Should -BeNullOrEmpty
    }
}
