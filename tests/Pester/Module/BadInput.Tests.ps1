BeforeDiscovery {
    Import-Module "$PSScriptRoot/../../Support/BadInputCases.psm1"
    # Only the names are wanted here, so no file needs to be there.
    $names = @((Get-BadInputCase @{ Root = ''; Data = ''; Bad = ''; Photos = ''; Models = ''; File = ''; Model = ''; GoodPhotos = @(); ReadOnly = '' }).Name | ForEach-Object { @{ Case = $_ } })
}

BeforeAll {
    Import-Module "$PSScriptRoot/../../Support/TestSupport.psm1", "$PSScriptRoot/../../Support/BadInputCases.psm1"
    $cases = Get-BadInputCase (New-BadInput (New-TestFolder))
}

Describe 'Bad input is named, and the rest is done' {
    It '<Case>' -ForEach $names {
        $found = @($cases | Where-Object Name -eq $Case)
        if (-not $found) { Set-ItResult -Skipped -Because 'nothing is read-only here: root, or Windows' }
        Test-BadInputCase $found[0] | Should -BeNullOrEmpty
    }
}
