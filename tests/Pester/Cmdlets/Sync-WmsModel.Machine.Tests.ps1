BeforeAll {
    Import-Module "$PSScriptRoot/../../Support/TestSupport.psm1", "$PSScriptRoot/../../Support/FakeCloud.psm1",
        "$PSScriptRoot/../../Support/MlflowServer.psm1"
    $server = Start-MlflowServer
    $store = @{ TrackingUri = $server.Uri }
    $model = (New-SampleModel (New-SampleData)).ModelPath
    $null = Publish-WmsModel $model -Stage Production -Force -Reason 'The first model' @store

    # Asks for the machine until it has a state: each request moves the clock of the cloud, and the machine keeps its lease itself.
    function Assert-State([string] $State) {
        foreach ($attempt in 1..100) {
            if ((Get-WmsInfrastructure @bucket).State -eq $State) { return }
        }
        Get-FakeCloudState $cloud | Should -Be $State
    }

    function Get-Write { @(Get-FakeCloudCall $cloud) -match '^(EC2 St|S3 Put)' }
}

AfterAll { Stop-MlflowServer $server }

Describe 'Sync-WmsModel with a registry on the machine' {
    BeforeEach {
        $cloud = Start-FakeCloud
        $bucket = @{ BucketName = $cloud.Bucket }
        $here = New-TestFolder
        Set-Content "$here/wms.yaml" "aws:`n  bucket: $($cloud.Bucket)`n  registry: $($server.Uri)/"
        Push-Location $here
    }
    AfterEach {
        Pop-Location
        Stop-FakeCloud $cloud
    }

    It 'starts the machine, copies the model and stops the machine' {
        $sync = Sync-WmsModel -Stop -WarningVariable warned -WarningAction SilentlyContinue @store
        $sync.Outcome, $sync.Version | Should -Be 'Updated', 1
        "$warned" | Should -BeLike "The machine is off, but a program answers at '$($server.Uri)*"
        Get-FakeCloudState $cloud | Should -Be stopped
        Get-FakeCloudCall $cloud | Should -Contain 'EC2 StartInstances'
        (Get-WmsInfrastructure @bucket).LeaseCount | Should -Be 0
        $server.Calls | Should -Contain 'GET /health'
    }

    It 'stops it in a script that does not say' {
        $child = Invoke-ChildPwsh -ImportModule "(Sync-WmsModel -TrackingUri '$($server.Uri)').Outcome" -WorkingDirectory $here
        @($child.Output)[-1] | Should -Be Updated -Because ($child.Error -join "`n")
        Get-FakeCloudState $cloud | Should -Be stopped
        Get-FakeCloudCall $cloud | Should -Contain 'EC2 StartInstances'
    }

    It 'leaves it on with -Keep, with a lease of two hours' {
        (Sync-WmsModel -Keep @store).Outcome | Should -Be Updated
        $machine = Get-WmsInfrastructure @bucket
        "$($machine.State)", $machine.LeaseCount | Should -Be Running, 1
        ($machine.OwnDeadline - $machine.Launched).TotalMinutes | Should -BeGreaterThan 100
        (Sync-WmsModel -Stop @store).Outcome | Should -Be Current
        Get-FakeCloudState $cloud | Should -Be stopped
    }

    It 'leaves a machine as it is that is on already' {
        $null = Start-WmsInfrastructure -Wait @bucket
        $null = Invoke-WebRequest "$($cloud.Uri)/_fake/calls?clear=1"
        (Sync-WmsModel @store).Outcome | Should -Be Updated
        "$(Get-FakeCloudState $cloud)" | Should -Be running
        Get-Write | Should -BeNullOrEmpty
    }

    It 'stops with -Stop a machine that was on, but not under the lease of another' {
        $null = Start-WmsInfrastructure -Wait @bucket
        $null = Start-WmsInfrastructure -Wait -RunId bo -Purpose labels @bucket
        $null = Sync-WmsModel -Stop -WarningVariable warned -WarningAction SilentlyContinue @store
        "$warned" | Should -BeLike "The machine stays on for *labels*'bo'*"
        "$(Get-FakeCloudState $cloud)" | Should -Be running
        (Get-WmsInfrastructure @bucket).LeaseCount | Should -Be 1
        $null = Stop-WmsInfrastructure -RunId bo @bucket
        "$(Get-FakeCloudState $cloud)" | Should -Be stopped
    }

    It 'leaves a machine on that another has taken a lease on meanwhile' {
        $said = Sync-WmsModel -Stop @store 3>&1 | ForEach-Object {
            if ($_ -is [WaterMeters.ModelSync]) { $null = Start-WmsInfrastructure -RunId bo @bucket }
            $_
        }
        "$said" | Should -BeLike "*stays on for *'bo'*"
        "$(Get-FakeCloudState $cloud)" | Should -Be running
    }

    It 'stops it when the copy fails, also with -Keep' {
        (Get-Failure { Sync-WmsModel 99 -Keep @store }).FullyQualifiedErrorId | Should -BeLike 'TrackingNotFound,*'
        (Get-WmsInfrastructure @bucket).LeaseCount | Should -Be 0
        Assert-State Stopped
    }

    It 'stops it when the pipeline ends early' {
        Sync-WmsModel @store | Select-Object -First 1 | Should -HaveCount 1
        (Get-WmsInfrastructure @bucket).LeaseCount | Should -Be 0
        Assert-State Stopped
    }

    It 'neither starts nor stops with -Stop -WhatIf when the machine is <State>' -ForEach @{ State = 'stopped' }, @{ State = 'running' } {
        if ($State -eq 'running') { $null = Start-WmsInfrastructure -Wait @bucket }
        $null = Invoke-WebRequest "$($cloud.Uri)/_fake/calls?clear=1"
        $null = Sync-WmsModel -Stop -WhatIf @store
        "$(Get-FakeCloudState $cloud)" | Should -Be $State
        Get-FakeCloudCall $cloud | Should -Not -Match '^(EC2 St|S3 Put|EC2 CreateTags)'
    }

    It 'leaves the lease of the user as it is, and the machine on for it' {
        Stop-FakeCloud $cloud
        $cloud = Start-FakeCloud -SecondsPerRequest 2 # it is still on its way when the model is copied
        $mine = Start-WmsInfrastructure -For 8h @bucket
        "$($mine.State)" | Should -Be Pending
        $null = Sync-WmsModel -WarningVariable warned -WarningAction SilentlyContinue @store
        "$warned" | Should -BeLike 'The machine stays on for *'
        $after = Get-WmsInfrastructure @bucket
        "$($after.State)", $after.LeaseCount, $after.OwnDeadline | Should -Be Running, 1, $mine.OwnDeadline
    }

    It 'starts nothing with -WhatIf' {
        Sync-WmsModel -WhatIf @store | Should -BeNullOrEmpty
        Get-FakeCloudState $cloud | Should -Be stopped
        Get-Write | Should -BeNullOrEmpty
        Get-ChildItem $here | Should -HaveCount 1
    }

    It 'copies the model with a warning when AWS refuses' {
        Set-FakeCloud $cloud @{ Every = 'ExpiredToken' }
        $sync = Sync-WmsModel -WarningVariable warned -WarningAction SilentlyContinue @store
        $sync.Outcome | Should -Be Updated
        "$warned" | Should -BeLike 'The machine of the registry was not started. The AWS credentials have expired*'
    }

    It 'does not ask AWS when <Name>' -ForEach @(
        @{ Name = 'the settings name no registry'; Lines = 'aws:', '  bucket: wms-bucket' }
        @{ Name = 'the registry is another'; Lines = 'aws:', '  bucket: wms-bucket', '  registry: http://127.0.0.1:9' }
    ) {
        Set-Content wms.yaml $Lines
        (Sync-WmsModel -Stop @store).Outcome | Should -Be Updated
        "$(Get-FakeCloudCall $cloud)" | Should -BeNullOrEmpty
    }

    It 'refuses -Keep with -Stop' {
        (Get-Failure { Sync-WmsModel -Keep -Stop @store }).FullyQualifiedErrorId | Should -BeLike 'SettingUnusable,*'
    }
}
