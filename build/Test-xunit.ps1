<#
.SYNOPSIS
Runs the tests of an xunit project. Returns its lines as text, and one result per test, read from the report it writes.
#>
param([Parameter(Mandatory)] [string] $Project, [Parameter(Mandatory)] [string] $Configuration, [string[]] $Names = @())

Import-Module "$PSScriptRoot/Processes.psm1", "$PSScriptRoot/TestReports.psm1"

$root = Split-Path $PSScriptRoot
$report = Join-Path $root 'artifacts' 'reports' "$Project.json"
if (Test-Path -LiteralPath $report) { Remove-Item -LiteralPath $report }
$null = New-Item -ItemType Directory -Force -Path (Split-Path $report)

# The assembly runs itself: dotnet test would spend seconds on evaluating every project.
$assembly = Join-Path $root 'artifacts' 'bin' $Project $Configuration.ToLowerInvariant() "$Project.dll"
$arguments = @($assembly, '-noLogo', '-noColor', '-result-ctrf', $report) + @($Names | ForEach-Object { '-class'; "*$($_.Trim('*'))*" })

# In an empty folder: PowerShell on Unix expands an argument with a star to the names of matching files.
$empty = New-Item -ItemType Directory -Force -Path (Join-Path $root 'artifacts' 'reports' 'empty')
Push-Location -LiteralPath $empty
try { & dotnet @arguments 2>&1 | Skip-NativeWarning } finally { Pop-Location }
$exitCode = $LASTEXITCODE
if (-not (Test-Path -LiteralPath $report)) { throw "$Project wrote no report; its process ended with $exitCode." }

$results = @(Read-XunitReport $report)
$results
if (-not $results -and -not $Names) { throw "$Project ran no test." }
if ($exitCode -ne 0 -and -not ($results | Where-Object Status -eq 'failed')) {
    throw "$Project ended with $exitCode although no test failed."
}
