<#
.SYNOPSIS
Runs one group of xunit classes, or of Pester files, as a Windows program. Returns its lines as text, and one result per test.
.DESCRIPTION
A group without a report (its process crashed, or its time was over) is run again class by class, or file by file. A class or file with a
failed test is run once more by itself, and only what fails then counts as failed. One whose process writes no report by itself either,
and has printed no failure, counts as skipped: Wine ends processes of .NET by faults of its own (docs/decisions/windows.md), and the real
Windows has the last word.
.PARAMETER Deadline
When all programs must have ended (UTC). What has not run by then counts like a process without a report.
.PARAMETER Project
The xunit project of the classes; without it, the sources are Pester files.
#>
param(
    [Parameter(Mandatory)] [psobject] $System,
    [Parameter(Mandatory)] [string] $Name,
    [Parameter(Mandatory)] [string[]] $Sources,
    [Parameter(Mandatory)] [string] $Prefix,
    [string] $Project,
    [string] $Configuration = 'Release',
    [int] $Seconds = 300,
    [int] $SecondsAlone = 300,
    [datetime] $Deadline = [datetime]::MaxValue
)

Import-Module "$PSScriptRoot/../Processes.psm1", "$PSScriptRoot/../TestReports.psm1", "$PSScriptRoot/Windows.psm1"

$root = Split-Path (Split-Path $PSScriptRoot)
$report = Join-Path $root 'artifacts' 'reports' "windows-$Name.json"
$null = New-Item -ItemType Directory -Force -Path (Split-Path $report)

# Runs the sources in one process: its lines, and how it ended.
function Invoke-Group([string[]] $Group, [int] $Limit) {
    if (Test-Path -LiteralPath $report) { Remove-Item -LiteralPath $report }
    $left = [int] [Math]::Min([double] $Limit, ($Deadline - [datetime]::UtcNow).TotalSeconds)
    if ($left -le 0) {
        $global:LASTEXITCODE = 124
        return
    }
    # The programs that stand for AWS, its Session Manager and Terraform.
    foreach ($program in 'WaterMeters.FakeCloud', 'WaterMeters.FakeSessionPlugin', 'WaterMeters.FakeTerraform') {
        Get-ChildItem (Join-Path $root 'artifacts' 'bin' $program $Configuration.ToLowerInvariant() '*.runtimeconfig.json') |
            ForEach-Object { $null = New-WindowsExecutable $System ($_.FullName -replace '\.runtimeconfig\.json$', '.dll') }
    }
    $common = @{ System = $System; Prefix = $Prefix; Seconds = $left }
    if ($Project) {
        $assembly = Join-Path $root 'artifacts' 'bin' $Project $Configuration.ToLowerInvariant() "$Project.dll"
        $arguments = @('-noLogo', '-noColor', '-result-ctrf', (ConvertTo-WindowsPath $report))
        $arguments += $Group | ForEach-Object { '-class'; $_ }
        Invoke-WindowsProgram @common -Program (New-WindowsExecutable $System $assembly) -Arguments $arguments
    }
    else {
        $pester = Get-Content -LiteralPath "$root/artifacts/pester/module.txt"
        $paths = @($pester, "$root/out/WaterMeters", $report) + $Group | ForEach-Object { ConvertTo-WindowsPath $_ }
        Invoke-WindowsPwsh @common -File "$PSScriptRoot/../Invoke-Pester.ps1" -Arguments $paths
    }
}

# The results of the last process; nothing when it wrote no report, or was ended while it did.
function Read-Group {
    if (-not (Test-Path -LiteralPath $report)) { return }
    try { $Project ? @(Read-XunitReport $report) : (Read-PesterReport $report).Tests }
    catch { Write-Host "Windows: the report of $Name cannot be read: $_" }
}

function Get-Leaf([string] $Source) { $Project ? $Source : (Split-Path $Source -Leaf) }

"Windows: $Name"
# A line of stderr would end the whole run, where errors stop it.
$began = [Diagnostics.Stopwatch]::StartNew()
Invoke-Group $Sources $Seconds 2>&1 | Skip-NativeWarning
$ended = $LASTEXITCODE
"Windows: $Name ended after $([int] $began.Elapsed.TotalSeconds) s."
$results = @(Read-Group)
$reported = @($results | ForEach-Object Source)
$missing = @($Sources | Where-Object { (Get-Leaf $_) -notin $reported })
if (-not $results -and $Sources.Count -gt 1) { "Windows: $Name ended with $ended and wrote no report." }

# Not even a report, or a failure: once more, alone.
$again = @($Sources | Where-Object { $leaf = Get-Leaf $_; $_ -in $missing -or
        ($results | Where-Object { $_.Source -eq $leaf -and $_.Status -eq 'failed' }) })
foreach ($source in $again) {
    "Windows: $source runs alone."
    $lines = [System.Collections.Generic.List[string]]::new()
    Invoke-Group @($source) $SecondsAlone 2>&1 | Skip-NativeWarning | ForEach-Object { $lines.Add("$_"); $_ }
    $ended = $LASTEXITCODE
    $leaf = Get-Leaf $source
    $alone = @(Read-Group)
    if (-not $alone) {
        if ($results | Where-Object Source -eq $leaf) { continue } # its first report stands, with its failures
        $how = $ended -ne 124 ? "ended with $ended" : $Deadline -lt [datetime]::UtcNow ? 'had no time' : "did not end in $SecondsAlone s"
        # After a failed test, an xunit process often hangs: what it has printed of its failures counts.
        $failures = @($lines | Select-String -Pattern '^ {4}(\S.*) \[FAIL\]$')
        $alone = $failures ?
            @($failures | ForEach-Object { $test = $_.Matches[0].Groups[1].Value
                    New-TestResult 'xunit' $test failed -Source $leaf -Reason "$($lines[$_.LineNumber].Trim()) (then its process $how)" }) :
            @(New-TestResult ($Project ? 'xunit' : 'Pester') $leaf skipped -Source $leaf -Reason "in Wine its process $how")
    }
    $results = @($results | Where-Object Source -ne $leaf) + $alone
}
$results
