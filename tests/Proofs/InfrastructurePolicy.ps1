# Every file of infra/terraform parses; the policy over them holds, and finds each fault that is planted; shellcheck finds nothing in the
# scripts. Needs npm and shellcheck.
param([Parameter(Mandatory)] [string] $ModulePath)

Import-Module "$PSScriptRoot/../Support/CoreTests.psm1"
$result = Invoke-CoreTest InfrastructurePolicyTests, ShellCheckTests -Full -Suite Ops
"InfrastructurePolicy: $($result.Figures -join '; ') ($($result.Passed) passed, $($result.Failed) failed)"
exit ($result.Holds ? 0 : 1)
