<#
.SYNOPSIS
Compiles, composes out/WaterMeters, checks its manifest, writes its help and the pages in docs/cmdlets.
#>
param([string] $Configuration = 'Release', [string[]] $Rest = @())

$watch = [Diagnostics.Stopwatch]::StartNew()
& "$PSScriptRoot/Compile.ps1" -Configuration $Configuration
$changed = @(& "$PSScriptRoot/Compose.ps1" -Configuration $Configuration)
& "$PSScriptRoot/Test-Manifest.ps1"
if (& "$PSScriptRoot/Update-Help.ps1" -Configuration $Configuration) {
    $changed += @(& "$PSScriptRoot/Compose.ps1" -Configuration $Configuration)
}
$root = Split-Path $PSScriptRoot
$pages = @(& "$PSScriptRoot/Update-CmdletPages.ps1" -Source "$root/artifacts/help/cmdlets" -Destination "$root/docs/cmdlets")
if ($pages) { Write-Host "docs/cmdlets: wrote $($pages -join ', '); commit them." }

$seconds = $watch.Elapsed.TotalSeconds.ToString('0.0', [cultureinfo]::InvariantCulture)
Write-Host "out/WaterMeters: $($changed.Count) files changed, $seconds s"
