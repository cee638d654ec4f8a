BeforeDiscovery {
    # A script, what its process ends with by -Command and by -File, and what must not have been reached.
    $cases = @(
        @{ Name = 'Test-WmsDataset that says Fail'; Script = 'Test-WmsDataset bad'; Command = 0; File = 0 }
        @{ Name = 'Test-WmsDataset -Quiet that says no'; Script = 'Test-WmsDataset bad -Quiet'; Command = 0; File = 0 }
        @{ Name = 'a question with an exit'; Script = 'if (-not (Test-WmsDataset bad -Quiet)) { exit 2 }; "on"'; Command = 2; File = 2 }
        @{ Name = 'a question that is answered with yes'; Script = 'if (-not (Test-WmsDataset good -Quiet)) { exit 2 }; "on"'; Command = 0; File = 0; On = $true }
        @{ Name = 'the answer as a code, no'; Script = 'exit [int] (-not (Test-WmsDataset bad -Quiet))'; Command = 1; File = 1 }
        @{ Name = 'the answer as a code, yes'; Script = 'exit [int] (-not (Test-WmsDataset good -Quiet))'; Command = 0; File = 0 }
        @{ Name = 'an error that leaves the pipeline running'; Script = 'Get-WmsDataset nowhere'; Command = 1; File = 0 }
        @{ Name = 'an error that ends the cmdlet'; Script = 'Invoke-WmsPrediction x.jpg -Model no.safetensors'; Command = 1; File = 0 }
        @{ Name = 'an error before the last command'; Script = 'Get-WmsDataset nowhere; "on"'; Command = 0; File = 0; On = $true }
        @{ Name = 'an error that ends the cmdlet before the last command'; Script = 'Invoke-WmsPrediction x.jpg -Model no.safetensors; "on"'; Command = 0; File = 0; On = $true }
        @{ Name = 'an error that leaves the pipeline running, with Stop'; Script = '$ErrorActionPreference = "Stop"; Get-WmsDataset nowhere; "on"'; Command = 1; File = 1 }
        @{ Name = 'an error that ends the cmdlet, with Stop'; Script = '$ErrorActionPreference = "Stop"; Invoke-WmsPrediction x.jpg -Model no.safetensors; "on"'; Command = 1; File = 1 }
        @{ Name = 'a model that is not better'; Script = 'Compare-WmsModel model.safetensors model.safetensors good -Quiet'; Command = 0; File = 0 }
        @{ Name = 'a gate for a model that is not better'; Script = 'if (-not (Compare-WmsModel model.safetensors model.safetensors good -Quiet)) { exit 3 }; "on"'; Command = 3; File = 3 }
        @{ Name = 'a gate that something broke in'; Script = 'if (-not (Compare-WmsModel no.safetensors model.safetensors good -Quiet)) { exit 3 }; "on"'; Command = 3; File = 3 }
        @{ Name = 'a gate whose data lie on no drive'; Script = 'if (-not (Compare-WmsModel model.safetensors model.safetensors NoDrive:/data -Quiet)) { exit 3 }; "on"'; Command = 3; File = 3 }
        @{ Name = 'a gate without libtorch'; Script = '$env:NUGET_PACKAGES = $env:XDG_DATA_HOME = "$PWD/none"; if (-not (Compare-WmsModel model.safetensors model.safetensors good -Precision BFloat16 -Quiet)) { exit 3 }; "on"'; Command = 3; File = 3 }
        @{ Name = 'a gate that something broke in, with Stop'; Script = '$ErrorActionPreference = "Stop"; if (-not (Compare-WmsModel no.safetensors model.safetensors good -Quiet)) { exit 3 }; "on"'; Command = 1; File = 1 }
        @{ Name = 'a check whose report cannot be written'; Script = 'if (-not (Test-WmsDataset good -Quiet -ReportPath model.safetensors/report.json)) { exit 2 }; "on"'; Command = 2; File = 2 }
        @{ Name = 'a check whose report lies on no drive'; Script = 'if (-not (Test-WmsDataset good -Quiet -ReportPath NoDrive:/report.json)) { exit 2 }; "on"'; Command = 2; File = 2 }
        @{ Name = 'a question about a variable that is not set'; Script = 'if (-not (Test-WmsDataset $env:NOT_SET -Quiet)) { exit 2 }; "on"'; Command = 2; File = 2 }
        @{ Name = 'a question about a path that a variable leaves empty'; Script = 'if (-not (Test-WmsDataset -LiteralPath "$env:NOT_SET" -Quiet)) { exit 2 }; "on"'; Command = 2; File = 2 }
        @{ Name = 'a check whose report a variable does not name'; Script = 'if (-not (Test-WmsDataset good -Quiet -ReportPath $env:NOT_SET)) { exit 2 }; "on"'; Command = 2; File = 2 }
        @{ Name = 'a check whose model a variable does not name'; Script = 'if (-not (Test-WmsDataset good -Quiet -Model $env:NOT_SET)) { exit 2 }; "on"'; Command = 2; File = 2 }
        @{ Name = 'a check whose split file a variable does not name'; Script = 'if (-not (Test-WmsDataset good -Quiet -SplitPath $env:NOT_SET)) { exit 2 }; "on"'; Command = 2; File = 2 }
        @{ Name = 'a gate whose model a variable does not name'; Script = 'if (-not (Compare-WmsModel $env:NOT_SET model.safetensors good -Quiet)) { exit 3 }; "on"'; Command = 3; File = 3 }
        @{ Name = 'a gate whose limit a variable does not name'; Script = 'if (-not (Compare-WmsModel model.safetensors model.safetensors good -Policy NonInferior -MinimumPhotos 2 -MinimumDice $env:NOT_SET -Quiet)) { exit 3 }; "on"'; Command = 3; File = 3 }
        @{ Name = 'a gate whose policy a variable leaves empty'; Script = 'if (-not (Compare-WmsModel model.safetensors model.safetensors good -Policy "$env:NOT_SET" -Quiet)) { exit 3 }; "on"'; Command = 3; File = 3 }
        @{ Name = 'a gate without a baseline'; Script = 'if (-not (Compare-WmsModel model.safetensors -NoBaseline -DataPath good -Quiet)) { exit 3 }; "on"'; Command = 3; File = 3 }
        @{ Name = 'a gate whose data a variable does not name'; Script = 'if (-not (Compare-WmsModel model.safetensors model.safetensors $env:NOT_SET -Quiet)) { exit 3 }; "on"'; Command = 3; File = 3 }
        @{ Name = 'a question that PowerShell cannot even ask'; Script = 'if (-not (Test-WmsDataset good -Quiet -NoSuchParameter)) { exit 2 }; "on"'; Command = 0; File = 0; On = $true }
        @{ Name = 'a question that PowerShell cannot even ask, with Stop'; Script = '$ErrorActionPreference = "Stop"; if (-not (Test-WmsDataset good -Quiet -NoSuchParameter)) { exit 2 }; "on"'; Command = 1; File = 1 }
        @{ Name = 'a $? after a no'; Script = '$null = Test-WmsDataset bad -Quiet; exit [int] $?'; Command = 1; File = 1 }
        @{ Name = 'a $LASTEXITCODE that is not the cmdlet''s'; Script = '$global:LASTEXITCODE = 7; $null = Test-WmsDataset bad -Quiet; exit $LASTEXITCODE'; Command = 7; File = 7 }
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
        try { @{ Output = @(& $program @first @Arguments 2>&1 | ForEach-Object { "$_" }); ExitCode = $LASTEXITCODE } } finally { Pop-Location }
    }
}

Describe 'A pwsh process ends as about_WaterMeters_Scripts says' {
    It 'after <Name>' -ForEach $cases {
        # Both at once, for two starts take long.
        Set-Content "$work/script.ps1" "$import`n$Script"
        foreach ($way in @{ Arguments = '-Command', "$import$Script"; Code = $Command }, @{ Arguments = '-File', "$work/script.ps1"; Code = $File }) {
            $child = Invoke-Script $way.Arguments
            $child.ExitCode | Should -Be $way.Code -Because "$($way.Arguments[0]): $($child.Output -join "`n")"
            $child.Output -contains 'on' | Should -Be ([bool] $On)
        }
    }

    It 'with codes of eight bits where the shell is not Windows' -Skip:$IsWindows {
        (Invoke-Script '-Command', 'exit 256').ExitCode | Should -Be 0
        (Invoke-Script '-Command', 'exit 255').ExitCode | Should -Be 255
    }

    It 'so that sh and its operators can ask' -Skip:$IsWindows {
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

    It 'and the whole gate of the topic ends with the code of what failed' {
        $gate = {
            param($data, $model)
            $text = (Get-Content "$PSScriptRoot/../../../module/en-US/about_WaterMeters_Scripts.help.txt" -Raw) -replace '\r'
            $code = [regex]::Match($text, '(?s) {8}\$ErrorActionPreference = ''Stop''\n {8}if.*?exit 3 \}\n').Value
            $code | Should -Not -BeNullOrEmpty
            Set-Content "$work/gate.ps1" ($import + $code.Replace('./data', $data).Replace('./runs/new/model.safetensors', $model).Replace('./models/production.safetensors', 'model.safetensors'))
            (Invoke-Script '-File', "$work/gate.ps1").ExitCode
        }
        & $gate 'bad' 'model.safetensors' | Should -Be 2
        & $gate 'good' 'model.safetensors' | Should -Be 3
        & $gate 'good' 'no.safetensors' | Should -Be 1
    }

    It 'and the topic is found by Get-Help' {
        Get-Help about_WaterMeters_Scripts | Out-String | Should -Match 'EXIT CODES'
    }
}

Describe 'The text of a log' {
    BeforeAll {
        # The module's own records, shown by each view that has colours.
        $show = 'Test-WmsDataset bad | Out-Host; Test-WmsDataset bad -PerFinding | Out-Host; Compare-WmsModel model.safetensors model.safetensors good | Out-Host'
        function Get-Text([string] $Script, [Collections.IDictionary] $Environment) {
            $child = Invoke-ChildPwsh -ImportModule "$Script" -WorkingDirectory $work -Environment $Environment
            $child.ExitCode | Should -Be 0 -Because ($child.Error -join "`n")
            # Durations differ from run to run.
            $child.Output -notmatch 'Duration'
        }
        $plain = Get-Text $show @{ NO_COLOR = '1' }
    }

    It 'has no escape code with NO_COLOR' {
        $plain | Should -Not -BeNullOrEmpty
        $plain -match "`e" | Should -BeNullOrEmpty
    }

    It 'has none with $PSStyle.OutputRendering = ''PlainText''' {
        Get-Text "`$PSStyle.OutputRendering = 'PlainText'; $show" @{ NO_COLOR = $null } | Should -Be $plain
    }

    It 'has none but those of PowerShell''s own headers where output is redirected' {
        $text = Get-Text $show @{ NO_COLOR = $null }
        $text -match "`e\[[\d;]*m" -replace "`e\[32;1m[\w ]*(:|$)" -match "`e\[(31|33)" | Should -BeNullOrEmpty
        $text -replace "`e\[[\d;]*m" | Should -Be $plain
    }

    It 'has none in a file that is written by > or Out-File' {
        $write = $show -replace '\| Out-Host', '>> log.txt'
        $null = Get-Text "$write; $($show -replace 'Out-Host', 'Out-File other.txt -Append')" @{ NO_COLOR = $null }
        Get-Content "$work/log.txt", "$work/other.txt" | Should -Not -BeNullOrEmpty
        (Get-Content "$work/log.txt" -Raw) + (Get-Content "$work/other.txt" -Raw) | Should -Not -Match "`e"
    }

    It 'has colours with $PSStyle.OutputRendering = ''Ansi'', and the columns stay where they are' {
        $coloured = Get-Text "`$PSStyle.OutputRendering = 'Ansi'; $show" @{ NO_COLOR = $null }
        $coloured -match "`e\[31;1mFail" | Should -Not -BeNullOrEmpty
        $coloured -match "`e\[31;1mError" | Should -Not -BeNullOrEmpty
        $coloured -match "`e\[33;1mInconclusive" | Should -Not -BeNullOrEmpty
        $coloured -replace "`e\[[\d;]*m" | Should -Be $plain
    }
}
