# Every test as a Windows program, also the classes that a run of all tests leaves out: how many pass, and at most one in twenty is
# skipped.
param([Parameter(Mandatory)] [string] $ModulePath)

$ErrorActionPreference = 'Stop'
$root = Split-Path (Split-Path $PSScriptRoot)
Import-Module "$root/build/Processes.psm1"
# A name selects what contains it: every class has the first, every file one of the others.
$all = 'Tests', 'a', 'e', 'i', 'o', 'u', 'v'
Invoke-Pwsh -File "$root/build.ps1" -Arguments (@('Test', '-Platform', 'Windows') + $all) | Tee-Object -Variable lines | Out-Host
$code = $LASTEXITCODE
$passed, $failed, $skipped = [regex]::Match($lines[-1], '^(\d+) passed, (\d+) failed, (\d+) skipped$').Groups[1..3].Value
"WindowsTests: $passed passed, $failed failed, $skipped skipped"
exit ($code -eq 0 -and [int] $passed -gt 1000 -and 20 * [int] $skipped -le [int] $passed + [int] $skipped ? 0 : 1)
