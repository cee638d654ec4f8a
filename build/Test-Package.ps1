<#
.SYNOPSIS
Installs the gallery package with Install-PSResource from a local repository, then runs the first cmdlets in a new pwsh process.
.DESCRIPTION
The module goes to the current user's module folder, where the gallery would put it, and stays there: meant for CI. The
temporary repository is unregistered.
.PARAMETER PackagePath
The folder that holds the package, as build.ps1 Pack leaves it in out/packages.
.EXAMPLE
dotnet tool run pwsh ./build/Test-Package.ps1 out/packages
#>
param([Parameter(Mandatory)] [string] $PackagePath)

Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'
Import-Module "$PSScriptRoot/Processes.psm1"
Import-Module Microsoft.PowerShell.PSResourceGet

$folder = (Get-Item -LiteralPath $PackagePath).FullName
$packages = @(Get-ChildItem -LiteralPath $folder -Filter WaterMeters*.nupkg)
if ($packages.Count -ne 1) { throw "'$folder' must hold one WaterMeters package; it holds $($packages.Count). Run ./build.ps1 Pack." }
$version = $packages[0].BaseName -replace '^WaterMeters\.'

# A name that no other repository of this user uses.
$repository = "WaterMeters-$([Guid]::NewGuid().ToString('n'))"
Register-PSResourceRepository -Name $repository -Uri $folder -Trusted
try { Install-PSResource -Name WaterMeters -Version $version -Repository $repository -Scope CurrentUser -Reinstall }
finally { Unregister-PSResourceRepository -Name $repository }

Invoke-Pwsh -File "$PSScriptRoot/Invoke-FirstCmdlets.ps1" -Arguments $version
exit $LASTEXITCODE
