BeforeAll {
    Import-Module "$PSScriptRoot/../../Support/TestSupport.psm1", "$PSScriptRoot/../../Support/FakeCloud.psm1"
}

Describe 'Remove-WmsInfrastructure' {
    BeforeEach {
        $cloud = Start-FakeCloud
        $bucket = @{ BucketName = $cloud.Bucket; Confirm = $false; WarningVariable = 'warned'; WarningAction = 'SilentlyContinue' }
        $null = Start-WmsInfrastructure -Wait -RunId ana -BucketName $cloud.Bucket
    }
    AfterEach { Stop-FakeCloud $cloud }

    It 'does nothing without a switch, and names the three' {
        $failure = Get-Failure { Remove-WmsInfrastructure -BucketName $cloud.Bucket }
        "$failure" | Should -BeLike '*-Stop, -Terminate or -EmptyBucket*'
    }

    It 'only stops with -Stop' {
        (Remove-WmsInfrastructure -Stop @bucket).State | Should -Be Stopped
        Get-FakeCloudState $cloud | Should -Be stopped
        "$warned" | Should -BeLike '*disk vol-*, 100 GB (9.52 USD a month); address *objects in*'
    }

    It 'terminates with -Terminate, also called -Destroy' {
        (Remove-WmsInfrastructure -Destroy @bucket).State | Should -Be ShuttingDown
        Get-FakeCloudCall $cloud | Should -Contain 'EC2 TerminateInstances'
        Get-FakeCloudCall $cloud | Should -Not -Contain 'S3 DeleteObjects'
    }

    It 'empties the bucket with -EmptyBucket, and leaves the machine' {
        Remove-WmsInfrastructure -EmptyBucket @bucket
        Get-FakeCloudCall $cloud | Should -Contain 'S3 DeleteObjects'
        Get-FakeCloudCall $cloud | Should -Not -Contain 'EC2 TerminateInstances'
        Get-FakeCloudState $cloud | Should -Be running
    }

    It 'changes nothing with -WhatIf' {
        Remove-WmsInfrastructure -Stop -Terminate -EmptyBucket -WhatIf -BucketName $cloud.Bucket | Should -BeNullOrEmpty
        (Get-FakeCloudCall $cloud) -match 'Terminate|Delete' | Should -BeNullOrEmpty
        (Get-WmsInfrastructure -BucketName $cloud.Bucket).LeaseCount | Should -Be 1
    }
}
