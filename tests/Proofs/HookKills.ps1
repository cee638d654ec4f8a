# kill -9 of Install-WmsHook and Uninstall-WmsHook, at every call of git (pwsh before, during and after it, and git itself) and at every
# file they write: git finds the hook before or ours, both complete; the next Install-WmsHook works, and Uninstall-WmsHook restores all.
param([Parameter(Mandatory)] [string] $ModulePath)

$ErrorActionPreference = 'Stop'
Import-Module $ModulePath, "$PSScriptRoot/../Support/HookKills.psm1"
$folder = (New-Item -ItemType Directory (Join-Path ([IO.Path]::GetTempPath()) "WaterMeters-$([Guid]::NewGuid().ToString('n'))")).FullName
try {
    $results = @(
        foreach ($cmdlet in 'Install-WmsHook', 'Uninstall-WmsHook') {
            foreach ($call in 1..(Measure-HookCall $folder $ModulePath $cmdlet)) {
                foreach ($mode in 'Before', 'During', 'After', 'Git') {
                    Test-HookKill $folder $ModulePath $cmdlet -Call $call -Mode $mode
                }
            }
            foreach ($file in Get-HookKillFile $cmdlet) { Test-HookKill $folder $ModulePath $cmdlet -File $file }
        }
    )
}
finally { Remove-Item -LiteralPath $folder -Recurse -Force }

foreach ($one in $results) { "  $($one.Cmdlet), $($one.Point), $($one.At)$($one.Fault ? " FAILS, $($one.Fault)" : '')" }
$good = @($results | Where-Object { -not $_.Fault })
"HookKills: $($good.Count) of $($results.Count) killed installations and removals leave a complete hook, the next Install-WmsHook works, " +
    'and Uninstall-WmsHook restores every file byte for byte'
exit ($good.Count -eq $results.Count -and $good.Count -ge 50 ? 0 : 1)
