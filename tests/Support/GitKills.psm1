# Cmdlets that are killed, or whose git is killed, at a call of git: PrePushKills.psm1 and HookKills.psm1. A git in front of the real one
# counts the calls and kills at one of them, so each kill hits the same step. Linux and macOS only: it is a shell script.
Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'
Import-Module "$PSScriptRoot/PwshProcess.psm1"

# Before: pwsh is killed instead of git's start. During: pwsh is killed, and git goes to its end. After: pwsh is killed when git has ended.
# Git: git is killed, and pwsh has to cope. The reader of the pipe `alive` gets its end when nothing of the cmdlet runs any more.
$wrapper = @'
#!/bin/sh
[ -p '{0}/alive' ] && exec 9>'{0}/alive'
count=0
read -r count <'{0}/count'
count=$((count + 1))
echo "$count" >'{0}/count'
[ "$count" = '{2}' ] || exec '{1}' "$@"
echo "$*" >'{0}/killed'
case {3} in
    Before) kill -9 "$PPID"; exit 137 ;;
    During) kill -9 "$PPID"; exec '{1}' "$@" ;;
    After) '{1}' "$@"; kill -9 "$PPID" ;;
    Git) '{1}' "$@" <&0 & kill -9 "$!"; wait "$!"; exit 137 ;;
esac
'@

<#
.SYNOPSIS
Runs a script in a new process and kills at a call of git; call 0 is none. Returns what it wrote, as text.
.PARAMETER Root
A folder for the git in front; the same one again starts anew.
#>
function Invoke-KilledGit {
    param(
        [Parameter(Mandatory)] [string] $Root,
        [Parameter(Mandatory)] [string] $Script,
        [Parameter(Mandatory)] [string] $ModulePath,
        [Parameter(Mandatory)] [int] $Call,
        [Parameter(Mandatory)] [ValidateSet('Before', 'During', 'After', 'Git')] [string] $Mode
    )

    $bin = (New-Item -ItemType Directory -Force "$Root/bin").FullName
    Remove-Item "$bin/*"
    $real = (Get-Command git -CommandType Application | Select-Object -First 1).Source
    Set-Content "$bin/count" 0
    [IO.File]::WriteAllText("$bin/git", (($wrapper -f $bin, $real, $Call, $Mode) -replace "`r"))
    chmod +x "$bin/git"
    mkfifo "$bin/alive"

    # One writer of our own, opened for both so that it waits for no reader, until pwsh has ended: the reader gets its end when the last
    # writer is gone.
    $writer = [IO.File]::Open("$bin/alive", 'Open', 'ReadWrite', 'ReadWrite')
    $reader = [Diagnostics.ProcessStartInfo]::new('cat', [string[]] "$bin/alive")
    $reader.RedirectStandardOutput = $true
    $waiting = [Diagnostics.Process]::Start($reader)
    $end = Wait-PwshEnd (Start-Pwsh -ModulePath $ModulePath -Script (
            "`$env:PATH = '$bin' + [IO.Path]::PathSeparator + `$env:PATH; $Script"))
    $writer.Dispose()
    if (-not $waiting.WaitForExit(60000)) { throw 'Something of a killed process still runs.' }
    Remove-Item "$bin/alive"
    "$($end.Output)$(if ($end.Error) { " $($end.Error)" })"
}

<#
.SYNOPSIS
The number of calls of git in the last run.
#>
function Get-GitCount([string] $Root) { [int] (Get-Content "$Root/bin/count") }

<#
.SYNOPSIS
The arguments of the call at which the last run was killed; nothing if it ended before.
#>
function Get-KilledCall([string] $Root) {
    if (Test-Path "$Root/bin/killed") { (Get-Content "$Root/bin/killed" -Raw).Trim() }
}

Export-ModuleMember -Function Invoke-KilledGit, Get-GitCount, Get-KilledCall
