BeforeAll {
    Import-Module "$PSScriptRoot/../../Support/TestSupport.psm1", "$PSScriptRoot/../../Support/FakeCloud.psm1",
        "$PSScriptRoot/../../Support/RemoteJobs.psm1", "$PSScriptRoot/../../Support/Wine.psm1"
    $place = Start-JobCloud -Path (New-TestFolder) -ModulePath (Get-ModulePath)
    $cloud = $place.Cloud
    $recipe = @{ BaseChannels = 2; Stage = '32x3x8'; Seed = 5; Precision = 'Float32' }
    $remote = @{ Remote = $true; BucketName = $cloud.Bucket; NoTracking = $true }
    $here = Start-WmsTraining $place.Data -OutputPath (Join-Path $place.Path 'local') -NoTracking @recipe 6>$null
    $digest = @(Get-RunDigest $here.OutputPath)

    # Longer, to be interrupted.
    $long = @{ BaseChannels = 2; Stage = '32x30x8'; Seed = 5; Precision = 'Float32' }
    if (-not (Test-Wine)) {
        $longHere = Start-WmsTraining $place.Data -OutputPath (Join-Path $place.Path 'long') -NoTracking @long 6>$null
        $longDigest = @(Get-RunDigest $longHere.OutputPath)
    }
    $many = 'each job is a process, and there is time for a few only'

    # The lines of epochs, as they come.
    filter Select-Epoch { if ($_ -is [Management.Automation.InformationRecord] -and $_.Tags -contains 'WmsEpoch') { $_ } }

    # An error whose credentials expire at a request, and no fault after it.
    function Get-ExpiredFailure([string] $Request, [hashtable] $Parameters) {
        Set-FakeCloud $cloud @{ ExpiresAt = $Request }
        try { Get-Failure { Start-WmsTraining $place.Data @Parameters @remote 6>$null } }
        finally { Set-FakeCloud $cloud @{ ExpiresAt = ''; ExpiredKey = '' } }
    }

    $secrets = 'PLANTED-|MACHINE-SECRET'
}

AfterAll { Stop-FakeCloud $cloud }

Describe 'Start-WmsTraining -Remote' {
    It 'gives the model and the scores of a training here, shows its epochs and costs, and records it here' {
        $output, $store = (Join-Path $place.Path 'first'), (Join-Path $place.Path 'runs.db')
        $track = @{ Remote = $true; BucketName = $cloud.Bucket; TrackingUri = $store }
        $result = Start-WmsTraining $place.Data -OutputPath $output -For 3h @recipe @track -InformationVariable said 6>$null
        Get-RunDigest $output | Should -Be $digest
        foreach ($name in 'Epochs', 'BestEpoch', 'ValidationDice', 'TestDice', 'TrainingPhotos', 'EndReason', 'DataPath') {
            $result.$name | Should -Be $here.$name -Because $name
        }
        $result.ModelPath | Should -Exist
        @($said | Select-Epoch) | Should -HaveCount 3
        "$said" | Should -Match "machine 'wms' i-\w+ \(t3\.large, Running\): 0\.\d+ USD an hour, at most 0\.\d+ USD for 3 h"
        (Get-WmsRun -TrackingUri $store).RunId | Should -Be $result.RunId
        (Get-WmsInfrastructure -BucketName $cloud.Bucket).LeaseCount | Should -Be 0
    }

    It 'attaches to the same request, also when it is done, and starts nothing' {
        $output = Join-Path $place.Path 'again'
        $before = @(Get-FakeCloudCall $cloud) -eq 'SSM SendCommand'
        $null = Start-WmsTraining $place.Data -OutputPath $output @recipe @remote 6>$null
        Get-RunDigest $output | Should -Be $digest
        @(Get-FakeCloudCall $cloud) -eq 'SSM SendCommand' | Should -HaveCount $before.Count
    }

    It 'needs no libtorch on the computer that asks for it' {
        Skip-InWine $many
        Import-Module "$PSScriptRoot/../../Support/WithoutLibTorch.psm1"
        $output = Join-Path $place.Path 'light'
        $child = Invoke-ChildPwsh -ImportModule -Environment (Get-HidingEnvironment (Join-Path $place.Path 'hidden')) @"
`$null = Start-WmsTraining '$($place.Data)' -OutputPath '$output' -RunId light -BaseChannels 2 -Stage 32x3x8 -Seed 5 -Precision Float32 ``
    -Remote -BucketName $($cloud.Bucket) -NoTracking 3>`$null 6>`$null
[Diagnostics.Process]::GetCurrentProcess().Modules.ModuleName -match 'torch|c10' -ne 'TorchSharp.dll'
"@
        $child.Error | Should -BeNullOrEmpty
        $child.Output | Should -BeNullOrEmpty
        Get-RunDigest $output | Should -Be $digest
    }

    It 'refuses <_> as the name of a job, and says which names are possible' -ForEach '../x', '-x', 'a b', 'é' {
        { Start-WmsTraining $place.Data -RunId $_ @remote } | Should -Throw '*is not the name of a job. Use up to 100 letters*'
    }

    It 'survives a network that is cut five times while the job runs' {
        Skip-InWine $many
        $cut = Test-CutTraining $place cut $recipe $digest -Cuts 5
        $cut.Faults | Should -BeNullOrEmpty
        $cut.Cuts | Should -Be 5
    }

    It 'goes on without the computer that started it, and is downloaded with -Resume' {
        $output = Join-Path $place.Path 'detached'
        Start-WmsTraining $place.Data -OutputPath $output -RunId away -Detach @recipe @remote -InformationVariable said 6>$null |
            Should -BeNullOrEmpty
        "$said" | Should -BeLike '*-Remote -Resume -RunId away*'
        $output | Should -Not -Exist
        $result = Start-WmsTraining $place.Data -OutputPath $output -RunId away -Resume @remote 6>$null
        Get-RunDigest $output | Should -Be $digest
        $result.Seed | Should -Be 5
        # The machine has removed its files; not before the client has seen the result.
        if ($IsLinux) {
            $files = Join-Path $place.Path jobs away
            [Threading.SpinWait]::SpinUntil({ -not (Test-Path $files) }, 60000) | Should -BeTrue
        }
    }

    It 'goes on when its client is killed' {
        Skip-InWine $many
        (Test-LostClient $place killed $long $longDigest -Signal Kill).Faults | Should -BeNullOrEmpty
    }

    It 'stops with Ctrl+C, says how to continue, and continues after the last epoch' {
        Skip-InWine $many
        $end = Test-LostClient $place interrupted $long $longDigest -Signal Interrupt
        $end.Faults | Should -BeNullOrEmpty
        $end.Said | Should -BeLike 'The job is asked to stop. To continue it: Start-WmsTraining * -Remote -Resume -RunId interrupted *'
    }

    It 'stops with the pipeline, and releases the machine' {
        Skip-InWine $many
        $output = Join-Path $place.Path 'stopped'
        Start-WmsTraining $place.Data -OutputPath $output -RunId stopped @long @remote 6>&1 | Select-Epoch | Select-Object -First 1 |
            Should -HaveCount 1
        Test-JobObject $cloud stopped/stop | Should -BeTrue
        (Get-WmsInfrastructure -BucketName $cloud.Bucket).LeaseCount | Should -Be 0
        Join-Path $output 'model.safetensors' | Should -Not -Exist
    }

    It 'leaves the job alone when the credentials expire, and says how to attach again' {
        Skip-InWine $many
        $output = Join-Path $place.Path 'expired'
        $failure = Get-ExpiredFailure 'PutObject jobs/expires/progress/' (@{ OutputPath = $output; RunId = 'expires' } + $recipe)
        $failure.FullyQualifiedErrorId | Should -BeLike 'AwsCredentialsExpired,*'
        "$failure" | Should -BeLike "*goes on without this computer. Attach to it with -Remote -Resume -RunId 'expires'."
        Test-JobObject $cloud expires/stop | Should -BeFalse
        $null = Start-WmsTraining $place.Data -OutputPath $output -RunId expires -Resume @remote 6>$null
        Get-RunDigest $output | Should -Be $digest
    }

    It 'says how to get the run when the credentials expire during the download' {
        Skip-InWine $many
        $output = Join-Path $place.Path 'expired late'
        $parameters = @{ OutputPath = $output; RunId = 'expires'; Resume = $true }
        $failure = Get-ExpiredFailure 'GetObject jobs/expires/output/model' $parameters
        $failure.FullyQualifiedErrorId | Should -BeLike 'AwsCredentialsExpired,*'
        "$failure" | Should -BeLike "*its run is in the bucket. Get it with -Remote -Resume -RunId 'expires'."
        $output | Should -Not -Exist
        $null = Start-WmsTraining $place.Data @parameters @remote 6>$null
        Get-RunDigest $output | Should -Be $digest
        "$output.part" | Should -Not -Exist
    }

    It 'shows no secret in any stream, in a transcript, or in an object of the job' {
        Skip-InWine $many
        $transcript = Join-Path $place.Path 'transcript.txt'
        $output = Join-Path $place.Path 'secret'
        $null = Start-Transcript $transcript
        try {
            # With -Debug, PowerShell asks before it goes on after a warning.
            $all = @{ OutputPath = $output; RunId = 'secret'; Verbose = $true; Debug = $true; Confirm = $false; WarningAction = 'Continue' }
            $said = Start-WmsTraining $place.Data @all @recipe @remote *>&1 | Out-String
        }
        finally { $null = Stop-Transcript }
        $parameters = @{ OutputPath = "$output again"; RunId = 'secret'; Resume = $true }
        $failure = Get-ExpiredFailure 'GetObject jobs/secret/output/' $parameters
        $objects = foreach ($name in 'request.json', 'progress/000001.jsonl', 'log.txt', 'result.json') {
            (Invoke-WebRequest "$($cloud.Uri)/$($cloud.Bucket)/jobs/secret/$name").RawContent
        }
        $said, "$($failure | Format-List * -Force | Out-String)$($failure.Exception)", (Get-Content $transcript -Raw), "$objects" |
            ForEach-Object {
                $_.Length | Should -BeGreaterThan 100
                $_ | Should -Not -Match $secrets
            }
    }

    It 'reports an error of the machine, and releases the machine' {
        Skip-InWine $many
        $output = Join-Path $place.Path 'failed'
        $failure = Get-Failure { Start-WmsTraining $place.Data -OutputPath $output -RunId failed -Device Cuda @recipe @remote 6>$null }
        $failure.FullyQualifiedErrorId | Should -BeLike 'RemoteJobFailed,*'
        "$failure" | Should -BeLike '*CUDA*jobs/failed/log.txt*'
        $output | Should -Not -Exist
        (Get-WmsInfrastructure -BucketName $cloud.Bucket).LeaseCount | Should -Be 0
    }

    It 'refuses another request under the same identifier' {
        $output = Join-Path $place.Path 'other'
        { Start-WmsTraining $place.Data -OutputPath $output -RunId away -Seed 6 -BaseChannels 2 @remote 6>$null } |
            Should -Throw -ErrorId 'RemoteJobUnusable*'
    }

    It 'refuses an identifier without a job' {
        { Start-WmsTraining $place.Data -OutputPath (Join-Path $place.Path 'none') -RunId none -Resume @remote 6>$null } |
            Should -Throw -ErrorId 'RemoteJobUnusable*'
    }

    It 'refuses photos that are not as they were published' {
        $photo = Get-ChildItem (Join-Path $place.Data 'images') | Select-Object -First 1
        $hidden = Join-Path $place.Path $photo.Name
        Move-Item -LiteralPath $photo.FullName $hidden
        try {
            { Start-WmsTraining $place.Data -OutputPath (Join-Path $place.Path 'changed') @recipe @remote 6>$null } |
                Should -Throw '*Publish-WmsDataset*'
        }
        finally { Move-Item -LiteralPath $hidden $photo.FullName }
    }

    It 'shows with -WhatIf the job, the machine and what it costs, and changes nothing' {
        $before = @(Get-FakeCloudCall $cloud).Count
        $output = Join-Path $place.Path 'preview'
        $what = @{ OutputPath = $output; RunId = 'preview'; For = '10h'; WhatIf = $true }
        Start-WmsTraining $place.Data @what @recipe @remote -InformationVariable said 6>$null | Should -BeNullOrEmpty
        "$said" | Should -Match "job 'preview' would be started; machine 'wms' i-\w+ \(t3\.large, \w+\): 0\.\d+ USD an hour, at most [1-9]"
        "$said" | Should -Match 'steps'
        $calls = @(Get-FakeCloudCall $cloud | Select-Object -Skip $before)
        $calls | Should -Not -BeNullOrEmpty
        $calls -match 'Put|Delete|Start|Stop|Send|Create|Modify' | Should -BeNullOrEmpty
        $output | Should -Not -Exist
    }

    It 'uses the prices that Get-WmsInfrastructure -Refresh has read' {
        try {
            $table = (Get-WmsInfrastructure -BucketName $cloud.Bucket).HourlyCost
            $hourly = (Get-WmsInfrastructure -BucketName $cloud.Bucket -Refresh).HourlyCost
            $hourly | Should -Not -Be $table
            $what = @{ OutputPath = (Join-Path $place.Path 'preview'); RunId = 'preview'; WhatIf = $true }
            Start-WmsTraining $place.Data @what @recipe @remote -InformationVariable said 6>$null
            "$said" | Should -BeLike ('*: {0:0.00##} USD an hour*' -f $hourly)
        }
        finally { Remove-Item -Recurse $env:WMS_CACHE_PATH }
    }

    It 'refuses a split file that is not there before the machine is started' {
        $before = @(Get-FakeCloudCall $cloud).Count
        $split = Join-Path $place.Path 'none.json'
        { Start-WmsTraining $place.Data -OutputPath (Join-Path $place.Path 'split') -SplitPath $split @recipe @remote 6>$null } |
            Should -Throw '*Check -SplitPath*'
        @(Get-FakeCloudCall $cloud | Select-Object -Skip $before) -match 'Put|Start|Send' | Should -BeNullOrEmpty
    }

    It 'refuses an identifier with the end of a line' {
        { Start-WmsTraining $place.Data -RunId "night`n" @recipe @remote } | Should -Throw -ErrorId 'ParameterArgumentValidationError*'
    }

    It 'shows with -WhatIf that a job has ended' {
        $output = Join-Path $place.Path 'preview'
        Start-WmsTraining $place.Data -OutputPath $output -RunId away -Resume @remote -WhatIf -InformationVariable said 6>$null
        "$said" | Should -BeLike "*job 'away' has ended: its run would be downloaded*"
    }

    It 'refuses its parameters without it' {
        { Start-WmsTraining $place.Data -BucketName bucket } | Should -Throw '*-Remote*'
    }
}
