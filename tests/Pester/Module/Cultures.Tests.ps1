# Cultures with a decimal comma, a semicolon as the separator of lists, and a dotted capital I.
BeforeDiscovery { $cultures = 'de-DE', 'pt-BR', 'tr-TR' }

BeforeAll {
    Import-Module "$PSScriptRoot/../../Support/TestSupport.psm1"
    $data = New-SampleData
    $model = (New-SampleModel $data).ModelPath

    function Use-Culture([string] $Name, [scriptblock] $Command) {
        $before = [cultureinfo]::CurrentCulture, [cultureinfo]::CurrentUICulture
        $defaults = [cultureinfo]::DefaultThreadCurrentCulture
        [cultureinfo]::CurrentCulture = [cultureinfo]::CurrentUICulture = $Name
        # For the threads of the cmdlets.
        [cultureinfo]::DefaultThreadCurrentCulture = $Name
        try { & $Command }
        finally {
            [cultureinfo]::CurrentCulture, [cultureinfo]::CurrentUICulture = $before
            [cultureinfo]::DefaultThreadCurrentCulture = $defaults
        }
    }

    # Everything that programs and people read and that no culture changes, by name.
    function Get-Everything([string] $Culture) {
        Use-Culture $Culture {
            $folder = New-TestFolder
            $kinds = 'json', 'html', 'md', 'xml', 'sarif'
            $null = Test-WmsDataset $data -ReportPath ($kinds | ForEach-Object { "$folder/report.$_" })
            $run = Start-WmsTraining $data -OutputPath "$folder/run" -BaseChannels 4 -Stage 64x1x8 -Precision Float32 `
                -WarningAction Ignore 6> "$folder/lines.txt"
            Compare-WmsModel $run.ModelPath $model $data -Precision Float32 -NoLedger -WarningAction Ignore |
                Export-WmsReport -OutputPath "$folder/comparison.md", "$folder/comparison.json" -WarningAction Ignore
            Get-Failure { Compare-WmsModel $model $model $data -Alpha 1.5 } | ForEach-Object { "$_" } | Set-Content "$folder/error.txt"
            foreach ($file in Get-ChildItem $folder -File) {
                # The folder and times differ from call to call.
                $text = (Get-Content $file.FullName -Raw).Replace((Split-Path $folder -Leaf), 'FOLDER')
                $text = $text -replace '\d{4}-\d\d-\d\d[T ]\d\d(:|&#58;)\d\d(:\d\d)?Z?', 'TIME'
                $text = $text -replace '("seconds": |time=")[\d.e-]+', 'SECONDS'
                $text = $text -replace "run 'run' \([0-9a-f]{32}\)", 'RUN'
                $text = $text -replace '[\d.]+ photos/s +\d+ s', 'SPEED' -replace '\d\d:\d\d:\d\d\.\d+', 'DURATION'
                [pscustomobject]@{ Name = $file.Name; Text = $text }
            }
        }
    }

    $expected = Get-Everything 'en-US'
}

Describe 'The culture <_>' -ForEach $cultures {
    BeforeAll { $culture = $_ }

    It 'changes no report, no JSON and no message' {
        $expected.Name | Should -HaveCount 9
        foreach ($file in Get-Everything $culture) {
            $file.Text | Should -BeExactly ($expected | Where-Object Name -EQ $file.Name).Text -Because $file.Name
        }
    }

    It 'writes a table that reads back to the same values and report' {
        Use-Culture $culture {
            $folder = New-TestFolder
            $records = @(Invoke-WmsPrediction "$data/images" -Model $model -OutputPath "$folder/masks")
            $records | Export-Csv "$folder/windows.csv" -UseCulture
            $rows = @(Import-Csv "$folder/windows.csv" -UseCulture)
            $rows.Count | Should -Be $records.Count
            for ($i = 0; $i -lt $rows.Count; $i++) {
                # As a script reads them: in its own culture.
                [double]::Parse($rows[$i].Confidence) | Should -Be $records[$i].Confidence
                [timespan]::Parse($rows[$i].Duration) | Should -Be $records[$i].Duration
                [int] $rows[$i].BoxWidth | Should -Be $records[$i].BoxWidth
            }
            # Rows bind to the next cmdlet as records do.
            @($rows | Invoke-WmsPrediction -Model $model).ImagePath | Should -Be $records.ImagePath
            $records | Export-WmsReport -OutputPath "$folder/records.json"
            Export-WmsReport "$folder/windows.csv" -OutputPath "$folder/rows.json"
            $read = { (Get-Content $args[0] -Raw | ConvertFrom-Json).predictions }
            & $read "$folder/rows.json" | ConvertTo-Json | Should -BeExactly (& $read "$folder/records.json" | ConvertTo-Json)
        }
    }

    It 'changes no name: extensions, parts and values in capitals' {
        Use-Culture $culture {
            $set = Join-Path (New-TestFolder) 'SET'
            Copy-Item $data $set -Recurse
            $pair = @(Get-WmsDataset $set | Where-Object Split -EQ 'Train')[0]
            # The small letter of I has no dot in Turkish.
            Rename-Item $pair.ImagePath 'DIGIT I.JFIF'
            Rename-Item $pair.MaskPath 'DIGIT I.PNG'
            (Test-WmsDataset $set).ValidPairs | Should -Be 24
            $found = @(Get-WmsDataset $set | Where-Object Name -EQ 'DIGIT I')
            $found | Should -HaveCount 1
            $found[0].Split | Should -Be 'TRAIN'
            Invoke-WmsPrediction $found[0].ImagePath -Model $model -Precision FLOAT32 | Should -HaveCount 1
            Measure-WmsModel $model $set -Split VALIDATION | Should -HaveCount 1
        }
    }
}
