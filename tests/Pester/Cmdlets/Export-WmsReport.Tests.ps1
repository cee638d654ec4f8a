BeforeAll {
    Import-Module "$PSScriptRoot/../../Support/TestSupport.psm1"
    $data = New-SampleData
    $one, $two = foreach ($seed in 1, 2) { New-SampleModel $data -Seed $seed }
    $comparison = $one | Compare-WmsModel -Baseline $two.ModelPath -NoLedger
}

Describe 'Export-WmsReport' {
    It 'writes one report of all piped records, in the format of each file name' {
        $folder = New-TestFolder
        $files = @($one, $comparison | Export-WmsReport -Path "$folder/new/r.html", "$folder/r.md", "$folder/r.JSON" -PassThru)
        $files | Should -BeOfType IO.FileInfo
        $files.Name | Should -Be 'r.html', 'r.md', 'r.JSON'

        Get-Content "$folder/r.md" | Select-Object -First 1 | Should -Be '| Metric | New model | Baseline | Change |'
        $json = Get-Content -Raw "$folder/r.JSON" | ConvertFrom-Json
        $json.comparison.candidate_dice | Should -Be $comparison.CandidateDice
        $json.photos | Should -HaveCount $comparison.Photos
        $json.trainings.epochs.training_loss | Should -HaveCount $one.Epochs
        $json.trainings.seed | Should -Be 1
        Get-FileName $folder | Should -Be 'new/r.html', 'r.JSON', 'r.md'
    }

    It 'writes a page with curves, charts and photos that loads nothing from outside' {
        $file = Join-Path (New-TestFolder) 'page.html'
        $one, $comparison | Export-WmsReport -Path $file -WarningVariable warnings | Should -BeNullOrEmpty
        $warnings | Should -BeNullOrEmpty
        $page = Get-Content -Raw $file
        $xml = [xml] ($page -replace '^<!DOCTYPE html>')
        @($xml.SelectNodes('//figure[@class="chart"]/figcaption') | ForEach-Object InnerText) |
            Should -Be 'Dice per photo', 'Change in Dice', 'Loss', 'Validation'
        $outlined = @($xml.SelectNodes('//div[@class="outlined"]'))
        $outlined.Count | Should -BeGreaterOrEqual $comparison.Photos
        $outlined | ForEach-Object { $_.img.src | Should -BeLike 'data:image/jpeg;base64,*' }
        @($xml.SelectNodes('//div[@class="outlined"]//path[@class="outline truth"]')) | Should -HaveCount $outlined.Count
        @($xml.SelectNodes('//script | //link | //iframe')) | Should -BeNullOrEmpty
        @($xml.SelectNodes('//*[@src and not(starts-with(@src, "data:"))]')) | Should -BeNullOrEmpty
    }

    It 'outputs Markdown without -Path, and replaces an existing report' {
        $text = $comparison | Export-WmsReport
        $text | Should -BeOfType string
        @($text) | Should -HaveCount 1
        $text | Should -BeLike "| Metric*$($comparison.CandidateDigest)*"

        $file = Join-Path (New-TestFolder) 'r.md'
        Set-Content $file 'old'
        Export-WmsReport $comparison $file
        # All but the time of writing.
        (Get-Content -Raw $file) -replace 'on 2\d.*' | Should -BeExactly ("$text`n" -replace 'on 2\d.*')
    }

    It 'reports a run from its folder, finished or not' {
        $folder = Join-Path (New-TestFolder) 'run'
        Copy-Item $one.OutputPath $folder -Recurse
        $json = Join-Path (New-TestFolder) 'r.json'
        Export-WmsReport -RunPath $folder -Path $json
        $training = (Get-Content -Raw $json | ConvertFrom-Json).trainings
        $training.val_dice | Should -Be $one.ValidationDice
        $training.seed | Should -Be 1
        $training.epochs | Should -HaveCount 1

        Remove-Item "$folder/model.safetensors", "$folder/metrics.json", "$folder/checkpoint.safetensors"
        Export-WmsReport -RunPath $folder | Should -BeLike '*64x1x8*'
        Remove-Item "$folder/epochs.jsonl"
        $failure = Get-Failure { Export-WmsReport -RunPath $folder }
        $failure.FullyQualifiedErrorId | Should -BeLike 'SettingUnusable,*ExportWmsReportCommand'
        "$failure" | Should -BeLike '*not the folder of a run*'
        (Get-Failure { Export-WmsReport -RunPath "$folder/nowhere" }).FullyQualifiedErrorId | Should -BeLike 'PathNotFound,*'
    }

    It 'reports the runs in a folder, by name, from -RunPath or the pipeline' {
        $runs = New-TestFolder
        foreach ($name in 'second', 'first') { Copy-Item $one.OutputPath "$runs/$name" -Recurse }
        $null = New-Item -ItemType Directory "$runs/other"
        $text = Export-WmsReport -RunPath $runs
        $text | Should -BeLike '*2 trainings*<code>first</code>*<code>second</code>*'
        foreach ($given in $runs, (Get-Item $runs)) {
            ($given | Export-WmsReport) -replace 'on 2\d.*' | Should -Be ($text -replace 'on 2\d.*')
        }
    }

    It 'reports predictions: records, also from a job, and rows or the path of a CSV file' {
        $folder = New-TestFolder
        $photos = @(Get-ChildItem "$data/images" | Select-Object -First 3)
        $records = @($photos | Invoke-WmsPrediction -Model $one.ModelPath -OutputPath "$folder/masks" -InformationAction Ignore)
        $records | Export-Csv "$folder/p.csv"
        $records | Export-Csv "$folder/semicolons.csv" -Delimiter ';'
        $records | Export-Clixml "$folder/p.xml"
        $text = ($records | Export-WmsReport)
        $text | Should -BeLike '| Photos | Window found | To check |*'
        Import-Csv "$folder/p.csv" | Export-WmsReport | Should -Be $text
        Import-Clixml "$folder/p.xml" | Export-WmsReport | Should -Be $text
        Export-WmsReport "$folder/semicolons.csv" | Should -Be $text

        # As a Polish or Swedish Excel writes them, whatever the culture here.
        $comma = $records | Select-Object *, @{ n = 'Confidence'; e = { "$($_.Confidence)".Replace('.', ',') } } -ExcludeProperty Confidence
        $comma | Export-WmsReport | Should -Be $text

        Get-Item "$folder/p.csv" | Export-WmsReport -OutputPath "$folder/p.html", "$folder/p.json"
        (Get-Content -Raw "$folder/p.json" | ConvertFrom-Json).predictions.image_path | Should -HaveCount 3
        $page = [xml] ((Get-Content -Raw "$folder/p.html") -replace '^<!DOCTYPE html>')
        @($page.SelectNodes('//article')) | Should -HaveCount 3
        @($page.SelectNodes('//article//img')).Count | Should -BeGreaterOrEqual 3

        Remove-Item "$folder/masks/*"
        Export-WmsReport "$folder/p.csv" -OutputPath "$folder/p.html" -WarningVariable warnings -WarningAction SilentlyContinue
        $warnings | Should -HaveCount 1
    }

    It 'reports the check of a data set from its record, its JSON and a job' {
        $folder = New-TestFolder
        Copy-Item $data "$folder/set" -Recurse
        Remove-Item "$folder/set/masks/sample_0002.png"
        $check = Test-WmsDataset "$folder/set" -ReportPath "$folder/r.json"
        $check | Export-WmsReport -OutputPath "$folder/record.html"
        Export-WmsReport "$folder/r.json" -OutputPath "$folder/json.html"
        $check | Export-Clixml "$folder/r.xml"
        Import-Clixml "$folder/r.xml" | Export-WmsReport -OutputPath "$folder/job.html"
        foreach ($name in 'record', 'json', 'job') {
            $page = [xml] ((Get-Content -Raw "$folder/$name.html") -replace '^<!DOCTYPE html>')
            $page.SelectSingleNode('//h1').InnerText | Should -Be 'Data set check: Fail' -Because $name
            @($page.SelectNodes('//article')).Count | Should -Be $check.Findings.Count -Because $name
            @($page.SelectNodes('//figure[@class="chart"]')).Count | Should -Be ($name -eq 'job' ? 0 : 6) -Because $name
        }
        $check | Export-WmsReport | Should -BeLike '### Data set check: Fail*'
    }

    It 'is written when a model or a photo is gone, with a note in place of the photo' {
        $copy = Join-Path (New-TestFolder) 'data'
        Copy-Item $data $copy -Recurse
        $model = Join-Path (New-TestFolder) 'model.safetensors'
        Copy-Item $one.ModelPath $model
        $mine = Compare-WmsModel $model $two.ModelPath $copy -NoLedger
        $photo = Get-WmsDataset $copy | Where-Object Split -eq Test | Select-Object -First 1
        Remove-Item -LiteralPath $photo.ImagePath
        $file = Join-Path (New-TestFolder) 'r.html'

        $mine | Export-WmsReport -Path $file -WarningVariable warnings -WarningAction SilentlyContinue
        "$warnings" | Should -BeLike "*$($photo.ImagePath)*"
        Get-Content -Raw $file | Should -BeLike '*This photo cannot be shown:*'

        Copy-Item $two.ModelPath $model
        $mine | Export-WmsReport -Path $file -WarningVariable warnings -WarningAction SilentlyContinue
        "$warnings" | Should -BeLike '*has changed since the comparison*'
        Get-Content -Raw $file | Should -BeLike '*No photo can be shown:*'

        Remove-Item $model
        $mine | Export-WmsReport -Path $file -WarningVariable warnings -WarningAction SilentlyContinue
        $warnings | Should -HaveCount 1
        Get-Content -Raw $file | Should -BeLike '*No photo can be shown:*'
    }

    It 'accepts deserialized records, with the photo records piped in too' {
        $folder = New-TestFolder
        $photos = @($one | Compare-WmsModel -Baseline $two.ModelPath -NoLedger -PerImage)
        $one, $comparison | Export-Clixml "$folder/records.xml"
        $photos | Export-Clixml "$folder/photos.xml"
        $records = Import-Clixml "$folder/records.xml"

        $records | Export-WmsReport -Path "$folder/r.json" -WarningVariable warnings -WarningAction SilentlyContinue
        "$warnings" | Should -BeLike '*-PerImage*'
        $json = Get-Content -Raw "$folder/r.json" | ConvertFrom-Json
        $json.comparison.verdict, $json.comparison.p_value | Should -Be "$($comparison.Verdict)", $comparison.PValue
        $json.photos | Should -BeNullOrEmpty

        @($records) + @(Import-Clixml "$folder/photos.xml") | Export-WmsReport -Path "$folder/r.json" -WarningVariable warnings
        $warnings | Should -BeNullOrEmpty
        (Get-Content -Raw "$folder/r.json" | ConvertFrom-Json).photos.candidate_dice | Should -Be $photos.CandidateDice
    }

    It 'fails for <What>' -ForEach @(
        @{
            What = 'a file name of no known format'
            Call = { $comparison | Export-WmsReport -Path report.txt }
            Words = '*report.txt*.md, .html, .htm or .json*'
        }
        @{ What = 'no input'; Call = { @() | Export-WmsReport }; Words = '*nothing to report on*' }
        @{ What = 'a null record'; Call = { $one, $null | Export-WmsReport }; Words = '*empty*' }
        @{ What = 'a record of another type'; Call = { Get-Date | Export-WmsReport }; Words = '*DateTime*' }
        @{ What = 'a folder without runs'; Call = { Get-Item "$data/images" | Export-WmsReport }; Words = '*epochs.jsonl*' }
        @{ What = 'a path that does not exist'; Call = { Export-WmsReport nowhere.csv }; Words = '*nowhere.csv*does not exist*' }
        @{ What = 'a row without the properties'; Call = { [pscustomobject]@{ A = 1 } | Export-WmsReport }; Words = '*ImagePath*' }
        @{
            What = 'a row with a value that is no number'
            Call = { [pscustomobject]@{ ImagePath = 'a.jpg'; Regions = 'many' } | Export-WmsReport }
            Words = "*Regions 'many'*"
        }
        @{
            What = 'models and predictions together'
            Call = { $one, [pscustomobject]@{ ImagePath = 'a.jpg'; Regions = 0 } | Export-WmsReport }
            Words = '*about models, about predictions or about a data set*'
        }
        @{
            What = 'two comparisons'
            Call = { $comparison, ($two | Compare-WmsModel -Baseline $one.ModelPath -NoLedger) | Export-WmsReport }
            Words = '*one comparison*'
        }
        @{
            What = 'photo records alone'
            Call = { $one | Compare-WmsModel -Baseline $two.ModelPath -NoLedger -PerImage | Export-WmsReport }
            Words = '*without their comparison*'
        }
    ) {
        $failure = @(Get-Failure $Call)
        $failure | Should -HaveCount 1
        $failure.FullyQualifiedErrorId | Should -BeLike 'SettingUnusable,*ExportWmsReportCommand'
        "$failure" | Should -BeLike $Words
    }

    It 'completes -RunPath with run folders' {
        $folder = New-TestFolder
        Copy-Item $one.OutputPath "$folder/mine" -Recurse
        $line = "Export-WmsReport -RunPath $folder/"
        # On a busy machine the scan may still be running; then Tab is pressed again.
        foreach ($try in 1..200) {
            $found = @([Management.Automation.CommandCompletion]::CompleteInput($line, $line.Length, $null).CompletionMatches.ListItemText)
            if ($found -contains 'mine') { break }
        }
        $found | Select-Object -First 1 | Should -Be 'mine'
    }

    It 'writes nothing with -WhatIf, and fails when a file cannot be written' {
        $folder = New-TestFolder
        $comparison | Export-WmsReport -Path "$folder/r.md", "$folder/r.html" -WhatIf | Should -BeNullOrEmpty
        Get-FileName $folder | Should -BeNullOrEmpty
        Set-Content "$folder/file" 'a file and no folder'
        (Get-Failure { $comparison | Export-WmsReport -Path "$folder/file/r.md" }).FullyQualifiedErrorId |
            Should -BeLike 'DatasetUnusable,*'
    }
}

Describe 'Export-WmsReport -GitHub' {
    BeforeEach {
        $folder = New-TestFolder
        $before = $env:GITHUB_STEP_SUMMARY, $env:GITHUB_OUTPUT
        $env:GITHUB_STEP_SUMMARY, $env:GITHUB_OUTPUT = "$folder/summary", "$folder/output"
    }

    AfterEach { $env:GITHUB_STEP_SUMMARY, $env:GITHUB_OUTPUT = $before }

    It 'appends the report to the summary and sets the outputs' {
        [IO.File]::WriteAllText("$folder/output", 'mine=1')
        $one, $comparison | Export-WmsReport -GitHub | Should -BeNullOrEmpty
        $comparison | Export-WmsReport -GitHub -PassThru | Should -BeLike '| Metric*'
        @(Get-Content "$folder/summary" | Where-Object { $_ -like '| Metric*' }) | Should -HaveCount 2
        $bytes = [IO.File]::ReadAllBytes("$folder/output")
        $bytes[0], $bytes[-1] | Should -Be ([byte][char] 'm'), 10
        $lines = Get-Content "$folder/output" | Select-Object -First 8
        $lines | ForEach-Object { ($_ -split '=')[0] } |
            Should -Be 'mine', 'passed', 'verdict', 'dice', 'iou', 'baseline_dice', 'baseline_iou', 'version'
        $lines[1, 2] | Should -BeExactly 'passed=false', "verdict=$($comparison.Verdict)"
        $lines[3] | Should -Match '^dice=\d(\.\d+)?$'
        $lines[7] | Should -BeExactly "version=$($comparison.CandidateDigest.Substring(0, 12))"
    }

    It 'writes nothing with -WhatIf' {
        $comparison | Export-WmsReport -GitHub -WhatIf
        Get-FileName $folder | Should -BeNullOrEmpty
    }

    It 'fails outside a GitHub step: at once without a file to write, else after the file was written' {
        $env:GITHUB_OUTPUT = $null
        $script:worked = $false
        $failure = Get-Failure { & { $script:worked = $true; $comparison } | Export-WmsReport -GitHub }
        $failure.FullyQualifiedErrorId | Should -BeLike 'SettingUnusable,*'
        $failure.TargetObject | Should -Be 'GITHUB_OUTPUT'
        "$failure" | Should -BeLike '*GitHub Actions*'
        $worked | Should -BeFalse

        $failure = Get-Failure { $comparison | Export-WmsReport -OutputPath "$folder/r.md" -GitHub -WarningVariable script:warned 3> $null }
        $failure.TargetObject | Should -Be 'GITHUB_OUTPUT'
        "$warned" | Should -BeLike '*The files are written*'
        Get-FileName $folder | Should -Be 'r.md'
    }
}
