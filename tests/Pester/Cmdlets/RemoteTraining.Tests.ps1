BeforeAll {
    Import-Module "$PSScriptRoot/../../Support/TestSupport.psm1", "$PSScriptRoot/../../Support/FakeCloud.psm1",
        "$PSScriptRoot/../../Support/RemoteJobs.psm1"
    $place = Start-JobCloud -Path (New-TestFolder) -ModulePath (Get-ModulePath)
    $cloud = $place.Cloud
    $recipe = @{ BaseChannels = 2; Stage = '32x3x8'; Seed = 5; Precision = 'Float32' }
    $remote = @{ Remote = $true; BucketName = $cloud.Bucket; NoTracking = $true }
    $here = Start-WmsTraining $place.Data -OutputPath (Join-Path $place.Path 'local') -NoTracking @recipe 6>$null
    $digest = Get-RunDigest $here.OutputPath

    # The lines of epochs, as they come.
    filter Select-Epoch { if ($_ -is [Management.Automation.InformationRecord] -and $_.Tags -contains 'WmsEpoch') { $_ } }
}

AfterAll { Stop-FakeCloud $cloud }

Describe 'Start-WmsTraining -Remote' {
    It 'gives the model and the scores of a training here, shows its epochs, and records it here' {
        $output, $store = (Join-Path $place.Path 'first'), (Join-Path $place.Path 'runs.db')
        $track = @{ Remote = $true; BucketName = $cloud.Bucket; TrackingUri = $store }
        $result = Start-WmsTraining $place.Data -OutputPath $output @recipe @track -InformationVariable said 6>$null
        Get-RunDigest $output | Should -Be $digest
        foreach ($name in 'Epochs', 'BestEpoch', 'ValidationDice', 'TestDice', 'TrainingPhotos', 'EndReason', 'DataPath') {
            $result.$name | Should -Be $here.$name -Because $name
        }
        $result.ModelPath | Should -Exist
        @($said | Select-Epoch) | Should -HaveCount 3
        (Get-WmsRun -TrackingUri $store).RunId | Should -Be $result.RunId
        (Get-WmsInfrastructure -BucketName $cloud.Bucket).LeaseCount | Should -Be 0
    }

    It 'attaches to the same request, also when it is done, and starts nothing' {
        $output = Join-Path $place.Path 'again'
        $before = @(Get-FakeCloudCall $cloud) -eq 'SSM SendCommand'
        $null = Start-WmsTraining $place.Data -OutputPath $output @recipe @remote 6>$null
        Get-RunDigest $output | Should -Be $digest
        @(Get-FakeCloudCall $cloud) -eq 'SSM SendCommand' | Should -HaveCount $before.Count
    }

    It 'survives ten connections that break at each epoch' {
        $output = Join-Path $place.Path 'cut'
        Start-WmsTraining $place.Data -OutputPath $output -RunId cut @recipe @remote 6>&1 3>$null | Select-Epoch |
            ForEach-Object { Set-FakeCloud $cloud @{ Lost = 10 } }
        Get-RunDigest $output | Should -Be $digest
    }

    It 'goes on without the computer that started it, and comes home with -Resume' {
        $output = Join-Path $place.Path 'detached'
        Start-WmsTraining $place.Data -OutputPath $output -RunId away -Detach @recipe @remote -InformationVariable said 6>$null |
            Should -BeNullOrEmpty
        "$said" | Should -BeLike '*-Remote -Resume -RunId away*'
        $output | Should -Not -Exist
        $result = Start-WmsTraining $place.Data -OutputPath $output -RunId away -Resume @remote 6>$null
        Get-RunDigest $output | Should -Be $digest
        $result.Seed | Should -Be 5
    }

    It 'stops with the pipeline, releases the machine, and continues after the last epoch' {
        $output = Join-Path $place.Path 'stopped'
        $long = $recipe.Clone()
        $long.Stage = '32x30x8'
        Start-WmsTraining $place.Data -OutputPath $output -RunId stopped @long @remote 6>&1 | Select-Epoch | Select-Object -First 1 |
            Should -HaveCount 1
        Test-JobObject $cloud stopped/stop | Should -BeTrue
        (Get-WmsInfrastructure -BucketName $cloud.Bucket).LeaseCount | Should -Be 0
        $output | Should -Not -Exist
        $null = Start-WmsTraining $place.Data -OutputPath $output -RunId stopped -Resume @remote 6>$null
        $local = Start-WmsTraining $place.Data -OutputPath (Join-Path $place.Path 'long') -NoTracking @long 6>$null
        Get-RunDigest $output | Should -Be (Get-RunDigest $local.OutputPath)
    }

    It 'leaves the job alone when the credentials expire' {
        $output = Join-Path $place.Path 'expired'
        $failure = try {
            Start-WmsTraining $place.Data -OutputPath $output -RunId expires @recipe @remote 6>&1 | Select-Epoch |
                ForEach-Object { Set-FakeCloud $cloud @{ Every = 'ExpiredToken' } }
        }
        catch { $_ }
        finally { Set-FakeCloud $cloud @{ Every = '' } }
        $failure.FullyQualifiedErrorId | Should -BeLike 'AwsCredentialsExpired*'
        $null = Start-WmsTraining $place.Data -OutputPath $output -RunId expires -Resume @remote 6>$null
        Get-RunDigest $output | Should -Be $digest
    }

    It 'brings an error of the machine home' {
        $output = Join-Path $place.Path 'failed'
        { Start-WmsTraining $place.Data -OutputPath $output -Device Cuda @recipe @remote 6>$null } |
            Should -Throw '*CUDA*' -ErrorId 'RemoteJobFailed*'
        $output | Should -Not -Exist
    }

    It 'refuses another request under the same identifier' {
        $output = Join-Path $place.Path 'other'
        { Start-WmsTraining $place.Data -OutputPath $output -RunId cut -Seed 6 -BaseChannels 2 @remote 6>$null } |
            Should -Throw -ErrorId 'RemoteJobUnusable*'
    }

    It 'refuses an identifier without a job' {
        { Start-WmsTraining $place.Data -OutputPath (Join-Path $place.Path 'none') -RunId none -Resume @remote 6>$null } |
            Should -Throw -ErrorId 'RemoteJobUnusable*'
    }

    It 'refuses photos that are not as they were published' {
        $photo = Get-ChildItem (Join-Path $place.Data 'images') | Select-Object -First 1
        $hidden = Join-Path $place.Path $photo.Name
        Move-Item -LiteralPath $photo.FullName $hidden
        try {
            { Start-WmsTraining $place.Data -OutputPath (Join-Path $place.Path 'changed') @recipe @remote 6>$null } |
                Should -Throw '*Publish-WmsDataset*'
        }
        finally { Move-Item -LiteralPath $hidden $photo.FullName }
    }

    It 'writes and sends nothing with -WhatIf' {
        $before = @(Get-FakeCloudCall $cloud).Count
        Start-WmsTraining $place.Data -OutputPath (Join-Path $place.Path 'preview') @recipe @remote -WhatIf 6>$null | Should -BeNullOrEmpty
        @(Get-FakeCloudCall $cloud).Count | Should -Be $before
    }

    It 'refuses its parameters without it' {
        { Start-WmsTraining $place.Data -BucketName bucket } | Should -Throw '*-Remote*'
    }
}
