<#
.SYNOPSIS
Builds the module, then creates its gallery package in out/packages.
#>
param([string] $Configuration = 'Release', [string[]] $Rest = @())

Import-Module "$PSScriptRoot/GalleryPackage.psm1"
& "$PSScriptRoot/Build.ps1" -Configuration $Configuration

$root = Split-Path $PSScriptRoot
$package = New-GalleryPackage "$root/out/WaterMeters" (Join-Path $root 'out' 'packages')
Write-Host "$($package.FullName): $(Get-Megabyte $package) MB"
