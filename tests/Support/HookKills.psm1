# Installations and removals of the hook that are killed, pwsh and git: tests/Proofs/HookKills.ps1 and Install-WmsHook.Tests.ps1.
Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'
Import-Module "$PSScriptRoot/GitRepository.psm1", "$PSScriptRoot/GitKills.psm1", "$PSScriptRoot/PwshProcess.psm1"

# Files that the cmdlets write, in order, as patterns of the folder of hooks.
$files = @{
    'Install-WmsHook'   = 'pre-push.before-wms.*.tmp', 'pre-push.before-wms', 'pre-push.*.tmp', 'pre-push'
    'Uninstall-WmsHook' = , 'pre-push'
}

# A repository with settings of its own and the hook of another tool, which Uninstall-WmsHook must give back.
function New-KilledRepository([string] $Path) {
    $root = New-GitRepository (Join-Path $Path ([Guid]::NewGuid().ToString('n')))
    [IO.File]::AppendAllText("$root/.git/config", "[branch `"x`"]`n`tremote = origin`n# The end`n")
    $null = New-Item -ItemType Directory -Force "$root/.git/hooks"
    [IO.File]::WriteAllText("$root/.git/hooks/pre-push", "#!/bin/sh`n# other`nexit 0`n")
    chmod 750 "$root/.git/hooks/pre-push"
    Set-Content "$root/wms.yaml" "dataset:`n  path: dados/treino"
    $root
}

# The files that the cmdlets may change, with their modes and content.
function Get-HookFile([string] $Root) {
    @(Get-Item "$Root/.git/config") + @(Get-ChildItem "$Root/.git/hooks", "$Root/.git/watermeters" -File -Force -ErrorAction Ignore) |
        ForEach-Object { "$([IO.Path]::GetRelativePath($Root, $_.FullName)) $($_.UnixFileMode) $((Get-FileHash $_).Hash)" }
}

# The same, with the settings in any order: those that a killed removal left are not written again. An empty file of a lock may be left,
# which locks nothing; the next push or removal deletes it.
function Get-Installation([string] $Root) {
    @(Get-HookFile $Root) -notlike '.git/config *' -notlike '*/push.lock *'
    Invoke-Git -C $Root config --local --list | Sort-Object
}

function Get-HookScript([string] $Cmdlet, [string] $Root) { "$Cmdlet '$Root'$($Cmdlet -eq 'Install-WmsHook' ? ' -Method File' : '')" }

<#
.SYNOPSIS
Counts the calls of git in a cmdlet that is not killed.
#>
function Measure-HookCall {
    param(
        [Parameter(Mandatory)] [string] $Path,
        [Parameter(Mandatory)] [string] $ModulePath,
        [Parameter(Mandatory)] [ValidateSet('Install-WmsHook', 'Uninstall-WmsHook')] [string] $Cmdlet
    )

    $root = New-KilledRepository $Path
    if ($Cmdlet -eq 'Uninstall-WmsHook') { $null = Install-WmsHook $root -Method File }
    $null = Invoke-KilledGit "$root.git" (Get-HookScript $Cmdlet $root) $ModulePath 0 Git
    Get-GitCount "$root.git"
}

<#
.SYNOPSIS
The patterns of files at which Test-HookKill can kill a cmdlet.
#>
function Get-HookKillFile {
    param([Parameter(Mandatory)] [ValidateSet('Install-WmsHook', 'Uninstall-WmsHook')] [string] $Cmdlet)

    $files[$Cmdlet]
}

<#
.SYNOPSIS
Kills one installation or removal, at a call of git or when it has written a file. Then the hook that git runs is the one before or ours,
both complete; the next Install-WmsHook gives what an undisturbed one gives, and Uninstall-WmsHook what was there before, byte for byte.
Returns Cmdlet, Point, At (the killed command, or the file), and Fault.
#>
function Test-HookKill {
    param(
        [Parameter(Mandatory, Position = 0)] [string] $Path,
        [Parameter(Mandatory, Position = 1)] [string] $ModulePath,
        [Parameter(Mandatory, Position = 2)] [ValidateSet('Install-WmsHook', 'Uninstall-WmsHook')] [string] $Cmdlet,
        [Parameter(Mandatory, ParameterSetName = 'Call')] [int] $Call,
        [Parameter(Mandatory, ParameterSetName = 'Call')] [ValidateSet('Before', 'During', 'After', 'Git')] [string] $Mode,
        [Parameter(Mandatory, ParameterSetName = 'File')] [string] $File
    )

    $root = New-KilledRepository $Path
    $before = Get-HookFile $root
    $null = Install-WmsHook $root -Method File
    $installed = Get-Installation $root
    if ($Cmdlet -eq 'Install-WmsHook') { $null = Uninstall-WmsHook $root }
    $script = Get-HookScript $Cmdlet $root
    if ($File) { $at = Invoke-KilledAtFile $root $script $ModulePath $File }
    else {
        $null = Invoke-KilledGit "$root.git" $script $ModulePath $Call $Mode
        $at = Get-KilledCall "$root.git"
    }

    $ours, $other = @($installed, $before | ForEach-Object { ,@($_ -like '.git/hooks/pre-push *') })
    $faults = @(
        if (-not $at) { 'it ended before it was killed' }
        $hook = @(Get-HookFile $root) -like '.git/hooks/pre-push *'
        if ("$hook" -cne "$ours" -and "$hook" -cne "$other") { "git finds '$hook'" }
        $null = Install-WmsHook $root -Method File
        $difference = Compare-Object @($installed) @(Get-Installation $root)
        if ($difference) { "the next Install-WmsHook gives $($difference | ForEach-Object { $_.SideIndicator + $_.InputObject })" }
        $null = Uninstall-WmsHook $root
        $difference = Compare-Object @($before) @(Get-HookFile $root)
        if ($difference) { "Uninstall-WmsHook gives $($difference | ForEach-Object { $_.SideIndicator + $_.InputObject })" }
        if (Test-Path "$root/.git/watermeters") { 'the folder watermeters is left' }
    )
    Remove-Item -LiteralPath $root -Recurse -Force
    [pscustomobject]@{
        Cmdlet = $Cmdlet; Point = $File ? $File : "$Mode call $Call"; At = $at; Fault = $faults.Count ? $faults -join '; ' : $null
    }
}

# Kills the process when a file of the folder of hooks has appeared or changed. Returns its name; nothing if the process ended before.
function Invoke-KilledAtFile([string] $Root, [string] $Script, [string] $ModulePath, [string] $File) {
    $watcher = [IO.FileSystemWatcher]::new("$Root/.git/hooks", $File)
    try {
        # Moved there by its last name, and so with that name only.
        $watcher.NotifyFilter = 'FileName'
        $pwsh = Start-Pwsh -ModulePath $ModulePath -Script $Script
        $change = $watcher.WaitForChanged('Created, Renamed', 60000)
        Send-PwshSignal $pwsh Kill
        $null = Wait-PwshEnd $pwsh
        if (-not $change.TimedOut) { $change.Name }
    }
    finally { $watcher.Dispose() }
}

Export-ModuleMember -Function Measure-HookCall, Get-HookKillFile, Test-HookKill
