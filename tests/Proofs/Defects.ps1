# One defect of each kind among 200 drawn photos, several seeds: Test-WmsDataset reports each by its check and severity, and nothing else.
param([Parameter(Mandatory)] [string] $ModulePath, [int] $Count = 200, [int[]] $Seed = (0, 1, 20, 400))

$ErrorActionPreference = 'Stop'
Import-Module $ModulePath
$folder = Join-Path ([IO.Path]::GetTempPath()) "WaterMeters-$([Guid]::NewGuid().ToString('n'))"
$total = @{ Planted = 0; Found = 0; Extra = 0; Clean = 0 }
try {
    foreach ($one in $Seed) {
        $null = New-WmsSampleDataset "$folder/$one-clean" -Count $Count -Size 320 -Seed $one
        $clean = @(Test-WmsDataset "$folder/$one-clean" -PerFinding)

        $planted = @(
            New-WmsSampleDataset "$folder/$one" -Count $Count -Size 320 -Seed $one -Defect All |
                Where-Object { $_ -is [WaterMeters.PlantedDefect] }
        )
        $compared = @(
            Compare-Object $planted @(Test-WmsDataset "$folder/$one" -PerFinding) -Property Check, Severity, Name, Path -IncludeEqual
        )
        $found = @($compared | Where-Object SideIndicator -eq '==').Count
        $extra = @($compared | Where-Object SideIndicator -eq '=>')
        "seed $($one): $($planted.Count) planted, $found found, $($extra.Count) more findings; $($clean.Count) " +
            "findings of $Count clean pairs"
        foreach ($finding in $extra + $clean) { "    $($finding.Severity) $($finding.Check) $($finding.Path)" }
        foreach ($missed in $compared | Where-Object SideIndicator -eq '<=') { "    not found: $($missed.Check) $($missed.Path)" }

        $total.Planted += $planted.Count
        $total.Found += $found
        $total.Extra += $extra.Count
        $total.Clean += $clean.Count
        Remove-Item -LiteralPath "$folder/$one", "$folder/$one-clean" -Recurse
    }
    "Defects: $($total.Found) of $($total.Planted) planted faults found, $($total.Extra) other findings, " +
        "$($total.Clean) of clean sets ($($Seed.Count) seeds, $Count photos)"
}
finally { if (Test-Path -LiteralPath $folder) { Remove-Item -LiteralPath $folder -Recurse -Force } }
exit ($total.Planted -gt 0 -and $total.Found -eq $total.Planted -and $total.Extra + $total.Clean -eq 0 ? 0 : 1)
