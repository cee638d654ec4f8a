# Files and paths as users of Windows meet them. What can happen elsewhere too is tested everywhere.
BeforeAll {
    Import-Module "$PSScriptRoot/../../Support/TestSupport.psm1"
    $data = New-SampleData
    $model = (New-SampleModel $data).ModelPath
    $letters = "Zdj$([char]0x119)cia $([char]0x6c34)$([char]0x8868) & (1)"

    function Set-ReadOnly([string[]] $Path) {
        foreach ($file in $Path) { [IO.File]::SetAttributes($file, [IO.FileAttributes]::ReadOnly) }
    }

    # A folder whose path has more characters than the functions of Windows take by default.
    function New-LongFolder {
        $path = Join-Path (New-TestFolder) (@('d' * 80) * 4 -join [IO.Path]::DirectorySeparatorChar)
        [IO.Directory]::CreateDirectory($path).FullName
    }

    function Copy-Photo([string] $Folder, [string] $Name, [int] $Number = 1) {
        $null = [IO.Directory]::CreateDirectory($Folder)
        [IO.File]::Copy("$data/images/sample_{0:0000}.jpg" -f $Number, (Join-Path $Folder $Name))
        Join-Path $Folder $Name
    }

    # What Excel does with a file: others may read it, no one may write to it.
    function Open-File([string] $Path, [IO.FileShare] $Share = 'Read') {
        [IO.FileStream]::new($Path, [IO.FileMode]::Open, [IO.FileAccess]::ReadWrite, $Share)
    }
}

Describe 'A path of more than 260 characters' {
    It 'works for a data set, a report, a model and predictions' {
        $long = New-LongFolder
        $set = New-SampleData -Path (Join-Path $long 'data')
        $set.Length | Should -BeGreaterThan 320
        $report = Test-WmsDataset $set -ReportPath (Join-Path $long 'report.html')
        $report.ValidPairs, [IO.File]::Exists($report.ReportPath) | Should -Be 24, $true
        $copy = (Export-WmsModel $model (Join-Path $long 'model.onnx')).ModelPath
        $records = @(Invoke-WmsPrediction "$set/images/*_000[12].jpg" -Model $copy -OutputPath (Join-Path $long 'masks'))
        $records.MaskPath.ForEach{ [IO.File]::Exists($_) } | Should -Be $true, $true
        (Merge-WmsDataset $data $set | Where-Object Outcome -eq 'Added') | Should -BeNullOrEmpty
    }
}

Describe 'A path that begins with \\?\' -Skip:(-not $IsWindows) {
    It 'is taken as it is, or as a pattern when it has wildcards after that' {
        (Test-WmsDataset "\\?\$data").ValidPairs | Should -Be 24
        (Test-WmsDataset -LiteralPath "\\?\$data").ValidPairs | Should -Be 24
        (Test-WmsDataset "\\?\$data\images\*_000[12].jpg").ValidPairs | Should -Be 2
        Get-WmsDataset "\\?\$data" | Should -HaveCount 24
        Invoke-WmsPrediction "\\?\$data\images\sample_0001.jpg" -Model "\\?\$model" | Should -HaveCount 1
        (Invoke-WmsPrediction "\\?\$data\images\*_000[12].jpg" -Model $model).ImagePath |
            Should -Be "$data\images\sample_0001.jpg", "$data\images\sample_0002.jpg"
        (Get-Failure { Invoke-WmsPrediction "\\?\$data\none.jpg" -Model $model }).FullyQualifiedErrorId | Should -BeLike 'PathNotFound,*'
    }

    It 'works from a location that is not in the file system' {
        Push-Location Env:/
        try { (Test-WmsDataset "\\?\$data").ValidPairs | Should -Be 24 } finally { Pop-Location }
    }
}

Describe 'A network path' -Skip:(-not $IsWindows) {
    It 'works in both forms, for data, models and output' {
        $share = "\\localhost\$($data[0])`$$($data.Substring(2))"
        if (-not (Test-Path -LiteralPath $share)) { Set-ItResult -Skipped -Because 'this machine has no administrative share' }
        (Test-WmsDataset $share).ValidPairs | Should -Be 24
        (Test-WmsDataset "\\?\UNC\$($share.Substring(2))").ValidPairs | Should -Be 24
        $out = "$share-masks"
        (Invoke-WmsPrediction "$share\images\*_0001.jpg" -Model $model -OutputPath $out).MaskPath | Should -Be "$out\sample_0001.png"
        # The data set is the same, whatever it is called.
        (Get-Failure { Test-WmsDataset $share -ReportPath "$data\split\report.json" }).FullyQualifiedErrorId |
            Should -BeLike 'SettingUnusable,*'
    }
}

Describe 'A drive that this session does not have' {
    It 'is an error that tells how to reach it' {
        $failure = Get-Failure { Test-WmsDataset 'Q:\meters' }
        $failure | Should -HaveCount 1
        if ($IsWindows) {
            $failure.FullyQualifiedErrorId | Should -BeLike 'DriveNotFound,*'
            "$failure" | Should -BeLike '*administrator rights do not see*\\server\share*'
        }
        else { $failure.FullyQualifiedErrorId | Should -Match '^(DriveNotFound|PathNotFound),' }
    }
}

Describe 'A name' {
    It 'that ends with dots and spaces is the one that Windows makes of it' -Skip:(-not $IsWindows) {
        $parent = New-TestFolder
        $null = New-WmsSampleDataset "$parent\drawn. " -Count 2
        (Get-ChildItem $parent).Name | Should -Be 'drawn'
        (Test-WmsDataset "$parent\drawn.").DataPath | Should -Be "$parent\drawn"
        (Test-WmsDataset -LiteralPath "$parent\drawn ").ValidPairs | Should -Be 2
    }

    It 'of a device is an ordinary file, or an error that says so' {
        $folder = New-TestFolder
        foreach ($name in 'con.json', 'aux.html', 'COM1.md') {
            $failure = Get-Failure { Test-WmsDataset $data -ReportPath (Join-Path $folder $name) }
            if ($failure) { "$failure" | Should -BeLike '*the name of a device in Windows*' }
            else { [IO.Directory]::GetFiles($folder) | Split-Path -Leaf | Should -Contain $name }
        }
        if (-not $IsWindows) { [IO.Directory]::GetFiles($folder) | Should -HaveCount 3 }
    }

    It 'that differs from another only in upper and lower case gets no mask of the other' {
        $one = Copy-Photo (New-TestFolder) 'IMG_1.jpg'
        $other = Copy-Photo (New-TestFolder) 'img_1.JPG' 2
        $out = New-TestFolder
        $failure = Get-Failure { Invoke-WmsPrediction $one, $other -Model $model -OutputPath $out }
        "$failure" | Should -BeLike "The masks of * would both be *"
        Get-FileName $out | Should -Be 'IMG_1.png'
    }

    It 'in the short form of old programs leads to the same data set' -Skip:(-not $IsWindows) {
        $long = New-SampleData -Path (Join-Path (New-TestFolder) 'a long name of a folder')
        $declaration = '[DllImport("kernel32", CharSet = CharSet.Unicode)]
            public static extern uint GetShortPathName(string path, System.Text.StringBuilder name, uint length);'
        $kernel = Add-Type -MemberDefinition $declaration -Name Short -Namespace WindowsFiles -PassThru
        $name = [Text.StringBuilder]::new(500)
        $null = $kernel::GetShortPathName($long, $name, 500)
        $short = "$name"
        if ($short -notlike '*~*') { Set-ItResult -Skipped -Because 'this drive keeps no short names' }
        (Test-WmsDataset $short).ValidPairs | Should -Be 24
        Merge-WmsDataset $long $short | Where-Object Outcome -in 'Added', 'Renamed' | Should -BeNullOrEmpty
    }

    It 'in the quotes of "Copy as path" is found' {
        $photo = Join-Path $data 'images' 'sample_0003.jpg'
        ("`"$photo`"" | Test-WmsDataset).ImageCount | Should -Be 1
    }
}

Describe 'A link to a folder' {
    BeforeAll {
        function New-Link([string] $Path, [string] $Target) {
            $kind = $IsWindows ? 'Junction' : 'SymbolicLink'
            try { $null = New-Item -ItemType $kind -Path $Path -Target $Target -ErrorAction Stop } catch { $null = $_ }
            if (-not [IO.Directory]::Exists($Path)) { Set-ItResult -Skipped -Because 'this system makes no links' }
        }
    }

    It 'leads to the data set, and a loop of links ends nothing' {
        $set = New-SampleData
        $link = Join-Path (New-TestFolder) 'link'
        New-Link $link $set
        New-Link (Join-Path $set 'images' 'loop') $set
        (Test-WmsDataset $link).ValidPairs | Should -Be 24
        Merge-WmsDataset $link $set | Where-Object Outcome -in 'Added', 'Renamed' | Should -BeNullOrEmpty
        Invoke-WmsPrediction (Join-Path $link 'images') -Model $model | Should -HaveCount 24
    }
}

Describe 'A read-only file' {
    It 'of a data set is repaired, merged and checked' {
        $set = Join-Path (New-TestFolder) 'set'
        $null = New-WmsSampleDataset $set -Count 3 -Size 128 -Defect MaskJpeg, MaskPalette
        Set-ReadOnly (Get-ChildItem "$set/images", "$set/masks").FullName
        (Repair-WmsDataset $set -Force -InformationAction Ignore).Outcome | Should -Be 'Repaired', 'Repaired'
        (Test-WmsDataset $set).ErrorCount | Should -Be 0
        $merged = Join-Path (New-TestFolder) 'merged'
        (Merge-WmsDataset $set $merged).Outcome | Sort-Object -Unique | Should -Be 'Added'
    }

    It 'of an earlier prediction, export or training is replaced with -Force' {
        $out = New-TestFolder
        $photo = "$data/images/sample_0001.jpg"
        $first = Invoke-WmsPrediction $photo -Model $model -OutputPath $out -Overlay
        Set-ReadOnly $first.MaskPath, $first.OverlayPath
        (Invoke-WmsPrediction $photo -Model $model -OutputPath $out -Overlay -Force).MaskPath | Should -Be $first.MaskPath
        $export = (Export-WmsModel $model "$out/model.onnx").ModelPath
        Set-ReadOnly $export
        (Export-WmsModel $model $export -Force).ModelPath | Should -Be $export
        $run = New-SampleModel $data
        Set-ReadOnly (Get-ChildItem $run.OutputPath).FullName
        $again = Start-WmsTraining $data -OutputPath $run.OutputPath -BaseChannels 4 -Stage 64x1x8 -Force -InformationAction Ignore
        $again.Epochs | Should -HaveCount 1
    }

    It 'is no report that may be replaced' {
        $report = Join-Path (New-TestFolder) 'report.html'
        [IO.File]::WriteAllText($report, 'kept')
        Set-ReadOnly $report
        $failure = Get-Failure { Test-WmsDataset $data -ReportPath $report }
        "$failure" | Should -BeLike "Cannot write the report '*': The file is read-only.*"
        [IO.File]::ReadAllText($report) | Should -Be 'kept'
    }
}

Describe 'A hidden file' -Skip:(-not $IsWindows) {
    It 'is left out of wildcards and folders, with a warning, unless it is named' {
        $folder = New-TestFolder
        $null = Copy-Photo $folder 'seen.jpg'
        $hidden = Copy-Photo $folder 'hidden.jpg' 2
        [IO.File]::SetAttributes($hidden, 'Hidden')
        $records = @(Invoke-WmsPrediction "$folder\*.jpg" -Model $model -WarningVariable warnings -WarningAction SilentlyContinue)
        $records.ImagePath | Split-Path -Leaf | Should -Be 'seen.jpg'
        Invoke-WmsPrediction $hidden -Model $model | Should -HaveCount 1
    }
}

Describe 'A file that another program has open' {
    It 'is read while Excel or an editor has it open' {
        $folder = New-TestFolder
        $photo = Copy-Photo $folder 'open.jpg'
        $csv = Join-Path $folder 'predictions.csv'
        Invoke-WmsPrediction $photo -Model $model | Export-Csv $csv
        $open = @((Open-File $photo), (Open-File $csv))
        try {
            Invoke-WmsPrediction $photo -Model $model | Should -HaveCount 1
            $null = Export-WmsReport $csv "$folder/predictions.md"
            Get-Content "$folder/predictions.md" -Raw | Should -BeLike '*open.jpg*'
        }
        finally { $open.Dispose() }
    }

    It 'is not replaced, and the error names it' -Skip:(-not $IsWindows) {
        $folder = New-TestFolder
        $photo = Copy-Photo $folder 'a.jpg'
        $mask = (Invoke-WmsPrediction $photo -Model $model -OutputPath "$folder\out").MaskPath
        $report = (Test-WmsDataset $data -ReportPath "$folder\report.html").ReportPath
        $before = (Get-FileHash $mask).Hash
        $open = @((Open-File $mask), (Open-File $report))
        try {
            $failures = @(
                Get-Failure { Invoke-WmsPrediction $photo -Model $model -OutputPath "$folder\out" -Force }
                Get-Failure { Test-WmsDataset $data -ReportPath $report }
            )
            $failures | Should -HaveCount 2
            "$($failures[0])" | Should -BeLike '*a.png*'
            "$($failures[1])" | Should -BeLike '*report.html*'
        }
        finally { $open.Dispose() }
        (Get-FileHash $mask).Hash | Should -Be $before
        Get-FileName $folder | Should -Be 'a.jpg', 'out/a.png', 'report.html'
        Test-WmsDataset $data -ReportPath $report -Quiet | Should -BeTrue
    }

    It 'as a model keeps no one from putting another into production' {
        $project = New-TestFolder
        $production = Join-Path $project 'models' 'production.safetensors'
        $null = New-Item -ItemType Directory (Split-Path $production)
        [IO.File]::Copy($model, $production)
        $other = (New-SampleModel $data -Seed 7).ModelPath
        Push-Location $project
        try {
            # The prediction is in the middle of its photos.
            $digest = $null
            $records = Get-ChildItem "$data/images" | Select-Object -First 4 | Invoke-WmsPrediction | ForEach-Object {
                if (-not $digest) {
                    $digest = (Get-FileHash $other).Hash
                    [IO.File]::Copy($other, $production, $true)
                }
                $_
            }
            $records | Should -HaveCount 4
            (Get-FileHash $production).Hash | Should -Be $digest
        }
        finally { Pop-Location }
    }
}

Describe 'A temporary folder with spaces and letters of no code page' {
    It 'and a cache folder of that kind serve the whole job' {
        $folder = Join-Path (New-TestFolder) $letters
        $null = New-Item -ItemType Directory $folder
        $script = @'
$null = New-WmsSampleDataset drawn -Count 24 -Size 128
$run = Start-WmsTraining drawn -OutputPath run -BaseChannels 4 -Stage 64x1x8 -InformationAction Ignore
$model = Export-WmsModel $run.ModelPath model.onnx
# Files that have just been written could change within the precision of their times, so their facts are not kept.
Get-ChildItem drawn -File -Recurse | ForEach-Object { $_.LastWriteTime = (Get-Date).AddHours(-1) }
$count = @(Invoke-WmsPrediction drawn/images -Model $model.ModelPath -OutputPath masks).Count
"$count $(Test-WmsDataset drawn -ReportPath report.html -Quiet)"
[IO.Path]::GetTempPath()
'@
        $variables = @{ TEMP = $folder; TMP = $folder; TMPDIR = $folder; WMS_CACHE_PATH = Join-Path $folder 'cache' }
        $child = Invoke-ChildPwsh $script -ImportModule -WorkingDirectory $folder -Environment $variables
        $child.Error | Should -BeNullOrEmpty
        $child.Output[-2] | Should -Be '24 True'
        $child.Output[-1].TrimEnd('\', '/') | Should -Be $folder
        (Get-FileName $folder) -like 'cache/checks/*.facts' | Should -HaveCount 1
    }
}
