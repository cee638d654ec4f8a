BeforeDiscovery {
    $manifest = Import-PowerShellDataFile "$PSScriptRoot/../../../module/WaterMeters.psd1"
    $cmdlets = @($manifest.CmdletsToExport | ForEach-Object { @{ Cmdlet = $_ } })
}

BeforeAll {
    Import-Module "$PSScriptRoot/../../Support/TestSupport.psm1"
    $root = (Get-Item "$PSScriptRoot/../../..").FullName
    $folder = Join-Path $root 'docs' 'cmdlets'

    # The anchors of a page, as GitHub makes them from its headings.
    function Get-Anchor([string] $Path) {
        foreach ($line in Get-Content -LiteralPath $Path) {
            if ($line -notmatch '^#+ (.+)$') { continue }
            $text = $Matches[1] -replace '\[([^\]]*)\]\([^)]*\)', '$1'
            ($text.ToLowerInvariant() -replace '[^\w\- ]').Replace(' ', '-')
        }
    }
}

Describe 'The pages of docs/cmdlets' {
    It 'are one for every cmdlet, the records and the index' {
        $expected = @((Get-Command -Module WaterMeters -CommandType Cmdlet).Name | ForEach-Object { "$_.md" }) + 'README.md', 'records.md'
        Get-FileName $folder | Should -Be ($expected | Sort-Object)
    }

    It 'are the same on every machine' {
        foreach ($page in Get-ChildItem $folder) {
            $text = [IO.File]::ReadAllText($page.FullName)
            $text | Should -Not -Match '\r'
            $text | Should -Match '[^\n]\n\z'
            $text.Contains($root) -or $text.Contains($HOME) | Should -BeFalse -Because "$($page.Name) names no folder of a machine"
        }
    }

    It 'link to pages and headings that exist' {
        $count = 0
        foreach ($page in Get-ChildItem $folder) {
            foreach ($link in [regex]::Matches((Get-Content $page -Raw), '\]\(([^)\s]+)\)').ForEach{ $_.Groups[1].Value }) {
                if ($link -like 'https://*') { continue }
                $count++
                $file, $anchor = $link -split '#'
                $target = Join-Path $folder $file
                $target | Should -Exist -Because "$($page.Name) links to $link"
                if ($anchor) { Get-Anchor $target | Should -Contain $anchor -Because "$($page.Name) links to $link" }
            }
        }
        $count | Should -BeGreaterThan 100
    }

    It 'name every record with all of its properties' {
        $lines = Get-Content "$folder/records.md"
        $types = (Get-Command -Module WaterMeters).OutputType.Type | Where-Object { $_.Namespace -eq 'WaterMeters' } |
            Sort-Object FullName -Unique
        $types.Count | Should -BeGreaterThan 10
        foreach ($type in $types) {
            $from = $lines.IndexOf("## $($type.Name)")
            $from | Should -BeGreaterOrEqual 0 -Because "$($type.Name) is returned by a cmdlet"
            $section = $lines[($from + 1)..($lines.Count - 1)] |
                ForEach-Object -Begin { $on = $true } { if ($_ -like '## *') { $on = $false }; if ($on) { $_ } }
            $told = @($section | ForEach-Object { if ($_ -match '^\| `(\w+)` \|') { $Matches[1] } })
            $told | Should -Be $type.GetProperties().Name
        }
    }
}

Describe 'The page of <Cmdlet>' -ForEach $cmdlets {
    BeforeAll { $lines = Get-Content "$folder/$Cmdlet.md" }

    It 'has the sections of a cmdlet page, in order' {
        $told = @($lines -match '^##? ' -replace '^#+ ')
        $optional = 'Inputs', 'Related links'
        $expected = @($Cmdlet, 'Syntax', 'Description', 'Examples', 'Parameters', 'Inputs', 'Outputs', 'Related links')
        $told | Should -Be @($expected | Where-Object { $_ -notin $optional -or $_ -in $told })
    }

    It 'has a syntax block for every parameter set, and a table for every parameter' {
        $command = Get-Command $Cmdlet
        # An example may be the name alone too.
        $syntax = $lines[0..[array]::IndexOf($lines, "## Description")]
        @($syntax -eq $Cmdlet).Count | Should -Be $command.ParameterSets.Count
        $known = $command.Parameters.Keys | Where-Object { -not [Management.Automation.Cmdlet]::CommonParameters.Contains($_) }
        $told = @($lines -match '^### -' -replace '^### -')
        $told | Sort-Object | Should -Be @($known | Sort-Object)
        @($lines -match '^\| Type \| ').Count | Should -Be $told.Count
        @($lines -match '^\| Required \| (Yes|No)').Count | Should -Be $told.Count
        @($lines -match '^\| Position \| (Named|\d)').Count | Should -Be $told.Count
    }

    It 'has the examples of Get-Help' {
        $text = $lines -join "`n"
        foreach ($example in (Get-Help $Cmdlet -Full).examples.example) {
            $text.Contains(($example.code -replace '\r')) | Should -BeTrue -Because $example.code
        }
    }
}

Describe 'The build' {
    BeforeAll {
        $update = "$root/build/Update-CmdletPages.ps1"
        $wasCI = $env:CI
    }
    BeforeEach {
        $made, $committed = (New-TestFolder), (New-TestFolder)
        Set-Content "$made/Same.md", "$committed/Same.md" 'the same'
        Set-Content "$made/Changed.md" 'new'
        Set-Content "$committed/Changed.md" 'old'
        Set-Content "$made/Added.md" 'added'
        Set-Content "$committed/Removed.md" 'removed'
    }
    AfterEach { $env:CI = $wasCI }

    It 'writes the pages that differ, and removes those of cmdlets that no longer exist' {
        $env:CI = ''
        & $update -Source $made -Destination $committed | Should -Be 'Added.md', 'Changed.md', 'Removed.md'
        Get-FileName $committed | Should -Be 'Added.md', 'Changed.md', 'Same.md'
        Get-Content "$committed/Changed.md" | Should -Be 'new'
        & $update -Source $made -Destination $committed | Should -BeNullOrEmpty
    }

    It 'fails in CI where the committed pages differ, and writes nothing' {
        $env:CI = 'true'
        { & $update -Source $made -Destination $committed } |
            Should -Throw 'docs/cmdlets is out of date: run ./build.ps1 Build and commit. Different: Added.md, Changed.md, Removed.md.'
        Get-Content "$committed/Changed.md" | Should -Be 'old'
        Get-FileName $committed | Should -Be 'Changed.md', 'Removed.md', 'Same.md'
        & $update -Source $committed -Destination $committed | Should -BeNullOrEmpty
    }
}
