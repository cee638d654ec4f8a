# Small: two branches of twelve photos, twice. At full size: tests/Proofs/Branches.ps1.
BeforeAll {
    Import-Module "$PSScriptRoot/../../Support/TestSupport.psm1", "$PSScriptRoot/../../Support/DatasetBranches.psm1"
}

Describe 'Branches that add photos' -Skip:(-not (Get-Command git -ErrorAction Ignore)) {
    It 'are joined by git without a conflict, and what crosses them is found and set aside (<_>)' -ForEach 1, 2 {
        $result = Test-Branch -Path (Join-Path (New-TestFolder) 'repository') -Seed $_ -Old 20 -New 16
        $result.Fault | Should -BeNullOrEmpty
        $result.Conflicts | Should -Be 0
        $result.Left | Should -Be 0
        $result.Moved | Should -Be 0
        $result.Exceptions | Should -BeGreaterThan 0
    }
}
