BeforeDiscovery {
    Import-Module "$PSScriptRoot/../../Support/TestSupport.psm1", "$PSScriptRoot/../../Support/HelpText.psm1"
    $manifest = Import-PowerShellDataFile "$PSScriptRoot/../../../module/WaterMeters.psd1"
    $cmdlets = @($manifest.CmdletsToExport | ForEach-Object { @{ Cmdlet = $_ } })
    $topics = @(Get-Topic (Get-ModulePath) | ForEach-Object { @{ Topic = $_.Name } })
}

BeforeAll {
    Import-Module "$PSScriptRoot/../../Support/TestSupport.psm1", "$PSScriptRoot/../../Support/HelpText.psm1"
    $sources = Join-Path $PSScriptRoot '..' '..' '..' 'src'
    function Get-TopicLine([string] $Name) { (Get-Topic (Get-ModulePath) | Where-Object Name -eq $Name).Lines }

    # All matches of a pattern's first group in the sources of a folder.
    function Get-SourceText([string] $Folder, [string] $Pattern) {
        @(Get-ChildItem (Join-Path $sources $Folder) -Filter *.cs -Recurse | Select-String $Pattern -AllMatches -CaseSensitive |
                ForEach-Object { $_.Matches } | ForEach-Object { $_.Groups[1].Value } | Sort-Object -Unique)
    }
}

Describe 'The help of <Cmdlet>' -ForEach $cmdlets {
    BeforeAll { $help = Get-Help $Cmdlet -Full }

    It 'has a synopsis, a description and an example' {
        # Without a help file the synopsis is the syntax.
        $help.Synopsis | Should -Not -Match ([regex]::Escape("$Cmdlet ["))
        $help.Synopsis | Should -Not -BeNullOrEmpty
        $help.Description.Text | Should -Not -BeNullOrEmpty
        $help.Examples.Example.Code | Should -Not -BeNullOrEmpty
        Get-Help $Cmdlet -Examples | Out-String | Should -Match 'Example 1'
    }

    It 'describes every parameter as it is in the cmdlet' {
        $help.parameters.parameter | Should -Not -BeNullOrEmpty
        Get-ParameterHelpFault $Cmdlet | Should -BeNullOrEmpty
    }

    It 'has a syntax line for every parameter set' {
        Get-SyntaxFault $Cmdlet | Should -BeNullOrEmpty
    }

    It 'has examples with existing commands and parameters, including itself' {
        foreach ($example in Get-HelpExample $Cmdlet) {
            Get-CodeFault $example.Code | Should -BeNullOrEmpty
            $tree = [Management.Automation.Language.Parser]::ParseInput($example.Code, [ref] $null, [ref] $null)
            (Get-Call $tree).GetCommandName() | Should -Contain $Cmdlet
        }
    }

    It 'mentions only existing cmdlets and parameters' {
        $paragraphs = @(Get-HelpParagraph $Cmdlet)
        $paragraphs.Count | Should -BeGreaterThan 3
        $paragraphs | ForEach-Object { Get-MentionFault "$_" -Of $Cmdlet } | Should -BeNullOrEmpty
    }

    It 'lists the output types' {
        $types = (Get-Command $Cmdlet).OutputType.Name
        $types | Should -Not -BeNullOrEmpty
        foreach ($type in $types) {
            "$($help.returnValues.returnValue.type.name)" |
                Should -Match ([regex]::Escape(($type -split '\.')[-1].Replace('Boolean', 'bool')))
        }
    }

    It 'has an online version: the page of the cmdlet in the repository' {
        $address = (Get-Command $Cmdlet).HelpUri
        $address | Should -Be "$((Get-Module WaterMeters).ProjectUri)/blob/main/docs/cmdlets/$Cmdlet.md"
        Join-Path $sources '..' 'docs' 'cmdlets' (Split-Path $address -Leaf) | Should -Exist
    }

    It 'links to existing cmdlets and topics' {
        $known = @((Get-Command -Module WaterMeters).Name) + (Get-Topic (Get-ModulePath)).Name
        $links = @($help.relatedLinks.navigationLink | Where-Object { -not $_.uri } | ForEach-Object { $_.linkText })
        $links | Where-Object { $_ -notin $known } | Should -BeNullOrEmpty
    }
}

Describe 'The help of Start-WmsTraining' {
    It 'lists the defaults of TrainingOptions' {
        # Drawing a photo loads the assembly that defines them.
        $null = New-WmsSampleDataset (Join-Path (New-TestFolder) 'data') -Count 1 -Size 64
        $engine = [AppDomain]::CurrentDomain.GetAssemblies() | Where-Object { $_.GetName().Name -eq 'WaterMeters.Ml' }
        $options = [Activator]::CreateInstance($engine.GetType('WaterMeters.Ml.Training.TrainingOptions'))
        $told = (Get-Help Start-WmsTraining -Full).parameters.parameter
        $recipe = @($options.psobject.Properties | Where-Object { $_.Name -in $told.name -and $null -ne $_.Value })
        $recipe.Count | Should -BeGreaterThan 15
        foreach ($one in $recipe) {
            ($told | Where-Object name -eq $one.Name).defaultValue |
                Should -Be "$($one.Value)" -Because "it is the default of -$($one.Name)"
        }
    }
}

Describe 'The topic <Topic>' -ForEach $topics {
    BeforeAll { $lines = Get-TopicLine $Topic }

    It 'is found by Get-Help' {
        Get-Help $Topic | Out-String | Should -Match "(?m)^TOPIC\r?\n\s+$Topic\r?$"
        # As it appears in a list of topics.
        Get-Help about_WaterMeters* | Where-Object Name -eq $Topic | Should -HaveCount 1 -Because 'the list of topics includes it'
    }

    It 'fits into 80 columns' {
        $lines | Where-Object Length -gt 80 | Should -BeNullOrEmpty
        $lines | Where-Object { $_ -match '\t|\s$' } | Should -BeNullOrEmpty -Because 'tabs and trailing spaces have no fixed width'
    }

    It 'has valid PowerShell code with existing commands and parameters' {
        $code = @(Get-TopicCode $lines)
        if ($lines -contains 'EXAMPLES') { $code | Should -Not -BeNullOrEmpty }
        $code | ForEach-Object { Get-CodeFault $_ } | Should -BeNullOrEmpty
    }

    It 'mentions only existing cmdlets, parameters and topics' {
        $text = $lines -join "`n"
        # Code also uses parameters of other commands, and has its own test.
        $prose = $text
        foreach ($code in Get-TopicCode $lines) { $prose = $prose.Replace($code, '') }
        Get-MentionFault $prose | Should -BeNullOrEmpty
        $named = [regex]::Matches($text, '\babout_\w+').ForEach{ $_.Value } | Sort-Object -Unique
        $named | Should -BeIn (Get-Topic (Get-ModulePath)).Name
    }
}

Describe 'about_WaterMeters_Settings' {
    BeforeAll { $lines = Get-TopicLine about_WaterMeters_Settings }

    It 'lists exactly the environment variables that the module reads' {
        $read = Get-SourceText '.' '(?:Variable|[Vv]ariable\(|Policy|GetEnvironmentVariable\(|(?="MLFLOW_))(?: = )?"([A-Z][A-Z0-9_]+)"' |
            Where-Object { $_ -ne 'PATH' } # every program reads it
        $read | Should -Contain 'WMS_TORCH_PATH'
        $hook = Get-Content -Raw "$PSScriptRoot/../../../hooks/pre-push"
        $read = @($read) + [regex]::Matches($hook, '\$\{(WMS_[A-Z_]+)-\}').ForEach{ $_.Groups[1].Value } | Sort-Object -Unique
        $told = @($lines | Where-Object { $_ -cmatch '^    ([A-Z][A-Z0-9]*_[A-Z0-9_]+)$' } | ForEach-Object { $_.Trim() } | Sort-Object)
        $told | Should -Be $read
    }

    It 'lists exactly the keys of train.yaml' {
        $read = Get-SourceText 'WaterMeters.Ml/Training' '\.(?:Only|Text|Number|Whole)\("([a-z_.]+)"'
        $read | Should -Contain 'training.scheduler.min_lr'
        $parents = @()
        $told = foreach ($line in (Get-TopicBlock $lines 'model:') -split "`n") {
            $null = $line -match '^( *)([a-z_]+):(.*)$'
            $parents = @($parents | Select-Object -First ($Matches[1].Length / 2)) + $Matches[2]
            if ($Matches[3]) { $parents -join '.' }
        }
        $told | Sort-Object | Should -Be $read
    }

    It 'shows a split file that the cmdlets read' {
        $data = Join-Path (New-TestFolder) 'data'
        $null = New-WmsSampleDataset $data -Count 12 -Size 64
        $photos = Get-ChildItem "$data/images" | Sort-Object Name
        $split = (Get-TopicBlock $lines '\{') -replace 'meter_17', $photos[0].BaseName -replace 'meter_18\.jpg', $photos[1].Name
        Set-Content "$data/split.json" $split
        $samples = Get-WmsDataset $data -SplitPath "$data/split.json" -ErrorAction Stop
        ($samples | Where-Object Name -eq $photos[0].BaseName).Split | Should -Be 'Test'
        ($samples | Where-Object Name -eq $photos[1].BaseName).Split | Should -Be 'Train'
    }
}

Describe 'about_WaterMeters_Datasets' {
    It 'lists exactly the checks of Test-WmsDataset' {
        $checks = @(
            Get-Content (Join-Path $sources 'WaterMeters.Ml/Datasets/Checks/DatasetCheck.cs') |
                ForEach-Object { if ($_ -cmatch '^    ([A-Z][A-Za-z]+),$') { $Matches[1] } } | Sort-Object
        )
        $checks | Should -Contain 'MaskEmpty'
        $lines = Get-TopicLine about_WaterMeters_Datasets
        $from = $lines.IndexOf('CHECKS')
        $told = $lines[$from..($lines.Count - 1)] |
            ForEach-Object { if ($_ -cmatch '^    ([A-Z][A-Za-z]+) {2,}(?:error|warning) ') { $Matches[1] } } |
            Sort-Object
        $told | Should -Be $checks
    }
}

Describe 'about_WaterMeters_Records' {
    It 'describes every property of every record, and no other' {
        Import-Module "$PSScriptRoot/../../Support/RecordSamples.psm1"
        $lines = Get-TopicLine about_WaterMeters_Records
        $described = @{}
        $record = ''
        foreach ($line in $lines) {
            if ($line -cmatch '^ {4}(\w+)$') { $record = $Matches[1]; $described[$record] = @() }
            elseif ($line -cmatch '^ {6}(\w+): \S+$' -and $record) { $described[$record] += $Matches[1] }
        }
        $types = @(Get-RecordType)
        $types.Count | Should -BeGreaterThan 15
        foreach ($type in $types) {
            $described[$type.Name] | Should -Be $type.GetProperties().Where{ $_.Name -ne 'EqualityContract' }.Name -Because $type.Name
        }
    }
}
