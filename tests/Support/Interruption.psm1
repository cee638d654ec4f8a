# Trainings and predictions that are stopped or killed at a line they printed: tests/Proofs/Stopping.ps1, KillAndResume.ps1 and
# Interruption.Tests.ps1.
Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'
Import-Module "$PSScriptRoot/PwshProcess.psm1", "$PSScriptRoot/FakeCloud.psm1"

$epochs = 4
$runFiles = 'checkpoint.safetensors', 'epochs.jsonl', 'metrics.json', 'mlflow.json', 'model.safetensors'

<#
.SYNOPSIS
Draws the data set, copies its photos under many names and trains a small model, all in one folder. Returns their paths.
#>
function New-InterruptionData {
    param([Parameter(Mandatory)] [string] $Path, [Parameter(Mandatory)] [string] $ModulePath)

    $data = Join-Path $Path 'data'
    $photos = Join-Path $Path 'photos'
    $null = New-WmsSampleDataset $data -Count 20 -Size 96 -Seed 3
    $null = New-Item -ItemType Directory $photos
    foreach ($copy in 1..10) {
        foreach ($photo in Get-ChildItem "$data/images") {
            Copy-Item -LiteralPath $photo.FullName (Join-Path $photos "$copy-$($photo.Name)")
        }
    }
    $run = Start-WmsTraining $data -OutputPath (Join-Path $Path 'model') -BaseChannels 4 -Stage 32x1x4 -InformationAction Ignore
    [pscustomobject]@{ Root = $Path; Data = $data; Photos = $photos; Model = $run.ModelPath; ModulePath = $ModulePath }
}

<#
.SYNOPSIS
The training to interrupt, as a script that prints a line for every message.
#>
function Get-TrainingScript {
    param([Parameter(Mandatory)] [psobject] $Set, [Parameter(Mandatory)] [string] $Run, [string] $More = '')

    "Start-WmsTraining '$($Set.Data)' -OutputPath '$Run' -BaseChannels 4 -Stage 48x2x4,64x$($epochs - 2)x4 -Seed 5 " +
        "-EarlyStoppingPatience 0 $More -Verbose *>&1 | ForEach-Object { `"`$_`" }"
}

<#
.SYNOPSIS
The prediction to interrupt, as a script that prints a line for every photo.
#>
function Get-PredictionScript {
    param([Parameter(Mandatory)] [psobject] $Set, [Parameter(Mandatory)] [string] $Masks)

    "Get-ChildItem '$($Set.Photos)' | Invoke-WmsPrediction -Model '$($Set.Model)' -OutputPath '$Masks' -Overlay -Verbose *>&1 | " +
        "ForEach-Object { `$_ -is [WaterMeters.Prediction] ? `"predicted `$(`$_.ImagePath)`" : `"`$_`" }"
}

<#
.SYNOPSIS
Twenty lines that a training prints, from first to last: Match, and which of the matching lines.
#>
function Get-TrainingPoint {
    $point = { param($Match, $Number = 1) [pscustomobject]@{ Match = $Match; Number = $Number } }
    & $point '^Loading libtorch'
    & $point '^Reading the data set'
    & $point '^Checking the files'
    & $point '^Preparing the network'
    foreach ($epoch in 1..$epochs) {
        & $point ': training on' $epoch
        & $point ': validating on' $epoch
        & $point ': writing the checkpoint' $epoch
        if ($epoch -eq 2) { & $point '(?-i)^epoch +\d' $epoch }
    }
    & $point '^Measuring the model' 1
    & $point '^Measuring the model' 2
    & $point '^Writing the model'
}

<#
.SYNOPSIS
Twenty lines that a prediction prints.
#>
function Get-PredictionPoint {
    foreach ($match in '^Reading the model', '^Preparing the network') { [pscustomobject]@{ Match = $match; Number = 1 } }
    foreach ($photo in 1, 2, 3, 4, 5, 7, 10, 14, 19, 25, 32, 40, 50, 60, 75, 90, 110, 130) {
        [pscustomobject]@{ Match = '^predicted '; Number = $photo }
    }
}

<#
.SYNOPSIS
Every second of these points, the first included.
#>
function Select-EverySecond([psobject[]] $Point) { for ($i = 0; $i -lt $Point.Count; $i += 2) { $Point[$i] } }

<#
.SYNOPSIS
Files that should not exist: in the folder of a run or of masks anything but complete results; in a temporary folder any file.
#>
function Get-Leftover {
    param([string] $Run, [string] $Masks, [string] $Temp)

    if ($Run) { Get-ChildItem -LiteralPath $Run -Force -ErrorAction Ignore | Where-Object Name -notin $runFiles | ForEach-Object FullName }
    if ($Masks) {
        Get-ChildItem -LiteralPath $Masks -Force -ErrorAction Ignore |
            Where-Object Name -notmatch '^\d+-sample_\d+(\.png|\.overlay\.jpg)$' | ForEach-Object FullName
    }
    # Pipes and sockets of the runtime and of pwsh exist while the process does.
    if ($Temp) {
        Get-ChildItem -LiteralPath $Temp -Force -Recurse -File |
            Where-Object Name -notmatch '^(CoreFxPipe_|dotnet-diagnostic-|clr-debug-pipe-)' | ForEach-Object FullName
    }
}

<#
.SYNOPSIS
Interrupts a process at each point with Ctrl+C, or on Windows with Ctrl+Break. Returns one record per point: Kind, At, Said (its last
line), Seconds to its end, ExitCode, Leftovers, Fault.
#>
function Test-Interrupt {
    param(
        [Parameter(Mandatory)] [psobject] $Set,
        [Parameter(Mandatory)] [ValidateSet('Training', 'Prediction')] [string] $Kind,
        [Parameter(Mandatory)] [psobject[]] $Point,
        [ValidateSet('Interrupt', 'Break')] [string] $Signal = 'Interrupt'
    )

    foreach ($one in $Point) {
        $folder, $temp = New-Folder $Set
        $script = $Kind -eq 'Training' ? (Get-TrainingScript $Set $folder) : (Get-PredictionScript $Set $folder)
        $when = @{ Match = $one.Match; Number = $one.Number; Signal = $Signal }
        $end = Invoke-PwshUntil -Script $script -ModulePath $Set.ModulePath @when -TempFolder $temp
        [pscustomobject]@{
            Kind = "Ctrl+$($Signal -eq 'Break' ? 'Break' : 'C'), $Kind"
            At = $end.At; Said = $end.Output[-1]; Seconds = $end.Returned.TotalSeconds; ExitCode = $end.ExitCode
            Leftovers = @($Kind -eq 'Training' ? (Get-Leftover -Run $folder -Temp $temp) : (Get-Leftover -Masks $folder -Temp $temp))
            Fault = $null -eq $end.At ? "nothing matched $($one.Match)" :
                $end.Error ? "it wrote to the error stream: $($end.Error -join ' | ')" : $null
        }
    }
}

<#
.SYNOPSIS
Stops a pipeline at each point, all in one session. Returns one record per point: Kind, At, Seconds to its end, Leftovers, Fault.
#>
function Test-PipelineStop {
    param(
        [Parameter(Mandatory)] [psobject] $Set,
        [Parameter(Mandatory)] [ValidateSet('Training', 'Prediction')] [string] $Kind,
        [Parameter(Mandatory)] [psobject[]] $Point
    )

    $session = [runspacefactory]::CreateRunspace()
    $session.Open()
    try {
        $null = Invoke-InSession $session "Import-Module '$($Set.ModulePath)'"
        foreach ($one in $Point) {
            $folder, $null = New-Folder $Set
            $script = $Kind -eq 'Training' ? (Get-TrainingScript $Set $folder) : (Get-PredictionScript $Set $folder)
            $shell = [powershell]::Create()
            try {
                $shell.Runspace = $session
                $none = [Management.Automation.PSDataCollection[psobject]]::new()
                $none.Complete()
                # Blocks until the next line arrives.
                $lines = [Management.Automation.PSDataCollection[psobject]]::new()
                $lines.BlockingEnumerator = $true
                $null = $shell.AddScript($script)
                $running = $shell.BeginInvoke($none, $lines)
                $at, $seen = $null, 0
                foreach ($line in $lines) { if ("$line" -match $one.Match -and ++$seen -eq $one.Number) { $at = "$line"; break } }
                $watch = [Diagnostics.Stopwatch]::StartNew()
                $shell.Stop()
                $watch.Stop()
                $state = $shell.InvocationStateInfo.State
            }
            finally { $shell.Dispose() }

            $fault = if ($null -eq $at) { "nothing matched $($one.Match)" }
            elseif ($state -ne 'Stopped') { "the pipeline is $state" }
            else { Get-SessionFault $Set { param($Text) Invoke-InSession $session $Text } $Kind }
            [pscustomobject]@{
                Kind = "Stop, $Kind"; At = $at; Seconds = $watch.Elapsed.TotalSeconds; Fault = $fault
                Leftovers = @($Kind -eq 'Training' ? (Get-Leftover -Run $folder) : (Get-Leftover -Masks $folder))
            }
        }
    }
    finally { $session.Dispose() }
}

<#
.SYNOPSIS
Takes only the first record of every cmdlet. Returns for each: Kind, At, Seconds from that record to the end, Leftovers, Fault.
#>
function Test-FirstOnly {
    param([Parameter(Mandatory)] [psobject] $Set)

    $masks, $run, $drawn = (New-Folder $Set)[0], (New-Folder $Set)[0], (New-Folder $Set)[0]
    $watch = [Diagnostics.Stopwatch]::new()
    $cases = [ordered]@{
        'Get-WmsDataset'       = { Get-WmsDataset $Set.Data }
        'Get-WmsRun'           = { Get-WmsRun -Experiment * }
        'New-WmsSampleDataset' = { New-WmsSampleDataset $drawn -Count 1000 -Size 320 }
        'Merge-WmsDataset'     = { Merge-WmsDataset $Set.Data (New-Folder $Set)[0] }
        'Test-WmsDataset'      = { Test-WmsDataset $Set.Data }
        'Measure-WmsModel'     = { Measure-WmsModel $Set.Model $Set.Data -All -PerImage }
        'Compare-WmsModel'     = { Compare-WmsModel $Set.Model $Set.Model $Set.Data -Split Test }
        'Invoke-WmsPrediction' = { Get-ChildItem $Set.Photos | Invoke-WmsPrediction -Model $Set.Model -OutputPath $masks -Overlay }
        'Start-WmsTraining'    = { Start-WmsTraining $Set.Data -OutputPath $run -BaseChannels 4 -Stage 64x100000x4 6>&1 }
    }
    foreach ($cmdlet in $cases.Keys) {
        $first = @(& $cases[$cmdlet] | ForEach-Object { $watch.Restart(); $_ } | Select-Object -First 1)
        $watch.Stop()
        [pscustomobject]@{
            Kind = 'Select-Object -First 1'; At = $cmdlet; Seconds = $watch.Elapsed.TotalSeconds
            Leftovers = @(Get-Leftover -Run $run -Masks $masks) + @(
                Get-ChildItem $drawn -Recurse -Force -File | Where-Object Name -notmatch '^sample_\d+\.(jpg|png)$' |
                    ForEach-Object FullName
            )
            Fault = $first.Count -ne 1 ? 'it gave no record' : (
                Get-SessionFault $Set { param($Text) Invoke-Expression $Text } ($cmdlet -eq 'Start-WmsTraining' ? 'Training' : 'Prediction')
            )
        }
    }
}

<#
.SYNOPSIS
Lines that a start of the machine prints, until it waits for a service that never answers.
#>
function Get-MachinePoint {
    foreach ($match in '^Lease ', '^Starting the machine', '^Waiting until http') {
        [pscustomobject]@{ Match = $match; Number = 1 }
    }
}

<#
.SYNOPSIS
Interrupts a start of the machine at each point with Ctrl+C. Returns one record per point: Kind, At, Said (its last line), Seconds to its
end, State of the machine when its keeper has looked, Leftovers, Fault.
#>
function Test-MachineInterrupt {
    param([Parameter(Mandatory)] [psobject] $Set, [Parameter(Mandatory)] [psobject[]] $Point)

    foreach ($one in $Point) {
        $cloud = Start-FakeCloud
        try {
            $script = 'Start-WmsInfrastructure -Wait -ServiceUri http://127.0.0.1:9 -BucketName wms-bucket -Verbose *>&1 | ' +
                'ForEach-Object { "$_" }'
            $null, $temp = New-Folder $Set
            $when = @{ Match = $one.Match; Number = $one.Number; Signal = 'Interrupt' }
            $end = Invoke-PwshUntil -Script $script -ModulePath $Set.ModulePath @when -TempFolder $temp
            # Twenty minutes: the machine stays on for ten after a boot, and looks every 30 seconds.
            foreach ($minute in 1..20) { Set-FakeCloud $cloud @{ advance = 60 } }
            [pscustomobject]@{
                Kind = 'Ctrl+C, Machine'; At = $end.At; Said = "$($end.Output[-1])"; Seconds = $end.Returned.TotalSeconds
                State = Get-FakeCloudState $cloud; Leftovers = @(Get-Leftover -Temp $temp)
                Fault = $null -eq $end.At ? "nothing matched $($one.Match)" :
                    (Get-WmsInfrastructure -BucketName wms-bucket).LeaseCount ? 'the lease is still there' : $null
            }
        }
        finally { Stop-FakeCloud $cloud }
    }
}

<#
.SYNOPSIS
Kills a training at each point, or closes its terminal; resumes it and compares the result with an uninterrupted run. Returns one
record per point: At, Killed, Orphans (files that the kill left), Fault.
#>
function Test-KillAndResume {
    param(
        [Parameter(Mandatory)] [psobject] $Set,
        [Parameter(Mandatory)] [psobject[]] $Point,
        [ValidateSet('Kill', 'Close')] [string] $Signal = 'Kill'
    )

    $whole, $null = New-Folder $Set
    # With all cores, so that the bits are those of several threads.
    $null = Wait-PwshEnd (Start-Pwsh -Script (Get-TrainingScript $Set $whole) -ModulePath $Set.ModulePath -AllCores)
    foreach ($one in $Point) {
        $folder, $null = New-Folder $Set
        $script = Get-TrainingScript $Set $folder
        $when = @{ Match = $one.Match; Number = $one.Number; Signal = $Signal }
        $end = Invoke-PwshUntil -Script $script -ModulePath $Set.ModulePath @when -AllCores
        # Where a terminal is closed, the system may give the exit code 0.
        $killed = $end.ExitCode -ne 0 -or -not ($end.Output -match '^Writing the model')
        # The lock file is empty and no process holds it.
        $orphans = @(Get-Leftover -Run $folder) -notmatch 'run\.lock$'
        $again = Wait-PwshEnd (Start-Pwsh -Script (Get-TrainingScript $Set $folder '-Resume') -ModulePath $Set.ModulePath -AllCores)
        $fault = if ($null -eq $end.At) { "nothing matched $($one.Match)" }
        elseif (-not $killed) { 'it was over before the kill' }
        elseif ($again.ExitCode -ne 0) { "-Resume ended with $($again.ExitCode): $($again.Error -join ' | ')" }
        else {
            foreach ($file in 'metrics.json', 'model.safetensors') {
                if ((Get-FileHash "$whole/$file").Hash -ne (Get-FileHash "$folder/$file").Hash) {
                    "$file is another than that of the unbroken run"
                }
            }
            Get-Leftover -Run $folder | ForEach-Object { "$_ was not tidied" }
        }
        [pscustomobject]@{
            At = $end.At; Killed = $killed; Orphans = $orphans.Count; Fault = $fault -join '; '
            From = "$($again.Output -match '^resumes after|Starting a new training' | Select-Object -First 1)"
        }
    }
}

# What no longer works in a session after a cmdlet was stopped in it, or nothing.
function Get-SessionFault([psobject] $Set, [scriptblock] $Invoke, [string] $Kind) {
    # The module counts its threads: those that libtorch keeps in its pool have the name of the thread that started them.
    $assembly = (Get-Command Start-WmsTraining).ImplementingType.Assembly
    $running = $assembly.GetType('WaterMeters.PowerShell.Commands.PipelineWorker').GetProperty('Running').GetValue($null)
    if ($running) { return "$running threads still run" }
    $count = if ($Kind -eq 'Training') {
        & $Invoke ("(Start-WmsTraining '$($Set.Data)' -OutputPath '$((New-Folder $Set)[0])' -BaseChannels 4 -Stage 32x1x4 " +
            "-InformationAction Ignore).Epochs")
    }
    else { & $Invoke "@(Get-ChildItem '$($Set.Photos)/1-sample_0001.jpg' | Invoke-WmsPrediction -Model '$($Set.Model)').Count" }
    if ("$count" -ne '1') { "the next cmdlet gave $count" }
}

function Invoke-InSession([runspace] $Session, [string] $Script) {
    $shell = [powershell]::Create()
    try {
        $shell.Runspace = $Session
        $shell.AddScript("`$ErrorActionPreference = 'Stop'; $Script").Invoke()
    }
    finally { $shell.Dispose() }
}

# A folder for results that does not exist yet, and an empty one for temporary files.
function New-Folder([psobject] $Set) {
    $name = Join-Path $Set.Root ([Guid]::NewGuid().ToString('n'))
    "$name-out", (New-Item -ItemType Directory "$name-temp").FullName
}

Export-ModuleMember -Function New-InterruptionData, Get-TrainingPoint, Get-PredictionPoint, Select-EverySecond, Get-TrainingScript,
    Get-Leftover, Get-MachinePoint, Test-MachineInterrupt, Test-Interrupt, Test-PipelineStop, Test-FirstOnly, Test-KillAndResume
