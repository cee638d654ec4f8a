<#
.SYNOPSIS
Makes docs/cmdlets the same as the pages the build wrote. Returns the names of the pages that differed.
.DESCRIPTION
The pages are committed. In CI nothing is written: a page that differs fails the build.
#>
param(
    [Parameter(Mandatory)] [string] $Source,
    [Parameter(Mandatory)] [string] $Destination
)

$made = @(Get-ChildItem -LiteralPath $Source -Filter *.md -File)
$removed = @(Get-ChildItem -LiteralPath $Destination -Filter *.md -File -ErrorAction Ignore | Where-Object Name -notin $made.Name)
$changed = @($made | Where-Object {
        $committed = Join-Path $Destination $_.Name
        -not (Test-Path -LiteralPath $committed) -or
            [IO.File]::ReadAllText($_.FullName) -cne [IO.File]::ReadAllText($committed)
    })
$names = @($changed + $removed | ForEach-Object Name | Sort-Object -Culture '')
if (-not $names) { return }

if ($env:CI -eq 'true') {
    throw "docs/cmdlets is out of date: run ./build.ps1 Build and commit. Different: $($names -join ', ')."
}
$null = New-Item -ItemType Directory -Force -Path $Destination
$changed | Copy-Item -Destination $Destination
$removed | Remove-Item
$names
