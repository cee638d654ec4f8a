Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'

# The gallery's size limit.
$most = 250MB

<#
.SYNOPSIS
Creates the gallery package of a module's folder and returns its file. Fails when the gallery would reject it.
#>
function New-GalleryPackage {
    param([Parameter(Mandatory)] [string] $ModulePath, [Parameter(Mandatory)] [string] $DestinationPath)

    Import-Module Microsoft.PowerShell.PSResourceGet
    $null = New-Item -ItemType Directory -Force -Path $DestinationPath
    Remove-Item "$DestinationPath/WaterMeters*.nupkg"
    Compress-PSResource -Path $ModulePath -DestinationPath $DestinationPath

    $package = Get-Item "$DestinationPath/WaterMeters*.nupkg"
    if ($package.Length -gt $most) { throw "$($package.FullName) has $(Get-Megabyte $package) MB; the gallery takes $($most / 1MB) MB." }
    $package
}

<#
.SYNOPSIS
The length of a file in megabytes, as people read it.
#>
function Get-Megabyte {
    param([Parameter(Mandatory)] [IO.FileInfo] $File)

    ($File.Length / 1MB).ToString('0.0', [cultureinfo]::InvariantCulture)
}

Export-ModuleMember -Function New-GalleryPackage, Get-Megabyte
