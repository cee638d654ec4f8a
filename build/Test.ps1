<#
.SYNOPSIS
Builds, then runs the tests of the core (xunit) and of the cmdlets (Pester). The last line is the count.
.DESCRIPTION
Names, with or without wildcards, choose test classes and Pester files. A runner that could not do its work counts as
one failure, so that nobody takes the count of the others for a pass.
#>
param([string] $Configuration = 'Release', [string[]] $Rest = @())

# Each result: Runner, Name, Status (passed, failed, skipped), Seconds, Reason.
$results = @(
    try {
        & "$PSScriptRoot/Build.ps1" -Configuration $Configuration
        foreach ($runner in 'xunit', 'Pester') {
            try { & "$PSScriptRoot/Test-$runner.ps1" -Configuration $Configuration -Names $Rest }
            catch { [pscustomobject]@{ Runner = $runner; Name = 'the run itself'; Status = 'failed'; Seconds = 0; Reason = "$_" } }
        }
    }
    catch { [pscustomobject]@{ Runner = 'Build'; Name = 'the build itself'; Status = 'failed'; Seconds = 0; Reason = "$_" } }
)
if (-not $results) {
    $results = @([pscustomobject]@{ Runner = 'Test'; Name = "no test is called $($Rest -join ', ')"; Status = 'failed'; Seconds = 0; Reason = 'names choose test classes and Pester files' })
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
