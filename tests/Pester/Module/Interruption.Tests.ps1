BeforeAll {
    Import-Module "$PSScriptRoot/../../Support/TestSupport.psm1", "$PSScriptRoot/../../Support/Interruption.psm1"
    $set = New-InterruptionData (New-TestFolder) (Get-ModulePath)
    $points = @(Get-TrainingPoint)
    $photos = @(Get-PredictionPoint)

    function Assert-Whole($Results, [int] $Count) {
        $Results | Should -HaveCount $Count
        @($Results.Fault) -ne '' -ne $null | Should -BeNullOrEmpty
        $Results.Leftovers | Should -BeNullOrEmpty
        # A hang would last days of epochs or minutes of loading; no machine is slow enough for 60 s.
        foreach ($seconds in $Results.Seconds) { $seconds | Should -BeLessThan 60 }
    }
}

Describe 'Ctrl+C' {
    It 'ends a training while libtorch loads, in an epoch and while the model is measured, and no temporary file is left' {
        $ends = @(Test-Interrupt $set Training $points[0, 8, 17])
        Assert-Whole $ends 3
        $ends[0].Said | Should -BeLike 'Stopped before the first epoch ended, so there is nothing to resume.*'
        $ends[1, 2].Said |
            Should -Match '^Stopped\. To continue after the last finished epoch: Start-WmsTraining \S+ -OutputPath \S+ -Resume$'
    }

    It 'releases the lease of the machine at every step of a start' {
        $ends = @(Test-MachineInterrupt $set (Get-MachinePoint))
        Assert-Whole $ends 3
        $ends.State | Select-Object -Unique | Should -Be stopped
        $ends.Said | Should -Match 'is released'
    }

    It 'ends a prediction while its model loads and between photos, and no temporary file is left' {
        Assert-Whole (Test-Interrupt $set Prediction $photos[0, 2, 9]) 3
    }
}

Describe 'Ctrl+Break' {
    It 'ends a training as Ctrl+C does, in a session without prompts' {
        if (-not $IsWindows) { Set-ItResult -Skipped -Because 'only Windows has Ctrl+Break' }
        $ends = @(Test-Interrupt $set Training $points[8] -Signal Break)
        Assert-Whole $ends 1
        $ends[0].Said | Should -BeLike 'Stopped. To continue after the last finished epoch: *'
    }
}

Describe 'The end of a pipeline' {
    It 'stops a training and its thread, and the next training in that session works' {
        Assert-Whole (Test-PipelineStop $set Training $points[0, 5, 12, 18]) 4
    }

    It 'stops a prediction and its thread, and the next prediction in that session works' {
        Assert-Whole (Test-PipelineStop $set Prediction $photos[0, 3, 12]) 3
    }

    It 'stops every cmdlet after its first record with Select-Object -First 1' {
        Assert-Whole (Test-FirstOnly $set) 9
    }
}

Describe 'A training that was killed' {
    It 'resumes from any interruption and ends with the same files as an uninterrupted run' {
        $results = Test-KillAndResume $set $points[9, 17]
        $results.Fault | Should -Be '', ''
        $results.Killed | Should -Be $true, $true
    }

    It 'resumes after its terminal was closed' {
        $results = @(Test-KillAndResume $set $points[13] -Signal Close)
        $results.Fault | Should -Be ''
        $results.Killed | Should -BeTrue
    }
}
