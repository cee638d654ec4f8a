# The gate on 5,000 simulated tests of each kind, whose truth is known: how often equal, worse and better models pass it, and how
# often the interval contains the truth.
param([Parameter(Mandatory)] [string] $ModulePath)

$ErrorActionPreference = 'Stop'
Import-Module "$PSScriptRoot/../Support/CoreTests.psm1"
$core = Invoke-CoreTest 'GateSimulationTests' -Full
$core.Figures
$equal = @(
    $core.Figures -match 'truth 0,' -notmatch '^Missing' -replace '^.*promoted ([\d.]+)%.*$', '$1' |
        ForEach-Object { [double]::Parse($_, [cultureinfo]::InvariantCulture) }
)
[string]::Format([cultureinfo]::InvariantCulture,
    'GateSimulation: of equal models at most {0:0.0}% promoted, in {1} kinds of 5,000 tests (promised: 2.5% and three standard errors)',
    ($equal | Measure-Object -Maximum).Maximum, $equal.Count)
exit ($core.Holds -and $equal.Count -eq 12 ? 0 : 1)
