# Four processes log 1,000 metrics each into one local store while a fifth reads it, in databases of two MLflow versions and with both
# journals of SQLite; two processes promote models against each other; a lock that is never released ends in an error.
param([Parameter(Mandatory)] [string] $ModulePath)

Import-Module "$PSScriptRoot/../Support/CoreTests.psm1"
$result = Invoke-CoreTest 'SeveralProcessesTests' -Full -Suite Ops
$result.Figures
$longest = $result.Figures -match 'longest call' -replace '^.*longest call (\d+) ms.*$', '$1' |
    ForEach-Object { [int] $_ } |
    Measure-Object -Maximum
"TrackingProcesses: 4 processes x 1,000 metrics and a reader: none lost, longest call $($longest.Maximum) ms ($($result.Passed) passed)"
exit ($result.Holds -and $longest.Count -eq 3 ? 0 : 1)
