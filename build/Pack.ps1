<#
.SYNOPSIS
Builds the module, then makes its gallery package in out/packages.
#>
param([string] $Configuration = 'Release', [string[]] $Rest = @())

Import-Module Microsoft.PowerShell.PSResourceGet
& "$PSScriptRoot/Build.ps1" -Configuration $Configuration

$root = Split-Path $PSScriptRoot
$packages = Join-Path $root 'out' 'packages'
$null = New-Item -ItemType Directory -Force -Path $packages
Remove-Item "$packages/WaterMeters.*.nupkg"
Compress-PSResource -Path "$root/out/WaterMeters" -DestinationPath $packages

# The gallery takes no more than this.
$most = 250MB
$package = Get-Item "$packages/WaterMeters.*.nupkg"
$megabytes = ($package.Length / 1MB).ToString('0.0', [cultureinfo]::InvariantCulture)
if ($package.Length -gt $most) { throw "$($package.FullName) has $megabytes MB; the gallery takes $($most / 1MB) MB." }
Write-Host "$($package.FullName): $megabytes MB"
