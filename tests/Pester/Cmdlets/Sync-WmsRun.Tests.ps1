BeforeAll {
    Import-Module "$PSScriptRoot/../../Support/TestSupport.psm1", "$PSScriptRoot/../../Support/MlflowServer.psm1"
    $data = New-SampleData
    $tiny = @{ DataPath = $data; BaseChannels = 4; Stage = '32x2x8'; Precision = 'Float32'; InformationAction = 'Ignore' }
    $kept = $env:MLFLOW_TRACKING_URI
    $env:MLFLOW_HTTP_REQUEST_MAX_RETRIES, $env:MLFLOW_HTTP_REQUEST_TIMEOUT = '0', '20'
}

AfterAll {
    $env:MLFLOW_TRACKING_URI = $kept
    $env:MLFLOW_HTTP_REQUEST_MAX_RETRIES = $env:MLFLOW_HTTP_REQUEST_TIMEOUT = $null
}

Describe 'A training whose server does not respond' {
    BeforeAll {
        $folder = New-TestFolder
        Push-Location $folder
        $env:MLFLOW_TRACKING_URI = Get-RefusingUri
        $runs = foreach ($name in 'one', 'two') {
            Start-WmsTraining @tiny -OutputPath $name -WarningVariable said -WarningAction SilentlyContinue -InformationVariable told
        }
        $shared = @{ Server = $null }
    }
    AfterAll { Pop-Location; if ($shared.Server) { Stop-MlflowServer $shared.Server } }

    It 'is whole, waits in the local store, and says so' {
        $runs.Epochs | Should -Be 2, 2
        $runs[1].TrackingUri | Should -Be "sqlite:///$((Join-Path $folder 'mlflow.db').Replace('\', '/'))"
        @($said -like 'The tracking server failed: *Sync-WmsRun.') | Should -HaveCount 1
        "$told" | Should -BeLike "*run 'two' is in sqlite:///* and waits for $($env:MLFLOW_TRACKING_URI): send it with Sync-WmsRun*"
    }

    It 'is listed as waiting, after the error about the server' {
        $listed = Get-WmsRun -ErrorVariable failures -ErrorAction SilentlyContinue
        $listed.RunName | Should -Be 'two', 'one'
        $listed.IsWaiting | Should -Be $true, $true
        $failures.FullyQualifiedErrorId | Should -BeLike 'TrackingUnreachable,*'
    }

    It 'keeps waiting when it cannot be sent: one error for each run' {
        $sent = Sync-WmsRun -ErrorVariable failures -ErrorAction SilentlyContinue
        $sent | Should -BeNullOrEmpty
        $failures | Should -HaveCount 2
        $failures.FullyQualifiedErrorId | Should -BeLike 'TrackingUnreachable,*SyncWmsRunCommand'
        $failures.TargetObject | Sort-Object | Should -Be ($runs.RunId | Sort-Object)
        @(Get-WmsRun -ErrorAction SilentlyContinue).IsWaiting | Should -Be $true, $true
    }

    It 'is sent once the server responds, and not twice' {
        $server = $shared.Server = Start-MlflowServer -Port ([uri] $env:MLFLOW_TRACKING_URI).Port
        Sync-WmsRun -WhatIf | Should -BeNullOrEmpty
        $server.Runs.Count | Should -Be 0

        $sent = @(Sync-WmsRun)
        $sent | Should -BeOfType WaterMeters.TrackedRun
        $sent.RunName | Should -Be 'one', 'two'
        $sent.IsWaiting | Should -Be $false, $false
        $sent.TestDice | Should -Be $runs.TestDice
        $sent.RunUrl | Should -BeLike "$($server.Uri)/#/experiments/*"
        foreach ($one in $sent) {
            $there = $server.Runs[$one.RunId]
            $there.Info.status | Should -Be 'FINISHED'
            @($there.Metrics | Where-Object { $_['key'] -eq 'val_loss_epoch' }) | Should -HaveCount 2
            $description = $server.Artifacts["1/$($one.RunId)/artifacts/model/MLmodel"]
            [Text.Encoding]::UTF8.GetString($description) | Should -Match "run_id: $($one.RunId)"
            $there.Tags['mlflow.log-model.history'] | Should -Match $one.RunId
            $there.Tags.Keys -match 'send_to|sent_as' | Should -BeNullOrEmpty
        }

        Sync-WmsRun | Should -BeNullOrEmpty
        $server.Runs.Count | Should -Be 2
        @(Get-WmsRun).IsWaiting | Should -Be $false, $false
    }

    It 'is continued on the server by -Resume after it was sent' {
        $again = Start-WmsTraining -DataPath $data -OutputPath two -Resume -InformationAction Ignore
        $again.TrackingUri | Should -Be $shared.Server.Uri
        $shared.Server.Runs.Count | Should -Be 2
        $shared.Server.Runs.ContainsKey($again.RunId) | Should -BeTrue
    }
}

Describe 'Sync-WmsRun' {
    BeforeAll {
        $server = Start-MlflowServer
        $local = "$(New-TestFolder)/mlflow.db"
        $env:MLFLOW_TRACKING_URI = $local
        $run = Start-WmsTraining @tiny -OutputPath (New-TestFolder local) -Experiment trials
    }
    AfterAll { Stop-MlflowServer $server }

    It 'sends a run that never waited, when it is named, into the experiment of its name' {
        Sync-WmsRun -TrackingUri $server.Uri | Should -BeNullOrEmpty
        $sent = $run | Sync-WmsRun -TrackingUri $server.Uri
        $sent.RunName, $sent.Experiment, $sent.TestDice | Should -Be $run.RunName, 'trials', $run.TestDice
        @($run, $run | Sync-WmsRun -TrackingUri $server.Uri).RunId | Should -Be $sent.RunId
        $server.Runs.Count | Should -Be 1
        (Get-WmsRun -RunId $run.RunId).IsWaiting | Should -BeFalse
    }

    It 'lists and sends where the location has an old folder store and no database' {
        Push-Location (New-TestFolder)
        try {
            $env:MLFLOW_TRACKING_URI = $server.Uri
            $null = New-Item -ItemType Directory mlruns/0
            Set-Content mlruns/0/meta.yaml 'name: Default'
            Get-WmsRun nothing* -ErrorAction Stop | Should -BeNullOrEmpty
            Sync-WmsRun -ErrorAction Stop | Should -BeNullOrEmpty
            Get-FileName "$PWD" | Should -Be 'mlruns/0/meta.yaml'
        }
        finally {
            Pop-Location
            $env:MLFLOW_TRACKING_URI = $local
        }
    }

    It 'says what to set where no server is chosen' {
        $failure = Get-Failure { Sync-WmsRun }
        $failure.FullyQualifiedErrorId | Should -BeLike 'SettingUnusable,*SyncWmsRunCommand'
        "$failure" | Should -BeLike '*MLFLOW_TRACKING_URI*'
    }

    It 'reports a run that does not exist' {
        $failure = Get-Failure { Sync-WmsRun ('0' * 32) -TrackingUri $server.Uri }
        $failure.FullyQualifiedErrorId | Should -BeLike 'TrackingNotFound,*SyncWmsRunCommand'
        $failure.TargetObject | Should -Be ('0' * 32)
    }
}
