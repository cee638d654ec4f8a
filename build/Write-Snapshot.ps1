<#
.SYNOPSIS
Writes the snapshots of the public surface, in its own process because it imports the module.
#>
param([Parameter(Mandatory)] [string] $ModulePath)

$ErrorActionPreference = 'Stop'
Import-Module $ModulePath, "$PSScriptRoot/../tests/Support/PublicSurface.psm1", "$PSScriptRoot/../tests/Support/RecordSamples.psm1"

$surface = Get-Surface
foreach ($name in $surface.Keys) {
    $file = Join-Path (Get-SnapshotFolder) $name
    $was = @(Get-Content -LiteralPath $file -ErrorAction Ignore | Select-Object -Skip 1)
    $difference = @(Get-SurfaceDifference $was $surface[$name])
    Write-Host "$name`: $($difference ? "$($difference.Count) lines changed" : 'as it was')"
    $difference | Write-Host

    # Line ends as in the repository, on every system.
    [IO.File]::WriteAllText($file, ((@('# What users rely on. Written by ./build.ps1 Accept.') + $surface[$name]) -join "`n") + "`n")
}

# How every record looks, at three widths, under two cultures.
$views = Join-Path (Get-SnapshotFolder) 'views'
$null = New-Item -ItemType Directory -Force -Path $views
$texts = Get-ViewSnapshot
foreach ($name in $texts.Keys) { [IO.File]::WriteAllText((Join-Path $views $name), $texts[$name] + "`n") }
