BeforeAll {
    Import-Module "$PSScriptRoot/../../Support/TestSupport.psm1"

    # The completions at the end of a line. On a busy machine the scan may still be running; then Tab is pressed again.
    function Get-Completion([string] $Line, [string] $Until) {
        foreach ($try in 1..200) {
            $found = @([Management.Automation.CommandCompletion]::CompleteInput($Line, $Line.Length, $null).CompletionMatches)
            if (-not $Until -or $found.ListItemText -contains $Until.Replace('/', [IO.Path]::DirectorySeparatorChar)) { break }
        }
        $found
    }

    function New-File([string] $Folder, [string[]] $Name) {
        foreach ($file in $Name) {
            $path = [IO.Path]::Combine($Folder, $file)
            $null = [IO.Directory]::CreateDirectory([IO.Path]::GetDirectoryName($path))
            [IO.File]::WriteAllText($path, '')
        }
    }

    function ConvertTo-Slash([Parameter(ValueFromPipeline)] [string] $Text) { process { $Text.Replace('\', '/') } }

    $work = New-TestFolder
    New-File $work 'models/production.safetensors',
        'runs/first/model.safetensors', 'runs/first/checkpoint.safetensors', 'runs/second/model.safetensors',
        'train.yaml', 'config/other.yml', 'split.json', 'a.json',
        'data/meters/images/x.jpg', 'data/meters/masks/x.png', 'data/half/images/x.jpg', 'notes.txt'
    [IO.File]::SetLastWriteTimeUtc("$work/runs/first/model.safetensors", [datetime]::UtcNow.AddHours(-1))
    Push-Location -LiteralPath $work
    # Pester skips a test by an error.
    function Get-ErrorCount { @($global:Error | Where-Object FullyQualifiedErrorId -NotLike 'PesterTest*').Count }
    $errors = Get-ErrorCount
}

AfterAll {
    Pop-Location
}

Describe 'Tab after -Model' {
    It 'offers the production model, then the newest models, no checkpoint, then folders' {
        $texts = (Get-Completion 'Invoke-WmsPrediction -Model ' 'runs/first/model.safetensors').CompletionText | ConvertTo-Slash
        $texts | Should -Be 'models/production.safetensors', 'runs/second/model.safetensors', 'runs/first/model.safetensors',
            'config', 'data', 'models', 'runs'
    }

    It 'offers the same for <Line>' -ForEach @(
        @{ Line = 'Measure-WmsModel ' }
        @{ Line = 'Measure-WmsModel -Model ' }
        @{ Line = 'Compare-WmsModel ' }
        @{ Line = 'Compare-WmsModel -Candidate ' }
        @{ Line = 'Compare-WmsModel x -Baseline ' }
        @{ Line = 'Start-WmsTraining ./data | Compare-WmsModel -Baseline ' }
    ) {
        (Get-Completion $Line 'models/production.safetensors')[0].CompletionText | ConvertTo-Slash |
            Should -Be 'models/production.safetensors'
    }

    It 'completes a typed folder and a partial name' {
        (Get-Completion 'Measure-WmsModel runs/s' 'second/model.safetensors')[0].CompletionText | ConvertTo-Slash |
            Should -Be 'runs/second/model.safetensors'
        (Get-Completion 'Measure-WmsModel ./runs/f' 'first/model.safetensors')[0].CompletionText | ConvertTo-Slash |
            Should -Be './runs/first/model.safetensors'
        (Get-Completion 'Measure-WmsModel prod' 'models/production.safetensors').CompletionText | ConvertTo-Slash |
            Should -Be 'models/production.safetensors'
        (Get-Completion "Measure-WmsModel $work/mod" 'models/production.safetensors')[0].CompletionText | ConvertTo-Slash |
            Should -Be ("$work/models/production.safetensors" | ConvertTo-Slash)
        Get-Completion 'Measure-WmsModel nothing-like-it' | Should -BeNullOrEmpty
    }

    It 'searches the session''s location, not the process''s' {
        $process = [Environment]::CurrentDirectory
        Push-Location -LiteralPath "$work/runs"
        try {
            [Environment]::CurrentDirectory = [IO.Path]::GetTempPath()
            (Get-Completion 'Measure-WmsModel ' 'second/model.safetensors')[0].CompletionText | ConvertTo-Slash |
                Should -Be 'second/model.safetensors'
            (Get-Completion 'Measure-WmsModel ..' 'models/production.safetensors')[0].CompletionText | ConvertTo-Slash |
                Should -Be '../models/production.safetensors'
        }
        finally {
            [Environment]::CurrentDirectory = $process
            Pop-Location
        }
    }

    It 'completes paths on the drives of the session' {
        $null = New-PSDrive Meters FileSystem "$work/models" -Scope Global
        try {
            (Get-Completion 'Measure-WmsModel Meters:/' 'production.safetensors').CompletionText |
                Should -Be 'Meters:/production.safetensors'
        }
        finally { Remove-PSDrive Meters -Scope Global }
    }

    It 'offers nothing outside the file system' {
        Push-Location Env:
        try {
            Get-Completion 'Measure-WmsModel ' | Should -BeNullOrEmpty
            Get-Completion 'Measure-WmsModel P' | Should -BeNullOrEmpty
        }
        finally { Pop-Location }
        Get-Completion 'Measure-WmsModel Env:P' | Should -BeNullOrEmpty
        Get-Completion 'Measure-WmsModel NoSuchDrive:/x' | Should -BeNullOrEmpty
    }

    It 'quotes a name so that it resolves to its file: <_>' -ForEach @(
        'my model', "it's", 'a[1]', '[b]', '$x', '$(x)', 'back`tick', '-Force', '@x', '#x', 'a#b', 'a,b', 'a;b', '{x}', '(x)', 'a&b', '%',
            '~x', 'żółw', '日本', '1', '0x10', "curved ‘quote’", '!'
        if (-not $IsWindows) { 'a"b', 'c:x', 'a|b', 'a<b', 'a>b', '*', '?' }
    ) {
        $folder = New-TestFolder
        New-File $folder "$_.safetensors"
        Push-Location -LiteralPath $folder
        try {
            foreach ($quote in '', "'", '"') {
                $text = (Get-Completion "Measure-WmsModel $quote" "$_.safetensors").CompletionText
                $text | Should -HaveCount 1 -Because "the folder has one file, and the line ends with <$quote>"
                if ($quote) { $text | Should -BeLike "$quote*$quote" }
                $value = & ([scriptblock]::Create("Write-Output $text"))
                $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($value) |
                    Should -Be (Join-Path $folder "$_.safetensors")
            }
        }
        finally { Pop-Location }
    }

    It 'completes a quoted prefix, with or without its closing quote' {
        $folder = New-TestFolder
        New-File $folder 'my runs/my model.safetensors'
        Push-Location -LiteralPath $folder
        try {
            foreach ($line in "'my runs/my", "'my runs/my'", '"my runs/my', '"my runs/my"', 'my` runs/my') {
                $text = (Get-Completion "Measure-WmsModel $line" 'my model.safetensors').CompletionText
                Test-Path -LiteralPath (& ([scriptblock]::Create("Write-Output $text"))) | Should -BeTrue -Because "$line became $text"
            }
        }
        finally { Pop-Location }
    }
}

Describe 'Tab after other parameters' {
    It 'offers data sets after -DataPath, and the current folder when it is one' {
        foreach ($line in 'Measure-WmsModel x ', 'Compare-WmsModel x y -DataPath ', 'Start-WmsTraining ') {
            (Get-Completion $line 'data/meters')[0].CompletionText | ConvertTo-Slash | Should -Be 'data/meters'
        }
        Push-Location -LiteralPath "$work/data/meters"
        try { (Get-Completion 'Start-WmsTraining ' '.')[0].CompletionText | Should -Be '.' } finally { Pop-Location }
    }

    It 'offers split files, split.json first' {
        foreach ($line in 'Get-WmsDataset -SplitPath ', 'Measure-WmsModel -SplitPath ', 'Start-WmsTraining x -SplitPath ') {
            (Get-Completion $line 'split.json' | Select-Object -First 2).CompletionText | Should -Be 'split.json', 'a.json'
        }
    }

    It 'offers training configurations' {
        (Get-Completion 'Start-WmsTraining x -ConfigPath ' 'config/other.yml' | Select-Object -First 2).CompletionText | ConvertTo-Slash |
            Should -Be 'train.yaml', 'config/other.yml'
    }

    It 'lets PowerShell complete enum parameters' {
        (Get-Completion 'Measure-WmsModel -Split v').CompletionText | Should -Be 'Validation'
        (Get-Completion 'Invoke-WmsPrediction -Precision ').CompletionText |
            Should -Be ([Enum]::GetNames([WaterMeters.Precision]) | Sort-Object)
    }

    It 'offers valid training stages, and completes a partial one' {
        foreach ($text in (Get-Completion 'Start-WmsTraining x -Stage ').CompletionText) {
            [WaterMeters.TrainingStage] $text | Should -Not -BeNullOrEmpty
        }
        (Get-Completion 'Start-WmsTraining x -Stage 256x14x8,38').CompletionText | Should -Be '384x5x4'
        (Get-Completion 'Start-WmsTraining x -Stage 320').CompletionText | Should -Be '320x10x8'
        (Get-Completion 'Start-WmsTraining x -Stage 320x3x').CompletionText | Should -Be '320x3x8'
        Get-Completion 'Start-WmsTraining x -Stage 300' | Should -BeNullOrEmpty
        Get-Completion 'Start-WmsTraining x -Stage many' | Should -BeNullOrEmpty
    }

    It 'covers every parameter that names a model, a data set, a split file, a configuration or a stage of a training' {
        $without = foreach ($command in Get-Command -Module WaterMeters) {
            $names = 'Model', 'Candidate', 'Baseline', 'DataPath', 'SplitPath', 'ConfigPath', 'Stage'
            foreach ($parameter in $command.Parameters.Values | Where-Object Name -in $names) {
                # PowerShell completes the values of an enumeration itself, before it asks a completer.
                if (($parameter.ParameterType.GenericTypeArguments + $parameter.ParameterType)[0].IsEnum) { continue }
                if (-not ($parameter.Attributes -match 'ArgumentCompleter')) { "$($command.Name) -$($parameter.Name)" }
            }
        }
        $without | Should -BeNullOrEmpty
    }
}

Describe 'Tab in unusual folders' {
    It 'offers nothing in a deleted folder' {
        $folder = New-TestFolder
        Push-Location -LiteralPath $folder
        try {
            if (-not $IsWindows) { [IO.Directory]::Delete($folder) }
            foreach ($line in 'Measure-WmsModel ', 'Start-WmsTraining ', 'Get-WmsDataset -SplitPath ', 'Measure-WmsModel gone/') {
                Get-Completion $line | Should -BeNullOrEmpty
            }
        }
        finally { Pop-Location }
    }

    It 'skips a folder without read permission, and searches its siblings' {
        if ($IsWindows) { Set-ItResult -Skipped -Because 'Windows has no such permission bits' }
        $folder = New-TestFolder
        New-File $folder 'closed/model.safetensors', 'open/model.safetensors'
        # Root may read it nevertheless.
        [IO.File]::SetUnixFileMode("$folder/closed", [IO.UnixFileMode]::None)
        Push-Location -LiteralPath $folder
        try {
            (Get-Completion 'Measure-WmsModel ' 'open/model.safetensors').CompletionText | Should -Contain 'open/model.safetensors'
            $found = @(Get-Completion 'Measure-WmsModel closed/').CompletionText
            $found | Where-Object { $_ -ne 'closed/model.safetensors' } | Should -BeNullOrEmpty
        }
        finally {
            Pop-Location
            [IO.File]::SetUnixFileMode("$folder/closed", [IO.UnixFileMode] 'UserRead, UserWrite, UserExecute')
        }
    }

    It 'handles circular and broken symbolic links' {
        $folder = New-TestFolder
        New-File $folder 'runs/model.safetensors'
        try { $null = New-Item -ItemType SymbolicLink -Path "$folder/runs/circle" -Target $folder -ErrorAction Stop }
        catch { Set-ItResult -Skipped -Because 'this user may not create symbolic links' }
        $null = New-Item -ItemType SymbolicLink -Path "$folder/nowhere" -Target "$folder/gone" -Force
        Push-Location -LiteralPath $folder
        try {
            @(Get-Completion 'Measure-WmsModel ' 'runs/model.safetensors' | Where-Object CompletionText -like '*.safetensors') |
                Should -HaveCount 1
        }
        finally { Pop-Location }
    }

    It 'skips names that cannot be typed' {
        if ($IsWindows) { Set-ItResult -Skipped -Because 'Windows refuses these names' }
        $folder = New-TestFolder
        New-File $folder "line`nbreak.safetensors", 'back\slash.safetensors', "bell`a.safetensors", 'good.safetensors'
        Push-Location -LiteralPath $folder
        try { (Get-Completion 'Measure-WmsModel ' 'good.safetensors').CompletionText | Should -Be 'good.safetensors' }
        finally { Pop-Location }
    }

    It 'does not treat a file as a folder, or unusual words as wildcards' {
        foreach ($word in 'notes.txt/', '[', '*', '?', '`', '[a-', '"', "'",
            '..\..\..\..\..\..\..\..\..\..\..\..\..\zzz', "$('x' * 5000)", '//', '\\server.invalid\') {
            { Get-Completion "Measure-WmsModel $word" } | Should -Not -Throw
            { Get-Completion "Start-WmsTraining x -Stage $word" } | Should -Not -Throw
        }
        Get-Completion 'Measure-WmsModel notes.txt/' | Should -BeNullOrEmpty
    }

    It 'finds the model in a folder of many files' {
        $folder = New-TestFolder
        New-File $folder (@(1..2000 | ForEach-Object { "$_.txt" }) + 'models/production.safetensors')
        Push-Location -LiteralPath $folder
        try {
            (Get-Completion 'Measure-WmsModel ' 'models/production.safetensors')[0].CompletionText | ConvertTo-Slash |
                Should -Be 'models/production.safetensors'
        }
        finally { Pop-Location }
    }

    It 'offers at most 50 completions' {
        $folder = New-TestFolder
        New-File $folder (1..120 | ForEach-Object { "run$_.safetensors" })
        Push-Location -LiteralPath $folder
        try { (Get-Completion 'Measure-WmsModel ').Count | Should -BeLessOrEqual 50 } finally { Pop-Location }
    }

    It 'leaves no error behind' {
        Get-ErrorCount | Should -Be $errors
    }
}
