# A session with another binary module that has its own SkiaSharp, YamlDotNet and Google.Protobuf; for the tests and for the proof.
Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'

$root = Split-Path (Split-Path $PSScriptRoot)
Import-Module "$PSScriptRoot/TestSupport.psm1"

# What a session can do, in the words of the orders below.
$acts = @{
    neighbour = "
        Import-Module (Join-Path `$neighbour 'Neighbour.dll')
        `$picture = Measure-NeighbourPicture
        Add-Act neighbour `$picture.SkiaSharp `$picture.YamlDotNet `$picture.Protobuf `$picture.Pixels"
    import    = "
        Import-Module `$module
        Add-Act import `$null `$null `$null ([WaterMeters.Prediction].FullName)"
    predict   = "
        `$masks = Join-Path `$folder ('masks-' + `$said.Count)
        `$null = Invoke-WmsPrediction `$photos -Model `$model -Precision Float32 -OutputPath `$masks
        Add-Act predict (Get-OwnAssembly SkiaSharp) `$null (Get-OwnAssembly Google.Protobuf) ((Get-ChildItem `$masks | Get-FileHash).Hash -join ' ')"
    train     = "
        `$run = Start-WmsTraining `$data -ConfigPath `$config -OutputPath (Join-Path `$folder ('run-' + `$said.Count)) -BaseChannels 4 -InformationAction Ignore
        Add-Act train (Get-OwnAssembly SkiaSharp) (Get-OwnAssembly YamlDotNet) `$null `$run.Epochs"
}

# SkiaSharpVersion.Native asks the native library itself; the file is the one whose memory holds a function of it.
$functions = {
    $said = [Collections.Generic.List[object]]::new()

    function Get-OwnAssembly([string] $Name) {
        [Runtime.Loader.AssemblyLoadContext]::All.Where{ $_.Name -eq 'WaterMeters' }.Assemblies.Where{ $_.GetName().Name -eq $Name }[0]
    }

    function Get-NativeFile([Reflection.Assembly] $Assembly) {
        $handle = [Runtime.InteropServices.NativeLibrary]::Load('libSkiaSharp', $Assembly, $null)
        $address = [long] [Runtime.InteropServices.NativeLibrary]::GetExport($handle, 'sk_version_get_milestone')
        foreach ($module in [Diagnostics.Process]::GetCurrentProcess().Modules) {
            if ($address -ge [long] $module.BaseAddress -and $address -lt [long] $module.BaseAddress + $module.ModuleMemorySize) { return $module.FileName }
        }
    }

    function Add-Act([string] $Act, [Reflection.Assembly] $Skia, [Reflection.Assembly] $Yaml, [Reflection.Assembly] $Protobuf, $Result) {
        $native = $Skia ? $Skia.GetType('SkiaSharp.SkiaSharpVersion').GetProperty('Native').GetValue($null) : $null
        $said.Add([ordered]@{
                Act        = $Act
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
Draws photos, trains a tiny model and writes a train.yaml into a folder: what a session of Invoke-Session works with.
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
Does one thing after the other in a fresh pwsh, and gives back what each said: Act, Result, versions and native file.
.PARAMETER Order
The things to do: neighbour (import and use it), import, predict, train.
.PARAMETER Layout
Where the neighbour keeps its native library: beside its assembly, or in the folder that PowerShell looks into by itself.
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
        neighbour = Join-Path $root 'artifacts' 'neighbours' $Layout
        module    = $ModulePath
        folder    = (New-Item -ItemType Directory (Join-Path $Folder ([Guid]::NewGuid().ToString('n')))).FullName
    } + $Session
    $script = @(
        $given.GetEnumerator() | ForEach-Object { "`$$($_.Key) = '$($_.Value.Replace("'", "''"))'" }
        "$functions"
        $Order | ForEach-Object { $acts[$_] }
        "ConvertTo-Json -Compress `$said"
    ) -join "`n"
    $child = Invoke-ChildPwsh $script
    if ($child.ExitCode -ne 0) { throw "$($Order -join ', ') ($Layout): $($child.Error -join "`n")" }
    $child.Output[-1] | ConvertFrom-Json
}

<#
.SYNOPSIS
What is wrong with a session; nothing when both modules worked, each time with their own versions.
#>
function Get-SessionFault {
    param([Parameter(Mandatory)] [Collections.IDictionary] $Session, [Parameter(Mandatory)] [object[]] $Said)

    $neighbours = @($Said | Where-Object Act -eq 'neighbour')
    $own = @($Said | Where-Object Act -in 'predict', 'train')
    foreach ($one in $Said) {
        $expected = switch ($one.Act) { 'neighbour' { 1200 } 'import' { 'WaterMeters.Prediction' } 'predict' { $Session.alone } 'train' { 1 } }
        if ($one.Result -ne $expected) { "$($one.Act) gave '$($one.Result)' instead of '$expected'" }
    }
    foreach ($name in 'SkiaSharp', 'Native', 'NativeFile', 'YamlDotNet', 'Protobuf') {
        $theirs = @($neighbours.$name | Sort-Object -Unique)
        $ours = @($own.$name | Where-Object { $_ } | Sort-Object -Unique)
        if ($theirs.Count -ne 1 -or $ours.Count -ne 1 -or $theirs[0] -eq $ours[0]) { "$name of the neighbour: $($theirs -join ', '); of the module: $($ours -join ', ')" }
    }
}

Export-ModuleMember -Function New-Session, Invoke-Session, Get-SessionFault
