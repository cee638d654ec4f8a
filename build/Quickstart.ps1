<#
.SYNOPSIS
Builds the module, then runs samples/quickstart.ps1 in a new pwsh process with the remaining arguments.
#>
param([string] $Configuration = 'Release', [string[]] $Rest = @(), [string] $Platform = 'Current')

Import-Module "$PSScriptRoot/Processes.psm1"
& "$PSScriptRoot/Build.ps1" -Configuration $Configuration
$script = Join-Path (Split-Path $PSScriptRoot) 'samples' 'quickstart.ps1'
if ($Platform -eq 'Windows' -and -not $IsWindows) {
    Import-Module "$PSScriptRoot/Windows/Windows.psm1"
    if ($obstacle = Get-WindowsObstacle) { throw "No program for Windows can run here: $obstacle." }
    Invoke-WindowsPwsh -System (Get-WindowsSystem) -File $script -Arguments $Rest
}
else { Invoke-Pwsh -File $script -Arguments $Rest }
exit $LASTEXITCODE
