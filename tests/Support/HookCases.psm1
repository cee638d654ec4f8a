# Repositories with the hook and other hooks: tests/Proofs/HookChains.ps1, HookSpeed.ps1 and HookShells.ps1.
Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'
Import-Module "$PSScriptRoot/GitRepository.psm1"

<#
.SYNOPSIS
The folders of the gits to test with: that of PATH, as an empty text, and a newer one that the variable WMS_GIT_PATH names.
#>
function Get-GitFolder {
    ''
    if ($env:WMS_GIT_PATH) { $env:WMS_GIT_PATH }
}

<#
.SYNOPSIS
Makes a repository with a bare remote and one commit on both, and a program in the place of PowerShell that counts its starts and answers
as the file `answer` says. Returns Root, Remote and Started, the file with its starts.
#>
function New-HookRepository {
    param([Parameter(Mandatory)] [string] $Path)

    $null = New-Item -ItemType Directory $Path
    $root, $remote = (Join-Path $Path 'água repo'), (Join-Path $Path 'remote.git')
    Invoke-Git init --quiet --bare --initial-branch=main $remote
    $null = New-GitRepository $root
    Invoke-Git -C $root remote add origin $remote
    $null = Add-GitCommit $root 'src/first.txt'
    Invoke-Git -C $root push --quiet --no-verify -u origin main
    $script = "#!/bin/sh`ncat >/dev/null`necho started >>'$Path/started'`nread -r code <'$Path/answer'`nexit `$code`n"
    New-Script "$Path/pwsh" $script
    Set-Content "$Path/answer" 1
    [pscustomobject]@{ Root = $root; Remote = $remote; Started = "$Path/started"; Pwsh = "$Path/pwsh"; Answer = "$Path/answer" }
}

<#
.SYNOPSIS
Lets the hook of a repository ask the program in the place of PowerShell.
#>
function Set-HookPwsh {
    param([Parameter(Mandatory)] [psobject] $Repository)

    Invoke-Git -C $Repository.Root config --unset-all watermeters.pwsh
    Invoke-Git -C $Repository.Root config watermeters.pwsh $Repository.Pwsh
}

<#
.SYNOPSIS
Writes an executable file, byte for byte.
#>
function New-Script {
    param([Parameter(Mandatory)] [string] $Path, [Parameter(Mandatory)] [string] $Text)

    $null = New-Item -ItemType Directory -Force (Split-Path $Path)
    [IO.File]::WriteAllText($Path, $Text)
    [IO.File]::SetUnixFileMode($Path, [IO.UnixFileMode] 'UserRead, UserWrite, UserExecute, GroupRead, GroupExecute, OtherExecute')
}

<#
.SYNOPSIS
Pushes. Returns ExitCode, and what git said.
#>
function Invoke-HookPush {
    param([Parameter(Mandatory)] [string] $Root, [string[]] $Arguments = @('origin', 'main'))

    $PSNativeCommandUseErrorActionPreference = $false
    $said = @(& git -C $Root push @Arguments 2>&1 | ForEach-Object { "$_" })
    [pscustomobject]@{ ExitCode = $LASTEXITCODE; Said = $said -join "`n" }
}

Export-ModuleMember -Function Get-GitFolder, New-HookRepository, Set-HookPwsh, New-Script, Invoke-HookPush
