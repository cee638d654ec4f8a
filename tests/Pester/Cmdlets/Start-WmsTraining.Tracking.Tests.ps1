BeforeAll {
    Import-Module "$PSScriptRoot/../../Support/TestSupport.psm1", "$PSScriptRoot/../../Support/PwshProcess.psm1",
        "$PSScriptRoot/../../Support/MlflowServer.psm1"
    $data = New-SampleData
    $tiny = @{ DataPath = $data; BaseChannels = 4; Stage = '32x2x8'; Precision = 'Float32'; InformationAction = 'Ignore' }

    # As in a session without settings of MLflow.
    $kept = $env:MLFLOW_TRACKING_URI
    $env:MLFLOW_TRACKING_URI = $null
    $env:MLFLOW_HTTP_REQUEST_MAX_RETRIES, $env:MLFLOW_HTTP_REQUEST_TIMEOUT = '0', '20'
}

AfterAll {
    $env:MLFLOW_TRACKING_URI = $kept
    $env:MLFLOW_HTTP_REQUEST_MAX_RETRIES = $env:MLFLOW_HTTP_REQUEST_TIMEOUT = $null
}

Describe 'A training that is recorded' {
    BeforeAll {
        $folder = New-TestFolder
        $store = "$folder/trials.db"
        # A folder of its own: other processes use the system's at the same time.
        $temporary = (New-Item -ItemType Directory "$folder/temporary").FullName
        $before = @{}
        foreach ($name in 'TMPDIR', 'TEMP', 'TMP') {
            $before[$name] = [Environment]::GetEnvironmentVariable($name)
            Set-Item "Env:$name" $temporary
        }
        try { $run = Start-WmsTraining @tiny -OutputPath "$folder/runs/first" -TrackingUri $store -InformationVariable said }
        finally { foreach ($name in $before.Keys) { Set-Item "Env:$name" $before[$name] } }
        $recorded = Get-WmsRun -TrackingUri $store
        $metrics = @(Get-WmsRun -TrackingUri $store -PerMetric)
    }

    It 'names its run in the record and in one line' {
        $run.RunName | Should -Be 'first'
        $run.RunId | Should -Match '^[0-9a-f]{32}$'
        $run.TrackingUri | Should -Be "sqlite:///$($store.Replace('\', '/'))"
        $run.RunUrl | Should -BeNullOrEmpty
        @("$($said | Where-Object { "$_" -like "run 'first'*" })") | Should -Be "run 'first' ($($run.RunId)) in $($run.TrackingUri)"
    }

    It 'has the scores, the machine, the digests and the model' {
        $recorded | Should -HaveCount 1
        $recorded.RunId, $recorded.RunName | Should -Be $run.RunId, 'first'
        $recorded.Status | Should -Be Finished
        $recorded.Experiment | Should -Be 'water-meter-segmentation'
        $recorded.Epochs, $recorded.BestEpoch | Should -Be 2, $run.BestEpoch
        foreach ($score in 'ValidationDice', 'ValidationIoU', 'TestDice', 'TestIoU') { $recorded.$score | Should -Be $run.$score }
        $recorded.EndReason | Should -Be $run.EndReason
        $recorded.HostName | Should -Be ([Environment]::MachineName)
        $recorded.User | Should -Be ([Environment]::UserName)
        $recorded.DataPath, $recorded.OutputPath, $recorded.ModelPath | Should -Be $data, $run.OutputPath, $run.ModelPath
        $recorded.ModelDigest | Should -Be (Get-FileHash $run.ModelPath).Hash.ToLowerInvariant()
        $recorded.DataDigest | Should -Match '^[0-9a-f]{64}$'
        $recorded.SplitDigest | Should -Not -Be $recorded.DataDigest
        $recorded.Duration | Should -BeGreaterThan ([timespan]::Zero)
    }

    It 'has the figures of each epoch' {
        $epochs = Get-Content "$($run.OutputPath)/epochs.jsonl" | ConvertFrom-Json
        $losses = @($metrics | Where-Object Metric -EQ 'train_loss_epoch')
        $losses.Step | Should -Be 1, 2
        $losses.Value | Should -Be $epochs.training_loss
        @($metrics | Where-Object Metric -EQ 'val_dice_epoch').Value | Should -Be $epochs.val_dice
    }

    It 'has curves, predictions, scores and the model as a folder of MLflow' {
        $artifacts = "$folder/mlruns/1/$($run.RunId)/artifacts"
        Get-FileName $artifacts | Should -Be 'epochs.jsonl', 'metrics.json', 'model/conda.yaml', 'model/MLmodel', 'model/model.onnx',
            'model/model.pth', 'model/model.safetensors', 'model/python_env.yaml', 'model/requirements.txt', 'plots/predictions.html',
            'plots/training.html'
        "$(Get-Content "$artifacts/model/MLmodel")" | Should -Match "run_id: $($run.RunId)"
        (Get-FileHash "$artifacts/model/model.safetensors").Hash | Should -Be (Get-FileHash $run.ModelPath).Hash
        $page = Get-Content "$artifacts/plots/training.html" -Raw
        foreach ($curve in 'Loss', 'Dice', 'IoU') { $page | Should -Match ">[^<]*\b$curve\b" }
    }

    It 'leaves nothing in the folder for temporary files' {
        Get-ChildItem $temporary -Filter 'watermeters-run-*' | Should -BeNullOrEmpty
    }

    It 'pipes to Get-WmsRun, and its record to Measure-WmsModel' {
        ($run | Get-WmsRun).RunId | Should -Be $run.RunId
        ($recorded | Measure-WmsModel -DataPath $data).Dice | Should -Be $run.TestDice
    }
}

Describe 'Where a training is recorded' {
    It 'is not decided, and nothing is written, with -WhatIf and with -NoTracking' {
        $folder = New-TestFolder
        Push-Location $folder
        try {
            Start-WmsTraining @tiny -OutputPath run -WhatIf
            Get-ChildItem $folder | Should -BeNullOrEmpty
            $run = Start-WmsTraining @tiny -OutputPath run -NoTracking
        }
        finally { Pop-Location }
        $run.RunId, $run.RunName, $run.TrackingUri | Should -Be $null, $null, $null
        Get-FileName $folder | Should -Not -Match 'mlflow|mlruns'
    }

    It 'is mlflow.db of the location without settings, and with them what tracking in wms.yaml says' {
        $folder = New-TestFolder
        $null = New-Item -ItemType Directory "$folder/below", "$folder/stores"
        Push-Location "$folder/below"
        try {
            $env:MLFLOW_EXPERIMENT_NAME = 'of the environment'
            $run = Start-WmsTraining @tiny -OutputPath one
            $run.TrackingUri | Should -BeLike 'sqlite:///*/below/mlflow.db'
            ($run | Get-WmsRun).Experiment | Should -Be 'of the environment'
            "$folder/below/mlruns" | Should -Exist
            $env:MLFLOW_EXPERIMENT_NAME = $null
            Set-Content "$folder/wms.yaml" "tracking:`n  uri: stores/all.db`n  experiment: trials"
            $run = Start-WmsTraining @tiny -OutputPath two -RunName 'by hand'
            $run.TrackingUri | Should -BeLike 'sqlite:///*/stores/all.db'
            $recorded = Get-WmsRun
            $recorded.RunName, $recorded.Experiment | Should -Be 'by hand', 'trials'
        }
        finally { Pop-Location; $env:MLFLOW_EXPERIMENT_NAME = $null }
    }

    It 'fails before the training when the address, a name or a setting is not valid: <Id>' -ForEach @(
        @{ Id = 'TrackingAddressUnsupported'; Given = @{ TrackingUri = 'mysql://host/db' } }
        @{ Id = 'TrackingValueInvalid'; Given = @{ Experiment = 'x' * 300 } }
        @{ Id = 'SettingUnusable'; Given = @{ RunName = 'x'; NoTracking = $true } }
        @{ Id = 'TrackingValueInvalid'; Given = @{ TrackingUri = 'http://127.0.0.1:1' }; Timeout = 'soon' }
    ) {
        $folder = New-TestFolder
        $env:MLFLOW_HTTP_REQUEST_TIMEOUT = $Timeout ?? '20'
        try { $failure = Get-Failure { Start-WmsTraining @tiny -OutputPath "$folder/run" @Given } }
        finally { $env:MLFLOW_HTTP_REQUEST_TIMEOUT = '20' }
        $failure.FullyQualifiedErrorId | Should -BeLike "$Id,*StartWmsTrainingCommand"
        Get-ChildItem $folder | Should -BeNullOrEmpty
    }

    It 'can be damaged, or a folder store: a warning says so, and the training is whole' {
        $folder = New-TestFolder
        Set-Content "$folder/text.db" ('a text, but long enough to look at ' * 100)
        $null = New-Item -ItemType Directory "$folder/old/mlruns/0" -Force
        Set-Content "$folder/old/mlruns/0/meta.yaml" 'experiment_id: 0'
        foreach ($store in "$folder/text.db", "$folder/old/mlflow.db") {
            $warned = @{ WarningVariable = 'said'; WarningAction = 'SilentlyContinue' }
            $run = Start-WmsTraining @tiny -OutputPath (New-TestFolder) -TrackingUri $store @warned
            $run.Epochs, $run.RunId | Should -Be 2, $null
            @($said -like 'The training is not recorded: *') | Should -HaveCount 1
        }
    }
}

Describe 'A recorded training that does not end by itself' {
    BeforeAll {
        $folder = New-TestFolder
        $store = @{ TrackingUri = "$folder/mlflow.db" }
        $long = @{ DataPath = $data; BaseChannels = 4; Precision = 'Float32'; Stage = '32x100000x8' }
    }

    It 'is Killed after a stop, and -Resume continues its run' {
        Start-WmsTraining @long @store -OutputPath "$folder/stopped" 6>&1 | Where-Object { $_.Tags -contains 'WmsEpoch' } |
            Select-Object -First 1 | Should -Not -BeNullOrEmpty
        $stopped = Get-WmsRun stopped @store
        $stopped.Status | Should -Be Killed
        $stopped.End | Should -Not -BeNullOrEmpty

        $again = @{ DataPath = $data; OutputPath = "$folder/stopped"; Stage = "32x$($stopped.Epochs + 2)x8"; InformationAction = 'Ignore' }
        $run = Start-WmsTraining @again @store -Resume -Force
        $run.RunId | Should -Be $stopped.RunId
        $resumed = Get-WmsRun stopped @store
        $resumed.Status | Should -Be Finished
        $steps = @(Get-WmsRun stopped @store -PerMetric | Where-Object Metric -EQ 'val_loss_epoch').Step
        $steps | Should -Be @(1..$run.Epochs)
    }

    It 'is Failed after an error' {
        # A folder in the place of the checkpoint makes the next one fail.
        $failure = Get-Failure {
            Start-WmsTraining @long @store -OutputPath "$folder/broken" 6>&1 | ForEach-Object {
                if ($_.Tags -contains 'WmsEpoch' -and -not (Test-Path "$folder/broken/checkpoint.safetensors" -PathType Container)) {
                    do { Remove-Item "$folder/broken/checkpoint.safetensors" -ErrorAction Ignore }
                    until (New-Item -ItemType Directory "$folder/broken/checkpoint.safetensors" -ErrorAction Ignore)
                }
            }
        }
        $failure.FullyQualifiedErrorId | Should -BeLike 'TrainingFailed,*'
        (Get-WmsRun broken @store).Status | Should -Be Failed
    }

    It 'is marked as Killed by the next command after its process was killed' {
        $script = "Start-WmsTraining '$data' -OutputPath '$folder/dead' -BaseChannels 4 -Stage 32x100000x8 " +
            "-TrackingUri '$folder/mlflow.db' *>&1 | ForEach-Object { `"`$_`" }"
        $end = Invoke-PwshUntil -Script $script -ModulePath (Get-ModulePath) -Match '^epoch +\d' -Number 3 -Signal Kill
        $end.At | Should -Not -BeNullOrEmpty
        $dead = Get-WmsRun dead @store -Verbose 4>&1
        "$($dead | Where-Object { $_ -is [Management.Automation.VerboseRecord] })" | Should -BeLike '*Marked 1 runs as killed*'
        ($dead | Where-Object { $_ -is [WaterMeters.TrackedRun] }).Status | Should -Be Killed
    }
}

Describe 'A training with an MLflow server' {
    BeforeAll { $server = Start-MlflowServer }
    AfterAll { Stop-MlflowServer $server }

    It 'records everything there, and the record has the address of the page and no password' {
        $folder = New-TestFolder
        $env:MLFLOW_TRACKING_URI = $server.Uri.Replace('//', '//user:secret@')
        try {
            Push-Location $folder
            $run = Start-WmsTraining @tiny -OutputPath run -InformationVariable said
            $listed = Get-WmsRun
            $again = $run | Get-WmsRun
        }
        finally { Pop-Location; $env:MLFLOW_TRACKING_URI = $null }
        $run.TrackingUri | Should -Be $server.Uri
        $run.RunUrl | Should -Be "$($server.Uri)/#/experiments/1/runs/$($run.RunId)"
        "$said" | Should -BeLike "*run 'run' at $($run.RunUrl)*"
        "$said" | Should -Not -Match 'secret'
        $listed.RunId, $again.RunId, $again.TestDice | Should -Be $run.RunId, $run.RunId, $run.TestDice

        $there = $server.Runs[$run.RunId]
        $there.Info.status | Should -Be 'FINISHED'
        $there.Params['stages'] | Should -Be '32x2x8'
        @($there.Metrics | Where-Object { $_['key'] -eq 'val_dice_epoch' }) | Should -HaveCount 2
        @($server.Artifacts.Keys -like '*/artifacts/model/MLmodel') | Should -HaveCount 1
        # One request for each epoch.
        @($server.Calls -like '*/runs/log-batch').Count | Should -BeLessOrEqual 6
        Get-FileName $folder | Should -Not -Match 'mlflow\.db|mlruns'
    }

    It 'records each of several attempts, and which was chosen' {
        $folder = New-TestFolder
        $runs = @(Start-WmsTraining @tiny -OutputPath "$folder/two" -Attempts 2 -TrackingUri $server.Uri -Experiment attempts)
        $runs.RunName | Should -Be 'two-attempt-1', 'two-attempt-2'
        foreach ($run in $runs) {
            $recorded = $run | Get-WmsRun
            $recorded.Status, $recorded.IsBest | Should -Be 'Finished', $run.IsBest
            $recorded.TestDice | Should -Be $run.TestDice
        }
    }
}
