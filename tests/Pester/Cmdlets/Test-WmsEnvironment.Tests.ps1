BeforeAll {
    Import-Module "$PSScriptRoot/../../Support/TestSupport.psm1"
    # A user without AWS and GitHub, whoever runs the test.
    $names = 'AWS_PROFILE', 'AWS_ACCESS_KEY_ID', 'AWS_ENDPOINT_URL', 'GH_TOKEN', 'GITHUB_TOKEN', 'AWS_SHARED_CREDENTIALS_FILE'
    $before = @{}
    foreach ($name in $names) { $before[$name] = [Environment]::GetEnvironmentVariable($name) }
    foreach ($name in $names) { [Environment]::SetEnvironmentVariable($name, $null) }
    $env:AWS_SHARED_CREDENTIALS_FILE = Join-Path (New-TestFolder) none
}

AfterAll { foreach ($name in $names) { [Environment]::SetEnvironmentVariable($name, $before[$name]) } }

Describe 'Test-WmsEnvironment' {
    It 'returns one flat record per check, with the cmdlets that need it' {
        $checks = @(Test-WmsEnvironment)
        $checks.Name | Should -Be 'PowerShell', 'libtorch', 'TorchSharp', 'ONNX Runtime', 'Processor', 'Memory', 'Disk', 'Git hook',
            'AWS credentials', 'AWS region', 'AWS bucket', 'GitHub token', 'terraform'
        $checks.Status | Should -Not -Contain 'Missing'
        foreach ($check in $checks) {
            $check | Should -BeOfType WaterMeters.EnvironmentCheck
            $check.Detail, $check.NeededBy | Should -Not -BeNullOrEmpty
            $check.NeededBy -split ', ' | ForEach-Object { (Get-Command $_).ModuleName | Should -Be 'WaterMeters' }
        }
        $checks | Where-Object Name -in 'AWS credentials', 'AWS bucket', 'GitHub token' | ForEach-Object Status | Select-Object -Unique |
            Should -Be Skipped
        $checks[0].Detail | Should -BeLike "$($PSVersionTable.PSVersion) on .NET *"
    }

    It 'runs only the checks of the given cmdlets' {
        (Test-WmsEnvironment -Cmdlet Install-WmsRuntime).Name | Should -Be 'PowerShell', 'Disk'
        (Test-WmsEnvironment Start-WmsTraining, Get-WmsDataset).Name |
            Should -Be 'PowerShell', 'libtorch', 'TorchSharp', 'Processor', 'Memory'
        (Test-WmsEnvironment Invoke-WmsPrediction).Name | Should -Be 'PowerShell', 'ONNX Runtime', 'Processor', 'Memory'
        Test-WmsEnvironment -Quiet | Should -BeTrue
    }

    It 'fails for a cmdlet that is not in the module' {
        $failure = Get-Failure { Test-WmsEnvironment Get-ChildItem }
        $failure.FullyQualifiedErrorId | Should -BeLike 'SettingUnusable,*'
        "$failure" | Should -BeLike "*no cmdlet 'Get-ChildItem'*Test-WmsDataset*"
    }

    It 'completes cmdlet names' {
        $line = 'Test-WmsEnvironment -Cmdlet start-'
        (TabExpansion2 $line $line.Length).CompletionMatches.CompletionText | Should -Be 'Start-WmsInfrastructure', 'Start-WmsTraining'
        $line = 'Test-WmsEnvironment -Cmdlet '
        (TabExpansion2 $line $line.Length).CompletionMatches.CompletionText |
            Should -Be (Get-Command -Module WaterMeters | Sort-Object Name).Name
    }

    It 'warns when WMS_TORCH_PATH is a folder without libtorch, and loads nothing' {
        $empty = New-TestFolder
        $child = Invoke-ChildPwsh -ImportModule -Environment @{ WMS_TORCH_PATH = $empty } @'
            $check = Test-WmsEnvironment | Where-Object Name -eq libtorch
            "$($check.Status)"; $check.Detail; $check.Remedy
            "$([Diagnostics.Process]::GetCurrentProcess().Modules.ModuleName -match 'torch|c10')"
'@
        $child.Output[0] | Should -Be 'Warning' -Because ($child.Error -join "`n")
        $child.Output[1] | Should -BeLike "*WMS_TORCH_PATH is '$empty', which does not contain libtorch."
        $child.Output[2] | Should -BeLike '*WMS_TORCH_PATH*'
        "$($child.Output[3])" | Should -BeNullOrEmpty
    }
}
