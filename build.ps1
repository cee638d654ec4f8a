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
.EXAMPLE
dotnet tool run pwsh ./build.ps1 Test
.EXAMPLE
./build.ps1 Test Metrics* Module
#>
[CmdletBinding(PositionalBinding = $false)]
param(
    [Parameter(Position = 0)]
    [ValidateSet('Build', 'Test', 'Quickstart', 'Prove', 'Pack', 'Accept', 'Clean')]
    [string] $Task = 'Build',

    [ValidateSet('Release', 'Debug')]
    [string] $Configuration = 'Release',

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
& "$PSScriptRoot/build/$Task.ps1" -Configuration $Configuration -Rest $Rest
exit $LASTEXITCODE
