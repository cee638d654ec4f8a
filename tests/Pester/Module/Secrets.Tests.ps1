# What the cmdlets for AWS, GitHub, Terraform and the registry on the machine print, in every stream and in a transcript, when all goes well
# and when it fails: never the secrets they were given. The planted ones are those of FakeCloud, GitHubServer, FakeTerraform
# and of sessions that forward a port.
BeforeAll {
    Import-Module "$PSScriptRoot/../../Support/TestSupport.psm1", "$PSScriptRoot/../../Support/FakeCloud.psm1",
        "$PSScriptRoot/../../Support/GitHubServer.psm1", "$PSScriptRoot/../../Support/FakeTerraform.psm1",
        "$PSScriptRoot/../../Support/Secrets.psm1", "$PSScriptRoot/../../Support/FakeSessionPlugin.psm1",
        "$PSScriptRoot/../../Support/MlflowServer.psm1"
    $server = Start-GitHubServer
    $cloud = Start-FakeCloud
    $work = New-TestFolder
    $env:AWS_SHARED_CREDENTIALS_FILE = "$work/credentials"
    Set-Content "$work/credentials" '[academy]', 'aws_access_key_id = AKIAPLANTED', 'aws_secret_access_key = plantedSecret',
        'aws_session_token = plantedSession'
    $env:GITHUB_API_URL, $env:GH_TOKEN = $server.Uri, 'ghp_planted'
    Push-Location $work
}

AfterAll {
    Pop-Location
    Stop-FakeCloud $cloud
    Stop-GitHubServer $server
}

Describe 'No secret is printed' {
    AfterEach { Set-FakeCloud $cloud @{ Every = ''; Denied = '' } }

    It '<Name>' -ForEach @(
        @{ Name = 'Start-WmsInfrastructure'; Call = { Start-WmsInfrastructure -Wait -BucketName $cloud.Bucket @all } }
        @{ Name = 'Get-WmsInfrastructure'; Call = { Get-WmsInfrastructure -BucketName $cloud.Bucket @all } }
        @{ Name = 'Stop-WmsInfrastructure'; Call = { Stop-WmsInfrastructure -BucketName $cloud.Bucket @all } }
        @{ Name = 'Remove-WmsInfrastructure'
            Call = { Remove-WmsInfrastructure -Stop -EmptyBucket -BucketName $cloud.Bucket -Confirm:$false @all }
        }
        @{ Name = 'Test-WmsEnvironment'; Call = { Test-WmsEnvironment -BucketName $cloud.Bucket @all } }
        @{ Name = 'Test-WmsEnvironment of a profile'; Call = { Test-WmsEnvironment -ProfileName academy -BucketName $cloud.Bucket @all } }
        @{ Name = 'Test-WmsEnvironment of an address with a password'
            Call = { Test-WmsEnvironment -EndpointUrl 'http://ana:hunter22-planted@127.0.0.1:9' -BucketName $cloud.Bucket @all }
        }
        @{ Name = 'Set-WmsSecret'; Call = { Set-WmsSecret ana/meters -ProfileName academy @all } }
        @{ Name = 'Invoke-WmsTerraform'
            Call = {
                $folder = New-TerraformFolder "$work/terraform-$([guid]::NewGuid())"
                Invoke-WithTerraform {
                    Invoke-WmsTerraform $folder @all
                    Invoke-WmsTerraform $folder -PlanPath "$folder/.terraform/wms.tfplan" -Confirm:$false @all
                    Invoke-WmsTerraform $folder -Output @all
                }
            }
        }
    ) {
        (Get-SaidText $Call) | Should -Not -Match (Get-PlantedPattern)
    }

    It '<Cmdlet> that fails with <Code>' -ForEach @(
        foreach ($code in 'ExpiredToken', 'SignatureDoesNotMatch', 'AccessDenied', 'NoSuchThing') {
            @{ Code = $code; Cmdlet = 'Get-WmsInfrastructure'; Call = { Get-WmsInfrastructure -BucketName $cloud.Bucket @all } }
            @{ Code = $code; Cmdlet = 'Start-WmsInfrastructure'; Call = { Start-WmsInfrastructure -BucketName $cloud.Bucket @all } }
            @{ Code = $code; Cmdlet = 'Stop-WmsInfrastructure'; Call = { Stop-WmsInfrastructure -BucketName $cloud.Bucket @all } }
            @{ Code = $code; Cmdlet = 'Remove-WmsInfrastructure'
                Call = { Remove-WmsInfrastructure -EmptyBucket -BucketName $cloud.Bucket -Confirm:$false @all }
            }
            @{ Code = $code; Cmdlet = 'Test-WmsEnvironment'; Call = { Test-WmsEnvironment -BucketName $cloud.Bucket @all } }
            @{ Code = $code; Cmdlet = 'Set-WmsSecret'; Call = { Set-WmsSecret ana/meters -ProfileName academy @all } }
        }
    ) {
        Set-FakeCloud $cloud @{ Every = $Code }
        (Get-SaidText $Call) | Should -Not -Match (Get-PlantedPattern)
    }

    It 'Set-WmsSecret and Test-WmsEnvironment with a token that GitHub refuses' {
        $env:GH_TOKEN = 'planted_refused'
        try {
            (Get-SaidText { Set-WmsSecret ana/meters -ProfileName academy @all }) | Should -Not -Match (Get-PlantedPattern)
            (Get-SaidText { Test-WmsEnvironment Set-WmsSecret @all }) | Should -Not -Match (Get-PlantedPattern)
        }
        finally { $env:GH_TOKEN = 'ghp_planted' }
    }

    It 'Sync-WmsModel that forwards a port, with a plugin of version <Version> that fails with <Fault>' -ForEach @(
        @{ Version = ''; Fault = '' }
        @{ Version = '1.2.497.0'; Fault = '' }
        @{ Version = ''; Fault = 'leaks' }
    ) {
        $mlflow = Start-MlflowServer
        $address = Get-RefusingUri
        $folder = New-TestFolder
        Set-Content "$folder/wms.yaml" "aws:`n  bucket: $($cloud.Bucket)`n  registry: $address"
        $before = Enable-FakeSessionPlugin -Port ([uri] $mlflow.Uri).Port -LogPath "$folder/sessions" -Version $Version -Fault $Fault
        Push-Location $folder
        try {
            # The registry has no model, or is not reached: the error is part of what is said.
            $said = Get-SaidText { try { Sync-WmsModel -Stop -TrackingUri $address @all } catch { $_ } }
            Get-PluginSession "$folder/sessions" | Should -HaveCount 1
        }
        finally {
            Pop-Location
            Disable-FakeSessionPlugin $before
            Stop-MlflowServer $mlflow
        }
        $said | Should -Match ($Fault ? 'a line with the token' : 'TrackingNotFound')
        $said | Should -Match 'Forwarding port'
        $said | Should -Not -Match (Get-PlantedPattern)
    }

    It 'would be found if it were' {
        (Get-SaidText { Write-Verbose "the key is $env:AWS_SECRET_ACCESS_KEY" -Verbose }) | Should -Match (Get-PlantedPattern)
        (Get-SaidText { Write-Host 'plantedSecret' }) | Should -Match (Get-PlantedPattern)
        (Get-SaidText { throw 'hunter22-planted' }) | Should -Match (Get-PlantedPattern)
    }
}
