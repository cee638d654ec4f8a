BeforeDiscovery {
    Import-Module "$PSScriptRoot/../../Support/ErrorCases.psm1"
    $cases = @(Get-ErrorCase | ForEach-Object { @{ Id = $_.Id; Case = $_.Name } })
}

BeforeAll {
    Import-Module "$PSScriptRoot/../../Support/TestSupport.psm1", "$PSScriptRoot/../../Support/ErrorCases.psm1"
    $kinds = @(Get-ErrorKind)
    $root = "$PSScriptRoot/../../.."

    # How a sentence or clause starts that says what to do.
    $steps = 'Add|Omit|Pass|Press|Publish|Remove|Restore|Specify|Ask|Change|Check|Choose|Close|Copy|Correct|Create|Download|Export|Give|' +
        'Install|Leave|Make|Map|Name|Order|Predict|Put|Rename|Replace|Run|Save|See|Set|Shorten|Train|Update|Use|Wait|Write'
}

Describe 'Every kind of error' {
    BeforeAll {
        $in = New-ErrorInput (New-TestFolder errors)
        $all = @(Get-ErrorCase)
    }
    AfterAll { Remove-ErrorInput $in }

    It 'has a case here, and every case has a kind' {
        $all.Id | Sort-Object -Unique | Should -Be ($kinds.Id | Sort-Object)
    }

    It '<Id>: <Case>' -ForEach $cases {
        $kind = $kinds | Where-Object Id -ceq $Id
        $one = $all | Where-Object { $_.Id -ceq $Id -and $_.Name -ceq $Case }
        $failures = @(& $one.Command $in)
        $failures | Should -HaveCount 1
        $failure = $failures[0]
        $failure.Id | Should -BeExactly $Id -Because $failure.Message
        if ($Case -notlike 'passed to the error table*') { $failure.Source | Should -BeLike 'WaterMeters.PowerShell.Commands.*Command' }
        $failure.Category | Should -BeIn ($kind.FileDecides ?
            @("$($kind.Category)", 'ObjectNotFound', 'PermissionDenied', 'ResourceUnavailable') :
            "$($kind.Category)")
        $failure.Target | Should -BeLike $one.Target
        $failure.Message | Should -Match '\.$'
        ($failure.Message -split '(?<=\.\)?) (?=[-\p{Lu}])')[-1] |
            Should -Match "(^|[:;,.] |\bor )($steps)\b" -Because 'the last sentence must say what to do next'
    }
}

Describe 'A training that cannot start' {
    It 'fails without a warning that it starts from the beginning' {
        $folder = New-TestFolder
        $failure = Get-Failure { Start-WmsTraining "$folder/nowhere" -OutputPath "$folder/run" -Resume -WarningAction Stop }
        $failure.FullyQualifiedErrorId | Should -BeLike 'DatasetUnusable,*'
        Get-ChildItem $folder | Should -BeNullOrEmpty
    }
}

Describe 'The table of error kinds' {
    It 'equals the one in docs/errors.md' {
        $rows = @(
            $kinds | ForEach-Object {
                "| $($_.Id) | $($_.Category)$($_.FileDecides ? '*' : '') | $($_.Target) | $($_.When) | $($_.Remedy) |"
            }
        )
        $told = @(Get-Content "$root/docs/errors.md" | Where-Object { $_ -cmatch '^\| [A-Z]' })
        $told -join "`n" | Should -BeExactly ($rows -join "`n")
    }

    It 'says for each kind when it happens and what to do next' {
        foreach ($kind in $kinds) {
            $kind.When | Should -Match '^\p{Lu}.*\.$'
            $kind.Remedy | Should -CMatch "^($steps)\b.*\.$"
        }
    }

    It 'has every identifier that help and documentation mention' {
        $texts = @(Get-ChildItem "$root/docs", "$root/module/en-US" -File -Recurse -Include *.md, *.txt) + (Get-Item "$root/README.md")
        $named = $texts | Select-String "'(\w+),\*'" -AllMatches | ForEach-Object { $_.Matches } | ForEach-Object { $_.Groups[1].Value }
        $named | Should -Not -BeNullOrEmpty
        $named | Should -BeIn $kinds.Id
    }

    It 'is used only in WmsErrors.cs, which creates every ErrorRecord' {
        $sources = Get-ChildItem "$root/src" -Filter *.cs -Recurse
        $sources | Select-String '\bnew ErrorRecord\b|\bErrorRecord \w+ = new\(' | ForEach-Object Filename | Should -Be 'WmsErrors.cs'
        $sources | Select-String '\bErrorKinds\.' | ForEach-Object Filename | Sort-Object -Unique | Should -Be 'WmsErrors.cs'
    }
}
