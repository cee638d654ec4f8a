# A new database of ours is the one that MLflow 2.8 makes, table by table, column by column, key by key; databases that MLflow 2.22.1 and
# 3.17.2 made are read as they are and written with the types, tags and keys that MLflow writes; our requests are those of MLflow's own
# client, and the answers that its servers gave to them are understood.
param([Parameter(Mandatory)] [string] $ModulePath)

Import-Module "$PSScriptRoot/../Support/CoreTests.psm1"
$golden = Join-Path $PSScriptRoot '..' '..' '..' 'shared' 'golden' 'mlflow'
if (-not (Test-Path $golden)) { "Registry: the folder shared with MLflow's databases and recordings is not beside the repository"; exit 1 }

$database = Invoke-CoreTest 'NewDatabaseTests', 'GoldenDatabaseTests' -Full -Suite Ops
$server = Invoke-CoreTest 'RecordedServerTests' -Full -Suite Ops
"Registry: $($database.Figures -join '; '); $($database.Passed) tests of databases and $($server.Passed) of recorded exchanges hold, " +
    "$($database.Failed + $server.Failed) fail"
exit ($database.Holds -and $server.Holds -and $database.Figures ? 0 : 1)
