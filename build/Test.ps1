<#
.SYNOPSIS
Builds, then runs all tests: the xunit projects, and the Pester files of Cmdlets and of Module. The last line is the count.
.DESCRIPTION
Names, with or without wildcards, select test classes and Pester files. The suites run side by side, one per core. A suite that cannot
do its work counts as one failure.
.PARAMETER Platform
Current: this system. Windows: the same tests as Windows programs, in Wine when this system is another one (docs/decisions/windows.md).
All: one after the other.
#>
param([string] $Configuration = 'Release', [string[]] $Rest = @(), [string] $Platform = 'Current')

Import-Module "$PSScriptRoot/TestReports.psm1", "$PSScriptRoot/Windows/Windows.psm1"
# With names, as in the proof WindowsTests, a run may take longer and lose more.
$mostLost, $mostMinutes = $Rest ? 1000, 1000 : 10, 55
# Windows itself needs no second form.
$platforms = $IsWindows ? 'Current' : $Platform -eq 'All' ? ('Current', 'Windows') : $Platform

# Longest first, so that two cores end at about the same time. The Pester files of Module would take longer than all the rest together.
function Get-CurrentSuite {
    foreach ($half in 1, 2) { @{ Runner = 'Pester'; Arguments = @{ Folder = 'Module'; Half = $half; Names = $Rest } } }
    foreach ($project in Get-ChildItem "$PSScriptRoot/../tests/*/*.Tests.csproj") {
        @{ Runner = 'xunit'; Arguments = @{ Project = $project.BaseName; Configuration = $Configuration; Names = $Rest } }
    }
    @{ Runner = 'Pester'; Arguments = @{ Folder = 'Cmdlets'; Names = $Rest } }
}

# Runs suites side by side. Returns a result for each test.
function Invoke-Suite([hashtable[]] $Suites, [string] $Platform) {
    $cores = [Environment]::ProcessorCount
    # One Wine prefix for each suite that runs at a time.
    $prefixes = [Collections.Concurrent.ConcurrentQueue[string]]::new([string[]] (1..$cores))
    # Where every program hangs, the run still ends with its count before CI ends it.
    $deadline = [datetime]::UtcNow.AddMinutes($mostMinutes)
    $Suites | ForEach-Object -ThrottleLimit $cores -Parallel {
        Set-StrictMode -Version 3.0
        $ErrorActionPreference = 'Stop'
        $suite = $_
        $script, $more, $prefix = "$using:PSScriptRoot/Test-$($suite.Runner).ps1", @{}, ''
        if ($suite.Runner -eq 'Windows') {
            $null = ($using:prefixes).TryDequeue([ref] $prefix)
            $script, $more = "$using:PSScriptRoot/Windows/Test-OnWindows.ps1", @{ Prefix = $prefix; Deadline = $using:deadline }
        }
        $arguments = $suite.Arguments
        try { & $script @arguments @more }
        catch {
            Import-Module "$using:PSScriptRoot/TestReports.psm1"
            $name = $arguments['Name'] ?? $arguments['Project'] ?? $arguments['Folder']
            New-TestResult $suite.Runner "the run of $name" failed -Reason "$_"
        }
        finally { if ($prefix) { ($using:prefixes).Enqueue($prefix) } }
    } | ForEach-Object {
        if ($_ -is [string]) { Write-Host $_ } else { $_.Platform = $Platform; $_ }
    }
}

function Invoke-CurrentTest {
    Invoke-Suite @(Get-CurrentSuite) 'Current'
}

function Invoke-WindowsTest {
    if ($obstacle = Get-WindowsObstacle) { return New-TestResult Windows 'the tests as Windows programs' skipped -Reason $obstacle }

    $system = Get-WindowsSystem
    $suites = @(& "$PSScriptRoot/Windows/Get-WindowsSuite.ps1" -System $system -Configuration $Configuration -Names $Rest)
    $done = @(if ($suites) { Invoke-Suite $suites 'Windows' })
    $done
    # A module that ends every process on Windows must not look like faults of Wine.
    $lost = @($done | Where-Object { $_.Status -eq 'skipped' -and $_.Reason -like 'in Wine its process *' })
    if ($lost.Count -gt $mostLost -or ($lost -and -not ($done | Where-Object Status -eq 'passed'))) {
        New-TestResult Windows 'the processes without a report' failed -Reason "$($lost.Count) are more than Wine itself ends; see above"
    }
}

# Unless they are set already. The networks of the tests are so small that more threads of libtorch only wait for each other
# (Interruption.Tests.ps1 compares models that were trained with all cores). Test processes live for seconds: methods compiled once more
# from a profile would not be used for long, a thread that collects garbage costs more than it saves, and pwsh need not prepare to send
# telemetry or look for a newer version.
$variables = @{
    OMP_NUM_THREADS = '1'; DOTNET_TieredPGO = '0'; DOTNET_gcConcurrent = '0'
    POWERSHELL_TELEMETRY_OPTOUT = '1'; POWERSHELL_UPDATECHECK = 'Off'
}
$added = @($variables.Keys | Where-Object { -not (Test-Path "Env:$_") })
foreach ($name in $added) { Set-Item "Env:$name" $variables[$name] }

$results = @(
    try {
        & "$PSScriptRoot/Build.ps1" -Configuration $Configuration
        foreach ($one in $platforms) {
            try { & "Invoke-${one}Test" } catch { New-TestResult $one 'the run itself' failed -Reason "$_" }
        }
    }
    catch { New-TestResult Build 'the build itself' failed -Reason "$_" }
    finally {
        foreach ($name in $added) { Remove-Item "Env:$name" }
    }
)
if (-not $results) {
    $results = @(New-TestResult Test "no test matches $($Rest -join ', ')" failed -Reason 'names select test classes and Pester files')
}

# What only Windows has is tested there: it is not skipped when it ran as a Windows program.
$ranOnWindows = [Collections.Generic.HashSet[string]]::new()
foreach ($one in $results) {
    if ($one.Platform -eq 'Windows' -and $one.Status -ne 'skipped') { $null = $ranOnWindows.Add("$($one.Source) $($one.Name)") }
}
$results = @($results | Where-Object {
        -not ($_.Platform -eq 'Current' -and $_.Status -eq 'skipped' -and $ranOnWindows.Contains("$($_.Source) $($_.Name)"))
    })

& "$PSScriptRoot/Write-TestSummary.ps1" -Results $results
exit (@($results.Status) -contains 'failed' ? 1 : 0)
