BeforeDiscovery {
    Import-Module "$PSScriptRoot/../../Support/BadInputCases.psm1"
    # Only the names are used here, so the files need not exist.
    $names = @(
        (Get-BadInputCase @{
            Root = ''; Data = ''; Bad = ''; Photos = ''; Models = ''; File = ''; Model = ''; GoodPhotos = @(); ReadOnly = ''
        }).Name | ForEach-Object { @{ Case = $_ } }
    )
}

BeforeAll {
    Import-Module "$PSScriptRoot/../../Support/TestSupport.psm1", "$PSScriptRoot/../../Support/BadInputCases.psm1"
    $cases = Get-BadInputCase (New-BadInput (New-TestFolder))
}

Describe 'Bad input gives an error with the file''s name, and the rest is processed' {
    It '<Case>' -ForEach $names {
        $found = @($cases | Where-Object Name -eq $Case)
        if (-not $found) { Set-ItResult -Skipped -Because 'no folder is read-only for this user (root, or Windows)' }
        Test-BadInputCase $found[0] | Should -BeNullOrEmpty
    }
}
