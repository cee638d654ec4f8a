# The registry on the machine behind a port of this computer: session-manager-plugin (tests/FakeSessionPlugin) forwards it.
BeforeDiscovery {
    Import-Module "$PSScriptRoot/../../Support/FakeSessionPlugin.psm1"
    $isInstalled = Test-InstalledPlugin
}

BeforeAll {
    Import-Module "$PSScriptRoot/../../Support/TestSupport.psm1", "$PSScriptRoot/../../Support/FakeCloud.psm1",
        "$PSScriptRoot/../../Support/FakeSessionPlugin.psm1", "$PSScriptRoot/../../Support/MlflowServer.psm1"
    $server = Start-MlflowServer
    $model = (New-SampleModel (New-SampleData)).ModelPath
    $null = Publish-WmsModel $model -Stage Production -Force -Reason 'The first model' -TrackingUri $server.Uri

    # Asks until it is off: each request moves the clock of the cloud, and the machine keeps its lease itself.
    function Assert-Stopped {
        foreach ($attempt in 1..100) { if ((Get-WmsInfrastructure @bucket).State -eq 'Stopped') { return } }
        Get-FakeCloudState $cloud | Should -Be stopped
    }

    # What is left at the end: no process, no session, nothing that listens.
    function Assert-NothingLeft([int] $Sessions = 1) {
        $had = @(Get-PluginSession $log)
        $had | Should -HaveCount $Sessions
        $had.IsRunning | Should -Not -Contain $true
        Get-FakeCloudSession $cloud | Should -BeNullOrEmpty
        # Free again. To connect would say so too, and takes Windows two seconds.
        $listener = [Net.Sockets.TcpListener]::new([Net.IPAddress]::Loopback, $port)
        $listener.Start()
        $listener.Stop()
    }
}

AfterAll { Stop-MlflowServer $server }

Describe 'Sync-WmsModel with a registry behind a port of this computer' {
    BeforeEach {
        $cloud = Start-FakeCloud
        $bucket = @{ BucketName = $cloud.Bucket }
        $here = New-TestFolder
        $log = "$(New-TestFolder)/sessions"
        $address = Get-RefusingUri
        $port = ([uri] $address).Port
        $before = Enable-FakeSessionPlugin -Port ([uri] $server.Uri).Port -LogPath $log
        Set-Content "$here/wms.yaml" "aws:`n  bucket: $($cloud.Bucket)`n  registry: $address"
        $store = @{ TrackingUri = $address }
        Push-Location $here
    }
    AfterEach {
        Pop-Location
        Disable-FakeSessionPlugin $before
        Stop-FakeCloud $cloud
    }

    It 'starts a machine that is off, forwards the port, copies the model and ends all of it' {
        Set-FakeCloud $cloud @{ LateSessions = 1 } # the agent is online before sessions reach it
        $sync = Sync-WmsModel -Stop @store
        $sync.Outcome, $sync.Version | Should -Be 'Updated', 1
        (Get-PluginSession $log).How, (Get-PluginSession $log).Port | Should -Be variable, $port
        Assert-NothingLeft
        Get-FakeCloudState $cloud | Should -Be stopped
        (Get-WmsInfrastructure @bucket).LeaseCount | Should -Be 0
        @(Get-FakeCloudCall $cloud) -match 'Session$' | Should -Be (@('SSM StartSession') * 2 + 'SSM TerminateSession')
    }

    It 'forwards the port to a machine that is on, and leaves it on without a lease' {
        $null = Start-WmsInfrastructure -Wait @bucket
        $null = Invoke-WebRequest "$($cloud.Uri)/_fake/calls?clear=1"
        $said = Sync-WmsModel -Verbose @store 4>&1
        ($said | Where-Object { $_ -is [WaterMeters.ModelSync] }).Outcome | Should -Be Updated
        "$said" | Should -BeLike "*Forwarding port $port*Waiting until http*:$port/health answers.*"
        Assert-NothingLeft
        "$(Get-FakeCloudState $cloud)" | Should -Be running
        Get-FakeCloudCall $cloud | Should -Not -Match '^(EC2 St|S3 Put)'
    }

    It 'reads the registry on a machine that is on with -WhatIf' {
        $null = Start-WmsInfrastructure -Wait @bucket
        Sync-WmsModel -WhatIf @store | Should -BeNullOrEmpty
        Assert-NothingLeft
        Get-ChildItem $here | Should -HaveCount 1
    }

    It 'opens one session for several models' {
        $null = Start-WmsInfrastructure -Wait @bucket
        ('Production', '1' | Sync-WmsModel @store).Outcome | Should -Be Updated, Current
        Assert-NothingLeft
    }

    It 'uses what answers on the port as the registry does' {
        Set-Content wms.yaml "aws:`n  bucket: $($cloud.Bucket)`n  registry: $($server.Uri)"
        $null = Start-WmsInfrastructure -Wait @bucket
        (Sync-WmsModel -TrackingUri $server.Uri).Outcome | Should -Be Updated
        Get-PluginSession $log | Should -BeNullOrEmpty
        Get-FakeCloudCall $cloud | Should -Not -Contain 'SSM StartSession'
    }

    It 'says at once what to install, and starts nothing, when the plugin is missing and the machine is <State>' -Skip:$isInstalled `
        -ForEach @{ State = 'stopped' }, @{ State = 'running' } {
        if ($State -eq 'running') { $null = Start-WmsInfrastructure -Wait @bucket }
        $null = Invoke-WebRequest "$($cloud.Uri)/_fake/calls?clear=1"
        $mine = Enable-FakeSessionPlugin -Missing
        try { $failure = Get-Failure { 'Production', '1' | Sync-WmsModel -WarningAction Stop @store } }
        finally { Disable-FakeSessionPlugin $mine }
        $failure.FullyQualifiedErrorId | Should -BeLike 'SessionPluginMissing,*'
        "$failure" | Should -BeLike "*session-manager-plugin*not installed.*nstall*"
        "$(Get-FakeCloudState $cloud)" | Should -Be $State
        Get-FakeCloudCall $cloud | Should -Not -Match '^(EC2 St|S3 Put|SSM)'
    }

    It 'says what the plugin has printed when it ends early, and releases the lease' {
        $env:FAKE_PLUGIN_FAULT = 'ends'
        $failure = Get-Failure { Sync-WmsModel -WarningAction SilentlyContinue @store }
        $failure.FullyQualifiedErrorId | Should -BeLike 'TunnelFailed,*'
        "$failure" | Should -BeLike "*has ended before '$address/' answered*Cannot perform start session: EOF*"
        Assert-NothingLeft
        (Get-WmsInfrastructure @bucket).LeaseCount | Should -Be 0
    }

    It 'shows no token that a plugin prints' {
        $null = Start-WmsInfrastructure -Wait @bucket
        $env:FAKE_PLUGIN_FAULT = 'leaks'
        $failure = Get-Failure { Sync-WmsModel @store }
        "$failure" | Should -BeLike '*(a line with the token of the session)*'
        "$failure" | Should -Not -Match PLANTED
    }

    It 'passes the token to an old plugin as an argument, and says so' {
        $null = Start-WmsInfrastructure -Wait @bucket
        $env:FAKE_PLUGIN_VERSION = '1.2.497.0'
        $said = Sync-WmsModel @store 3>&1
        ($said | Where-Object { $_ -is [WaterMeters.ModelSync] }).Outcome | Should -Be Updated
        "$said" | Should -BeLike '*is old*token*Update it.*'
        (Get-PluginSession $log).How | Should -Be argument
        Assert-NothingLeft
    }

    It 'starts nothing when another program has the port' {
        $other = [Net.Sockets.TcpListener]::new([Net.IPAddress]::Loopback, $port)
        $other.Start()
        # It accepts connections and closes them: no answer to wait for.
        $closing = Start-ThreadJob -ArgumentList $other {
            param($listener)
            while ($true) { try { $listener.AcceptTcpClient().Dispose() } catch { return } } # stopped
        }
        try { $failure = Get-Failure { Sync-WmsModel @store } }
        finally {
            $other.Stop()
            $closing | Wait-Job | Remove-Job
        }
        $failure.FullyQualifiedErrorId | Should -BeLike 'TunnelFailed,*'
        "$failure" | Should -BeLike "*uses port $port,*Close that program."
        "$(Get-FakeCloudState $cloud)" | Should -Be stopped
        Get-PluginSession $log | Should -BeNullOrEmpty
    }

    It 'warns when AWS refuses the session' {
        $null = Start-WmsInfrastructure -Wait @bucket
        Set-FakeCloud $cloud @{ Denied = 'StartSession' }
        $failure = Get-Failure { Sync-WmsModel -WarningAction Stop @store } # else the store tries for a while
        "$failure" | Should -BeLike "*The registry on the machine was not reached.*'ssm:StartSession'*"
        Get-PluginSession $log | Should -BeNullOrEmpty
    }

    It 'ends all of it when the cmdlet is stopped while the port is forwarded' {
        $mlflow = [Net.Sockets.TcpListener]::new([Net.IPAddress]::Loopback, 0) # it accepts connections and never answers
        $mlflow.Start()
        $env:FAKE_PLUGIN_PORT = $mlflow.LocalEndpoint.Port
        $shell = [powershell]::Create()
        try {
            $null = $shell.AddScript(
                "Import-Module '$(Get-ModulePath)'; Set-Location '$here'; Sync-WmsModel -TrackingUri $address").BeginInvoke()
            $mlflow.AcceptTcpClientAsync().Wait(60000) | Should -BeTrue # the question whether it answers
            Get-FakeCloudSession $cloud | Should -HaveCount 1
            (Get-WmsInfrastructure @bucket).LeaseCount | Should -Be 1
            $shell.Stop()
            "$($shell.InvocationStateInfo.State)" | Should -Be Stopped
        }
        finally {
            $shell.Dispose()
            $mlflow.Stop()
        }
        Assert-NothingLeft
        (Get-WmsInfrastructure @bucket).LeaseCount | Should -Be 0
        Assert-Stopped
    }
}
