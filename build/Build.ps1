<#
.SYNOPSIS
Compiles, composes out/WaterMeters, checks its manifest and writes its help.
#>
param([string] $Configuration = 'Release', [string[]] $Rest = @())

$watch = [Diagnostics.Stopwatch]::StartNew()
& "$PSScriptRoot/Compile.ps1" -Configuration $Configuration
$changed = @(& "$PSScriptRoot/Compose.ps1" -Configuration $Configuration)
& "$PSScriptRoot/Test-Manifest.ps1"
if (& "$PSScriptRoot/Update-Help.ps1" -Configuration $Configuration) {
    $changed += @(& "$PSScriptRoot/Compose.ps1" -Configuration $Configuration)
}

$seconds = $watch.Elapsed.TotalSeconds.ToString('0.0', [cultureinfo]::InvariantCulture)
Write-Host "out/WaterMeters: $($changed.Count) files changed, $seconds s"
