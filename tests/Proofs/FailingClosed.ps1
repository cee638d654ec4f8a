# Everything that must fail the gate, with real files at full size: 120 photos, a network of 32 channels, default limits.
param([Parameter(Mandatory)] [string] $ModulePath)

$ErrorActionPreference = 'Stop'
Import-Module $ModulePath, "$PSScriptRoot/../Support/GateCases.psm1"
$folder = Join-Path ([IO.Path]::GetTempPath()) ([guid]::NewGuid())
try {
    $in = New-GateInput $folder -Count 120 -BaseChannels 32 -Stage 128x1x8
    $in.Enough = @{}
    $cases = @(Get-GateCase)
    $faults = @(foreach ($case in $cases) { Get-GateFault $case $in | ForEach-Object { "$($case.Name): $_" } })
    $faults
}
finally { Remove-Item $folder -Recurse -Force -ErrorAction Ignore }

$closed = @($cases | Where-Object { -not $_.Passes }).Count
$open = @($faults -replace ': .*' | Sort-Object -Unique).Count
"FailingClosed: $($cases.Count - $open) of $($cases.Count) as they must be, $closed that close the gate among them"
exit ($faults.Count -eq 0 -and $closed -gt 50 ? 0 : 1)
