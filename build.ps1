#!/usr/bin/env pwsh
#requires -Version 7.6
<#
.SYNOPSIS
Builds, tests and packs the module. All output goes to artifacts/ (the compiler's) and out/ (the module).
.DESCRIPTION
Build       compiles, composes out/WaterMeters, writes its help, checks its manifest
Test        builds, then runs every test; names choose test classes and Pester files
Quickstart  builds, then runs samples/quickstart.ps1 with the remaining arguments
Prove       builds, then runs the proofs of tests/Proofs; names choose some of them
Pack        builds, then makes the gallery package in out/packages
Accept      builds, then writes the current public surface to tests/Pester/snapshots
Clean       removes artifacts/ and out/

-Platform Windows lets Test, Quickstart and Prove run programs for Windows, in Wine when this system is another one. Test -Platform All
runs the tests of this system, then those of Windows, and counts them together.
.EXAMPLE
dotnet tool run pwsh ./build.ps1 Test
.EXAMPLE
./build.ps1 Test Metrics* Module
.EXAMPLE
./build.ps1 Test -Platform All
#>
[CmdletBinding(PositionalBinding = $false)]
param(
    [Parameter(Position = 0)]
    [ValidateSet('Build', 'Test', 'Quickstart', 'Prove', 'Pack', 'Accept', 'Clean')]
    [string] $Task = 'Build',

    [ValidateSet('Release', 'Debug')]
    [string] $Configuration = 'Release',

    [ValidateSet('Current', 'Windows', 'All')]
    [string] $Platform = 'Current',

    [Parameter(Position = 1, ValueFromRemainingArguments)]
    [string[]] $Rest = @()
)

Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'

# No colour codes in redirected output. Child processes inherit the variable.
if ([Console]::IsOutputRedirected) {
    $PSStyle.OutputRendering = 'PlainText'
    $env:NO_COLOR = '1'
}

$global:LASTEXITCODE = 0
$options = @{ Configuration = $Configuration; Rest = $Rest }
if ($PSBoundParameters.ContainsKey('Platform')) {
    if ($Task -notin 'Test', 'Quickstart', 'Prove') { throw "-Platform is for Test, Quickstart and Prove, not for $Task." }
    $options.Platform = $Platform
}
& "$PSScriptRoot/build/$Task.ps1" @options
exit $LASTEXITCODE
