BeforeAll {
    $common = [Management.Automation.Cmdlet]::CommonParameters
    $text = Get-Content "$PSScriptRoot/../../../docs/decisions/parameter-names.md"

    # The rows of the table below a heading, as arrays of cells without the marks.
    function Get-Row([string] $Heading) {
        $below = $text | Select-Object -Skip ([array]::IndexOf($text, $Heading) + 1)
        $rows = foreach ($line in $below) { if ($line -like '## *') { break } elseif ($line -like '|*') { $line } }
        $rows | Select-Object -Skip 2 | ForEach-Object { , @($_.Trim('|') -split '\|' | ForEach-Object { $_.Trim() }) }
    }

    $meanings = @(Get-Row '## What a name means' | ForEach-Object { $_[0].Trim('`', '-') })
    $rows = @{}
    Get-Row '## What is at position 0' | ForEach-Object { $rows[$_[0]] = $_ }
    $commands = @(Get-Command -Module WaterMeters -CommandType Cmdlet)
    $parameters = @($commands | ForEach-Object {
            $command = $_
            $command.Parameters.Values | Where-Object { -not $common.Contains($_.Name) } |
                ForEach-Object { [pscustomobject]@{ Command = $command; Name = $_.Name; Parameter = $_ } }
        })
}

Describe 'The names of parameters' {
    It 'are in the scheme where they are files or folders' {
        $parameters.Count | Should -BeGreaterThan 100
        $meanings.Count | Should -BeGreaterThan 10
        $paths = $parameters | Where-Object {
            $_.Parameter.ParameterType -in [string], [string[]] -and
                $_.Name -match 'Path$|^(Model|Candidate|Baseline|Destination|Source|.*(File|Folder|Directory))$'
        }
        $paths | Where-Object Name -CNotIn $meanings | ForEach-Object { "$($_.Command.Name) -$($_.Name)" } | Should -BeNullOrEmpty
        $meanings | Where-Object { $_ -cnotin $paths.Name -and $_ -ne 'CropPath' } | Should -BeNullOrEmpty
    }

    It 'are at the positions of the scheme, and every cmdlet has a row' {
        @($rows.Keys | Sort-Object) | Should -Be @($commands.Name | Sort-Object)
        foreach ($command in $commands) {
            $row = $rows[$command.Name]
            foreach ($position in 0..2) {
                $names = $command.ParameterSets.Parameters | Where-Object Position -EQ $position | ForEach-Object Name | Sort-Object -Unique
                @($names) -join ', ' | Should -BeExactly $row[$position + 1] -Because "$($command.Name), position $position"
            }
        }
    }

    It 'keep the names they had, as aliases' {
        foreach ($command in $commands) {
            $aliases = $command.Parameters.Values |
                Where-Object { $_.Aliases -and $_.Name -notin @($common) + 'LiteralPath', 'WhatIf', 'Confirm' } |
                Sort-Object Name | ForEach-Object { "$($_.Name): $(@($_.Aliases | Sort-Object) -join ', ')" }
            @($aliases) -join '; ' | Should -BeExactly $rows[$command.Name][4] -Because $command.Name
        }
        foreach ($one in $parameters | Where-Object Name -EQ 'LiteralPath') {
            @($one.Parameter.Aliases | Sort-Object) -join ', ' | Should -Be 'FullName, ImagePath, LP, PSPath'
        }
    }

    It 'take from the pipeline what is at position 0' {
        # -Version is what -Model names, as a number: with it, position 0 is the stage.
        $piped = $parameters | Where-Object Name -NE 'Version' |
            Where-Object { $_.Parameter.ParameterSets.Values.ValueFromPipeline -contains $true }
        foreach ($one in $piped) {
            $one.Parameter.ParameterSets.Values.Position | Should -Contain 0 -Because "$($one.Command.Name) -$($one.Name)"
        }
    }
}

Describe 'A path from the pipeline' {
    BeforeAll {
        Import-Module "$PSScriptRoot/../../Support/TestSupport.psm1"
        $folder = New-TestFolder
        $null = New-WmsSampleDataset "$folder/set[1]" -Count 1 -Size 64
        $photo = (Get-ChildItem -LiteralPath "$folder/set[1]/images").FullName
    }

    It 'comes from the property <_> of a row' -ForEach 'Path', 'Name', 'FullName', 'ImagePath', 'PSPath', 'DataPath' {
        $sample = [pscustomobject]@{ Comment = 'x'; $_ = "$folder/set[1]" } | Get-WmsDataset -ErrorAction Stop
        $sample.ImagePath | Should -Be $photo
        # As an argument too.
        (Get-WmsDataset ([pscustomobject]@{ $_ = "$folder/set[1]" }), $folder -ErrorAction Ignore).ImagePath | Should -Be $photo
    }

    It 'comes from the property <_> of a row for a model' -ForEach 'Path', 'Name', 'FullName', 'ModelPath', 'PSPath' {
        $row = [pscustomobject]@{ Model = 'name'; $_ = "$folder/not-there.pth"; DataPath = $folder }
        { $row | Export-WmsModel -OutputPath "$folder/x.onnx" -ErrorAction Stop } | Should -Throw '*not-there.pth*'
        { $row | Measure-WmsModel -ErrorAction Stop } | Should -Throw '*not-there.pth*'
        { $row | Compare-WmsModel -NoBaseline -ErrorAction Stop } | Should -Throw '*not-there.pth*'
    }

    It 'comes from every record with a path' {
        $report = Test-WmsDataset -LiteralPath "$folder/set[1]"
        ($report | Get-WmsDataset).ImagePath | Should -Be $photo
        ($report | Select-Object DataPath | ConvertTo-Csv | ConvertFrom-Csv | Get-WmsDataset).ImagePath | Should -Be $photo
        (Resolve-Path -LiteralPath "$folder/set[1]" | Get-WmsDataset).ImagePath | Should -Be $photo
        (Get-Item -LiteralPath "$folder/set[1]" | Get-WmsDataset).ImagePath | Should -Be $photo
        ([WaterMeters.DatasetFinding] @{ Check = 'x'; Name = ''; Message = 'x'; Path = "$folder/set[1]" } | Get-WmsDataset).ImagePath |
            Should -Be $photo
    }

    It 'is an error that names the properties where a row has none of them' {
        { [pscustomobject]@{ Size = 1 } | Get-WmsDataset -ErrorAction Stop } |
            Should -Throw '*@{Size=1} has no property with a path*FullName*'
    }
}
