# What a user reads of one data set is the same text on every system: order, numbers, line ends, and paths but for their separators.
BeforeAll {
    Import-Module "$PSScriptRoot/../../Support/TestSupport.psm1", "$PSScriptRoot/../../Support/PngFile.psm1"
    Import-Module (Get-ModulePath)

    $root = New-TestFolder
    $data = (New-Item -ItemType Directory (Join-Path $root 'data')).FullName
    $null = New-Item -ItemType Directory "$data/images", "$data/masks"
    # The names are in the order of the records: by code, in any case, which is not the order of any language.
    foreach ($name in 'a_1', 'B_2', 'c-3', 'Z', 'ö') {
        $size = 60 + $name.Length
        [IO.File]::WriteAllBytes("$data/images/$name.png", (New-Png $size 70 -White))
        [IO.File]::WriteAllBytes("$data/masks/$name.png", (New-Png $size 70 -Black))
    }
    [IO.File]::WriteAllText("$data/images/lonely.jpg", 'no photo')

    # Text without the folder, in one form of separators, without times.
    function ConvertTo-NeutralText([string] $Text) {
        $Text = $Text.Replace('\\', '/').Replace('\', '/').Replace($root.Replace('\', '/'), 'ROOT')
        $Text -creplace '"checked": "[^"]*"', '"checked": TIME' -creplace '"seconds": [\d.E-]+', '"seconds": N'
    }
}

Describe 'What is the same on every system' {
    It 'is the order and the text of records' {
        $names = (Get-WmsDataset $data).Name -join ' '
        $names | Should -BeExactly 'a_1 B_2 c-3 Z ö'
        $rows = Get-WmsDataset $data | Select-Object Name, ImagePath, Width, Height, Coverage | ConvertTo-Csv
        ConvertTo-NeutralText ($rows -join "`n") | Should -BeExactly (@(
                '"Name","ImagePath","Width","Height","Coverage"'
                '"a_1","ROOT/data/images/a_1.png","63","70","0"'
                '"B_2","ROOT/data/images/B_2.png","63","70","0"'
                '"c-3","ROOT/data/images/c-3.png","63","70","0"'
                '"Z","ROOT/data/images/Z.png","61","70","0"'
                '"ö","ROOT/data/images/ö.png","61","70","0"'
            ) -join "`n")
    }

    It 'is the order of findings' {
        # Which parts are too small follows from the hashes of the files, which the compressor of the PNG files may change.
        $found = Test-WmsDataset $data -PerFinding -NoCache | Where-Object Check -NE PartTooSmall |
            ForEach-Object { "$($_.Check) $([IO.Path]::GetFileName($_.Path))" }
        $pairs = foreach ($name in 'a_1', 'B_2', 'c-3', 'Z', 'ö') { "PhotoBright $name.png"; "MaskEmpty $name.png" }
        $found -join "`n" | Should -BeExactly (@('PhotoWithoutMask lonely.jpg') + $pairs + @(
                'PhotoDuplicate B_2.png', 'PhotoDuplicate c-3.png', 'PhotoDuplicate ö.png') -join "`n")
    }

    It 'is the report as JSON' {
        $null = Test-WmsDataset $data -ReportPath "$root/report.json" -NoCache
        $text = ConvertTo-NeutralText ([IO.File]::ReadAllText("$root/report.json"))
        $text = $text -replace '(?s)\s+"errors": .*?(?=\s+"statistics":)'
        $start = @(
            '{', '  "status": "FAIL",', '  "image_count": 6,', '  "mask_count": 5,', '  "valid_pairs": 0,', '  "statistics": {'
            '    "resolution": "63x70",', '    "median_coverage_%": 0,', '    "std_coverage_%": 0', '  },', '  "histograms": {'
            '    "coverage_%": [', '      {', '        "from": 0,', '        "to": 0.05,', '        "count": 5', '      }', '    ],', ''
        ) -join "`n"
        $text.Substring(0, [Math]::Min($start.Length, $text.Length)) | Should -BeExactly $start
        $finding = '"path": "ROOT/data/images/ö.png",', '      "other_path": "ROOT/data/images/Z.png",' -join "`n"
        $text.Contains($finding) | Should -BeTrue -Because "the report is $text"
    }

    It 'is the end of lines in every file that the module writes' {
        $reports = 'json', 'html', 'md', 'sarif', 'xml' | ForEach-Object { "$root/report.$_" }
        $null = Test-WmsDataset $data -ReportPath $reports -NoCache
        $null = Split-WmsDataset $data -Train 0.7 -Validation 0.2
        foreach ($file in @($reports) + (Get-ChildItem "$data/split" -File -Recurse).FullName) {
            [IO.File]::ReadAllText($file) | Should -Not -Match "`r" -Because $file
        }
        Test-Path "$data/split/fractions.json" | Should -BeTrue
    }
}
