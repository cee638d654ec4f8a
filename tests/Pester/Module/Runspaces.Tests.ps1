BeforeAll {
    Import-Module "$PSScriptRoot/../../Support/TestSupport.psm1"
    $module = Get-ModulePath
    $data = New-SampleData
    $model = (New-SampleModel $data -Seed 1).ModelPath

    # Calls of every cmdlet that reads or predicts, as text for any runspace: one line per record, without durations and output paths.
    $unlike = 'Duration, PhotosPerSecond, MaskPath, OverlayPath'
    $body = @"
        `$ErrorActionPreference = 'Stop'
        & {
            Get-WmsDataset '$data'
            Test-WmsDataset '$data'
            Test-WmsDataset '$data' -PerFinding
            Measure-WmsModel '$model' '$data'
            Measure-WmsModel '$model' '$data' -PerImage
            Compare-WmsModel '$model' '$model' '$data' -NoLedger
            Get-WmsDataset '$data' | Invoke-WmsPrediction -Model '$model' -Precision Float32 -OutputPath `$folder -Overlay
        } | ForEach-Object { `$_ | Select-Object * -ExcludeProperty $unlike | ConvertTo-Json -Compress -Depth 3 }
        Get-ChildItem `$folder | Get-FileHash | ForEach-Object Hash
"@
    $reading = "param(`$folder)`n$body"
    $imported = "param(`$folder)`nImport-Module '$module'`n$body"
    $alone = & ([scriptblock]::Create($reading)) (New-TestFolder)
    $folders = 1..4 | ForEach-Object { New-TestFolder }
}

Describe 'Cmdlets that read and predict' {
    It 'return records for every photo' {
        $alone.Count | Should -BeGreaterThan (24 + 24 + 24)
    }

    It 'return under <Way> the same as on one thread' -ForEach @(
        @{
            Way     = 'ForEach-Object -Parallel'
            Command = { $folders | ForEach-Object -Parallel { , @(& ([scriptblock]::Create($using:imported)) $_) } -ThrottleLimit 4 }
        }
        @{
            Way     = 'Start-ThreadJob'
            Command = {
                $jobs = $folders | ForEach-Object { Start-ThreadJob ([scriptblock]::Create($imported)) -ArgumentList $_ -ThrottleLimit 4 }
                $jobs | ForEach-Object { , @(Receive-Job $_ -Wait -AutoRemoveJob) }
            }
        }
        @{
            Way     = 'Start-Job'
            Command = { , @(Start-Job ([scriptblock]::Create($imported)) -ArgumentList $folders[0] | Receive-Job -Wait -AutoRemoveJob) }
        }
        @{
            Way     = 'a pool of runspaces'
            Command = {
                $pool = [runspacefactory]::CreateRunspacePool(1, 4)
                try {
                    $pool.Open()
                    $calls = foreach ($folder in $folders) {
                        $shell = [powershell]::Create()
                        $shell.RunspacePool = $pool
                        $null = $shell.AddScript($imported).AddArgument($folder)
                        @{ Shell = $shell; Running = $shell.BeginInvoke() }
                    }
                    foreach ($call in $calls) {
                        , @($call.Shell.EndInvoke($call.Running))
                        $call.Shell.Dispose()
                    }
                }
                finally { $pool.Dispose() }
            }
        }
    ) {
        $folders | ForEach-Object { Get-ChildItem $_ | Remove-Item }
        $results = @(& $Command)
        $results | Should -HaveCount ($Way -eq 'Start-Job' ? 1 : 4)
        foreach ($result in $results) { @($result) -join "`n" | Should -BeExactly ($alone -join "`n") }
    }

    It 'return the same when several runspaces of a new process use them at once and without an import' {
        $folders | ForEach-Object { Get-ChildItem $_ | Remove-Item }
        $child = Invoke-ChildPwsh -Environment @{ PSModulePath = Split-Path $module } @"
            `$reading = '$($reading.Replace("'", "''"))'
            '$($folders -join "', '")' | ForEach-Object -Parallel { & ([scriptblock]::Create(`$using:reading)) `$_ | Set-Content "`$_.txt" }
"@
        $child.ExitCode | Should -Be 0 -Because ($child.Error -join "`n")
        foreach ($folder in $folders) { Get-Content "$folder.txt" | Should -Be $alone }
    }
}

Describe 'A second import' {
    It 'works in other runspaces, after Remove-Module and with -Force, and registers no handler twice' {
        $format = "[string]::Format([cultureinfo]::InvariantCulture, '{0:r} {1:r}', `$_.Coverage, `$_.Confidence)"
        $photos = "Invoke-WmsPrediction '$data/images' -Model '$model' -Precision Float32"
        $context = '[Runtime.Loader.AssemblyLoadContext]'
        $child = Invoke-ChildPwsh -ImportModule @"
            function Get-Photo { ($photos | ForEach-Object { $format }) -join ' ' }
            `$first = Get-Photo
            1..3 | ForEach-Object -Parallel { Import-Module '$module'; (Get-WmsDataset '$data').Count } | Sort-Object -Unique
            Remove-Module WaterMeters
            @(Get-Command -Module WaterMeters).Count
            Import-Module '$module'
            (Get-Photo) -eq `$first
            Import-Module '$module' -Force
            (Get-Photo) -eq `$first

            @([Runtime.Loader.AssemblyLoadContext]::All | Where-Object Name -eq WaterMeters).Count
            `$handlers = $context.GetField('_resolving', 'Instance, NonPublic').GetValue(${context}::Default)
            @(`$handlers.GetInvocationList() | Where-Object { `$_.Method.Module.Name -like 'WaterMeters*' }).Count
"@
        $child.Error | Should -BeNullOrEmpty
        $child.Output | Should -Be '24', '0', 'True', 'True', '1', '1'
    }
}

Describe 'A training while another one runs' {
    It 'is refused from another runspace and does not change the first; cmdlets that read keep working' {
        # 100,000 epochs take hours, so the first training still runs when the second is refused.
        # Its first lines show whether it was disturbed.
        $small = @{ DataPath = $data; BaseChannels = 4; Stage = '32x100000x8'; Seed = 5; Precision = 'Float32' }
        $numbers = { [regex]::Match("$_", 'epoch.*IoU \S+').Value }
        $undisturbed = Start-WmsTraining @small -OutputPath (New-TestFolder) 6>&1 | Where-Object Tags -Contains WmsEpoch |
            Select-Object -First 6 | ForEach-Object $numbers

        $old = Split-Path $model
        $before = (Get-ChildItem $old | Get-FileHash).Hash
        $shell = [powershell]::Create()
        $said = [Collections.Generic.List[object]]::new()
        try {
            $disturbed = Start-WmsTraining @small -OutputPath (New-TestFolder) 6>&1 | Where-Object Tags -Contains WmsEpoch |
                ForEach-Object {
                    if ($said.Count -eq 0) {
                        $null = $shell.AddScript("Import-Module '$module'; Start-WmsTraining '$data' -OutputPath '$old' -Force " +
                            "-BaseChannels 4 -Stage 64x1x8")
                        $said.Add(@($shell.Invoke()))
                        $shell.Commands.Clear()
                        $null = $shell.AddScript($imported).AddArgument((New-TestFolder))
                        $said.Add(@($shell.Invoke()))
                    }
                    $_
                } | Select-Object -First 6 | ForEach-Object $numbers
            $refused = @($shell.Streams.Error)
        }
        finally { $shell.Dispose() }

        $refused | Should -HaveCount 1
        $refused.FullyQualifiedErrorId | Should -BeLike 'TrainingRunning,*StartWmsTrainingCommand'
        $refused.CategoryInfo.Category | Should -Be 'ResourceBusy'
        $refused.TargetObject | Should -Be $old
        "$refused" | Should -BeLike '*running in this process already*Start-Job*'
        $said[0] | Should -HaveCount 0
        (Get-ChildItem $old | Get-FileHash).Hash | Should -Be $before
        $said[1] -join "`n" | Should -BeExactly ($alone -join "`n")
        $undisturbed[5] | Should -BeLike 'epoch *6 of 100000*loss*'
        $disturbed | Should -Be $undisturbed
        (Start-WmsTraining $data -OutputPath (New-TestFolder) -BaseChannels 4 -Stage 64x1x8 -InformationAction Ignore) | Should -HaveCount 1
    }
}
