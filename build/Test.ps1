<#
.SYNOPSIS
Builds, then runs all tests: the xunit projects, and the Pester files of Cmdlets and of Module. The last line is the count.
.DESCRIPTION
Names, with or without wildcards, select test classes and Pester files. The suites run side by side, one per core. A suite that cannot
do its work counts as one failure.
#>
param([string] $Configuration = 'Release', [string[]] $Rest = @())

# Longest first, so that two cores end at about the same time. The Pester files of Module would take longer than all the rest together.
$suites = @(
    foreach ($half in 1, 2) { @{ Runner = 'Pester'; Arguments = @{ Folder = 'Module'; Half = $half; Names = $Rest } } }
    foreach ($project in Get-ChildItem "$PSScriptRoot/../tests/*/*.Tests.csproj") {
        @{ Runner = 'xunit'; Arguments = @{ Project = $project.BaseName; Configuration = $Configuration; Names = $Rest } }
    }
    @{ Runner = 'Pester'; Arguments = @{ Folder = 'Cmdlets'; Names = $Rest } }
)

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

# Each result: Runner, Name, Status (passed, failed, skipped), Seconds, Reason.
$results = @(
    try {
        & "$PSScriptRoot/Build.ps1" -Configuration $Configuration
        $suites | ForEach-Object -ThrottleLimit ([Environment]::ProcessorCount) -Parallel {
            Set-StrictMode -Version 3.0
            $ErrorActionPreference = 'Stop'
            $runner, $arguments = $_.Runner, $_.Arguments
            try { & "$using:PSScriptRoot/Test-$runner.ps1" @arguments }
            catch { [pscustomobject]@{ Runner = $runner; Name = 'the run itself'; Status = 'failed'; Seconds = 0; Reason = "$_" } }
        } | ForEach-Object { if ($_ -is [string]) { Write-Host $_ } else { $_ } }
    }
    catch { [pscustomobject]@{ Runner = 'Build'; Name = 'the build itself'; Status = 'failed'; Seconds = 0; Reason = "$_" } }
    finally {
        foreach ($name in $added) { Remove-Item "Env:$name" }
    }
)
if (-not $results) {
    $reason = 'names select test classes and Pester files'
    $results = @(
        [pscustomobject]@{ Runner = 'Test'; Name = "no test matches $($Rest -join ', ')"; Status = 'failed'; Seconds = 0; Reason = $reason }
    )
}

foreach ($group in $results | Where-Object Seconds -gt 0 | Group-Object Runner) {
    Write-Host "`nSlowest in $($group.Name):"
    $group.Group | Sort-Object Seconds -Descending | Select-Object -First 5 | ForEach-Object {
        Write-Host ([string]::Format([cultureinfo]::InvariantCulture, '{0,8:0.00} s  {1}', $_.Seconds, $_.Name))
    }
}
foreach ($status in 'skipped', 'failed') {
    $those = @($results | Where-Object Status -eq $status)
    if (-not $those) { continue }
    Write-Host "`n$($status.Substring(0, 1).ToUpperInvariant() + $status.Substring(1)):"
    foreach ($one in $those) { Write-Host "  $($one.Runner): $($one.Name) ($($one.Reason ? $one.Reason : 'no reason given'))" }
}

$count = @{ passed = 0; failed = 0; skipped = 0 }
foreach ($one in $results) { $count[$one.Status]++ }
Write-Host "`n$($count.passed) passed, $($count.failed) failed, $($count.skipped) skipped"
exit ($count.failed ? 1 : 0)
