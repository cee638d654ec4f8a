BeforeAll {
    Import-Module "$PSScriptRoot/../../Support/TestSupport.psm1"
    $data = New-SampleData
    $run = New-SampleModel $data
    $folder = New-TestFolder
    $store = @{ TrackingUri = "$folder/mlflow.db" }
    $first = Publish-WmsModel $run.ModelPath -Stage Production -Force -Reason 'The first model' @store
    $second = Publish-WmsModel $run.ModelPath -Stage Staging -Alias night @store
    $third = Publish-WmsModel $run.ModelPath @store
    $null = Set-WmsModelStage 3 Archived @store
}

Describe 'Get-WmsModel' {
    It 'lists the versions that are not archived, newest first, and all with -All' {
        $versions = @(Get-WmsModel @store)
        $versions | Should -BeOfType WaterMeters.RegisteredModelVersion
        $versions.Version | Should -Be 2, 1
        (Get-WmsModel -All @store).Version | Should -Be 3, 2, 1
    }

    It 'shows stage, user, reason, scores and file' {
        $version = Get-WmsModel -Stage Production @store
        $version.Version, $version.Stage, $version.Aliases | Should -Be 1, 'Production', 'champion'
        $version.By, $version.Reason | Should -Be ([Environment]::UserName), 'The first model'
        $version.Since | Should -BeGreaterThan (Get-Date).AddHours(-1)
        $version.Dice, $version.Split | Should -Be $run.TestDice, 'Test'
        $version.Quality | Should -Be $run.Quality
        $version.ModelPath | Should -Exist
        $version.ModelDigest | Should -Be (Get-FileHash $version.ModelPath).Hash.ToLowerInvariant()
        $version | ConvertTo-Csv | Should -Not -Match 'System\.|WaterMeters\.'
    }

    It 'finds <Name> as version <Version>' -ForEach @(
        @{ Name = 'Production'; Version = 1 }
        @{ Name = 'champion'; Version = 1 }
        @{ Name = '@night'; Version = 2 }
        @{ Name = '3'; Version = 3 }
        @{ Name = 'v2'; Version = 2 }
        @{ Name = 'models:/water-meter-segmentation/latest'; Version = 3 }
        @{ Name = 'models:/water-meter-segmentation@challenger'; Version = 2 }
    ) {
        (Get-WmsModel $Name @store).Version | Should -Be $Version
        ($Name | Get-WmsModel @store).Version | Should -Be $Version
    }

    It 'finds a version by number, alias, stage and run' {
        (Get-WmsModel -Version 2 @store).Version | Should -Be 2
        (Get-WmsModel -Alias night @store).Version | Should -Be 2
        (Get-WmsModel -Stage Archived @store).Version | Should -Be 3
        (Get-WmsModel "runs:/$($second.RunId)" @store).Version | Should -Be 2
        (Get-WmsModel @store | Get-WmsModel).Version | Should -Be 2, 1 -Because 'a record names its store'
    }

    It 'lets a script ask whether there is a version' {
        Get-WmsModel 99 -ErrorAction Ignore @store | Should -BeNullOrEmpty
        Get-WmsModel -At (Get-Date).AddDays(-1) -ErrorAction Ignore @store | Should -BeNullOrEmpty
        Get-WmsModel -ModelName none -ErrorAction SilentlyContinue -ErrorVariable missing @store | Should -BeNullOrEmpty
        $missing[0].FullyQualifiedErrorId | Should -BeLike 'TrackingNotFound,*'
        { Get-WmsModel 99 -ErrorAction Stop @store } | Should -Throw -ErrorId 'TrackingNotFound,*'
    }

    It 'returns what was in production at a time' {
        $then = Get-WmsModel -At $first.Since.AddMilliseconds(1) @store
        $then.Version, $then.Stage, $then.Reason | Should -Be 1, 'Production', 'The first model'
        (Get-WmsModel -At (Get-Date) -Stage Staging @store).Version | Should -Be 2
        $failure = Get-Failure { Get-WmsModel -At (Get-Date).AddDays(-1) @store }
        $failure.FullyQualifiedErrorId | Should -BeLike 'TrackingNotFound,*GetWmsModelCommand'
        "$failure" | Should -BeLike '*had no version in stage Production*version 1*'
    }

    It 'is an error that says what to do without a version, and creates no database' {
        $empty = New-TestFolder
        $failure = Get-Failure { Get-WmsModel -TrackingUri "$empty/mlflow.db" }
        $failure.FullyQualifiedErrorId | Should -BeLike 'TrackingNotFound,*'
        "$failure" | Should -BeLike '*no database*mlflow.db*Publish-WmsModel*'
        Get-ChildItem $empty | Should -BeNullOrEmpty
        "$(Get-Failure { Get-WmsModel 7 @store })" | Should -BeLike '*no version 7*'
        "$(Get-Failure { Get-WmsModel @store -ModelName other })" | Should -BeLike "*'other'*"
    }

    It 'uses the nearest mlflow.db and the names of wms.yaml' {
        Push-Location (New-Item -ItemType Directory "$folder/deeper").FullName
        $uri = $env:MLFLOW_TRACKING_URI
        try {
            $env:MLFLOW_TRACKING_URI = $null
            (Get-WmsModel Production).Version | Should -Be 1
            Set-Content ../wms.yaml "model:`n  name: another"
            "$(Get-Failure { Get-WmsModel })" | Should -BeLike "*'another'*"
        }
        finally { $env:MLFLOW_TRACKING_URI = $uri; Remove-Item ../wms.yaml; Pop-Location }
    }

    It 'pipes into the cmdlets that use a model' {
        (Get-WmsModel Production @store | Measure-WmsModel -DataPath $data).Dice | Should -Be $run.TestDice
    }

    It 'completes versions, no files' {
        foreach ($line in 'Get-WmsModel', 'Set-WmsModelStage', 'Sync-WmsModel') {
            $line += " -TrackingUri '$($store.TrackingUri)' -Model "
            # On a busy machine the database may still be read; then Tab is pressed again.
            foreach ($try in 1..200) {
                $found = [Management.Automation.CommandCompletion]::CompleteInput($line, $line.Length, $null).CompletionMatches
                if ($found.Count) { break }
            }
            $found.CompletionText | Should -Be 'Production', 'Staging', "'@challenger'", "'@night'", "'@champion'", '3', '2', '1'
        }
        foreach ($line in 'Set-WmsModelStage 1 -Stage ', 'Set-WmsModelStage 1 ', 'Set-WmsModelStage v1 ') {
            [Management.Automation.CommandCompletion]::CompleteInput($line, $line.Length, $null).CompletionMatches.CompletionText |
                Should -Be 'Archived', 'None', 'Production', 'Staging'
        }
    }

    It 'says what was copied before when the server cannot be reached' {
        $here = New-TestFolder
        $null = Sync-WmsModel -OutputPath "$here/models" @store
        Push-Location $here
        $retries = $env:MLFLOW_HTTP_REQUEST_MAX_RETRIES
        try {
            $env:MLFLOW_HTTP_REQUEST_MAX_RETRIES = '0'
            $failure = Get-Failure { Get-WmsModel -TrackingUri http://127.0.0.1:9 }
        }
        finally { $env:MLFLOW_HTTP_REQUEST_MAX_RETRIES = $retries; Pop-Location }
        $failure.FullyQualifiedErrorId | Should -BeLike 'TrackingUnreachable,*'
        "$failure" | Should -BeLike '*version 1 (Production)*less than two minutes ago.'
    }
}
