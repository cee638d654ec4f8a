BeforeAll {
    Import-Module "$PSScriptRoot/../../Support/TestSupport.psm1"
    $data = New-SampleData
    $model = (New-SampleModel $data).ModelPath

    # Runs a script in its own runspace and returns the module's progress records.
    function Get-Progress([string] $Script) {
        $shell = [powershell]::Create()
        try {
            $null = $shell.AddScript("Import-Module '$(Get-ModulePath)'").AddStatement().AddScript($Script)
            try { $null = $shell.Invoke() } catch { $shell.HadErrors | Should -BeTrue }
            @($shell.Streams.Progress.ReadAll() | Where-Object ActivityId -gt 1000)
        }
        finally { $shell.Dispose() }
    }

    function Test-Activity([object[]] $Records) {
        $Records | Should -Not -BeNullOrEmpty
        foreach ($activity in $Records | Group-Object ActivityId) {
            @($activity.Group | Where-Object RecordType -eq Completed) | Should -HaveCount 1 -Because $activity.Group[0].Activity
            $activity.Group[-1].RecordType | Should -Be 'Completed'
            $percent = @($activity.Group | Select-Object -SkipLast 1).PercentComplete
            $percent | Should -Be ($percent | Sort-Object)
            ($percent | Measure-Object -Maximum).Maximum | Should -BeLessOrEqual 100
        }
    }

    # The arrival time of each record, on the clock that the module uses.
    Add-Type -TypeDefinition @'
        using System.Collections.Generic;
        using System.Diagnostics;
        using System.Management.Automation;
        using System.Threading;

        public sealed class ProgressClock
        {
            private readonly List<double> seconds = new List<double>();
            public readonly ManualResetEventSlim Enough = new ManualResetEventSlim();

            public ProgressClock(PSDataCollection<ProgressRecord> records, int enough)
            {
                records.DataAdded += (_, e) =>
                {
                    if (records[e.Index].ActivityId < 1000) return;
                    lock (seconds) seconds.Add((double)Stopwatch.GetTimestamp() / Stopwatch.Frequency);
                    if (seconds.Count >= enough) Enough.Set();
                };
            }

            public double[] Seconds { get { lock (seconds) return seconds.ToArray(); } }
        }
'@
}

Describe 'Progress' {
    It 'of a training arrives at most five times a second, never decreases, and completes when it is stopped' {
        $shell = [powershell]::Create()
        try {
            $clock = [ProgressClock]::new($shell.Streams.Progress, 6)
            $null = $shell.AddScript("Import-Module '$(Get-ModulePath)'; Start-WmsTraining '$data' -OutputPath '$(New-TestFolder)' " +
                "-BaseChannels 4 -Stage 64x100000x8")
            $null = $shell.BeginInvoke()
            $clock.Enough.Wait(120000) | Should -BeTrue
            $shell.Stop()
            $records = @($shell.Streams.Progress | Where-Object ActivityId -gt 1000)
        }
        finally { $shell.Dispose() }

        Test-Activity $records
        $records[0].Activity | Should -Be 'Training'
        $records[0].StatusDescription | Should -Match 'epoch 1 of 100000, step \d+ of \d+'
        $seconds = $clock.Seconds | Select-Object -SkipLast 1
        foreach ($i in 1..($seconds.Count - 1)) { $seconds[$i] - $seconds[$i - 1] | Should -BeGreaterOrEqual 0.2 }
    }

    It 'completes with <Case>' -ForEach @(
        @{ Case = 'the end of the cmdlet'; Script = { "Invoke-WmsPrediction '$data/images' -Model '$model'" } }
        @{ Case = 'Select-Object -First'; Script = { "Invoke-WmsPrediction '$data/images' -Model '$model' | Select-Object -First 6" } }
        @{
            Case = 'an error later in the pipeline'
            Script = {
                "`$n = 0; Invoke-WmsPrediction '$data/images' -Model '$model' | ForEach-Object { if (++`$n -eq 6) { throw 'enough' } }"
            }
        }
        @{
            Case = 'a terminating error of its own'
            Script = { "Get-ChildItem '$data/images', '$broken' | Invoke-WmsPrediction -Model '$model' -ErrorAction Stop" }
        }
        @{
            Case = 'a break in the caller'
            Script = {
                "while (`$true) { Invoke-WmsPrediction '$data/images' -Model '$model' | ForEach-Object { if (++`$n -eq 6) { break } } }"
            }
        }
    ) {
        $broken = New-TestFolder
        Set-Content "$broken/zzz.jpg" 'no photo'
        Test-Activity (Get-Progress (& $Script))
    }

    It 'of a prediction has a total as soon as it is known' {
        $named = Get-Progress "Invoke-WmsPrediction '$data/images' -Model '$model'"
        $said = @($named | Where-Object RecordType -eq Processing | ForEach-Object StatusDescription)
        $said -notmatch '^\d+ of 24 photos$' | Should -BeNullOrEmpty
        # The pipeline ends after 24 photos; until then their number is unknown.
        $piped = Get-Progress "Get-ChildItem '$data/images' | Invoke-WmsPrediction -Model '$model'"
        $said = @($piped | Where-Object RecordType -eq Processing | ForEach-Object StatusDescription)
        $said -notmatch '^\d+( of 24)? photos$' | Should -BeNullOrEmpty
    }

    It 'of <Cmdlet> completes and does not decrease' -ForEach @(
        @{ Cmdlet = 'Test-WmsDataset'; Script = { "Test-WmsDataset '$data', '$data'" } }
        @{ Cmdlet = 'New-WmsSampleDataset'; Script = { "New-WmsSampleDataset '$(New-TestFolder)' -Count 8 -Size 96" } }
        @{ Cmdlet = 'Measure-WmsModel'; Script = { "Measure-WmsModel '$model' '$data' -All" } }
        @{ Cmdlet = 'Compare-WmsModel'; Script = { "Compare-WmsModel '$model' '$model' '$data'" } }
    ) {
        Test-Activity (Get-Progress (& $Script))
    }

    It 'of a cmdlet inside another one''s pipeline is a separate activity' {
        $records = Get-Progress ("Measure-WmsModel '$model' '$data' -All -PerImage | Select-Object -First 3 | " +
            "ForEach-Object { Test-WmsDataset '$data' }")
        Test-Activity $records
        @($records | Group-Object ActivityId) | Should -HaveCount 4
    }

    It 'can be turned off' {
        Get-Progress "`$ProgressPreference = 'SilentlyContinue'; Test-WmsDataset '$data'" | Should -BeNullOrEmpty
        Get-Progress "Test-WmsDataset '$data' -ProgressAction SilentlyContinue" | Should -BeNullOrEmpty
    }

    It 'does not appear in redirected output' {
        $child = Invoke-ChildPwsh -ImportModule ("Start-WmsTraining '$data' -OutputPath '$(New-TestFolder)' -BaseChannels 4 " +
            "-Stage 64x2x8 | Out-Null; Test-WmsDataset '$data' -Quiet")
        $child.ExitCode | Should -Be 0 -Because ($child.Error -join "`n")
        $child.Error | Should -BeNullOrEmpty
        $child.Output -match '^epoch +[12] of 2 ' | Should -HaveCount 2
        $child.Output[-1] | Should -Be 'True'
        $child.Output -match ', step |of \d+ pairs' | Should -BeNullOrEmpty
    }
}

Describe 'The epoch line' {
    BeforeAll {
        function Get-Training { @{ DataPath = $data; OutputPath = New-TestFolder; BaseChannels = 4; Stage = '64x2x8' } }
    }

    It 'is a tagged information record of plain text' {
        $training = Get-Training
        $null = Start-WmsTraining @training -InformationVariable lines 6>$null
        $epochs = @($lines | Where-Object Tags -contains WmsEpoch)
        $epochs | Should -HaveCount 2
        $epochs | ForEach-Object {
            "$_" | Should -Match ('^epoch   [12] of 2  64 px  loss \d\.\d{4}  validation loss \d\.\d{4}  ' +
                'Dice \d\.\d{4}  IoU \d\.\d{4}  \d+\.\d photos/s  \d+ s(  best)?$')
        }
        $epochs[0].MessageData.ForegroundColor | Should -BeNullOrEmpty
    }

    It 'follows the redirection of stream 6' {
        $training = Get-Training
        $file = Join-Path (New-TestFolder) 'epochs.txt'
        Start-WmsTraining @training 6> $file | Should -HaveCount 1
        @(Get-Content $file) -match '^epoch +\d' | Should -HaveCount 2
        Get-Content $file -Raw | Should -Not -Match "`e"

        $training = Get-Training
        @(Start-WmsTraining @training 6>&1) -match '^epoch +\d' | Should -HaveCount 2
    }

    It 'is not shown with -InformationAction Ignore' {
        $training = Get-Training
        @(Start-WmsTraining @training -InformationAction Ignore 6>&1) | Should -HaveCount 1
    }

    It 'is collected but not shown with -InformationAction SilentlyContinue' {
        $training = Get-Training
        $null = Start-WmsTraining @training -InformationAction SilentlyContinue -InformationVariable lines 6>$null
        @($lines | Where-Object Tags -contains WmsEpoch) | Should -HaveCount 2
    }
}
