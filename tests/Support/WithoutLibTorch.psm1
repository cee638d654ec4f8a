# The module on a machine without libtorch: tests/Proofs/WithoutLibTorch.ps1, WithoutLibTorch.Tests.ps1, Install-WmsRuntime.Tests.ps1.
Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'
Import-Module "$PSScriptRoot/MlflowServer.psm1", "$PSScriptRoot/DvcRepository.psm1", "$PSScriptRoot/GitRepository.psm1",
    "$PSScriptRoot/GitHubServer.psm1", "$PSScriptRoot/FakeTerraform.psm1", "$PSScriptRoot/FakeCloud.psm1"

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

function New-PublishedData([string] $Path, [string] $DataPath) {
    $null = New-DvcRepository $Path
    Copy-Item $DataPath "$Path/data" -Recurse
    $null = Publish-WmsDataset "$Path/data"
    "$Path/data"
}

# Wine has no git.
function Get-GitResult([scriptblock] $Call) {
    if (Get-Command git -ErrorAction Ignore) { & $Call } else { 'git is not installed' }
}

function Invoke-InCloud([scriptblock] $Command) {
    $cloud = Start-FakeCloud
    try { & $Command } finally { Stop-FakeCloud $cloud }
}

<#
.SYNOPSIS
Calls every cmdlet of the module once; the store of MLFLOW_TRACKING_URI has a finished run. Returns for each whether it works, else
the error's identifier and message.
#>
function Invoke-EveryCmdlet {
    param([Parameter(Mandatory)] [string] $DataPath, [Parameter(Mandatory)] [string] $ModelPath, [Parameter(Mandatory)] [string] $Path)

    $null = New-Item -ItemType Directory -Force $Path
    $package = New-TinyPackage "$Path/tiny.nupkg"
    $registry = "$Path/registry.db"
    $calls = @{
        'New-WmsSampleDataset' = { New-WmsSampleDataset "$Path/drawn" -Count 2 -Size 96 }
        'Get-WmsDataset'       = { Get-WmsDataset $DataPath }
        'Repair-WmsDataset'    = {
            $null = New-WmsSampleDataset "$Path/repair" -Count 1 -Size 128 -Defect MaskJpeg
            Repair-WmsDataset "$Path/repair"
        }
        'Merge-WmsDataset'     = { Merge-WmsDataset $DataPath "$Path/merged" }
        'Publish-WmsDataset'   = { Publish-WmsDataset (New-PublishedData "$Path/publish" $DataPath) }
        'Restore-WmsDataset'   = { Restore-WmsDataset (New-PublishedData "$Path/restore" $DataPath) }
        'Compare-WmsDataset'   = {
            $data = New-PublishedData "$Path/compare" $DataPath
            Get-ChildItem "$data/images" | Select-Object -First 1 | Remove-Item
            Compare-WmsDataset $data
        }
        'Test-WmsDataset'      = { Test-WmsDataset $DataPath -ReportPath "$Path/report.json" }
        'Split-WmsDataset'     = { Split-WmsDataset $DataPath -WhatIf }
        'Start-WmsTraining'    = {
            Start-WmsTraining $DataPath -OutputPath "$Path/run" -BaseChannels 4 -Stage 64x1x8 -InformationAction Ignore
        }
        'Get-WmsRun'           = { Get-WmsRun -First 1 }
        'Sync-WmsRun'          = {
            $server = Start-MlflowServer
            try { Get-WmsRun -Status Finished -First 1 | Sync-WmsRun -TrackingUri $server.Uri } finally { Stop-MlflowServer $server }
        }
        'Measure-WmsModel'     = { Measure-WmsModel $ModelPath $DataPath }
        'Compare-WmsModel'     = { Compare-WmsModel $ModelPath $ModelPath $DataPath }
        'Invoke-WmsPrePush'    = {
            Get-GitResult {
                $repository = New-GitRepository "$Path/pushed"
                $id = Add-GitCommit $repository README.md
                Push-Location $repository
                try { "HEAD $id refs/heads/main $('0' * 40)" | Invoke-WmsPrePush -Url "$Path/nowhere" -PassThru } finally { Pop-Location }
            }
        }
        'Invoke-WmsPrediction' = { Invoke-WmsPrediction "$DataPath/images" -Model $ModelPath }
        'Export-WmsModel'      = { Export-WmsModel $ModelPath "$Path/copy.pth" }
        'Get-WmsModel'         = {
            $null = Publish-WmsModel $ModelPath -TrackingUri $registry
            Get-WmsModel -TrackingUri $registry
        }
        'Publish-WmsModel'     = { Publish-WmsModel $ModelPath -TrackingUri $registry }
        'Set-WmsModelStage'    = { Set-WmsModelStage 1 Production -TrackingUri $registry }
        'Sync-WmsModel'        = { Sync-WmsModel -TrackingUri $registry -OutputPath "$Path/synced" }
        'Export-WmsReport'     = {
            Compare-WmsModel $ModelPath $ModelPath $DataPath -NoLedger |
                Export-WmsReport -Path "$Path/report.html", "$Path/report.md" -PassThru
        }
        'Initialize-WmsRepository' = { Get-GitResult { Initialize-WmsRepository "$Path/initialized" } }
        'Install-WmsHook'      = { Get-GitResult { Install-WmsHook (New-GitRepository "$Path/hooked") } }
        'Uninstall-WmsHook'    = { Get-GitResult { Uninstall-WmsHook (New-GitRepository "$Path/unhooked") } }
        'Set-WmsSecret'        = {
            $server = Start-GitHubServer
            try {
                Set-GitHubEnvironment $server -CredentialPath "$Path/credentials" -ProfileName academy
                Set-WmsSecret ana/meters -ProfileName academy
            }
            finally { Stop-GitHubServer $server }
        }
        'Invoke-WmsTerraform'  = {
            $folder = New-TerraformFolder "$Path/terraform"
            Invoke-WithTerraform { Invoke-WmsTerraform $folder -WarningAction Ignore }
        }
        'Start-WmsInfrastructure'  = { Invoke-InCloud { Start-WmsInfrastructure -BucketName wms-bucket } }
        'Stop-WmsInfrastructure'   = { Invoke-InCloud { Stop-WmsInfrastructure -BucketName wms-bucket } }
        'Get-WmsInfrastructure'    = { Invoke-InCloud { Get-WmsInfrastructure -BucketName wms-bucket } }
        'Remove-WmsInfrastructure' = {
            Invoke-InCloud { Remove-WmsInfrastructure -Terminate -BucketName wms-bucket -Confirm:$false -WarningAction Ignore }
        }
        'Test-WmsEnvironment'  = {
            # terraform may be a program that notes its calls in the current location.
            Push-Location $Path
            try { Test-WmsEnvironment } finally { Pop-Location }
        }
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
