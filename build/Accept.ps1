<#
.SYNOPSIS
Builds, then writes the current public surface to tests/Pester/snapshots and shows what changed.
#>
param([string] $Configuration = 'Release', [string[]] $Rest = @())

Import-Module "$PSScriptRoot/Processes.psm1"
& "$PSScriptRoot/Build.ps1" -Configuration $Configuration
Invoke-Pwsh -File "$PSScriptRoot/Write-Snapshot.ps1" -Arguments (Join-Path (Split-Path $PSScriptRoot) 'out' 'WaterMeters')
exit $LASTEXITCODE
