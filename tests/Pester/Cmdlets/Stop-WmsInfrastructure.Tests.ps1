BeforeAll {
    Import-Module "$PSScriptRoot/../../Support/TestSupport.psm1", "$PSScriptRoot/../../Support/FakeCloud.psm1"
}

Describe 'Stop-WmsInfrastructure' {
    BeforeEach {
        $cloud = Start-FakeCloud
        $bucket = @{ BucketName = $cloud.Bucket }
        $null = Start-WmsInfrastructure -Wait -RunId ana @bucket
    }
    AfterEach { Stop-FakeCloud $cloud }

    It 'releases the lease and waits until the machine is off' {
        $machine = Stop-WmsInfrastructure -RunId ana @bucket
        $machine.State, $machine.LeaseCount | Should -Be 'Stopped', 0
        Get-FakeCloudCall $cloud | Should -Not -Contain 'EC2 StopInstances'
    }

    It 'leaves the machine on for another run, and names it' {
        $null = Start-WmsInfrastructure -RunId bo -Purpose labels @bucket
        $machine = Stop-WmsInfrastructure -RunId ana -WarningVariable warned -WarningAction SilentlyContinue @bucket
        $machine.State, $machine.LeaseCount | Should -Be 'Running', 1
        "$warned" | Should -BeLike "*labels*'bo'*"
    }

    It 'ends the leases of others with -Force, and names them' {
        $null = Start-WmsInfrastructure -RunId bo @bucket
        $machine = Stop-WmsInfrastructure -RunId ana -Force -WarningVariable warned -WarningAction SilentlyContinue @bucket
        $machine.State | Should -Be Stopped
        "$warned" | Should -BeLike "*'bo'*"
    }

    It 'is no error without a lease' {
        $null = Stop-WmsInfrastructure -RunId ana @bucket
        (Stop-WmsInfrastructure -RunId ana @bucket).State | Should -Be Stopped
    }

    It 'changes nothing with -WhatIf' {
        Stop-WmsInfrastructure -RunId ana -WhatIf @bucket | Should -BeNullOrEmpty
        (Get-WmsInfrastructure @bucket).LeaseCount | Should -Be 1
    }
}
