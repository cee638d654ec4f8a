# A small case; tests/Proofs/Branches.ps1 has twenty at full size.
BeforeAll {
    Import-Module "$PSScriptRoot/../../Support/TestSupport.psm1", "$PSScriptRoot/../../Support/DatasetBranches.psm1"
}

Describe 'Two git branches that add photos' {
    It 'merge without a conflict, and duplicates across them are reported and set aside ' {
        if (-not (Get-Command git -ErrorAction Ignore)) { Set-ItResult -Skipped -Because 'git is not installed' }
        $result = Test-Branch -Path (Join-Path (New-TestFolder) 'repository') -Seed 1 -Old 20 -New 16
        $result.Fault | Should -BeNullOrEmpty
        $result.Conflicts | Should -Be 0
        $result.Left | Should -Be 0
        $result.Moved | Should -Be 0
        $result.Exceptions | Should -BeGreaterThan 0
    }
}
