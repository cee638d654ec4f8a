# Repositories of git for tests. They depend on no setting of the user or the system.
Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'

<#
.SYNOPSIS
Makes a folder a repository with an author and a branch main, without a commit. Returns its path.
#>
function New-GitRepository {
    param([Parameter(Mandatory)] [string] $Path, [string] $Format = 'sha1')

    Invoke-Git init --quiet --initial-branch=main "--object-format=$Format" $Path
    Invoke-Git -C $Path config user.name 'A user'
    Invoke-Git -C $Path config user.email 'user@example.com'
    $Path
}

<#
.SYNOPSIS
Runs git, and throws with its messages if it fails. Returns its output.
#>
function Invoke-Git {
    $PSNativeCommandUseErrorActionPreference = $false
    $said = @(& git @args 2>&1)
    if ($LASTEXITCODE -ne 0) { throw "git $args ended with ${LASTEXITCODE}: $($said -join ' ')" }
    $said | Where-Object { $_ -isnot [Management.Automation.ErrorRecord] }
}

<#
.SYNOPSIS
Writes a file in a repository, and commits everything. Returns the id of the commit.
#>
function Add-GitCommit {
    param([Parameter(Mandatory)] [string] $Path, [Parameter(Mandatory)] [string] $Name, [string] $Content = [Guid]::NewGuid())

    $file = Join-Path $Path $Name
    $null = New-Item -ItemType Directory -Force (Split-Path $file)
    [IO.File]::WriteAllText($file, $Content)
    Invoke-Git -C $Path add --all
    Invoke-Git -C $Path commit --quiet -m $Name
    Invoke-Git -C $Path rev-parse HEAD
}

Export-ModuleMember -Function New-GitRepository, Invoke-Git, Add-GitCommit
