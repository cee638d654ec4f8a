# A bare remote and a clone of it with training data to push: Invoke-WmsPrePush.Tests.ps1 and the proofs PrePushKills and PrePushSpeed.
Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'
Import-Module "$PSScriptRoot/GitRepository.psm1"

<#
.SYNOPSIS
Makes a remote and a clone in a folder; the remote has a main branch with code and wms.yaml. Returns Root, Work and Remote.
#>
function New-PushRepository {
    param([Parameter(Mandatory)] [string] $Path)

    $set = Get-PushRepository $Path
    $null = New-Item -ItemType Directory -Force $Path
    Invoke-Git init --quiet --bare --initial-branch=main $set.Remote
    $null = New-GitRepository $set.Work
    Invoke-Git -C $set.Work config core.autocrlf false
    Invoke-Git -C $set.Work remote add origin $set.Remote
    Set-Content "$($set.Work)/wms.yaml" "dataset:`n  path: data/training"
    $null = Add-GitCommit $set.Work README.md 'A project'
    Invoke-Git -C $set.Work push --quiet --no-verify --set-upstream origin main
    $set
}

<#
.SYNOPSIS
The paths of a folder that New-PushRepository made, or of a copy of it.
#>
function Get-PushRepository {
    param([Parameter(Mandatory)] [string] $Path)

    [pscustomobject]@{ Root = $Path; Work = Join-Path $Path 'work'; Remote = Join-Path $Path 'remote.git' }
}

<#
.SYNOPSIS
Draws pairs into the clone, and commits them.
#>
function Add-PushedPair {
    param([Parameter(Mandatory)] [psobject] $Set, [int] $Count = 2, [int] $Size = 160, [int] $Seed = 5)

    $null = New-WmsSampleDataset "$($Set.Work)/data/training" -Count $Count -Size $Size -Seed $Seed
    Invoke-Git -C $Set.Work add --all
    Invoke-Git -C $Set.Work commit --quiet -m "Add $Count pairs"
}

<#
.SYNOPSIS
The line that git writes to the hook for a push of HEAD to main.
#>
function Get-PushLine {
    param([Parameter(Mandatory)] [psobject] $Set)

    "HEAD $(Invoke-Git -C $Set.Work rev-parse HEAD) refs/heads/main $(Invoke-Git --git-dir $Set.Remote rev-parse main)"
}

<#
.SYNOPSIS
What a push must not change, as text: refs, index, work tree and .git/config of the clone, and the branches of the remote without data.
#>
function Get-PushState {
    param([Parameter(Mandatory)] [psobject] $Set, [string] $Work = $Set.Work)

    # A newer git notes what it pushed to the address of a remote.
    $refs = Invoke-Git -C $Work for-each-ref | Where-Object { $_ -notmatch 'refs/(watermeters|remotes/origin/data)/' }
    $remote = Invoke-Git --git-dir $Set.Remote for-each-ref | Where-Object { $_ -notmatch 'refs/heads/data/' }
    $config = [Convert]::ToHexString([IO.File]::ReadAllBytes("$($Set.Work)/.git/config"))
    @(
        Invoke-Git -C $Work symbolic-ref -q HEAD
        $refs
        Invoke-Git -C $Work ls-files --stage
        Invoke-Git -C $Work status --porcelain --ignored
        $config
        $remote
    ) -join "`n"
}

<#
.SYNOPSIS
The data branches of the remote.
#>
function Get-DataBranch {
    param([Parameter(Mandatory)] [psobject] $Set)

    @(Invoke-Git --git-dir $Set.Remote for-each-ref '--format=%(refname:short)' refs/heads/data/)
}

<#
.SYNOPSIS
What is wrong with a data branch that should have all that HEAD of the clone changes, and nothing else: one line each, or nothing.
#>
function Get-DataBranchFault {
    param([Parameter(Mandatory)] [psobject] $Set, [Parameter(Mandatory)] [string] $Branch)

    $null = Invoke-Git --git-dir $Set.Remote fsck --connectivity-only
    $expected = Invoke-Git -C $Set.Work diff-tree -r --no-renames origin/main HEAD -- data
    $found = Invoke-Git --git-dir $Set.Remote diff-tree -r --no-renames main $Branch
    if ("$expected" -cne "$found") { "$Branch does not have the changes of the push" }
    if ((Invoke-Git --git-dir $Set.Remote rev-parse "$Branch^") -cne (Invoke-Git --git-dir $Set.Remote rev-parse main)) {
        "$Branch is not on top of main"
    }
}

Export-ModuleMember -Function New-PushRepository, Get-PushRepository, Add-PushedPair, Get-PushLine, Get-PushState, Get-DataBranch,
    Get-DataBranchFault
