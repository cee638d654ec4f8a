# Repositories of DVC with a remote in a folder, and reading what they hold.
Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'

<#
.SYNOPSIS
Makes a folder a repository whose remote is the folder `remote` in it. Returns its path.
#>
function New-DvcRepository {
    param([Parameter(Mandatory)] [string] $Path, [string] $Url = '../remote', [string] $Settings = '')

    $null = New-Item -ItemType Directory -Force (Join-Path $Path '.dvc')
    Set-Content (Join-Path $Path '.dvc' 'config') "[core]`n    remote = store`n['remote `"store`"']`n    url = $Url`n$Settings"
    $Path
}

<#
.SYNOPSIS
The path of an object in a remote or cache, as DVC 3 lays them out.
#>
function Get-DvcObjectPath {
    param([Parameter(Mandatory)] [string] $Remote, [Parameter(Mandatory)] [string] $Hash)

    Join-Path $Remote 'files' 'md5' $Hash.Substring(0, 2) $Hash.Substring(2)
}

<#
.SYNOPSIS
What a .dvc file names and the remote does not have with the right content: one line each, or nothing.
#>
function Get-MissingObject {
    param([Parameter(Mandatory)] [string] $DvcPath, [Parameter(Mandatory)] [string] $Remote)

    $version = [regex]::Match([IO.File]::ReadAllText($DvcPath), 'md5: (\S+)').Groups[1].Value
    $listing = Get-DvcObjectPath $Remote $version
    $named = @($version)
    if ($version -like '*.dir' -and (Test-Path -LiteralPath $listing)) {
        $named += @([IO.File]::ReadAllText($listing) | ConvertFrom-Json).md5
    }
    foreach ($hash in $named | Select-Object -Unique) {
        $path = Get-DvcObjectPath $Remote $hash
        if (-not (Test-Path -LiteralPath $path)) { "$hash is missing" }
        elseif ((Get-FileHash -LiteralPath $path -Algorithm MD5).Hash -ne ($hash -replace '\.dir$')) { "$hash is damaged" }
    }
}

Export-ModuleMember -Function New-DvcRepository, Get-DvcObjectPath, Get-MissingObject
