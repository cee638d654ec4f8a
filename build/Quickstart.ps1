<#
.SYNOPSIS
Builds the module, then runs samples/quickstart.ps1 in a new pwsh process with the remaining arguments.
#>
param([string] $Configuration = 'Release', [string[]] $Rest = @())

Import-Module "$PSScriptRoot/Processes.psm1"
& "$PSScriptRoot/Build.ps1" -Configuration $Configuration
Invoke-Pwsh -File (Join-Path (Split-Path $PSScriptRoot) 'samples' 'quickstart.ps1') -Arguments $Rest
exit $LASTEXITCODE
