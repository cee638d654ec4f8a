BeforeAll {
    Import-Module "$PSScriptRoot/../../Support/TestSupport.psm1", "$PSScriptRoot/../../Support/FakeCloud.psm1"
    $cloud = Start-FakeCloud
    $bucket = @{ BucketName = $cloud.Bucket }
}
AfterAll { Stop-FakeCloud $cloud }

Describe 'Get-WmsInfrastructure' {
    It 'shows state and costs of a machine that is off' {
        $machine = Get-WmsInfrastructure @bucket
        $machine.State, $machine.LeaseCount, $machine.Uptime, $machine.IsReady | Should -Be 'Stopped', 0, $null, $false
        # 100 GB and an address, a month.
        $machine.CostWhileStopped | Should -Be 13.17
        $machine.PriceDate | Should -BeOfType datetime
    }

    It 'reads the prices from AWS with -Refresh, and keeps them for later calls' {
        try {
            (Get-WmsInfrastructure -Refresh @bucket).CostWhileStopped | Should -Be 27.3
            $later = Get-WmsInfrastructure @bucket
            $later.CostWhileStopped | Should -Be 27.3
            $later.PriceDate | Should -BeGreaterOrEqual ([datetime]::UtcNow.Date.AddDays(-1))
            Set-FakeCloud $cloud @{ Denied = 'GetProducts' }
            $failure = Get-Failure { Get-WmsInfrastructure -Refresh @bucket }
            $failure.FullyQualifiedErrorId | Should -BeLike 'AwsAccessDenied,*'
            "$failure" | Should -BeLike "*'pricing:GetProducts'*"
        }
        finally {
            Set-FakeCloud $cloud @{ Denied = '' }
            Remove-Item -Recurse $env:WMS_CACHE_PATH
        }
    }

    It 'takes the identifier from <Name>' -ForEach @(
        @{ Name = 'an instance of Get-EC2Instance'; Object = [pscustomobject]@{ InstanceId = 'i-0123456789abcdef0' } }
        @{ Name = 'a reservation of Get-EC2Instance'; Object = [pscustomobject]@{
                ReservationId = 'r-1'; Instances = @([pscustomobject]@{ InstanceId = 'i-0123456789abcdef0' })
            }
        }
        @{ Name = 'a text'; Object = 'i-0123456789abcdef0' }
    ) {
        ($Object | Get-WmsInfrastructure @bucket).InstanceId | Should -Be i-0123456789abcdef0
    }

    It 'takes bucket and region of a record' {
        (Get-WmsInfrastructure @bucket | Get-WmsInfrastructure).BucketName | Should -Be $cloud.Bucket
    }

    It 'goes on with the next instance after one that is not there' {
        $found = 'i-00000000000000bad', 'i-0123456789abcdef0' |
            Get-WmsInfrastructure @bucket -ErrorAction SilentlyContinue -ErrorVariable failed
        $found | Should -HaveCount 1
        $failed.FullyQualifiedErrorId | Should -BeLike 'InfrastructureNotFound,*'
    }

    It 'changes nothing' {
        $null = Get-WmsInfrastructure @bucket
        (Get-FakeCloudCall $cloud) -match 'Put|Start|Stop|Terminate|Delete' | Should -BeNullOrEmpty
    }
}
