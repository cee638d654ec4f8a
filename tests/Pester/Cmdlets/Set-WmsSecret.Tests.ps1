BeforeDiscovery { $hasGit = [bool] (Get-Command git -ErrorAction Ignore) }

BeforeAll {
    Import-Module "$PSScriptRoot/../../Support/TestSupport.psm1", "$PSScriptRoot/../../Support/GitRepository.psm1",
        "$PSScriptRoot/../../Support/GitHubServer.psm1", "$PSScriptRoot/../../Support/FakeCloud.psm1"
}

Describe 'Set-WmsSecret' {
    BeforeEach {
        $server = Start-GitHubServer
        $credentials = Join-Path (New-TestFolder) 'credentials'
        Set-GitHubEnvironment $server -CredentialPath $credentials -ProfileName academy
    }

    AfterEach { Stop-GitHubServer $server }

    It 'creates the three secrets, sealed, and updates them the next time' {
        $written = Set-WmsSecret ana/meters -ProfileName academy
        $written | Should -BeOfType WaterMeters.RepositorySecret
        $written.Name | Should -Be 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'
        $written.Outcome | Select-Object -Unique | Should -Be Created
        # A sealed box is 48 bytes longer than its content.
        [Convert]::FromBase64String($server.Secrets['ana/meters/AWS_SECRET_ACCESS_KEY']).Length | Should -Be ('plantedSecret'.Length + 48)
        (Set-WmsSecret ana/meters -ProfileName academy).Outcome | Select-Object -Unique | Should -Be Updated
    }

    It 'deletes the token of a session when the new keys have none' {
        $null = Set-WmsSecret ana/meters -ProfileName academy
        Set-GitHubEnvironment $server -CredentialPath $credentials -ProfileName academy -WithoutSession
        (Set-WmsSecret ana/meters -ProfileName academy)[2].Outcome | Should -Be Removed
        $server.Secrets.Keys | Should -Not -Contain 'ana/meters/AWS_SESSION_TOKEN'
        (Set-WmsSecret ana/meters -ProfileName academy).Name | Should -Be 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'
    }

    It 'finds the repository of the current location' -Skip:(-not $hasGit) {
        $root = New-GitRepository (New-TestFolder)
        Invoke-Git -C $root remote add origin git@github.com:ana/meters.git
        Push-Location $root
        try { (Set-WmsSecret -ProfileName academy).Repository | Select-Object -Unique | Should -Be 'ana/meters' } finally { Pop-Location }
    }

    It 'writes nothing with -WhatIf' {
        Set-WmsSecret ana/meters -ProfileName academy -WhatIf | Should -BeNullOrEmpty
        $server.Secrets.Count | Should -Be 0
        $server.Calls -match '^(PUT|DELETE)' | Should -BeNullOrEmpty
    }

    It 'takes several repositories and continues after one that fails' {
        $written = 'ana/nowhere', 'ana/meters' | Set-WmsSecret -ProfileName academy -ErrorVariable failed -ErrorAction SilentlyContinue
        $written.Count | Should -Be 3
        $failed.FullyQualifiedErrorId | Should -Be 'GitHubRepositoryMissing,WaterMeters.PowerShell.Commands.Repository.SetWmsSecretCommand'
        $failed.TargetObject | Should -Be 'ana/nowhere'
    }

    It 'prints no secret, whatever is asked for' {
        $log = Join-Path (New-TestFolder) 'transcript.txt'
        $null = Start-Transcript $log
        $all = @{ ProfileName = 'academy'; Verbose = $true; Debug = $true; Confirm = $false; ErrorAction = 'Continue' }
        $said = try { 'ana/meters', 'ana/nowhere' | Set-WmsSecret @all *>&1 }
        catch { $_ }
        finally { $null = Stop-Transcript }
        $text = ($said | Out-String -Width 300) + ($said | Format-List * -Force | Out-String -Width 300) + (Get-Content $log -Raw)
        $text | Should -Not -Match 'planted'
    }

    It 'says what to do about <Name>' -ForEach @(
        @{ Name = 'a missing profile'; Call = { Set-WmsSecret ana/meters -ProfileName nobody }; Id = 'InfrastructureNotConfigured'
            Text = "There is no AWS profile 'nobody' with credentials. Create it with*"
        }
        @{ Name = 'a name that is none'; Call = { Set-WmsSecret meters -ProfileName academy }; Id = 'SettingUnusable'
            Text = "'meters' is not a repository of GitHub. Use owner/name*"
        }
        @{ Name = 'a token that is refused'; Call = { $env:GH_TOKEN = 'refused'; Set-WmsSecret ana/meters -ProfileName academy }
            Id = 'GitHubAccessDenied'; Text = 'GitHub does not accept the token in GH_TOKEN*'
        }
        @{ Name = 'a missing token'; Call = { $env:GH_TOKEN = $env:GITHUB_TOKEN = $null; Set-WmsSecret ana/meters -ProfileName academy }
            Id = 'GitHubAccessDenied'; Text = 'There is no token for GitHub. Set GH_TOKEN or GITHUB_TOKEN*'
        }
    ) {
        { & $Call -ErrorAction Stop } | Should -Throw -ErrorId "$Id,*" -ExpectedMessage $Text
    }

    It 'stores nothing when AWS refuses the values: <Code>' -ForEach @(
        @{ Code = 'ExpiredToken'; Id = 'AwsCredentialsExpired'
            Text = "*have expired (ExpiredToken; they come from the profile 'academy')*"
        }
        @{ Code = 'InvalidClientTokenId'; Id = 'AwsCredentialsInvalid'; Text = "STS does not accept*the profile 'academy')*" }
    ) {
        $cloud = Start-FakeCloud
        try {
            $env:AWS_SHARED_CREDENTIALS_FILE = $credentials
            Set-FakeCloud $cloud @{ Every = $Code }
            $failure = Get-Failure { Set-WmsSecret ana/meters -ProfileName academy -ErrorAction Stop }
        }
        finally { Stop-FakeCloud $cloud }
        $failure.FullyQualifiedErrorId | Should -BeLike "$Id,*"
        "$failure" | Should -BeLike $Text
        "$failure" | Should -Not -Match 'planted'
        $server.Secrets.Count | Should -Be 0
        $server.Calls | Should -Not -Match '/actions/secrets'
    }

    It 'stores them with a warning when STS cannot be reached' {
        $env:AWS_ENDPOINT_URL = 'http://127.0.0.1:9'
        $written = Set-WmsSecret ana/meters -ProfileName academy -WarningVariable warned -WarningAction SilentlyContinue
        $written | Should -HaveCount 3
        "$warned" | Should -BeLike 'The credentials were not checked. Cannot reach STS*'
    }
}
