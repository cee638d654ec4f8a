# The program of tests/FakeSessionPlugin, which forwards a port as session-manager-plugin does.
Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'

$artifacts = Join-Path (Split-Path (Split-Path $PSScriptRoot)) 'artifacts'
$program = Join-Path $artifacts 'bin' 'WaterMeters.FakeSessionPlugin' 'release'
# Built on Linux, the program for Windows is in another folder.
if ($IsWindows -and -not (Test-Path "$program/session-manager-plugin.exe")) { $program = Join-Path $artifacts 'windows' 'bin' }

$names = 'PATH', 'FAKE_PLUGIN_PORT', 'FAKE_PLUGIN_VERSION', 'FAKE_PLUGIN_FAULT', 'FAKE_PLUGIN_LOG'

<#
.SYNOPSIS
Puts the program in front of PATH until Disable-FakeSessionPlugin.
.PARAMETER Port
The port on this computer that stands for the one on the machine.
.PARAMETER LogPath
The file that gets a line for each session.
.PARAMETER Version
What the program says of its version.
.PARAMETER Fault
What goes wrong: see tests/FakeSessionPlugin/Program.cs.
.PARAMETER Missing
Instead, PATH has no program at all.
#>
function Enable-FakeSessionPlugin {
    param([int] $Port, [string] $LogPath, [string] $Version, [string] $Fault, [switch] $Missing)

    $before = @{}
    foreach ($name in $names) { $before[$name] = [Environment]::GetEnvironmentVariable($name) }
    $env:PATH = $Missing ? $PSScriptRoot : $program + [IO.Path]::PathSeparator + $env:PATH
    $env:FAKE_PLUGIN_PORT, $env:FAKE_PLUGIN_LOG, $env:FAKE_PLUGIN_VERSION, $env:FAKE_PLUGIN_FAULT = $Port, $LogPath, $Version, $Fault
    $before
}

<#
.SYNOPSIS
Restores the variables that Enable-FakeSessionPlugin has returned.
#>
function Disable-FakeSessionPlugin {
    param([Parameter(Mandatory)] [hashtable] $Before)

    foreach ($name in $names) { [Environment]::SetEnvironmentVariable($name, $Before[$name]) }
}

<#
.SYNOPSIS
Whether the real program is where its installer puts it: no PATH hides that.
#>
function Test-InstalledPlugin {
    $folders = $IsWindows ? "$env:ProgramFiles\Amazon\SessionManagerPlugin\bin" :
        @('/usr/local/sessionmanagerplugin/bin', '/usr/local/bin', '/opt/homebrew/bin')
    [bool] ($folders | Where-Object { Test-Path "$_/session-manager-plugin*" })
}

<#
.SYNOPSIS
The sessions that the program has had: ProcessId, How (variable or argument), Port.
#>
function Get-PluginSession {
    param([Parameter(Mandatory)] [string] $LogPath)

    if (-not (Test-Path -LiteralPath $LogPath)) { return }
    foreach ($line in Get-Content -LiteralPath $LogPath) {
        $id, $how, $length, $port = $line -split ' '
        [pscustomobject]@{ ProcessId = [int] $id; How = $how; Port = [int] $port; IsRunning = $null -ne (Get-Process -Id $id -ea Ignore) }
    }
}

Export-ModuleMember -Function Enable-FakeSessionPlugin, Disable-FakeSessionPlugin, Test-InstalledPlugin, Get-PluginSession
