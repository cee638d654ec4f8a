BeforeAll {
    Import-Module "$PSScriptRoot/../../Support/TestSupport.psm1"
    $data = New-SampleData
    $model = (New-SampleModel $data).ModelPath
    $folder = New-TestFolder
    $store = @{ TrackingUri = "$folder/mlflow.db" }
    $null = Publish-WmsModel $model -Stage Production -Force -Reason 'The first model' @store
    $null = Publish-WmsModel $model @store
}

Describe 'Sync-WmsModel' {
    BeforeEach {
        $here = New-TestFolder
        Push-Location $here
    }
    AfterEach { Pop-Location }

    It 'copies the version in production to where predictions find it' {
        $sync = Sync-WmsModel @store
        $sync | Should -BeOfType WaterMeters.ModelSync
        $sync.Outcome, $sync.Version, $sync.PreviousVersion, $sync.IsCached | Should -Be 'Updated', 1, $null, $false
        $sync.ModelPath | Should -Be (Join-Path $here models production.safetensors)
        $sync.ModelDigest | Should -Be (Get-FileHash $sync.ModelPath).Hash.ToLowerInvariant()
        $sync.Bytes | Should -Be (Get-Item $sync.ModelPath).Length
        $written = 'models/production_current.json', 'models/production_history.jsonl', 'models/production.safetensors'
        Get-FileName $here | Sort-Object | Should -Be ($written | Sort-Object)

        $current = Get-Content models/production_current.json -Raw | ConvertFrom-Json
        $current.version, $current.stage, $current.run_id | Should -Be '1', 'Production', (Get-WmsModel 1 @store).RunId
        Get-Content models/production_history.jsonl | ConvertFrom-Json | Should -HaveCount 1
        (Get-ChildItem "$data/images")[0] | Invoke-WmsPrediction | Should -HaveCount 1
    }

    It 'does nothing when the version is there, but for -Force' {
        $first = Sync-WmsModel @store
        $said = Sync-WmsModel -Verbose @store 4>&1
        @($said).Where{ $_ -is [Management.Automation.VerboseRecord] } | Should -BeLike '*already*'
        @($said).Where{ $_ -is [WaterMeters.ModelSync] }.Outcome | Should -Be 'Current'
        Get-Content models/production_history.jsonl | Should -HaveCount 1
        (Sync-WmsModel -Force @store).Outcome | Should -Be 'Updated'
        Get-Content models/production_history.jsonl | Should -HaveCount 2
        (Get-Item $first.ModelPath).Directory.GetFiles('production-*') | Should -BeNullOrEmpty -Because 'the bytes are the same'
    }

    It 'copies another version, also from the pipeline, and says from which to which' {
        $null = Sync-WmsModel @store
        $uri = "$folder/mlflow.db"
        $said = Invoke-ChildPwsh -ImportModule "Sync-WmsModel 2 -WhatIf -TrackingUri '$uri'" -WorkingDirectory $here
        "$($said.Output)" | Should -BeLike '*Replace version 1 by version 2*'
        (Get-Content models/production_current.json -Raw | ConvertFrom-Json).version | Should -Be '1'
        $sync = Get-WmsModel 2 @store | Sync-WmsModel
        $sync.PreviousVersion, $sync.Version, $sync.Stage | Should -Be 1, 2, 'None'
        (Get-WmsModel 1 @store | Sync-WmsModel -OutputPath other).ModelPath | Should -Be (Join-Path $here other production.safetensors)
    }

    It 'finds the folder of the nearest production model and of wms.yaml' {
        Set-Content wms.yaml 'model: {name: water-meter-segmentation}'
        $null = New-Item -ItemType Directory deep
        Push-Location deep
        try { (Sync-WmsModel @store).ModelPath | Should -Be (Join-Path $here models production.safetensors) }
        finally { Pop-Location }
    }

    It 'keeps the model that is there when the store cannot be reached, and is an error without one' {
        $retries = $env:MLFLOW_HTTP_REQUEST_MAX_RETRIES
        try {
            $env:MLFLOW_HTTP_REQUEST_MAX_RETRIES = '0'
            $failure = Get-Failure { Sync-WmsModel -TrackingUri http://127.0.0.1:9 }
            $failure.FullyQualifiedErrorId | Should -BeLike 'TrackingUnreachable,*SyncWmsModelCommand'
            Get-ChildItem $here | Should -BeNullOrEmpty

            $null = Sync-WmsModel @store
            $sync = Sync-WmsModel -TrackingUri http://127.0.0.1:9 -WarningVariable warnings -WarningAction SilentlyContinue
            $other = Get-Failure { Sync-WmsModel 2 -TrackingUri http://127.0.0.1:9 }
        }
        finally { $env:MLFLOW_HTTP_REQUEST_MAX_RETRIES = $retries }
        $sync.Outcome, $sync.IsCached, $sync.Version | Should -Be 'Cached', $true, 1
        "$warnings" | Should -BeLike '*version 1 (Production)*less than two minutes ago*'
        $other.FullyQualifiedErrorId | Should -BeLike 'TrackingUnreachable,*'
        $other.Exception.Message | Should -BeLike '*another one*version 1 (Production)*'
    }

    It 'replaces nothing by a file that is not the registered one' {
        $null = Sync-WmsModel 2 @store
        $before = (Get-FileHash models/production.safetensors).Hash
        $version = Publish-WmsModel $model @store
        [IO.File]::AppendAllText($version.ModelPath, 'x')
        (Get-Failure { $version | Sync-WmsModel }).FullyQualifiedErrorId | Should -Match '^(TrackingDigestWrong|ModelUnusable),'
        (Get-FileHash models/production.safetensors).Hash | Should -Be $before
        (Get-Content models/production_current.json -Raw | ConvertFrom-Json).version | Should -Be '2'
    }
}
