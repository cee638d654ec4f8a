# The life of a model, in a database and on a server: trained, registered, in production, replaced, and back again.
BeforeAll {
    $support = "$PSScriptRoot/../../Support"
    Import-Module "$support/TestSupport.psm1", "$support/PngFile.psm1", "$support/MlflowServer.psm1"
    $variable = $env:MLFLOW_TRACKING_URI
    $env:MLFLOW_TRACKING_URI = $null
    $name = 'water-meter-segmentation'

    # On masks that are all foreground, any network learns in a few steps to find something; four test photos decide.
    $meters = New-SampleData
    $all = @(Get-WmsDataset $meters)
    foreach ($pair in $all) { [IO.File]::WriteAllBytes($pair.MaskPath, (New-Png $pair.Width $pair.Height -White)) }
    $photo = $all[0].ImagePath
    $project = New-TestFolder
    "dataset:`n  path: '$meters'`ngate:`n  minimumPhotos: 2`n  policy: NonInferior`n  margin: 1`n" |
        Set-Content "$project/wms.yaml" -NoNewline
    $photos = '"sample_0001": "test", "sample_0002": "test", "sample_0003": "test", "sample_0004": "test"'
    "{`"fractions`": {`"train`": 0.75, `"validation`": 0.25, `"test`": 0}, `"photos`": {$photos}}" | Set-Content "$project/four.json"
    $train = @{
        SplitPath = "$project/four.json"; BaseChannels = 4; Stage = '32x4x4'; LearningRate = 0.02; AverageDecay = 0; WarmupSteps = 1
        Precision = 'Float32'; InformationAction = 'Ignore'; WarningAction = 'Ignore'
    }

    # What a model finds, in numbers that differ between two models.
    function Get-Seen([hashtable] $With = @{}) {
        Invoke-WmsPrediction $photo @With -Precision Float32 -WarningAction Ignore | Select-Object Model, Confidence, Coverage
    }

    # The completions at the end of a line. On a busy machine the names may still be read; then Tab is pressed again.
    function Get-Completion([string] $Line, [string] $Until) {
        foreach ($try in 1..200) {
            $found = @([Management.Automation.CommandCompletion]::CompleteInput($Line, $Line.Length, $null).CompletionMatches)
            if ($found.ListItemText -contains $Until) { break }
        }
        $found.CompletionText
    }

    Push-Location -LiteralPath $project
}

AfterAll {
    Pop-Location
    $env:MLFLOW_TRACKING_URI = $variable
}

Describe 'The life of a model in a database' {
    It 'has no registry before the first training, and reading makes none' {
        foreach ($given in @{}, @{ Model = 'Production' }, @{ Model = '3' }, @{ Model = '@champion' }) {
            $failure = Get-Failure { Get-Seen $given }
            $failure.FullyQualifiedErrorId | Should -BeLike 'ModelNotFound,*'
            $failure.Exception.Message | Should -Match 'no registry|No model was given'
        }
        "$project/mlflow.db" | Should -Not -Exist
    }

    It 'begins with a training, whose run is a model already' {
        $script:first = Start-WmsTraining -OutputPath runs/first -Seed 1 @train
        $first.RunId | Should -Match '^[0-9a-f]{32}$'
        $script:ofFirst = Get-Seen @{ Model = 'runs/first' }
        $found = Get-Seen @{ Model = "runs:/$($first.RunId)" }
        $found.Model | Should -Be 'first'
        $found.Confidence, $found.Coverage | Should -Be $ofFirst.Confidence, $ofFirst.Coverage
        (Get-Failure { Get-Seen @{ Model = 'Production' } }).Exception.Message | Should -BeLike '*no version in stage Production*'
    }

    It 'is registered, and put into production by the gate' {
        $script:one = $first | Publish-WmsModel -Stage Production -MinimumDice 0.01
        $one.Version, $one.Stage, $one.Aliases | Should -Be 1, 'Production', 'champion'
        $one.Reason | Should -Not -BeNullOrEmpty
    }

    It 'is used where it is, under every name' {
        foreach ($text in 'Production', 'production', 'champion', '@champion', '1', 'v1', "models:/$name/1", "models:/$name/Production",
            "models:/$name@champion", "models:/$name/latest", "runs:/$($first.RunId)") {
            $found = Get-Seen @{ Model = $text }
            $found.Model | Should -Be "$name-1" -Because $text
            $found.Confidence, $found.Coverage | Should -Be $ofFirst.Confidence, $ofFirst.Coverage
        }
        (Get-Seen).Model | Should -Be "$name-1" -Because 'without models/production.*, it is the model in production'
        ($one | Invoke-WmsPrediction $photo -WarningAction Ignore).Model | Should -Be "$name-1"
        ($one | Measure-WmsModel -All -WarningAction Ignore).Model | Should -Be "$name-1"
        "$project/models" | Should -Not -Exist
    }

    It 'gives way to a file of the same name' {
        Copy-Item $first.ModelPath ./Production
        (Get-Seen @{ Model = 'Production' }).Model | Should -Be 'Production'
        Remove-Item ./Production
    }

    It 'is an error under a name that is neither a file nor registered' {
        foreach ($text in 'Staging', '@nobody', 'nobody', '7', 'models:/other/1', "runs:/$('0' * 32)") {
            $failure = Get-Failure { Get-Seen @{ Model = $text } }
            $failure.FullyQualifiedErrorId | Should -BeLike 'ModelNotFound,*' -Because $text
            $failure.TargetObject | Should -Be $text
            $failure.Exception.Message | Should -BeLike "'$text' is not a file, nor a model of the registry: *"
        }
    }

    It 'is not looked for where a file is named: no database is opened' {
        $child = Invoke-ChildPwsh -ImportModule -WorkingDirectory $project (
            "`$null = Invoke-WmsPrediction '$photo' -Model runs/first -WarningAction Ignore; " +
                "[AppDomain]::CurrentDomain.GetAssemblies().GetName().Name -match 'Sqlite|AWSSDK|Polly'")
        $child.ExitCode | Should -Be 0
        $child.Output | Should -BeNullOrEmpty
    }

    It 'is found in another store by -TrackingUri' {
        $elsewhere = New-TestFolder
        Push-Location -LiteralPath $elsewhere
        try {
            (Get-Seen @{ Model = 'Production'; TrackingUri = "$project/mlflow.db" }).Model | Should -Be "$name-1"
            ($one | Measure-WmsModel -DataPath $meters -All -WarningAction Ignore).Model | Should -Be "$name-1"
        }
        finally { Pop-Location }
    }

    It 'is completed by Tab, after the files' {
        $texts = Get-Completion 'Invoke-WmsPrediction -Model ' 'Production'
        $texts[-3..-1] | Should -Be 'Production', "'@champion'", '1'
        Get-Completion 'Invoke-WmsPrediction -Model Pro' 'Production' | Should -Be 'Production'
        Get-Completion 'Compare-WmsModel -Baseline champ' 'champion' | Should -Be 'champion'
        Get-Completion 'Measure-WmsModel v' 'v1' | Should -Contain 'v1'
        Get-Completion "Measure-WmsModel models:/$name/" "models:/$name/1" | Should -Be "models:/$name/Production", "models:/$name/1"
        Push-Location -LiteralPath (New-TestFolder)
        try {
            Get-Completion "Export-WmsModel -TrackingUri '$project/mlflow.db' -Model P" 'Production' | Should -Be 'Production'
        }
        finally { Pop-Location }
    }

    It 'is copied to the folder, which then needs no registry' {
        $copied = Sync-WmsModel
        $copied.Version, $copied.Outcome | Should -Be 1, 'Updated'
        $copied.ModelPath | Should -Be (Join-Path $project 'models' 'production.safetensors')
        (Get-Seen).Model | Should -Be 'production'
    }

    It 'is replaced by a better one, in the registry and in the folder' {
        $script:second = Start-WmsTraining -OutputPath runs/second -Seed 2 -Promote @train
        $second.Passed, $second.PromotedVersion | Should -Be $true, 2
        $second.PromotedPath | Should -Be (Join-Path $project 'models' 'production.safetensors')
        $second.ReplacedPath | Should -Exist
        $script:two = Get-WmsModel Production
        $two.Version, $two.RunId, $two.Reason, $two.Aliases | Should -Be 2, $second.RunId, $second.GateReason, 'champion'
        (Get-WmsModel 1).Stage | Should -Be 'Archived'
        (Get-Content models/production_current.json | ConvertFrom-Json).version | Should -Be '2'
        (Get-FileHash models/production.safetensors).Hash | Should -Be $two.ModelDigest
        (Sync-WmsModel).Outcome | Should -Be 'Current'
    }

    It 'is not replaced by one that was only compared with another' {
        # Between the start of a training and its end, someone else puts another version into production.
        $null = Set-WmsModelStage 1 Production -Reason 'meanwhile' -Confirm:$false
        $failure = Get-Failure { Start-WmsTraining -OutputPath runs/third -Seed 3 -Promote -Baseline runs/second @train }
        $failure.Exception.Message | Should -BeLike '*is not the model in production*'
        'runs/third' | Should -Not -Exist
        $null = Set-WmsModelStage 2 Production -Confirm:$false
    }

    It 'comes back, and the registry knows what was in production when' {
        $back = @(Set-WmsModelStage -Previous -Reason 'misses round meters' -Confirm:$false)[0]
        $back.Version, $back.Stage, $back.Reason | Should -Be 1, 'Production', 'misses round meters'
        (Get-Seen @{ Model = 'Production' }).Model | Should -Be "$name-1"
        (Get-WmsModel -At $one.Since.AddMilliseconds(1)).Version | Should -Be 1
        (Get-WmsModel -At $two.Since.AddMilliseconds(1)).Version | Should -Be 2
        (Get-WmsModel -At $back.Since.AddMilliseconds(1)).Version | Should -Be 1
        (Get-Failure { Get-WmsModel -At $one.Since.AddHours(-1) }).Exception.Message | Should -BeLike '*no version in stage*'
        (Sync-WmsModel).Version | Should -Be 1
        @(Get-Content models/production_history.jsonl).Count | Should -Be 3
    }

    It 'stays as it is with -NoTracking, with a warning' {
        $warnings = $null
        $given = $train + @{ NoTracking = $true; Promote = $true; WarningVariable = 'warnings' }
        $third = Start-WmsTraining -OutputPath runs/third -Seed 3 @given
        $third.PromotedPath, $third.PromotedVersion | Should -Be (Join-Path $project 'models' 'production.safetensors'), $null
        $warnings -like '*because of -NoTracking*' | Should -HaveCount 1
        (Get-WmsModel Production).Version | Should -Be 1
    }
}

Describe 'The life of a model on a server' {
    BeforeAll {
        $server = Start-MlflowServer
        $cache = $env:WMS_CACHE_PATH
        $env:WMS_CACHE_PATH = New-TestFolder
        $env:MLFLOW_TRACKING_URI = $server.Uri
        $there = New-TestFolder
        Copy-Item "$project/wms.yaml" $there
        Push-Location -LiteralPath $there
        function Get-Download { @($server.Calls) -match '^GET .*artifacts/.*model\.safetensors$' }
    }

    AfterAll {
        Pop-Location
        $env:MLFLOW_TRACKING_URI = $null
        $env:WMS_CACHE_PATH = $cache
        if ($server.Listener.Server.IsBound) { Stop-MlflowServer $server }
    }

    It 'has no version in production before there is one' {
        (Get-Failure { Get-Seen }).FullyQualifiedErrorId | Should -BeLike 'ModelNotFound,*'
        (Get-Failure { Get-Seen @{ Model = 'Production' } }).Exception.Message | Should -BeLike '*no version in stage Production*'
    }

    It 'is promoted by its training, in the registry and in the folder' {
        $script:first = Start-WmsTraining -OutputPath runs/first -Seed 1 -Promote -MinimumDice 0.01 @train
        $first.TrackingUri, $first.PromotedVersion | Should -Be $server.Uri, 1
        $first.PromotedPath | Should -Be (Join-Path $there 'models' 'production.safetensors')
        (Get-FileHash $first.PromotedPath).Hash | Should -Be (Get-FileHash $first.ModelPath).Hash
        $version = Get-WmsModel Production
        $version.Version, $version.Aliases, $version.Reason | Should -Be 1, 'champion', $first.GateReason
        ($server.Models[$name].Versions[0].Pairs.Keys -like 'watermeters.gate.*').Count | Should -BeGreaterThan 5
        ($server.Runs[$first.RunId].Tags.Keys -like 'watermeters.gate.*').Count | Should -BeGreaterThan 5
    }

    It 'is downloaded once, whatever it is called' {
        $before = @(Get-Download).Count
        foreach ($text in 'Production', '@champion', '1', "models:/$name/1", 'Production') {
            (Get-Seen @{ Model = $text }).Model | Should -Be "$name-1" -Because $text
        }
        (Get-WmsModel 1 | Invoke-WmsPrediction $photo -WarningAction Ignore).Model | Should -Be "$name-1"
        @(Get-Download).Count | Should -Be ($before + 1)
        @(Get-FileName $env:WMS_CACHE_PATH) -like '*model.safetensors' | Should -HaveCount 1
    }

    It 'is replaced, and comes back' {
        $second = Start-WmsTraining -OutputPath runs/second -Seed 2 -Promote @train
        $second.PromotedVersion | Should -Be 2
        (Get-Seen @{ Model = 'Production' }).Model | Should -Be "$name-2"
        (Get-WmsModel 1).Stage | Should -Be 'Archived'
        $two = Get-WmsModel 2
        $back = @(Set-WmsModelStage -Previous -Reason 'misses round meters' -Confirm:$false)[0]
        $back.Version | Should -Be 1
        (Get-Seen @{ Model = 'Production' }).Model | Should -Be "$name-1"
        (Get-WmsModel -At $two.Since.AddMilliseconds(1)).Version | Should -Be 2
        (Sync-WmsModel).Version | Should -Be 1
    }

    It 'is completed by Tab from the last answers: a completion waits for no server' {
        Get-Completion 'Invoke-WmsPrediction -Model Pro' 'Production' | Should -Contain 'Production'
        Get-Completion 'Measure-WmsModel v' 'v1' | Should -Contain 'v1'
    }

    It 'stays in use while the server is gone, with a warning, and nothing is promoted on its word' {
        Stop-MlflowServer $server
        $env:MLFLOW_HTTP_REQUEST_MAX_RETRIES = '0'
        try {
            $warnings = $null
            $found = Invoke-WmsPrediction $photo -Model Production -WarningVariable warnings -WarningAction SilentlyContinue
            $found.Model | Should -Be "$name-1"
            $warnings -like "*Using version 1 of '$name'*" | Should -HaveCount 1
            (Get-Failure { Get-Seen @{ Model = 'Staging' } }).CategoryInfo.Category | Should -Be 'ConnectionError'

            Remove-Item $env:WMS_CACHE_PATH/* -Recurse
            Remove-Item models -Recurse
            $failure = Get-Failure { Start-WmsTraining -OutputPath runs/third -Promote -MinimumDice 0 @train }
            $failure.CategoryInfo.Category | Should -Be 'ConnectionError'
            'runs/third' | Should -Not -Exist
        }
        finally { $env:MLFLOW_HTTP_REQUEST_MAX_RETRIES = $null }
    }
}
