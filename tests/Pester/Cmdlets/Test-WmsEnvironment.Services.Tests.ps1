BeforeDiscovery {
    Import-Module "$PSScriptRoot/../../Support/FakeSessionPlugin.psm1"
    $hasGit = [bool] (Get-Command git -ErrorAction Ignore)
    $isInstalled = Test-InstalledPlugin
}

BeforeAll {
    Import-Module "$PSScriptRoot/../../Support/TestSupport.psm1", "$PSScriptRoot/../../Support/FakeCloud.psm1",
        "$PSScriptRoot/../../Support/GitHubServer.psm1", "$PSScriptRoot/../../Support/FakeTerraform.psm1",
        "$PSScriptRoot/../../Support/FakeSessionPlugin.psm1",
        "$PSScriptRoot/../../Support/GitRepository.psm1"

    function Get-Check([string] $Name, [hashtable] $With = @{}) { Test-WmsEnvironment @With | Where-Object Name -eq $Name }
}

Describe 'Test-WmsEnvironment and AWS' {
    BeforeEach {
        $cloud = Start-FakeCloud
        $bucket = @{ BucketName = $cloud.Bucket }
    }
    AfterEach { Stop-FakeCloud $cloud }

    It 'says whose the credentials are, and changes nothing' {
        $check = Get-Check 'AWS credentials' $bucket
        $check.Status | Should -Be Ok
        $check.Detail | Should -BeLike "*arn:aws:iam::123456789012:user/ana'*AWS_ACCESS_KEY_ID*temporary*not recorded.*"
        (Get-Check 'AWS region' $bucket).Detail | Should -BeLike "'eu-central-1', at http://127.0.0.1:*"
        (Get-Check 'AWS bucket' $bucket).Detail | Should -BeLike "'wms-bucket' can be read."
        Get-FakeCloudCall $cloud | Select-Object -Unique | Should -Be 'STS GetCallerIdentity', 'S3 GetObject machine/wms/lease'
    }

    It 'says until when they are valid, and warns when that is soon' {
        $env:AWS_CREDENTIAL_EXPIRATION = [DateTime]::UtcNow.AddHours(5).ToString('o')
        try {
            $late = Get-Check 'AWS credentials'
            $env:AWS_CREDENTIAL_EXPIRATION = [DateTime]::UtcNow.AddMinutes(20).ToString('o')
            $soon = Get-Check 'AWS credentials'
        }
        finally { $env:AWS_CREDENTIAL_EXPIRATION = $null }
        $late.Status, $soon.Status | Should -Be Ok, Warning
        $late.Detail | Should -Match 'valid until 20\d\d-.*Z, for \d+ min\.$'
        $soon.Remedy | Should -BeLike 'Set AWS_ACCESS_KEY_ID*again.'
    }

    It 'says of keys that do not expire that they are permanent' {
        $env:AWS_SESSION_TOKEN = $null
        (Get-Check 'AWS credentials').Detail | Should -BeLike '*; permanent.'
    }

    It 'calls credentials missing that are <Name>, with the command that fixes it, and does not ask the bucket' -ForEach @(
        @{ Name = 'expired'; Code = 'ExpiredToken'; Text = 'The AWS credentials have expired (ExpiredToken*'
            Remedy = 'Set AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN again.'
        }
        @{ Name = 'wrong'; Code = 'InvalidClientTokenId'; Text = 'STS does not accept*'; Remedy = 'Set AWS_ACCESS_KEY_ID*' }
    ) {
        Set-FakeCloud $cloud @{ Every = $Code }
        $check = Get-Check 'AWS credentials' $bucket
        $check.Status | Should -Be Missing
        $check.Detail | Should -BeLike $Text
        $check.Remedy | Should -BeLike $Remedy
        $other = Get-Check 'AWS bucket' $bucket
        $other.Status | Should -Be Skipped
        $other.Detail | Should -BeLike '*no credentials that AWS accepts*'
        Get-FakeCloudCall $cloud | Should -Not -Match '^S3'
        Test-WmsEnvironment -Quiet @bucket | Should -BeFalse
    }

    It 'names the log-in of a profile: <Command>' -ForEach @(
        @{ Command = 'aws configure --profile academy'
            Lines = 'aws_access_key_id = AKIAPLANTED', 'aws_secret_access_key = PLANTED-SECRET'
        }
        @{ Command = "Write the new aws_access_key_id, aws_secret_access_key and aws_session_token to the profile 'academy' of " +
                '~/.aws/credentials.'
            Lines = 'aws_access_key_id = AKIAPLANTED', 'aws_secret_access_key = PLANTED-SECRET', 'aws_session_token = PLANTED-TOKEN'
        }
        @{ Command = 'aws sso login --profile academy'
            Lines = 'sso_start_url = http://127.0.0.1:9', 'sso_region = eu-central-1', 'sso_account_id = 1', 'sso_role_name = student'
        }
    ) {
        $env:AWS_SHARED_CREDENTIALS_FILE = Join-Path (New-TestFolder) credentials
        Set-Content $env:AWS_SHARED_CREDENTIALS_FILE (@('[academy]') + $Lines)
        Set-FakeCloud $cloud @{ Every = 'ExpiredToken' }
        $check = Get-Check 'AWS credentials' @{ ProfileName = 'academy' }
        $check.Status, $check.Remedy | Should -Be Missing, $Command
        $check.Detail | Should -BeLike "*expired*'academy'*$($Command.TrimEnd('.'))*run the cmdlet again."
    }

    It 'tells apart why a bucket cannot be used: <Name>' -ForEach @(
        @{ Name = 'it is not there'; With = @{ BucketName = 'nowhere' }; Fault = @{}; Text = "There is no bucket 'nowhere'*"
            Remedy = 'Invoke-WmsTerraform*'
        }
        @{ Name = 'no access'; With = @{ BucketName = 'wms-bucket' }; Fault = @{ Denied = 'GetObject' }; Text = '*may not do this*'
            Remedy = 'Allow s3:GetObject*'
        }
    ) {
        if ($Fault.Count) { Set-FakeCloud $cloud $Fault }
        $check = Get-Check 'AWS bucket' $With
        $check.Status | Should -Be Missing
        $check.Detail | Should -BeLike $Text
        $check.Remedy | Should -BeLike $Remedy
        (Get-Check 'AWS credentials' $With).Status | Should -Be Ok
    }

    It 'says that the region is another one' {
        $check = Get-Check 'AWS credentials' @{ Region = 'us-east-2' }
        $check.Status | Should -Be Missing
        $check.Remedy | Should -BeLike '*AWS_REGION*aws account list-regions*'
    }

    It 'says that no setting names a region' {
        $env:AWS_REGION = $null
        $check = Get-Check 'AWS region'
        $check.Status, $check.Remedy | Should -Be Missing, '$env:AWS_REGION = ''REGION'', or aws.region in wms.yaml'
    }

    It 'shows the region at an address as it was given' {
        (Get-Check 'AWS region' @{ Region = 'eu-cental-1' }).Detail | Should -BeLike "'eu-cental-1', at http://127.0.0.1:*"
    }

    It 'says that the endpoint cannot be reached' {
        $check = Get-Check 'AWS credentials' @{ EndpointUrl = 'http://127.0.0.1:9' }
        $check.Status | Should -Be Missing
        $check.Detail | Should -BeLike 'Cannot reach STS at http://127.0.0.1:9/*'
        $check.Remedy | Should -BeLike '*AWS_ENDPOINT_URL*'
    }

    It 'requires with -Cmdlet what that cmdlet needs' {
        foreach ($name in 'AWS_ENDPOINT_URL', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'AWS_REGION') {
            [Environment]::SetEnvironmentVariable($name, $null)
        }
        $env:AWS_SHARED_CREDENTIALS_FILE = Join-Path (New-TestFolder) none
        $asked = Test-WmsEnvironment Stop-WmsInfrastructure
        $asked.Name | Should -Be 'PowerShell', 'AWS credentials', 'AWS region', 'AWS bucket'
        $asked[1, 2, 3].Status | Should -Be Missing, Missing, Missing
        $asked[1].Remedy | Should -BeLike 'aws configure*'
        $asked[3].Remedy | Should -BeLike '-BucketName*wms.yaml'
    }

    It 'shows no secret in any stream: <Code>' -ForEach @{ Code = '' }, @{ Code = 'ExpiredToken' }, @{ Code = 'SignatureDoesNotMatch' } {
        Set-FakeCloud $cloud @{ Every = $Code }
        $said = Test-WmsEnvironment -Verbose -Debug @bucket *>&1
        "$($said | Format-List * -Force | Out-String)" | Should -Not -Match 'PLANTED-'
    }
}

Describe 'Test-WmsEnvironment and GitHub' {
    BeforeEach {
        $server = Start-GitHubServer
        Set-GitHubEnvironment $server -CredentialPath (Join-Path (New-TestFolder) credentials) -ProfileName academy
        Push-Location (New-TestFolder)
    }
    AfterEach {
        Pop-Location
        Stop-GitHubServer $server
    }

    It 'says of the token <Token>: <Text>' -ForEach @(
        @{ Token = 'ghp_planted'; Status = 'Ok'; Text = 'The token in GH_TOKEN has the scopes repo, workflow.'; Remedy = '' }
        @{ Token = 'ghp_planted_gist'; Status = 'Missing'; Text = "*has the scopes gist, but not 'repo'."
            Remedy = 'gh auth refresh --scopes repo; $env:GH_TOKEN = gh auth token'
        }
        @{ Token = 'github_pat_planted'; Status = 'Ok'; Remedy = ''
            Text = '*valid until 20*UTC, is fine-grained*for one repository only*'
        }
        @{ Token = 'github_pat_planted_ending'; Status = 'Warning'; Text = '*valid until*'; Remedy = 'Create a new one: https://*' }
        @{ Token = 'ghs_planted'; Status = 'Warning'; Text = '*of a workflow*'; Remedy = '$env:GH_TOKEN = gh auth token*' }
        @{ Token = 'planted_refused'; Status = 'Missing'; Remedy = 'gh auth login*'
            Text = 'GitHub does not accept the token in GH_TOKEN*'
        }
    ) {
        $env:GH_TOKEN = $Token
        $check = Get-Check 'GitHub token'
        "$($check.Status)" | Should -Be $Status
        $check.Detail | Should -BeLike $Text
        $check.Remedy | Should -BeLike $Remedy
        "$(Test-WmsEnvironment Set-WmsSecret -Verbose -Debug *>&1 | Format-List * -Force | Out-String)" | Should -Not -Match 'planted'
        $server.Calls -match '^(PUT|DELETE)' | Should -BeNullOrEmpty
    }

    It 'tries a fine-grained token with the repository of the current location: <Repository>' -Skip:(-not $hasGit) -ForEach @(
        @{ Repository = 'ana/meters'; Status = 'Ok'; Text = "*reaches the secrets of 'ana/meters'."; Remedy = '' }
        @{ Repository = 'ana/nowhere'; Status = 'Missing'; Text = "*does not reach the secrets of 'ana/nowhere'."
            Remedy = "*'Secrets: write' for 'ana/nowhere': https://*"
        }
    ) {
        $env:GH_TOKEN = 'github_pat_planted'
        $root = New-GitRepository (New-TestFolder)
        Invoke-Git -C $root remote add origin "git@github.com:$Repository.git"
        Push-Location $root
        try { $check = Get-Check 'GitHub token' } finally { Pop-Location }
        "$($check.Status)" | Should -Be $Status
        $check.Detail | Should -BeLike $Text
        $check.Remedy | Should -BeLike $Remedy
    }

    It 'says that there is no token, and what to do if it is needed' {
        $env:GH_TOKEN = $env:GITHUB_TOKEN = $null
        "$((Get-Check 'GitHub token').Status)" | Should -Be Skipped
        $check = Get-Check 'GitHub token' @{ Cmdlet = 'Set-WmsSecret' }
        "$($check.Status)", $check.Remedy | Should -Be Missing, 'gh auth login --scopes repo; $env:GH_TOKEN = gh auth token'
    }

    It 'says that GitHub cannot be reached' {
        $env:GITHUB_API_URL = 'http://127.0.0.1:9'
        $check = Get-Check 'GitHub token'
        "$($check.Status)" | Should -Be Missing
        $check.Detail | Should -BeLike "Cannot reach GitHub at 'http://127.0.0.1:9/'*"
    }
}

Describe 'Test-WmsEnvironment and terraform' {
    BeforeEach { Push-Location (New-TestFolder) }
    AfterEach { Pop-Location }

    It 'shows the version' {
        $check = Invoke-WithTerraform { Get-Check terraform }
        "$($check.Status)" | Should -Be Ok
        $check.Detail | Should -BeLike '1.11.4 (*)*'
    }

    It 'calls version <_> missing, and says what to install' -ForEach '1.5.7', '2.0.0' {
        Set-Content version $_
        $check = Invoke-WithTerraform { Get-Check terraform }
        "$($check.Status)" | Should -Be Missing
        $check.Detail | Should -BeLike "*is version $_, but the files need 1.10 or later*"
        $check.Remedy | Should -Match 'terraform'
    }

    It 'is skipped without it, unless a cmdlet that needs it is named' {
        Invoke-WithTerraform -Missing {
            "$((Get-Check terraform).Status)" | Should -Be Skipped
            $check = Get-Check terraform @{ Cmdlet = 'Invoke-WmsTerraform' }
            "$($check.Status)" | Should -Be Missing
            $check.Remedy | Should -Match 'terraform'
        }
    }
}

Describe 'Test-WmsEnvironment and session-manager-plugin' {
    BeforeEach {
        Push-Location (New-TestFolder)
        Set-Content wms.yaml 'aws:', '  registry: http://localhost:5000'
    }
    AfterEach { Pop-Location }

    It 'shows the version <Version> as <Status>' -ForEach @(
        @{ Version = '1.2.707.0'; Status = 'Ok'; Text = '1.2.707.0 (*' }
        @{ Version = '1.2.497.0'; Status = 'Warning'; Text = "1.2.497.0 (*token of a session where other users*" }
        @{ Version = 'none'; Status = 'Missing'; Text = '*does not tell its version.' }
    ) {
        $before = Enable-FakeSessionPlugin -Version $Version
        try { $check = Get-Check session-manager-plugin @{ Cmdlet = 'Sync-WmsModel' } } finally { Disable-FakeSessionPlugin $before }
        "$($check.Status)", $check.NeededBy | Should -Be $Status, Sync-WmsModel
        $check.Detail | Should -BeLike $Text
        if ($Status -ne 'Ok') { $check.Remedy | Should -Match 'session-manager|SessionManager' }
    }

    It 'says what to install' -Skip:$isInstalled {
        $before = Enable-FakeSessionPlugin -Missing
        try { $check = Get-Check session-manager-plugin } finally { Disable-FakeSessionPlugin $before }
        "$($check.Status)" | Should -Be Missing
        $check.Remedy | Should -Match 'session-manager|SessionManager'
    }

    It 'has no row when no address of this computer is the registry' {
        Set-Content wms.yaml 'aws:', '  registry: https://mlflow.example.com'
        Get-Check session-manager-plugin | Should -BeNullOrEmpty
        (Test-WmsEnvironment Sync-WmsModel).Name | Should -Be PowerShell
    }
}
