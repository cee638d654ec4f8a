# Every state of the lease protocol within bounds: two clients, the machine, S3 and EC2, each message lost or late, one clock off by two
# minutes either way. And faults planted into the protocol, each of which is found.
param([Parameter(Mandatory)] [string] $ModulePath)

$ErrorActionPreference = 'Stop'
Import-Module "$PSScriptRoot/../Support/CoreTests.psm1"
$core = Invoke-CoreTest 'LeaseSearchTests' -Suite Ops -Full
$core.Figures
$states = ($core.Figures -match ' states,' -replace '^.* (\d+) states,.*$', '$1' | ForEach-Object { [long] $_ } | Measure-Object -Sum).Sum
"LeaseSearch: $states states in $(@($core.Figures -match ' states,').Count) searches, none that stops the machine under a promised lease " +
    "or leaves it on for five minutes; $($core.Passed) passed, $($core.Failed) failed"
exit ($core.Holds ? 0 : 1)
