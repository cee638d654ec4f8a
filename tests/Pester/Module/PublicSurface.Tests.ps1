BeforeDiscovery {
    Import-Module "$PSScriptRoot/../../Support/PublicSurface.psm1"
    $snapshots = @('cmdlets.txt', 'records.txt')
}

BeforeAll {
    Import-Module "$PSScriptRoot/../../Support/PublicSurface.psm1"
    $surface = Get-Surface
}

Describe 'The public surface' {
    It 'equals snapshots/<_>' -ForEach $snapshots {
        $file = Join-Path (Get-SnapshotFolder) $_
        $now = $surface[$_]
        $now.Count | Should -BeGreaterThan 40
        # The first line is a comment about how to accept a change.
        $was = @(Get-Content -LiteralPath $file | Select-Object -Skip 1)
        $difference = @(Get-SurfaceDifference $was $now)
        $difference | Should -BeNullOrEmpty -Because ("users rely on it; to accept the change, run ./build.ps1 Accept, " +
            "which rewrites $file`:`n$($difference -join "`n")`n")
        $now -join "`n" | Should -BeExactly ($was -join "`n")
    }

    It 'has no snapshot file that is not compared' {
        (Get-ChildItem (Get-SnapshotFolder) -Filter *.txt).Name | Should -BeIn @($surface.Keys)
    }
}

Describe 'A difference between two surfaces' {
    It 'lists removed, added and changed lines below their cmdlet or type' {
        $was = 'Get-One', '    -Gone string', '    -Same int', '', 'Get-Two', '    -Same int', '', 'Get-Three', '    gives bool'
        $now = 'Get-One', '    -New string', '    -Same long', '', 'Get-Two', '    -Same int', '', 'Get-Four', '    gives bool'
        Get-SurfaceDifference $was $now | Should -Be @(
            '+ Get-Four', '+     gives bool'
            '  Get-One', '-     -Gone string', '+     -New string', '-     -Same int', '+     -Same long'
            '- Get-Three', '-     gives bool'
        )
    }

    It 'is empty for equal surfaces' {
        Get-SurfaceDifference $surface['cmdlets.txt'] $surface['cmdlets.txt'] | Should -BeNullOrEmpty
    }
}
