BeforeDiscovery {
    # A script, its exit code with -File, and whether it reaches its last command. Command: its exit code with -Command, where the last
    # command decides.
    $cases = @(
        @{ Name = 'Test-WmsDataset with status Fail'; Script = 'Test-WmsDataset bad'; Command = 0; File = 0 }
        @{ Name = 'Test-WmsDataset -Quiet that returns false'; Script = 'Test-WmsDataset bad -Quiet'; Command = 0; File = 0 }
        @{
            Name = 'a check that passes, with exit'; File = 0; On = $true
            Script = 'if (-not (Test-WmsDataset good -Quiet)) { exit 2 }; "on"'
        }
        @{ Name = 'a non-terminating error'; Script = 'Get-WmsDataset nowhere'; Command = 1; File = 0 }
        @{ Name = 'a terminating error'; Script = 'Invoke-WmsPrediction x.jpg -Model no.safetensors'; Command = 1; File = 0 }
        @{
            Name = 'a non-terminating error before the last command'; File = 0; On = $true
            Script = 'Get-WmsDataset nowhere; "on"'
        }
        @{
            Name = 'a terminating error before the last command'; File = 0; On = $true
            Script = 'Invoke-WmsPrediction x.jpg -Model no.safetensors; "on"'
        }
        @{
            Name = 'a non-terminating error, with Stop'; File = 1
            Script = '$ErrorActionPreference = "Stop"; Get-WmsDataset nowhere; "on"'
        }
        @{
            Name = 'a terminating error, with Stop'; File = 1
            Script = '$ErrorActionPreference = "Stop"; Invoke-WmsPrediction x.jpg -Model no.safetensors; "on"'
        }
        @{
            Name = 'a model that is not better'; File = 0
            Script = 'Compare-WmsModel model.safetensors model.safetensors good -Quiet'
        }
        @{
            Name = 'a gate without libtorch'; File = 3
            Script = '$env:NUGET_PACKAGES = $env:XDG_DATA_HOME = "$PWD/none"; ' +
                'if (-not (Compare-WmsModel model.safetensors model.safetensors good -Precision BFloat16 -Quiet)) { exit 3 }; "on"'
        }
        @{
            Name = 'a gate with a missing model, with Stop'; File = 1
            Script = '$ErrorActionPreference = "Stop"; ' +
                'if (-not (Compare-WmsModel no.safetensors model.safetensors good -Quiet)) { exit 3 }; "on"'
        }
        @{
            Name = 'an unknown parameter'; File = 0; On = $true
            Script = 'if (-not (Test-WmsDataset good -Quiet -NoSuchParameter)) { exit 2 }; "on"'
        }
        @{
            Name = 'an unknown parameter, with Stop'; File = 1
            Script = '$ErrorActionPreference = "Stop"; if (-not (Test-WmsDataset good -Quiet -NoSuchParameter)) { exit 2 }; "on"'
        }
    )

    # Scripts that end with their own exit: their code does not depend on the process, so they share one.
    $exits = @(
        @{
            Name = '$LASTEXITCODE, which a cmdlet does not set'; Code = 7
            Script = '$global:LASTEXITCODE = 7; $null = Test-WmsDataset bad -Quiet; exit $LASTEXITCODE'
        }
        @{ Name = '$? after false'; Script = '$null = Test-WmsDataset bad -Quiet; exit [int] $?'; Code = 1 }
        @{
            Name = 'a gate for a model that is not better'; Code = 3
            Script = 'if (-not (Compare-WmsModel model.safetensors model.safetensors good -Quiet)) { exit 3 }; "on"'
        }
        @{
            Name = 'a check that fails, with exit'; Code = 2
            Script = 'if (-not (Test-WmsDataset bad -Quiet)) { exit 2 }; "on"'
        }
        @{ Name = 'false as an exit code'; Script = 'exit [int] (-not (Test-WmsDataset bad -Quiet))'; Code = 1 }
        @{ Name = 'true as an exit code'; Script = 'exit [int] (-not (Test-WmsDataset good -Quiet))'; Code = 0 }
        @{
            Name = 'a gate with a missing model'; Code = 3
            Script = 'if (-not (Compare-WmsModel no.safetensors model.safetensors good -Quiet)) { exit 3 }; "on"'
        }
        @{
            Name = 'a gate whose data are on a missing drive'; Code = 3
            Script = 'if (-not (Compare-WmsModel model.safetensors model.safetensors NoDrive:/data -Quiet)) { exit 3 }; "on"'
        }
        @{
            Name = 'a check whose report cannot be written'; Code = 2
            Script = 'if (-not (Test-WmsDataset good -Quiet -ReportPath model.safetensors/report.json)) { exit 2 }; "on"'
        }
        @{
            Name = 'a check whose report is on a missing drive'; Code = 2
            Script = 'if (-not (Test-WmsDataset good -Quiet -ReportPath NoDrive:/report.json)) { exit 2 }; "on"'
        }
        @{
            Name = 'a check whose path is an unset variable'; Code = 2
            Script = 'if (-not (Test-WmsDataset $env:NOT_SET -Quiet)) { exit 2 }; "on"'
        }
        @{
            Name = 'a check whose literal path is an empty variable'; Code = 2
            Script = 'if (-not (Test-WmsDataset -LiteralPath "$env:NOT_SET" -Quiet)) { exit 2 }; "on"'
        }
        @{
            Name = 'a check whose report is an unset variable'; Code = 2
            Script = 'if (-not (Test-WmsDataset good -Quiet -ReportPath $env:NOT_SET)) { exit 2 }; "on"'
        }
        @{
            Name = 'a check whose model is an unset variable'; Code = 2
            Script = 'if (-not (Test-WmsDataset good -Quiet -Model $env:NOT_SET)) { exit 2 }; "on"'
        }
        @{
            Name = 'a check whose split file is an unset variable'; Code = 2
            Script = 'if (-not (Test-WmsDataset good -Quiet -SplitPath $env:NOT_SET)) { exit 2 }; "on"'
        }
        @{
            Name = 'a gate whose model is an unset variable'; Code = 3
            Script = 'if (-not (Compare-WmsModel $env:NOT_SET model.safetensors good -Quiet)) { exit 3 }; "on"'
        }
        @{
            Name = 'a gate whose limit is an unset variable'; Code = 3
            Script = 'if (-not (Compare-WmsModel model.safetensors model.safetensors good ' +
                '-Policy NonInferior -MinimumPhotos 2 -MinimumDice $env:NOT_SET -Quiet)) { exit 3 }; "on"'
        }
        @{
            Name = 'a gate whose policy is an empty variable'; Code = 3
            Script = 'if (-not (Compare-WmsModel model.safetensors model.safetensors good -Policy "$env:NOT_SET" -Quiet)) { exit 3 }; "on"'
        }
        @{
            Name = 'a gate without a baseline'; Code = 3
            Script = 'if (-not (Compare-WmsModel model.safetensors -NoBaseline -DataPath good -Quiet)) { exit 3 }; "on"'
        }
        @{
            Name = 'a gate whose data set is an unset variable'; Code = 3
            Script = 'if (-not (Compare-WmsModel model.safetensors model.safetensors $env:NOT_SET -Quiet)) { exit 3 }; "on"'
        }
    )
}

BeforeAll {
    Import-Module "$PSScriptRoot/../../Support/TestSupport.psm1"
    Import-Module "$PSScriptRoot/../../../build/Processes.psm1"
    $work = New-TestFolder
    $null = New-SampleData -Path "$work/good"
    Copy-Item (New-SampleModel "$work/good").ModelPath "$work/model.safetensors"
    $null = New-Item -ItemType Directory "$work/bad/images", "$work/bad/masks"
    Set-Content "$work/bad/images/x.jpg" 'no photo'
    $program, [string[]] $first = Get-PwshCommand
    $first = @($first | Where-Object { $_ }) + '-NoLogo', '-NoProfile', '-NonInteractive'
    $import = "Import-Module '$(Get-ModulePath)'; "

    function Invoke-Script([string[]] $Arguments) {
        Push-Location -LiteralPath $work
        try { @{ Output = @(& $program @first @Arguments 2>&1 | ForEach-Object { "$_" }); ExitCode = $LASTEXITCODE } }
        finally { Pop-Location }
    }

    # Runs the scripts one after the other in one process. Returns for each its ExitCode and Output, by its text.
    function Invoke-Together([string[]] $Scripts) {
        $files = foreach ($script in $Scripts) {
            $file = "$work/script-$([Guid]::NewGuid().ToString('n')).ps1"
            Set-Content $file $script
            $file
        }
        Set-Content "$work/together.ps1" @"
            $import
            foreach (`$file in '$($files -join "', '")') {
                `$global:LASTEXITCODE = -1
                `$output = @(& `$file 2>&1 | ForEach-Object { "`$_" })
                'result ' + (@{ ExitCode = `$LASTEXITCODE; Output = `$output } | ConvertTo-Json -Compress)
            }
"@
        $lines = @((Invoke-Script '-File', "$work/together.ps1").Output -match '^result ' -replace '^result ' | ConvertFrom-Json)
        if ($lines.Count -ne $Scripts.Count) { throw "$($lines.Count) of $($Scripts.Count) scripts ended." }
        $results = @{}
        foreach ($i in 0..($Scripts.Count - 1)) { $results[$Scripts[$i]] = $lines[$i] }
        $results
    }
}

Describe 'The exit code of a pwsh process' -ForEach @{ Exits = $exits } {
    BeforeAll { $together = Invoke-Together $Exits.Script }

    It 'is <File> with -File after <Name>' -ForEach $cases {
        Set-Content "$work/script.ps1" "$import`n$Script"
        $ways = @(
            @{ Arguments = '-File', "$work/script.ps1"; Code = $File }
            if ($_.ContainsKey('Command')) { @{ Arguments = '-Command', "$import$Script"; Code = $Command } }
        )
        foreach ($way in $ways) {
            $child = Invoke-Script $way.Arguments
            $child.ExitCode | Should -Be $way.Code -Because "$($way.Arguments[0]): $($child.Output -join "`n")"
            $child.Output -contains 'on' | Should -Be ([bool] $On)
        }
    }

    It 'is <Code> after <Name>' -ForEach $exits {
        $result = $together[$Script]
        $result.ExitCode | Should -Be $Code -Because ($result.Output -join "`n")
        $result.Output -contains 'on' | Should -Be ([bool] $On)
    }

    It 'has eight bits outside Windows' {
        if ($IsWindows) { Set-ItResult -Skipped -Because 'exit codes have 32 bits on Windows' }
        (Invoke-Script '-Command', 'exit 256').ExitCode | Should -Be 0
        (Invoke-Script '-Command', 'exit 255').ExitCode | Should -Be 255
    }

    It 'works with sh and its operators' {
        if ($IsWindows) { Set-ItResult -Skipped -Because 'Windows has no sh' }
        Set-Content "$work/check.ps1" "$import`nexit [int] (-not (Test-WmsDataset bad -Quiet))"
        Push-Location -LiteralPath $work
        try {
            $line = (@($program) + $first + '-File', 'check.ps1' | ForEach-Object { "'$_'" }) -join ' '
            sh -c "$line || exit 9"
            $LASTEXITCODE | Should -Be 9
            sh -c "exec $line"
            $LASTEXITCODE | Should -Be 1
        }
        finally { Pop-Location }
    }

    It 'tells in the topic''s complete script which step failed' {
        $gate = {
            param($data, $model)
            $text = (Get-Content "$PSScriptRoot/../../../module/en-US/about_WaterMeters_Scripts.help.txt" -Raw) -replace '\r'
            $code = [regex]::Match($text, '(?s) {8}\$ErrorActionPreference = ''Stop''\n {8}if.*?exit 3 \}\n').Value
            $code | Should -Not -BeNullOrEmpty
            $code = $code.Replace('./data', $data).Replace('./runs/new/model.safetensors', $model)
            Set-Content "$work/gate.ps1" ($import + $code.Replace('./models/production.safetensors', 'model.safetensors'))
            (Invoke-Script '-File', "$work/gate.ps1").ExitCode
        }
        & $gate 'bad' 'model.safetensors' | Should -Be 2
        & $gate 'good' 'model.safetensors' | Should -Be 3
        & $gate 'good' 'no.safetensors' | Should -Be 1
    }

    It 'is described in a topic that Get-Help finds' {
        Get-Help about_WaterMeters_Scripts | Out-String | Should -Match 'EXIT CODES'
    }
}

Describe 'Redirected output' {
    BeforeAll {
        # Records of the module, one for each view with colours.
        $show = 'Test-WmsDataset bad | Out-Host; Test-WmsDataset bad -PerFinding | Out-Host; ' +
            'Compare-WmsModel model.safetensors model.safetensors good | Out-Host'
        $append = $show -replace '\| Out-Host', '>> log.txt'
        function Get-Text([string] $Script, [Collections.IDictionary] $Environment) {
            $child = Invoke-ChildPwsh -ImportModule "$Script" -WorkingDirectory $work -Environment $Environment
            $child.ExitCode | Should -Be 0 -Because ($child.Error -join "`n")
            # Durations differ from run to run.
            $child.Output -notmatch 'Duration' -join "`n"
        }

        $plain = (Get-Text $show @{ NO_COLOR = '1' }).TrimEnd()
        # The default comes first: it is what a session starts with.
        $default, $plainText, $ansi, $null = (Get-Text -Environment @{ NO_COLOR = $null } -Script "
            $show; 'next'
            `$PSStyle.OutputRendering = 'PlainText'; $show; 'next'
            `$PSStyle.OutputRendering = 'Ansi'; $show; 'next'
            `$PSStyle.OutputRendering = 'Host'; $append; $($show -replace 'Out-Host', 'Out-File other.txt -Append')") -split
            "(?m)^next`n?" |
            ForEach-Object { $_.TrimEnd() }
        $escape = "`e\[[\d;]*m"
    }

    It 'has no escape codes with NO_COLOR' {
        $plain | Should -Match 'Inconclusive'
        $plain | Should -Not -Match "`e"
    }

    It 'has no escape codes with $PSStyle.OutputRendering = ''PlainText''' {
        $plainText | Should -BeExactly $plain
    }

    It 'has only the escape codes of PowerShell''s own headers by default' {
        $default -split "`n" -match $escape -replace "`e\[32;1m[\w ]*(:|$)" -match "`e\[(31|33)" | Should -BeNullOrEmpty
        $default -replace $escape | Should -BeExactly $plain
    }

    It 'has no escape codes in a file written by > or Out-File' {
        foreach ($file in 'log.txt', 'other.txt') {
            Get-Content "$work/$file" -Raw | Should -Match 'Inconclusive'
            Get-Content "$work/$file" -Raw | Should -Not -Match "`e"
        }
    }

    It 'has colours with $PSStyle.OutputRendering = ''Ansi'', and aligned columns' {
        foreach ($coloured in "`e\[31;1mFail", "`e\[31;1mError", "`e\[33;1mInconclusive") { $ansi | Should -Match $coloured }
        $ansi -replace $escape | Should -BeExactly $plain
    }
}
