<#
.SYNOPSIS
Shows the slowest tests, the skipped and the failed ones and, as the last line, the count. After a run on two platforms,
artifacts/reports/platforms.csv has the counts of both for each class and file.
#>
param([Parameter(Mandatory)] [psobject[]] $Results)

$invariant = [cultureinfo]::InvariantCulture
function Get-Label([psobject] $Result) { $Result.Platform -in '', 'Current' ? $Result.Runner : "$($Result.Platform) $($Result.Runner)" }
function Measure-Status([psobject[]] $Those, [string] $Status) { @($Those | Where-Object Status -eq $Status).Count }

foreach ($group in $Results | Where-Object Seconds -gt 0 | Group-Object { Get-Label $_ }) {
    Write-Host "`nSlowest in $($group.Name):"
    $group.Group | Sort-Object Seconds -Descending | Select-Object -First 5 | ForEach-Object {
        Write-Host ([string]::Format($invariant, '{0,8:0.00} s  {1}', $_.Seconds, $_.Name))
    }
}
foreach ($status in 'skipped', 'failed') {
    $those = @($Results | Where-Object Status -eq $status)
    if (-not $those) { continue }
    Write-Host "`n$($status.Substring(0, 1).ToUpperInvariant() + $status.Substring(1)):"
    foreach ($one in $those) { Write-Host "  $(Get-Label $one): $($one.Name) ($($one.Reason ? $one.Reason : 'no reason given'))" }
}

$platforms = @($Results.Platform | Where-Object { $_ } | Select-Object -Unique)
if ($platforms.Count -gt 1) {
    $rows = foreach ($group in $Results | Where-Object Source | Group-Object Source) {
        $row = [ordered]@{ Source = $group.Name }
        foreach ($platform in $platforms) {
            $those = @($group.Group | Where-Object Platform -eq $platform)
            $row["${platform}Tests"] = $those.Count
            $row["${platform}Skipped"] = Measure-Status $those skipped
            $seconds = 0.0
            foreach ($one in $those) { $seconds += $one.Seconds }
            $row["${platform}Seconds"] = $seconds.ToString('0.0', $invariant)
        }
        [pscustomobject]$row
    }
    $table = Join-Path (Split-Path $PSScriptRoot) 'artifacts' 'reports' 'platforms.csv'
    $rows | Sort-Object Source | Export-Csv -LiteralPath $table
    Write-Host ''
    foreach ($platform in $platforms) {
        $those = @($Results | Where-Object Platform -eq $platform)
        $counts = foreach ($status in 'passed', 'failed', 'skipped') { "$(Measure-Status $those $status) $status" }
        Write-Host "On $($platform): $($counts -join ', ')." # not the plain closing line
    }
}

$counts = foreach ($status in 'passed', 'failed', 'skipped') { "$(Measure-Status $Results $status) $status" }
Write-Host "`n$($counts -join ', ')"
