Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'

<#
.SYNOPSIS
Makes a folder hold exactly the given files, also while its files are loaded somewhere. Returns what it changed.
.DESCRIPTION
Windows locks a loaded DLL, and on Linux writing into a mapped one kills the process that mapped it. Both allow a
rename. So nothing is overwritten: an old file is moved aside, the new one moved into its place, and the old one is deleted
when it is no longer in use, at the latest by a later build. Equal files are not touched.
.PARAMETER Files
Relative path (with /) to source file.
.PARAMETER Aside
A folder on the same volume for the old files.
#>
function Update-Folder {
    param(
        [Parameter(Mandatory)] [Collections.IDictionary] $Files,
        [Parameter(Mandatory)] [string] $Destination,
        [Parameter(Mandatory)] [string] $Aside
    )

    Clear-Aside $Aside
    $null = New-Item -ItemType Directory -Force -Path $Destination
    $wanted = [Collections.Generic.HashSet[string]]::new(
        [string[]] $Files.Keys, ($IsWindows ? [StringComparer]::OrdinalIgnoreCase : [StringComparer]::Ordinal))

    foreach ($present in [IO.Directory]::GetFiles($Destination, '*', 'AllDirectories')) {
        $relative = [IO.Path]::GetRelativePath($Destination, $present).Replace('\', '/')
        if (-not $wanted.Contains($relative)) {
            Move-Aside $present $Aside
            $relative
        }
    }

    foreach ($relative in $Files.Keys) {
        $target = Join-Path $Destination $relative
        if (Test-SameFile $Files[$relative] $target) { continue }

        $null = New-Item -ItemType Directory -Force -Path (Split-Path $target)
        $new = New-AsidePath $Aside (Split-Path $target -Leaf)
        [IO.File]::Copy($Files[$relative], $new)
        if ([IO.File]::Exists($target)) { Move-Aside $target $Aside }
        [IO.File]::Move($new, $target)
        $relative
    }

    Remove-EmptyFolder $Destination
    Clear-Aside $Aside
}

function Test-SameFile([string] $Source, [string] $Target) {
    $from = [IO.FileInfo]::new($Source)
    $to = [IO.FileInfo]::new($Target)
    if (-not $to.Exists -or $from.Length -ne $to.Length) { return $false }
    $from.LastWriteTimeUtc -eq $to.LastWriteTimeUtc -or
        (Get-FileHash -LiteralPath $Source).Hash -eq (Get-FileHash -LiteralPath $Target).Hash
}

function New-AsidePath([string] $Aside, [string] $Name) {
    $folder = New-Item -ItemType Directory -Path (Join-Path $Aside ([Guid]::NewGuid().ToString('n')))
    Join-Path $folder.FullName $Name
}

function Move-Aside([string] $Path, [string] $Aside) {
    [IO.File]::Move($Path, (New-AsidePath $Aside (Split-Path $Path -Leaf)))
}

function Clear-Aside([string] $Aside) {
    if (Test-Path -LiteralPath $Aside) {
        Remove-Item -LiteralPath $Aside -Recurse -Force -ErrorAction Ignore
    }
}

function Remove-EmptyFolder([string] $Folder) {
    # Deepest first, so that a folder of empty folders is removed too.
    [IO.Directory]::GetDirectories($Folder, '*', 'AllDirectories') |
        Sort-Object -Property Length -Descending |
        Where-Object { -not [IO.Directory]::EnumerateFileSystemEntries($_).GetEnumerator().MoveNext() } |
        ForEach-Object { [IO.Directory]::Delete($_) }
}

Export-ModuleMember -Function Update-Folder
