BeforeDiscovery {
    Import-Module "$PSScriptRoot/../../Support/RecordSamples.psm1"
    $types = @(Get-RecordType | ForEach-Object { @{ Type = $_.Name } })
    $snapshots = @(foreach ($culture in 'en-US', 'pl-PL') { foreach ($width in 80, 120, 200) { "$culture-$width.txt" } })
}

BeforeAll {
    Import-Module "$PSScriptRoot/../../Support/TestSupport.psm1", "$PSScriptRoot/../../Support/RecordSamples.psm1"
    $samples = Get-RecordSample
    $texts = Get-ViewSnapshot
    $views = @{}
    foreach ($type in Get-RecordType) {
        $views[$type.Name] = (Get-FormatData -TypeName $type.FullName -PowerShellVersion 7.0).FormatViewDefinition
    }

    # What the default formatting of one value writes, with colours where $Rendering is Ansi.
    function Get-Text($Value, [string] $Rendering, [int] $Width = 120) {
        $before = $PSStyle.OutputRendering
        try { $PSStyle.OutputRendering = $Rendering; ($Value | Out-String -Width $Width).Replace("`r", '') }
        finally { $PSStyle.OutputRendering = $before }
    }
}

Describe 'The view of <Type>' -ForEach $types {
    It 'has headings that are names of properties' {
        $view = @($views[$Type])[0].Control
        $view | Should -Not -BeNullOrEmpty
        $labels = $view.Headers ? $view.Headers.Label : $view.Entries.Items.Label
        $labels.Count | Should -BeGreaterThan 2
        foreach ($label in $labels) { $label | Should -BeIn ([type] "WaterMeters.$Type").GetProperties().Name }
    }

    It 'cuts no number and no heading at 80 columns' {
        $text = Get-Text $samples[$Type] PlainText 80
        $text | Should -Not -Match '\d…|…\d' # the texts of the samples have no digits
        $view = @($views[$Type])[0].Control
        if ($view.Headers) {
            $heading = ($text.Trim("`n") -split "`n")[0]
            foreach ($label in $view.Headers.Label) { $heading | Should -MatchExactly "(^| )$label( |$)" }
        }
        ($text -split "`n" | ForEach-Object { $_.TrimEnd().Length } | Measure-Object -Maximum).Maximum | Should -BeLessOrEqual 80
    }

    It 'has no cell with an error' {
        # A failing script block shows "#ERR" with this switch, and an empty cell without it.
        $samples[$Type] | Format-Table -DisplayError -ShowError 2>&1 | Out-String -Width 120 |
            Should -Not -Match '#ERR|FormatException|cannot be'
    }

    It 'writes the same text in colour, and no escape codes when redirected' {
        Get-Text $samples[$Type] Host | Should -Not -Match "`e"
        $coloured = Get-Text $samples[$Type] Ansi
        $coloured -replace "`e\[[\d;]*m" | Should -BeExactly (Get-Text $samples[$Type] PlainText)
        # Only status, severity and verdict are coloured; PowerShell colours the labels of a list.
        $has = $coloured -split "`n" | Select-Object -Skip 3 | Where-Object { $_ -match "`e\[3[12]|`e\[3[13];1|`e\[33" }
        [bool] $has | Should -Be ($Type -match 'Report|Finding|ModelComparison|Check')
    }

    It 'is the same for a record from a job' {
        $back = @($samples[$Type] | ForEach-Object {
                [Management.Automation.PSSerializer]::Deserialize([Management.Automation.PSSerializer]::Serialize($_, 2)) })
        Get-Text $back PlainText | Should -BeExactly (Get-Text $samples[$Type] PlainText)
    }

    It 'shows the important properties where no view applies' {
        $standard = [Management.Automation.PSObject]::AsPSObject($samples[$Type][0]).PSStandardMembers
        $set = @($standard.DefaultDisplayPropertySet.ReferencedPropertyNames)
        $set.Count | Should -BeIn (3..13)
        foreach ($name in $set) { $name | Should -BeIn ([type] "WaterMeters.$Type").GetProperties().Name }
    }
}

Describe 'The records' {
    It 'look as in snapshots/views/<_>' -ForEach $snapshots {
        $file = "$PSScriptRoot/../snapshots/views/$_"
        $file | Should -Exist
        # To accept a change, run ./build.ps1 Accept.
        $texts[$_] + "`n" | Should -BeExactly ([IO.File]::ReadAllText($file).Replace("`r", ''))
    }

    It 'are short where they follow another record in one output' {
        $text = Get-Text @($samples.Prediction[0], $samples.ModelComparison[0]) PlainText 80
        $text | Should -Match 'Verdict +: Inconclusive'
        $text | Should -Match 'Reason +: What was found'
        @($text -split "`n").Count | Should -BeLessThan 30
    }

    It 'look the same in a session in ConstrainedLanguage' {
        $state = [initialsessionstate]::CreateDefault2()
        $state.ImportPSModule((Get-ModulePath))
        $runspace = [runspacefactory]::CreateRunspace($state)
        try {
            $runspace.Open()
            $runspace.SessionStateProxy.SetVariable('samples', $samples)
            $null = [powershell]::Create($runspace).AddScript('$PSStyle.OutputRendering = "PlainText"').Invoke()
            $runspace.SessionStateProxy.LanguageMode = 'ConstrainedLanguage'
            $shell = [powershell]::Create($runspace).AddScript(
                'foreach ($type in $samples.Keys) { $samples[$type] | Out-String -Width 120 }')
            $constrained = @($shell.Invoke())
            $shell.Streams.Error | Should -BeNullOrEmpty
        }
        finally { $runspace.Dispose() }
        $plain = foreach ($type in $samples.Keys) { Get-Text $samples[$type] PlainText }
        ($constrained -join '').Replace("`r", '') | Should -BeExactly ($plain -join '')
    }

    It 'have a readable text for a list of findings, also from a job' {
        $report = $samples.DatasetReport[0]
        $report.Findings.ToString() | Should -Be '1 error, 1 warning'
        $back = [Management.Automation.PSSerializer]::Deserialize([Management.Automation.PSSerializer]::Serialize($report, 2))
        ($back | ConvertTo-Csv | ConvertFrom-Csv).Findings | Should -Be '1 error, 1 warning'
        @($back.Findings).Check | Should -Be 'PhotoError', 'PhotoWarning'
        $back.Findings[0].Message | Should -Be $report.Findings[0].Message
    }
}

Describe 'A redirected pwsh' {
    It 'writes status and severity without escape codes, as CI reads them' {
        $faulty = Join-Path (New-TestFolder) 'faulty'
        $null = New-WmsSampleDataset $faulty -Count 1 -Size 64
        Set-Content "$faulty/images/sample_0001.jpg" 'no photo'
        $child = Invoke-ChildPwsh -ImportModule -Environment @{ NO_COLOR = $null } (
            "Test-WmsDataset '$faulty' | Out-Host; Test-WmsDataset '$faulty' -PerFinding | Out-Host")
        $child.ExitCode | Should -Be 0 -Because ($child.Error -join "`n")
        # PowerShell itself colours the headers there.
        $child.Output -match '^\S*Status' | Should -Match 'Fail, \d+ errors?, \d+ warnings?$'
        $child.Output -match 'PhotoUnreadable' | Should -Match '(Error PhotoUnreadable|^Error +PhotoUnreadable)'
    }
}
