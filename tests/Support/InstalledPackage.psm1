# The gallery package, installed as users install it but without touching this user's settings: Package.Tests.ps1 and
# tests/Proofs/Package.ps1.
Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'
Import-Module "$PSScriptRoot/TestSupport.psm1", "$PSScriptRoot/Wine.psm1", "$PSScriptRoot/../../build/GalleryPackage.psm1"

<#
.SYNOPSIS
Makes a package of the module, registers a local repository and installs it from there into an empty home. Returns Package (the file),
ModuleBase, and Environment: the variables with which a new pwsh process finds the module.
.DESCRIPTION
On Windows no variable moves a user's folders. Where the user is made for the tests (Wine, CI) the package is installed all the same, see
Uninstall-PackedModule; elsewhere it is saved into a module folder. The repository has a unique name and is removed afterwards.
#>
function Install-PackedModule {
    param([Parameter(Mandatory)] [string] $ModulePath, [Parameter(Mandatory)] [string] $Folder)

    $package = New-GalleryPackage $ModulePath "$Folder/feed"
    $null = New-Item -ItemType Directory "$Folder/home", "$Folder/modules"
    $isOurUser = -not $IsWindows -or $env:CI -eq 'true' -or (Test-Wine)
    $environment = @{
        HOME = "$Folder/home"; XDG_DATA_HOME = $null; XDG_CONFIG_HOME = $null; XDG_CACHE_HOME = $null; XDG_STATE_HOME = $null
        PSModulePath = $isOurUser ? $null : "$Folder/modules"
        # libtorch is not in the package, and the home folder it may lie in is another one here.
        NUGET_PACKAGES = $env:NUGET_PACKAGES ? $env:NUGET_PACKAGES : (Join-Path $HOME '.nuget' 'packages')
    }
    $get = $isOurUser ? 'Install-PSResource -Scope CurrentUser -Reinstall' : "Save-PSResource -Path '$Folder/modules'"
    $installed = Invoke-ChildPwsh -Environment $environment -TimeoutSeconds 300 @"
        Import-Module Microsoft.PowerShell.PSResourceGet
        `$name = 'WaterMeters-' + [Guid]::NewGuid().ToString('n')
        Register-PSResourceRepository -Name `$name -Uri '$Folder/feed' -Trusted
        try { $get -Name WaterMeters -Repository `$name } finally { Unregister-PSResourceRepository -Name `$name }
        (Get-Module WaterMeters -ListAvailable).ModuleBase
"@
    if ($installed.ExitCode -ne 0) { throw "The package could not be installed: $($installed.Error -join ' ')" }
    [pscustomobject]@{ Package = $package; ModuleBase = $installed.Output[-1]; Environment = $environment }
}

<#
.SYNOPSIS
Removes the installed module, which on Windows lies in the real folder of this user. Wine's listing of a folder can leave out names while
files in it are deleted ("Directory is not empty"); another attempt finds them.
#>
function Uninstall-PackedModule {
    param([Parameter(Mandatory)] [object] $Installed)

    if (-not $IsWindows) { return }
    foreach ($attempt in 1..5) {
        Remove-Item -LiteralPath $Installed.ModuleBase -Recurse -Force -ErrorAction ($attempt -eq 5 ? 'Stop' : 'Ignore')
        if (-not (Test-Path -LiteralPath $Installed.ModuleBase)) { return }
    }
}

<#
.SYNOPSIS
Runs the main job with the installed module in a new pwsh process: draw, check, train two models, compare, predict, export.
Returns the result of each step.
#>
function Invoke-MainJob {
    param(
        [Parameter(Mandatory)] [object] $Installed, [Parameter(Mandatory)] [string] $Folder,
        [int] $Count = 24, [int] $Size = 128, [int] $BaseChannels = 4, [string] $Stage = '64x1x8'
    )

    $null = New-Item -ItemType Directory $Folder
    $isOurs = "`$_.GetName().Name -in 'WaterMeters.Ml', 'SkiaSharp', 'TorchSharp'"
    $job = Invoke-ChildPwsh -Environment $Installed.Environment -WorkingDirectory $Folder -TimeoutSeconds 900 @"
        `$InformationPreference = 'Ignore'
        Import-Module WaterMeters
        `$null = New-WmsSampleDataset ./meters -Count $Count -Size $Size -Seed 3
        `$report = Test-WmsDataset ./meters -ReportPath ./report.json
        `$first, `$second = 1, 2 | ForEach-Object {
            Start-WmsTraining ./meters -OutputPath "./runs/`$_" -BaseChannels $BaseChannels -Stage $Stage -Seed `$_ 6>`$null
        }
        `$comparison = `$second | Compare-WmsModel -Baseline `$first.ModelPath
        Get-WmsDataset ./meters | Where-Object Split -eq Test |
            Invoke-WmsPrediction -Model `$second.ModelPath -OutputPath ./masks | Export-Csv ./windows.csv
        [ordered]@{
            ModuleBase = (Get-Module WaterMeters).ModuleBase
            Status     = "`$(`$report.Status)"
            Report     = (Get-Content ./report.json -Raw | ConvertFrom-Json).status
            Verdict    = "`$(`$comparison.Verdict)"
            Photos     = `$comparison.Photos
            Rows       = @(Import-Csv ./windows.csv).Count
            Masks      = @(Get-ChildItem ./masks -Filter *.png).Count
            Topic      = (Get-Help about_WaterMeters | Out-String).Length
            Loaded     = @([AppDomain]::CurrentDomain.GetAssemblies() | Where-Object { $isOurs } |
                    ForEach-Object { `$_.Location })
        } | ConvertTo-Json -Compress
"@
    if ($job.ExitCode -ne 0) { throw "The main job failed: $($job.Error -join ' ')" }
    $job.Output[-1] | ConvertFrom-Json
}

Export-ModuleMember -Function Install-PackedModule, Uninstall-PackedModule, Invoke-MainJob
