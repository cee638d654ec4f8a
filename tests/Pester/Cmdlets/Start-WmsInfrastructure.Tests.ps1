BeforeAll {
    Import-Module "$PSScriptRoot/../../Support/TestSupport.psm1", "$PSScriptRoot/../../Support/FakeCloud.psm1"
}

Describe 'Start-WmsInfrastructure' {
    BeforeEach {
        $cloud = Start-FakeCloud
        $bucket = @{ BucketName = $cloud.Bucket }
    }
    AfterEach { Stop-FakeCloud $cloud }

    It 'starts the machine and waits until it can be used' {
        $machine = Start-WmsInfrastructure -Wait -For 90m -Purpose 'night training' @bucket
        $machine | Should -BeOfType WaterMeters.Infrastructure
        $machine.State, $machine.IsReady, $machine.LeaseCount | Should -Be 'Running', $true, 1
        $machine.HourlyCost | Should -BeGreaterThan 0.09
        $machine.ExpectedCost | Should -BeGreaterThan 0.1
        ($machine.OwnDeadline - $machine.Launched).TotalMinutes | Should -BeGreaterThan 80
    }

    It 'shows with -WhatIf what it would cost, and does nothing' {
        Start-WmsInfrastructure -For 10h -WhatIf @bucket | Should -BeNullOrEmpty
        Get-FakeCloudState $cloud | Should -Be stopped
        Get-FakeCloudCall $cloud | Should -Not -Contain 'EC2 StartInstances'
        (Get-FakeCloudCall $cloud) -like 'S3 Put*' | Should -BeNullOrEmpty
    }

    It 'takes a time as <_>' -ForEach '2h', '90m', '01:30:00', '1.5h' {
        (Start-WmsInfrastructure -For $_ @bucket).LeaseCount | Should -Be 1
    }

    It 'refuses <_> as a time, which has no unit' -ForEach '2', 7200, '-1h', 'soon' {
        { Start-WmsInfrastructure -For $_ @bucket } | Should -Throw '*Write it with its unit*'
    }

    It 'renews the lease of the same run' {
        $first = Start-WmsInfrastructure -For 1h -RunId night @bucket
        $second = Start-WmsInfrastructure -For 3h -RunId night @bucket
        $second.LeaseCount | Should -Be 1
        $second.OwnDeadline | Should -BeGreaterThan $first.OwnDeadline
    }

    It 'uses another type when there is no capacity for its own' {
        Set-FakeCloud $cloud @{ NoCapacity = 1000; FreeType = 'm5.large' }
        (Get-Failure { Start-WmsInfrastructure @bucket }).FullyQualifiedErrorId | Should -BeLike 'InfrastructureNoCapacity,*'
        (Start-WmsInfrastructure -AlternativeType m5.large @bucket).InstanceType | Should -Be m5.large
    }

    It 'uses what Set-AWSCredential and Set-DefaultAWSRegion left in the session' {
        $env:AWS_ACCESS_KEY_ID = $env:AWS_SECRET_ACCESS_KEY = $env:AWS_SESSION_TOKEN = $env:AWS_REGION = $null
        $keys = [pscustomobject]@{ AccessKey = 'AKIAPLANTED'; SecretKey = 'PLANTED-SECRET'; Token = 'PLANTED-TOKEN' }
        $inner = [pscustomobject]@{ Keys = $keys } | Add-Member -PassThru ScriptMethod GetCredentials { $this.Keys }
        $global:StoredAWSCredentials = [pscustomobject]@{ Credentials = $inner }
        $global:StoredAWSRegion = [pscustomobject]@{ SystemName = $cloud.Region }
        try { (Start-WmsInfrastructure @bucket).Region | Should -Be $cloud.Region }
        finally { Remove-Variable StoredAWSCredentials, StoredAWSRegion -Scope Global }
    }

    It 'takes bucket, region and name from wms.yaml' {
        $env:AWS_REGION = $null
        $folder = New-TestFolder
        Set-Content "$folder/wms.yaml" "aws:`n  region: $($cloud.Region)`n  bucket: $($cloud.Bucket)`n  machine: wms"
        Push-Location $folder
        try { (Start-WmsInfrastructure).MachineName | Should -Be wms } finally { Pop-Location }
    }

    It 'writes the schedule that stops the machine from outside before it starts it, and warns if that fails' {
        $folder = New-TestFolder
        $role = 'scheduler_role: arn:aws:iam::123456789012:role/wms-scheduler'
        Set-Content "$folder/wms.yaml" "aws:`n  schedule_group: water-meters`n  $role"
        Push-Location $folder
        try {
            Set-FakeCloud $cloud @{ KeepsSchedule = $true }
            $null = Start-WmsInfrastructure @bucket -Wait # its keeper says then that it moves the schedule
            $null = Stop-WmsInfrastructure @bucket
            $null = Start-WmsInfrastructure @bucket -WarningVariable warnings 3>$null
            $warnings | Should -BeNullOrEmpty
            [Collections.Generic.List[string]] $calls = Get-FakeCloudCall $cloud
            $created = $calls.IndexOf('SCHEDULER CreateSchedule')
            $created | Should -BeGreaterThan 0
            $calls.LastIndexOf('EC2 StartInstances') | Should -BeGreaterThan $created
            $calls.IndexOf('EC2 StartInstances') | Should -BeLessThan $created

            Set-FakeCloud $cloud @{ state = 'stopped'; Denied = 'UpdateSchedule' }
            (Start-WmsInfrastructure @bucket -WarningVariable warnings 3>$null).LeaseCount | Should -Be 1
            "$warnings" | Should -BeLike '*schedule that stops the machine from outside was not written*scheduler:UpdateSchedule*by itself.'

            Set-Content "$folder/wms.yaml" "aws:`n  scheduler_role: wms-scheduler"
            (Get-Failure { Start-WmsInfrastructure @bucket }).Exception.Message | Should -BeLike "*'wms-scheduler'*ARN*"
        }
        finally { Pop-Location }
    }

    It 'shows no secret in any stream, also when it fails' {
        $said = Start-WmsInfrastructure -Wait -Verbose -Debug @bucket *>&1 | Out-String
        Set-FakeCloud $cloud @{ Every = 'InvalidAccessKeyId' }
        $failure = Get-Failure { Start-WmsInfrastructure -Verbose -Debug @bucket }
        "$said $failure $($failure | Format-List * -Force | Out-String) $($failure.Exception.ToString())" | Should -Not -Match 'PLANTED-'
    }
}
