<#
.SYNOPSIS
Runs the Pester files of a folder in a new pwsh process, with the module of out/WaterMeters. Returns its lines as text, and
one result per test.
.PARAMETER Half
1 or 2 selects every other file, so that two processes share the folder; 0 selects all.
#>
param([Parameter(Mandatory)] [string] $Folder, [ValidateRange(0, 2)] [int] $Half, [string[]] $Names = @())

Import-Module "$PSScriptRoot/Processes.psm1", "$PSScriptRoot/TestReports.psm1"

$root = Split-Path $PSScriptRoot
$files = @(Get-ChildItem "$root/tests/Pester/$Folder" -Filter *.Tests.ps1 -Recurse | Where-Object {
        $file = $_
        -not $Names -or ($Names | Where-Object { $file.Name -like "*$($_.Trim('*'))*.Tests.ps1" })
    })
if ($Half) { $files = @(for ($i = $Half - 1; $i -lt $files.Count; $i += 2) { $files[$i] }) }
if (-not $files) { return }

$report = Join-Path $root 'artifacts' 'reports' "pester-$Folder$($Half ? "-$Half" : '').json"
if (Test-Path -LiteralPath $report) { Remove-Item -LiteralPath $report }
$null = New-Item -ItemType Directory -Force -Path (Split-Path $report)

$pester = Get-Content -LiteralPath "$root/artifacts/pester/module.txt"
Invoke-Pwsh -File "$PSScriptRoot/Invoke-Pester.ps1" -Arguments (@($pester, "$root/out/WaterMeters", $report) + $files.FullName) 2>&1 |
    Skip-NativeWarning
$exitCode = $LASTEXITCODE
if (-not (Test-Path -LiteralPath $report)) { throw "Pester wrote no report for $Folder; its process ended with $exitCode." }

$run = Read-PesterReport $report
$run.Tests
if (-not $run.Tests) { throw "Pester found no test in $Folder." }
if (-not ($run.Tests | Where-Object Status -eq 'failed') -and ($run.Result -ne 'Passed' -or $exitCode -ne 0)) {
    throw "Pester's result for $Folder is $($run.Result) and its process ended with $exitCode, although no test failed."
}
