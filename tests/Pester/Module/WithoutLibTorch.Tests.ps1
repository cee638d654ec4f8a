BeforeAll {
    Import-Module "$PSScriptRoot/../../Support/TestSupport.psm1", "$PSScriptRoot/../../Support/WithoutLibTorch.psm1"
    $data = New-SampleData
    $model = (New-SampleModel $data).ModelPath
    $folder = New-TestFolder
    $hiding = Get-HidingEnvironment $folder

    # One child process for all tests: starting pwsh takes longer than the cmdlets.
    $predict = "Invoke-WmsPrediction '$data/images' -Model '$model' -Precision BFloat16"
    $child = Invoke-ChildPwsh -ImportModule -Environment $hiding @"
        Import-Module '$PSScriptRoot/../../Support/WithoutLibTorch.psm1'
        @{
            Checks       = @(Test-WmsEnvironment)
            CanTrain     = Test-WmsEnvironment start-wmstraining -Quiet
            CanPredict   = 'Invoke-WmsPrediction', 'Get-WmsDataset' | Test-WmsEnvironment -Quiet
            BFloat16     = `$(try { $predict } catch { `$_.FullyQualifiedErrorId })
            Cmdlets      = @(Invoke-EveryCmdlet '$data' '$model' '$folder/work')
            # Windows counts assemblies too.
            Modules      = [Diagnostics.Process]::GetCurrentProcess().Modules.ModuleName -match 'torch|c10' -ne 'TorchSharp.dll'
        } | ConvertTo-Json -Depth 4 -EnumsAsStrings | Set-Content '$folder/found.json'
        Install-WmsRuntime -WhatIf
"@
    $child.ExitCode | Should -Be 0 -Because ($child.Error -join "`n")
    $found = Get-Content "$folder/found.json" -Raw | ConvertFrom-Json
    $libtorch = $found.Checks | Where-Object Name -eq libtorch
    $there = $libtorch.Status -ne 'Missing'
}

Describe 'On a machine without libtorch' {
    BeforeEach { if ($there) { Set-ItResult -Skipped -Because "libtorch cannot be hidden here: $($libtorch.Detail)" } }

    It 'every cmdlet works except training, whose error says how to install libtorch' {
        $works, $others = @($found.Cmdlets).Where({ $_.Works }, 'Split')
        $works.Cmdlet | Should -Not -Contain 'Start-WmsTraining'
        $works.Cmdlet | Should -Contain 'Invoke-WmsPrediction'
        $others.Cmdlet -join ', ' | Should -Be $libtorch.NeededBy
        foreach ($one in $others) {
            $one.ErrorId | Should -BeLike 'RuntimeMissing,*'
            $one.Message | Should -BeLike '*is not installed. Searched: *Run Install-WmsRuntime*-Source*WMS_TORCH_PATH*'
        }
        $found.BFloat16 | Should -BeLike 'RuntimeMissing,*'
        $found.Modules | Should -BeNullOrEmpty
    }

    It 'Test-WmsEnvironment reports what is missing, who needs it and the remedy' {
        $libtorch.Status | Should -Be 'Missing'
        $libtorch.Remedy | Should -BeLike 'Install-WmsRuntime*'
        $libtorch.NeededBy | Should -Be 'Start-WmsTraining'
        $found.CanTrain | Should -BeFalse
        $found.CanPredict | Should -BeTrue
    }

    It 'Install-WmsRuntime -WhatIf prints the megabytes and does nothing' {
        $child.Output -join ' ' |
            Should -Match 'Download \d+ MB \(libtorch-cpu-\S+ \S+ from https://api\.nuget\.org/v3/index\.json\) and unpack \d+ MB'
        Get-ChildItem $hiding.HOME -Recurse -Filter '*torch*' | Should -BeNullOrEmpty
    }
}

Describe 'With a libtorch that does not load' {
    It 'prediction works without it, and fails only when libtorch is required' {
        $broken = New-TestFolder
        [IO.Compression.ZipFile]::ExtractToDirectory((New-TinyPackage "$broken/tiny.nupkg").Path, $broken)
        $native = (Get-ChildItem $broken -Recurse -Filter '*torch_cpu*').DirectoryName
        $child = Invoke-ChildPwsh -ImportModule -Environment @{ WMS_TORCH_PATH = $native } @"
            @(Invoke-WmsPrediction '$data/images' -Model '$model').ForEach{ `$_.Precision } | Sort-Object -Unique
            try { Invoke-WmsPrediction '$data/images' -Model '$model' -Precision BFloat16 } catch { `$_.FullyQualifiedErrorId; "`$_" }
"@
        $child.ExitCode | Should -Be 0 -Because ($child.Error -join "`n")
        $child.Output[0] | Should -Be 'Float32'
        $child.Output[1] | Should -BeLike 'RuntimeMissing,*'
        $child.Output[2] | Should -BeLike '*Cannot load libtorch from*'
    }
}
