# What programs of other code pages read from the module, and the module from them. Linux has one code page, but a process can be told of
# another, so all of this runs everywhere.
BeforeAll {
    Import-Module "$PSScriptRoot/../../Support/TestSupport.psm1", "$PSScriptRoot/../../../build/Processes.psm1"
    $pages = 437, 850, 1250, 65001
    # Zähler_Größe: letters of every code page here.
    $name = "Z$([char]0xe4)hler_Gr$([char]0xf6)$([char]0xdf)e"
    $data = New-SampleData
    $model = (New-SampleModel $data).ModelPath
    $work = New-TestFolder
    $photos = (New-Item -ItemType Directory "$work/photos").FullName
    [IO.File]::Copy((Get-ChildItem "$data/images")[0].FullName, "$photos/$name.jpg")
    $bad = New-SampleData -Path "$work/bad"
    Rename-Item (Get-ChildItem "$bad/images")[0].FullName "$name.jpg"

    # Runs a script in a new pwsh process. Returns the bytes that it wrote.
    function Get-OutputByte([string] $Script) {
        $program, [string[]] $first = Get-PwshCommand
        $start = [Diagnostics.ProcessStartInfo]::new($program)
        $text = "`$ErrorActionPreference = 'Stop'; Import-Module '$(Get-ModulePath)'; $Script"
        $encoded = [Convert]::ToBase64String([Text.Encoding]::Unicode.GetBytes($text))
        $arguments = @($first) + '-NoLogo', '-NoProfile', '-NonInteractive', '-OutputFormat', 'Text', '-EncodedCommand', $encoded
        $arguments | Where-Object { $_ } | ForEach-Object { $start.ArgumentList.Add($_) }
        $start.WorkingDirectory = $work
        $start.RedirectStandardInput = $start.RedirectStandardOutput = $start.RedirectStandardError = $true
        $start.StandardOutputEncoding = [Text.Encoding]::Latin1
        $start.Environment['NO_COLOR'] = '1'
        $process = [Diagnostics.Process]::Start($start)
        try {
            $process.StandardInput.Close()
            $output, $errors = $process.StandardOutput.ReadToEndAsync(), $process.StandardError.ReadToEndAsync()
            if (-not $process.WaitForExit(120000)) { $process.Kill($true); throw "The process did not end: $Script" }
            $process.ExitCode | Should -Be 0 -Because $errors.Result
            , [Text.Encoding]::Latin1.GetBytes($output.Result)
        }
        finally { $process.Dispose() }
    }

    # Runs a command while the console of this process has a code page.
    function Use-CodePage([int] $Page, [scriptblock] $Command) {
        $before = [Console]::OutputEncoding
        [Console]::OutputEncoding = [Text.Encoding]::GetEncoding($Page)
        try { & $Command } finally { [Console]::OutputEncoding = $before }
    }

    # A command for a pwsh process that keeps the bytes of its input.
    function Get-Saver([string] $File) {
        "`$file = [IO.File]::Create('$File'); [Console]::OpenStandardInput().CopyTo(`$file); `$file.Close()"
    }

    # The output of a native program that writes lines in a code page.
    function Write-Native([int] $Page, [string[]] $Lines) {
        $file = "$work/lines-$([Guid]::NewGuid().ToString('n')).txt"
        [IO.File]::WriteAllBytes($file, [Text.Encoding]::GetEncoding($Page).GetBytes(($Lines -join [Environment]::NewLine)))
        if (-not $IsWindows) { return cat $file }
        # No program of Windows copies bytes to its output as they are, everywhere.
        $program, [string[]] $first = Get-PwshCommand
        & $program @first -NoProfile -NonInteractive -Command "[IO.File]::OpenRead('$file').CopyTo([Console]::OpenStandardOutput())"
    }
}

Describe 'Output in a console' {
    It 'is ASCII but for the names of files, so that no code page changes it' {
        $script = {
            $null = Test-WmsDataset BAD -Quiet
            Test-WmsDataset BAD | Out-Host
            Invoke-WmsPrediction PHOTOS -Model MODEL -Precision Float32 | Select-Object * -ExcludeProperty Duration | Out-Host
            Measure-WmsModel MODEL DATA | Select-Object * -ExcludeProperty Duration, PhotosPerSecond | Out-Host
            try { Get-WmsDataset nowhere } catch { "$_" }
            # Not as a table: where one is cut, PowerShell itself writes an ellipsis.
            Test-WmsEnvironment | Format-List Name, Status, Remedy | Out-Host
        }.ToString().Replace('MODEL', "'$model'").Replace('DATA', "'$data'").Replace('BAD', "'$bad'").Replace('PHOTOS', "'$photos'")
        $texts = foreach ($page in $pages) {
            $encoding = [Text.Encoding]::GetEncoding($page)
            # Set before the first line: PowerShell keeps the encoding of redirected output.
            $encoding.GetString((Get-OutputByte "[Console]::OutputEncoding = [Text.Encoding]::GetEncoding($page); $script"))
        }
        foreach ($text in $texts) {
            [regex]::Matches($text, $name).Count | Should -BeGreaterThan 2
            $text.Replace($name, '') | Should -Not -Match '[^\x00-\x7f]'
            $text -replace '(?m)^Duration.*' | Should -BeExactly ($texts[0] -replace '(?m)^Duration.*')
        }
    }

    It 'of a training is ASCII' {
        $bytes = Get-OutputByte "Start-WmsTraining '$data' -OutputPath '$work/run' -BaseChannels 4 -Stage 64x2x8"
        [Text.Encoding]::Latin1.GetString($bytes) | Should -Match 'epoch +2 of 2'
        $bytes | Where-Object { $_ -gt 127 } | Should -BeNullOrEmpty
    }
}

Describe 'What a native program reads' {
    It 'is UTF-8 in a file written with > or Export-Csv, and in a pipe, whatever the code page' {
        $program, [string[]] $first = Get-PwshCommand
        foreach ($page in 437, 65001) {
            $files = Use-CodePage $page {
                Push-Location $work
                try {
                    $record = Invoke-WmsPrediction $photos -Model $model
                    $record.ImagePath > "text-$page.txt"
                    $record | Export-Csv "table-$page.csv"
                    $record.ImagePath | & $program @first -NoProfile -NonInteractive -Command (Get-Saver "$work/pipe-$page.txt")
                    'text-{0}.txt', 'table-{0}.csv', 'pipe-{0}.txt' | ForEach-Object { Join-Path $work ($_ -f $page) }
                }
                finally { Pop-Location }
            }
            foreach ($file in $files) {
                $bytes = [IO.File]::ReadAllBytes($file)
                $bytes[0] | Should -Not -Be 0xef -Because "$file has no byte order mark"
                [Text.UTF8Encoding]::new($false, $true).GetString($bytes) | Should -Match $name
            }
        }
    }

    It 'is the code page of the console with $OutputEncoding = [Console]::OutputEncoding' {
        $program, [string[]] $first = Get-PwshCommand
        Use-CodePage 850 {
            $OutputEncoding = [Console]::OutputEncoding
            (Invoke-WmsPrediction $photos -Model $model).ImagePath |
                & $program @first -NoProfile -NonInteractive -Command (Get-Saver "$work/pipe-850.txt")
        }
        [Text.Encoding]::GetEncoding(850).GetString([IO.File]::ReadAllBytes("$work/pipe-850.txt")) | Should -Match $name
    }
}

Describe 'Names from a native program' {
    It 'are found when it writes in the code page <_> of the console' -ForEach 437, 850, 1250, 65001 {
        $page = $_
        Use-CodePage $page {
            Push-Location $photos
            try {
                $lines = Write-Native $page "$name.jpg"
                ($lines | Invoke-WmsPrediction -Model $model).ImagePath | Split-Path -Leaf | Should -Be "$name.jpg"
                Set-Location "$bad/images"
                ($lines | Test-WmsDataset -PerFinding).Path | Split-Path -Leaf | Should -Contain "$name.jpg"
            }
            finally { Pop-Location }
        }
    }

    It 'that were read in the wrong code page are an error that names the right one (<Written> read as <Read>)' -ForEach @(
        @{ Written = 65001; Read = 437; Culture = 'en-US' }
        @{ Written = 65001; Read = 1250; Culture = 'en-US' }
        @{ Written = 1252; Read = 850; Culture = 'de-DE' }
    ) {
        # An o with an acute accent: a letter of all these code pages.
        $other = "rel$([char]0xf3)gio"
        Copy-Item "$photos/$name.jpg" "$photos/$other.jpg"
        $before = [cultureinfo]::CurrentCulture
        [cultureinfo]::CurrentCulture = $Culture
        Push-Location $photos
        try {
            $failure, $none = Use-CodePage $Read {
                $lines = Write-Native $Written "$other.jpg"
                Get-Failure { $lines | Invoke-WmsPrediction -Model $model }
                Set-Location $bad
                Get-Failure { $lines | Invoke-WmsPrediction -Model $model }
            }
        }
        finally {
            Pop-Location
            [cultureinfo]::CurrentCulture = $before
            Remove-Item "$photos/$other.jpg"
        }
        $failure.FullyQualifiedErrorId | Should -BeLike 'PathNotFound,*'
        "$failure" | Should -BeLike "*but '$other.jpg' exists:*code page $Written, *in $Read. Run *GetEncoding($Written) first.*"
        # Where there is no such file, nothing is guessed.
        "$none" | Should -BeLike 'Nothing matches*Check the path*'
    }

    It 'whose letters were lost are an error that says so' {
        $failure = Use-CodePage 65001 {
            $lines = Write-Native 850 "$photos/$name.jpg"
            Get-Failure { $lines | Invoke-WmsPrediction -Model $model }
        }
        $failure.FullyQualifiedErrorId | Should -BeLike 'PathNotFound,*'
        "$failure" | Should -BeLike '*letters that could not be read:*(65001)*'
    }
}
