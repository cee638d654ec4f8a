# Sessions that use tests/OlderDependencies, a binary module with its own SkiaSharp, YamlDotNet and Google.Protobuf, beside ours:
# OlderDependencies.Tests.ps1 and tests/Proofs/OlderDependencies.ps1.
Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'

$root = Split-Path (Split-Path $PSScriptRoot)
Import-Module "$PSScriptRoot/TestSupport.psm1"

# The steps of a session, by the names that -Order takes.
$steps = @{
    older     = "
        Import-Module (Join-Path `$older 'OlderDependencies.dll')
        `$use = Invoke-OlderDependency
        Add-Step older `$use.SkiaSharp `$use.YamlDotNet `$use.Protobuf `$use.Pixels"
    import    = "
        Import-Module `$module
        Add-Step import `$null `$null `$null ([WaterMeters.Prediction].FullName)"
    predict   = "
        `$masks = Join-Path `$folder ('masks-' + `$done.Count)
        `$null = Invoke-WmsPrediction `$photos -Model `$model -Precision Float32 -OutputPath `$masks
        Add-Step predict (Get-OwnAssembly SkiaSharp) `$null (Get-OwnAssembly Google.Protobuf) " +
        "((Get-ChildItem `$masks | Get-FileHash).Hash -join ' ')"
    train     = "
        `$run = Start-WmsTraining `$data -ConfigPath `$config " +
        "-OutputPath (Join-Path `$folder ('run-' + `$done.Count)) -BaseChannels 4 -InformationAction Ignore
        Add-Step train (Get-OwnAssembly SkiaSharp) (Get-OwnAssembly YamlDotNet) `$null `$run.Epochs"
}

# SkiaSharpVersion.Native comes from the native library itself; its file is the loaded one that contains the address of an export.
$functions = {
    $done = [Collections.Generic.List[object]]::new()

    function Get-OwnAssembly([string] $Name) {
        [Runtime.Loader.AssemblyLoadContext]::All.Where{ $_.Name -eq 'WaterMeters' }.Assemblies.Where{ $_.GetName().Name -eq $Name }[0]
    }

    function Get-NativeFile([Reflection.Assembly] $Assembly) {
        $handle = [Runtime.InteropServices.NativeLibrary]::Load('libSkiaSharp', $Assembly, $null)
        $address = [long] [Runtime.InteropServices.NativeLibrary]::GetExport($handle, 'sk_version_get_milestone')
        foreach ($module in [Diagnostics.Process]::GetCurrentProcess().Modules) {
            if ($address -ge [long] $module.BaseAddress -and $address -lt [long] $module.BaseAddress + $module.ModuleMemorySize) {
                return $module.FileName
            }
        }
    }

    function Add-Step([string] $Step, [Reflection.Assembly] $Skia, [Reflection.Assembly] $Yaml, [Reflection.Assembly] $Protobuf, $Result) {
        $native = $Skia ? $Skia.GetType('SkiaSharp.SkiaSharpVersion').GetProperty('Native').GetValue($null) : $null
        $done.Add([ordered]@{
                Step       = $Step
                Result     = $Result
                SkiaSharp  = $Skia ? [Diagnostics.FileVersionInfo]::GetVersionInfo($Skia.Location).FileVersion : $null
                Native     = "$native"
                NativeFile = $Skia ? (Get-NativeFile $Skia) : $null
                YamlDotNet = $Yaml ? [Diagnostics.FileVersionInfo]::GetVersionInfo($Yaml.Location).FileVersion : $null
                Protobuf   = $Protobuf ? [Diagnostics.FileVersionInfo]::GetVersionInfo($Protobuf.Location).FileVersion : $null
            })
    }
}

<#
.SYNOPSIS
Draws photos, trains a tiny model and writes a train.yaml into a folder: the input of Invoke-Session.
#>
function New-Session {
    param([Parameter(Mandatory)] [string] $Path, [int] $Count = 24)

    $null = New-WmsSampleDataset "$Path/data" -Size 128 -Count $Count -Seed 3
    Set-Content "$Path/train.yaml" "model:`n  input_size: 64`ntraining:`n  epochs: 1`n  batch_size: 8"
    $run = Start-WmsTraining "$Path/data" -OutputPath "$Path/run" -BaseChannels 4 -Stage 64x1x8 -InformationAction Ignore
    $null = Invoke-WmsPrediction "$Path/data/images" -Model $run.ModelPath -Precision Float32 -OutputPath "$Path/alone"
    @{
        data   = "$Path/data"
        photos = "$Path/data/images"
        config = "$Path/train.yaml"
        model  = $run.ModelPath
        alone  = (Get-ChildItem "$Path/alone" | Get-FileHash).Hash -join ' '
    }
}

<#
.SYNOPSIS
Runs the steps in a new pwsh process. Returns a record for each step: Step, Result, versions and native file.
.PARAMETER Order
The steps: older (import OlderDependencies and use it), import, predict, train.
.PARAMETER Layout
Where OlderDependencies keeps its native library: beside its assembly, or in the folder that PowerShell searches on its own.
#>
function Invoke-Session {
    param(
        [Parameter(Mandatory)] [Collections.IDictionary] $Session,
        [Parameter(Mandatory)] [string[]] $Order,
        [Parameter(Mandatory)] [string] $ModulePath,
        [Parameter(Mandatory)] [string] $Folder,
        [ValidateSet('beside', 'folder')] [string] $Layout = 'beside'
    )

    $given = @{
        older  = Join-Path $root 'artifacts' 'older-dependencies' $Layout
        module = $ModulePath
        folder = (New-Item -ItemType Directory (Join-Path $Folder ([Guid]::NewGuid().ToString('n')))).FullName
    } + $Session
    $script = @(
        $given.GetEnumerator() | ForEach-Object { "`$$($_.Key) = '$($_.Value.Replace("'", "''"))'" }
        "$functions"
        $Order | ForEach-Object { $steps[$_] }
        "ConvertTo-Json -Compress `$done"
    ) -join "`n"
    $child = Invoke-ChildPwsh $script
    if ($child.ExitCode -ne 0) { throw "$($Order -join ', ') ($Layout): $($child.Error -join "`n")" }
    $child.Output[-1] | ConvertFrom-Json
}

<#
.SYNOPSIS
The faults of a session; nothing when both modules worked, each with its own versions.
#>
function Get-SessionFault {
    param([Parameter(Mandatory)] [Collections.IDictionary] $Session, [Parameter(Mandatory)] [object[]] $Done)

    $older = @($Done | Where-Object Step -eq 'older')
    $own = @($Done | Where-Object Step -in 'predict', 'train')
    foreach ($one in $Done) {
        $expected = switch ($one.Step) { 'older' { 1200 } 'import' { 'WaterMeters.Prediction' } 'predict' { $Session.alone } 'train' { 1 } }
        if ($one.Result -ne $expected) { "$($one.Step) gave '$($one.Result)' instead of '$expected'" }
    }
    foreach ($name in 'SkiaSharp', 'Native', 'NativeFile', 'YamlDotNet', 'Protobuf') {
        $theirs = @($older.$name | Sort-Object -Unique)
        $ours = @($own.$name | Where-Object { $_ } | Sort-Object -Unique)
        if ($theirs.Count -ne 1 -or $ours.Count -ne 1 -or $theirs[0] -eq $ours[0]) {
            "$name of OlderDependencies: $($theirs -join ', '); of WaterMeters: $($ours -join ', ')"
        }
    }
}

Export-ModuleMember -Function New-Session, Invoke-Session, Get-SessionFault
