# The module on a machine without libtorch: tests/Proofs/WithoutLibTorch.ps1, WithoutLibTorch.Tests.ps1, Install-WmsRuntime.Tests.ps1.
Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'

<#
.SYNOPSIS
The environment variables of a child process that finds no libtorch: its package folder, home and data folders are empty. On Windows
no variable moves a user's cache, so only the package folder is hidden there.
#>
function Get-HidingEnvironment {
    param([Parameter(Mandatory)] [string] $Path)

    $own, $packages = foreach ($name in 'home', 'packages') { (New-Item -ItemType Directory -Force (Join-Path $Path $name)).FullName }
    @{
        NUGET_PACKAGES = $packages; HOME = $own; XDG_DATA_HOME = $own; XDG_CACHE_HOME = $own; XDG_CONFIG_HOME = $own
        WMS_TORCH_PATH = $null
    }
}

<#
.SYNOPSIS
Makes a small package with the layout of libtorch's. Returns its Path and Sha512.
#>
function New-TinyPackage {
    param([Parameter(Mandatory)] [string] $Path, [string] $Platform = (Get-Platform))

    $prefix, $suffix = $IsWindows ? '', '.dll' : $IsMacOS ? 'lib', '.dylib' : 'lib', '.so'
    $archive = [IO.Compression.ZipFile]::Open($Path, 'Create')
    try {
        foreach ($name in 'c10', 'torch', 'torch_cpu') {
            $stream = $archive.CreateEntry("runtimes/$Platform/native/$prefix$name$suffix").Open()
            try { $stream.Write([byte[]]::new(1000)) } finally { $stream.Dispose() }
        }
    }
    finally { $archive.Dispose() }
    $hash = [Convert]::ToBase64String([Convert]::FromHexString((Get-FileHash -LiteralPath $Path -Algorithm SHA512).Hash))
    [pscustomobject]@{ Path = $Path; Sha512 = $hash }
}

<#
.SYNOPSIS
The runtime identifier of this system, as in package names.
#>
function Get-Platform {
    $system = $IsWindows ? 'win' : $IsMacOS ? 'osx' : 'linux'
    "$system-$([Runtime.InteropServices.RuntimeInformation]::ProcessArchitecture)".ToLowerInvariant()
}

<#
.SYNOPSIS
Calls every cmdlet of the module once. Returns for each whether it works, else the error's identifier and message.
#>
function Invoke-EveryCmdlet {
    param([Parameter(Mandatory)] [string] $DataPath, [Parameter(Mandatory)] [string] $ModelPath, [Parameter(Mandatory)] [string] $Path)

    $null = New-Item -ItemType Directory -Force $Path
    $package = New-TinyPackage "$Path/tiny.nupkg"
    $calls = @{
        'New-WmsSampleDataset' = { New-WmsSampleDataset "$Path/drawn" -Count 2 -Size 96 }
        'Get-WmsDataset'       = { Get-WmsDataset $DataPath }
        'Repair-WmsDataset'    = {
            $null = New-WmsSampleDataset "$Path/repair" -Count 1 -Size 128 -Defect MaskJpeg
            Repair-WmsDataset "$Path/repair"
        }
        'Merge-WmsDataset'     = { Merge-WmsDataset $DataPath "$Path/merged" }
        'Test-WmsDataset'      = { Test-WmsDataset $DataPath -ReportPath "$Path/report.json" }
        'Split-WmsDataset'     = { Split-WmsDataset $DataPath -WhatIf }
        'Start-WmsTraining'    = {
            Start-WmsTraining $DataPath -OutputPath "$Path/run" -BaseChannels 4 -Stage 64x1x8 -InformationAction Ignore
        }
        'Measure-WmsModel'     = { Measure-WmsModel $ModelPath $DataPath }
        'Compare-WmsModel'     = { Compare-WmsModel $ModelPath $ModelPath $DataPath }
        'Invoke-WmsPrediction' = { Invoke-WmsPrediction "$DataPath/images" -Model $ModelPath }
        'Export-WmsModel'      = { Export-WmsModel $ModelPath "$Path/copy.pth" }
        'Export-WmsReport'     = {
            Compare-WmsModel $ModelPath $ModelPath $DataPath -NoLedger |
                Export-WmsReport -Path "$Path/report.html", "$Path/report.md" -PassThru
        }
        'Test-WmsEnvironment'  = { Test-WmsEnvironment }
        'Install-WmsRuntime'   = { Install-WmsRuntime $package.Path -Sha512 $package.Sha512 -Path "$Path/tiny" -WarningAction Ignore }
    }
    foreach ($cmdlet in (Get-Module WaterMeters).ExportedCommands.Keys | Sort-Object) {
        $result = [ordered]@{ Cmdlet = $cmdlet; Works = $false; ErrorId = ''; Message = '' }
        try {
            if (-not $calls[$cmdlet]) { throw "Invoke-EveryCmdlet has no call of $cmdlet." }
            $result.Works = @(& $calls[$cmdlet]).Count -gt 0
        }
        catch { $result.ErrorId, $result.Message = $_.FullyQualifiedErrorId, "$_" }
        [pscustomobject] $result
    }
}

Export-ModuleMember -Function Get-HidingEnvironment, Get-Platform, New-TinyPackage, Invoke-EveryCmdlet
