# The machine's keeper under a fake clock, in sh, dash, busybox and bash: every line of its protocol; killed before and after every command
# of a pass; 60 machines with clients, lost messages, kills and a clock that is two minutes wrong: no lease outlives its deadline by more
# than five minutes, and none is stopped that a client was told is live.
# 5,000 random documents: the script decides and writes as the module's rules do.
param([Parameter(Mandatory)] [string] $ModulePath)

Import-Module "$PSScriptRoot/../Support/CoreTests.psm1"
$result = Invoke-CoreTest KeeperTests, KeeperKillTests, KeeperEquivalenceTests, UserDataTests, JobTests -Full -Suite Ops
"MachineKeeper: $($result.Figures -join '; ') ($($result.Passed) passed, $($result.Failed) failed)"
exit ($result.Holds ? 0 : 1)
