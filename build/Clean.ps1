<#
.SYNOPSIS
Removes everything that a build creates.
#>
param([string] $Configuration = 'Release', [string[]] $Rest = @())

$root = Split-Path $PSScriptRoot
foreach ($folder in 'artifacts', 'out') {
    $path = Join-Path $root $folder
    if (-not (Test-Path -LiteralPath $path)) { continue }
    try { Remove-Item -LiteralPath $path -Recurse -Force }
    catch { throw "$folder could not be removed; close the sessions that have imported the module. $_" }
}
