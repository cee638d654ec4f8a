<#
.SYNOPSIS
Runs the Pester files in a fresh pwsh against out/WaterMeters. Gives back one result a test.
#>
param([string] $Configuration = 'Release', [string[]] $Names = @())

Import-Module "$PSScriptRoot/Processes.psm1"

$root = Split-Path $PSScriptRoot
$files = @(Get-ChildItem "$root/tests/Pester" -Filter *.Tests.ps1 -Recurse | Where-Object {
        $file = $_
        -not $Names -or ($Names | Where-Object { $file.Name -like "*$($_.Trim('*'))*.Tests.ps1" })
    })
if (-not $files) { return }

$report = Join-Path $root 'artifacts' 'reports' 'pester.json'
if (Test-Path -LiteralPath $report) { Remove-Item -LiteralPath $report }
$null = New-Item -ItemType Directory -Force -Path (Split-Path $report)

$pester = Get-Content -LiteralPath "$root/artifacts/pester/module.txt"
Invoke-Pwsh -File "$PSScriptRoot/Invoke-Pester.ps1" -Arguments (@($pester, "$root/out/WaterMeters", $report) + $files.FullName) | Out-Host
$exitCode = $LASTEXITCODE
if (-not (Test-Path -LiteralPath $report)) { throw "Pester left no report; its process ended with $exitCode." }

$run = Get-Content -LiteralPath $report -Raw | ConvertFrom-Json
$run.Tests
if (-not $run.Tests) { throw 'Pester found no test.' }
if (-not ($run.Tests | Where-Object Status -eq 'failed') -and ($run.Result -ne 'Passed' -or $exitCode -ne 0)) {
    throw "Pester's result is $($run.Result), its process ended with $exitCode, although no test failed."
}
