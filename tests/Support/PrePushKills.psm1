# Pushes that are killed, pwsh and git, at each call of git, or interrupted at a line they print: tests/Proofs/PrePushKills.ps1 and
# Invoke-WmsPrePush.Tests.ps1.
Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'
Import-Module "$PSScriptRoot/PrePushRepository.psm1", "$PSScriptRoot/PwshProcess.psm1", "$PSScriptRoot/GitRepository.psm1",
    "$PSScriptRoot/GitKills.psm1"

<#
.SYNOPSIS
Counts the calls of git in a push that is not killed.
#>
function Measure-GitCall {
    param([Parameter(Mandatory)] [string] $Path, [Parameter(Mandatory)] [string] $ModulePath)

    $set = New-KilledSet $Path
    $null = Invoke-KilledPush $set $ModulePath 0 Git
    Get-GitCount $set.Root
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
    $at = Get-KilledCall $set.Root
    $faults = @(
        if (-not $at) { 'the push ended before it was killed' }
        if ((Get-PushState $set) -cne $before) { 'the repository or its remote has changed' }
        Get-NextPushFault $set $ModulePath $before
    )
    Remove-Item -LiteralPath $set.Root -Recurse -Force
    [pscustomobject]@{ Call = $Call; Mode = $Mode; At = $at; Fault = $faults.Count ? $faults -join '; ' : $null }
}

function Invoke-KilledPush([psobject] $Set, [string] $ModulePath, [int] $Call, [string] $Mode) {
    Invoke-KilledGit $Set.Root (Get-PushScript $Set) $ModulePath $Call $Mode
}

# The outcome of a push in a new process, and whether it is allowed; nothing if the process was killed.
function Invoke-Push([psobject] $Set, [string] $ModulePath) {
    $end = Wait-PwshEnd (Start-Pwsh -ModulePath $ModulePath -Script (Get-PushScript $Set))
    "$($end.Output)$(if ($end.Error) { " $($end.Error)" })"
}

function Get-PushScript([psobject] $Set) {
    "Set-Location '$($Set.Work)'; '$(Get-PushLine $Set)' | Invoke-WmsPrePush -Url '$($Set.Remote)' -PassThru 6>`$null | " +
        "ForEach-Object { `"`$(`$_.Outcome) `$(`$_.IsAllowed)`" }"
}

<#
.SYNOPSIS
Lines that a push prints with -Verbose, from first to last.
#>
function Get-PushPoint {
    '^Read the \d+ branches', '^Fetched main', 'are on no data branch yet', '^Took \d+ files', '^Checked the training data',
    '^Wrote the commit', '^Pushing the branch', 'is on the remote\.$', '^Your training data'
}

<#
.SYNOPSIS
Interrupts one push with Ctrl+C at a line that it prints, and pushes again. Returns At (the line), Seconds to its end, and Fault.
#>
function Test-PrePushInterrupt {
    param(
        [Parameter(Mandatory)] [string] $Path,
        [Parameter(Mandatory)] [string] $ModulePath,
        [Parameter(Mandatory)] [string] $Match
    )

    $set = New-KilledSet $Path
    $before = Get-PushState $set
    $script = "Set-Location '$($set.Work)'; '$(Get-PushLine $set)' | Invoke-WmsPrePush -Url '$($set.Remote)' -Quiet -Verbose *>&1 | " +
        'ForEach-Object { "$_" }'
    $end = Invoke-PwshUntil -Script $script -ModulePath $ModulePath -Match $Match -Signal Interrupt
    $faults = @(
        if (-not $end.At) { "no line matched $Match" }
        if ($end.Error) { "it wrote to the error stream: $($end.Error -join ' | ')" }
        Get-PushFault $set $before 'the push'
        Get-NextPushFault $set $ModulePath $before
    )
    Remove-Item -LiteralPath $set.Root -Recurse -Force
    [pscustomobject]@{ At = $end.At; Seconds = $end.Returned.TotalSeconds; Fault = $faults.Count ? $faults -join '; ' : $null }
}

# A stopped push removes what is its own, a killed one cannot.
function Get-PushFault([psobject] $Set, [string] $Before, [string] $What) {
    if ((Get-PushState $Set) -cne $Before) { "$What has changed the repository or its remote" }
    $left = @(Get-ChildItem "$($Set.Work)/.git/watermeters" -Force -ErrorAction Ignore | Where-Object Name -NE branches)
    if ($left) { "$What left $($left.Name)" }
    if (Invoke-Git -C $Set.Work for-each-ref refs/watermeters) { "$What left a private ref" }
}

function Get-NextPushFault([psobject] $Set, [string] $ModulePath, [string] $Before) {
    $branches = @(Get-DataBranch $Set)
    if ($branches.Count -gt 1) { "there are $($branches.Count) data branches" }
    foreach ($branch in $branches) { Get-DataBranchFault $Set $branch }
    $next = Invoke-Push $Set $ModulePath
    if ($next -notmatch '^(DataPushed|AlreadyPushed) False$') { "the next push ended with '$next'" }
    $branches = @(Get-DataBranch $Set)
    if ($branches.Count -ne 1) { "after the next push there are $($branches.Count) data branches" }
    foreach ($branch in $branches) { Get-DataBranchFault $Set $branch }
    Get-PushFault $Set $Before 'the next push'
}

Export-ModuleMember -Function Measure-GitCall, Test-PrePushKill, Get-PushPoint, Test-PrePushInterrupt
