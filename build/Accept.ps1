<#
.SYNOPSIS
Builds, then takes the public surface as it is now into tests/Pester/snapshots. What changed is shown.
#>
param([string] $Configuration = 'Release', [string[]] $Rest = @())

Import-Module "$PSScriptRoot/Processes.psm1"
& "$PSScriptRoot/Build.ps1" -Configuration $Configuration
Invoke-Pwsh -File "$PSScriptRoot/Write-Snapshot.ps1" -Arguments (Join-Path (Split-Path $PSScriptRoot) 'out' 'WaterMeters')
exit $LASTEXITCODE
