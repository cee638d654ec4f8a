# Pushes that are killed, pwsh and git, at each call of git: tests/Proofs/PrePushKills.ps1 and Invoke-WmsPrePush.Tests.ps1. A git in front
# of the real one counts the calls and kills at one of them, so each kill hits the same step. Linux and macOS only: it is a shell script.
Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'
Import-Module "$PSScriptRoot/PrePushRepository.psm1", "$PSScriptRoot/PwshProcess.psm1", "$PSScriptRoot/GitRepository.psm1"

# Before: pwsh is killed instead of git's start. During: pwsh is killed, and git goes to its end. After: pwsh is killed when git has ended.
# Git: git is killed, and pwsh has to cope. The reader of the pipe `alive` gets its end when nothing of the push runs any more.
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
Counts the calls of git in a push that is not killed.
#>
function Measure-GitCall {
    param([Parameter(Mandatory)] [string] $Path, [Parameter(Mandatory)] [string] $ModulePath)

    $set = New-KilledSet $Path
    $null = Invoke-KilledPush $set $ModulePath 0 Git
    [int] (Get-Content "$($set.Root)/bin/count")
}

<#
.SYNOPSIS
Makes the repository that each kill gets a copy of.
#>
function New-KilledSet {
    param([Parameter(Mandatory)] [string] $Path)

    $set = New-PushRepository (Join-Path $Path ([Guid]::NewGuid().ToString('n')))
    Add-PushedPair $set -Count 3
    $set
}

<#
.SYNOPSIS
Kills one push and checks what is left, then pushes again. Returns Call, Mode, At (the killed command), and Fault.
#>
function Test-PrePushKill {
    param(
        [Parameter(Mandatory)] [string] $Path,
        [Parameter(Mandatory)] [string] $ModulePath,
        [Parameter(Mandatory)] [int] $Call,
        [Parameter(Mandatory)] [ValidateSet('Before', 'During', 'After', 'Git')] [string] $Mode
    )

    $set = New-KilledSet $Path
    $before = Get-PushState $set
    $null = Invoke-KilledPush $set $ModulePath $Call $Mode
    $killed = "$($set.Root)/bin/killed"
    $at = (Test-Path $killed) ? (Get-Content $killed -Raw).Trim() : $null
    $faults = @(
        if (-not $at) { 'the push ended before it was killed' }
        if ((Get-PushState $set) -cne $before) { 'the repository or its remote has changed' }
        $branches = @(Get-DataBranch $set)
        if ($branches.Count -gt 1) { "there are $($branches.Count) data branches" }
        foreach ($branch in $branches) { Get-DataBranchFault $set $branch }

        $next = Invoke-Push $set $ModulePath
        if ($next -notmatch '^(DataPushed|AlreadyPushed) False$') { "the next push ended with '$next'" }
        if ((Get-PushState $set) -cne $before) { 'the next push has changed the repository' }
        $branches = @(Get-DataBranch $set)
        if ($branches.Count -ne 1) { "after the next push there are $($branches.Count) data branches" }
        foreach ($branch in $branches) { Get-DataBranchFault $set $branch }
        $left = @(Get-ChildItem "$($set.Work)/.git/watermeters" -Force -ErrorAction Ignore | Where-Object Name -NE branches)
        if ($left) { "the next push left $($left.Name)" }
        if (Invoke-Git -C $set.Work for-each-ref refs/watermeters) { 'the next push left a private ref' }
    )
    Remove-Item -LiteralPath $set.Root -Recurse -Force
    [pscustomobject]@{ Call = $Call; Mode = $Mode; At = $at; Fault = $faults.Count ? $faults -join '; ' : $null }
}

function Invoke-KilledPush([psobject] $Set, [string] $ModulePath, [int] $Call, [string] $Mode) {
    $bin = (New-Item -ItemType Directory "$($Set.Root)/bin").FullName
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
    $end = Invoke-Push $Set $ModulePath "`$env:PATH = '$bin' + [IO.Path]::PathSeparator + `$env:PATH; "
    $writer.Dispose()
    if (-not $waiting.WaitForExit(60000)) { throw 'Something of a killed push still runs.' }
    Remove-Item "$bin/alive"
    $end
}

# The outcome of a push in a new process, and whether it is allowed; nothing if the process was killed.
function Invoke-Push([psobject] $Set, [string] $ModulePath, [string] $Before = '') {
    $line = Get-PushLine $Set
    $script = "${Before}Set-Location '$($Set.Work)'; '$line' | Invoke-WmsPrePush -Url '$($Set.Remote)' -PassThru 6>`$null | " +
        "ForEach-Object { `"`$(`$_.Outcome) `$(`$_.IsAllowed)`" }"
    $end = Wait-PwshEnd (Start-Pwsh -ModulePath $ModulePath -Script $script)
    "$($end.Output)$(if ($end.Error) { " $($end.Error)" })"
}

Export-ModuleMember -Function Measure-GitCall, Test-PrePushKill
