# kill -9 of pushes with photos, at every call of git (pwsh before, during and after it, and git itself), and Ctrl+C at every line they
# print. The repository is as before, or the data branch is complete; the next push works, and there is one branch.
param([Parameter(Mandatory)] [string] $ModulePath)

$ErrorActionPreference = 'Stop'
Import-Module $ModulePath, "$PSScriptRoot/../Support/PrePushKills.psm1"
$folder = (New-Item -ItemType Directory (Join-Path ([IO.Path]::GetTempPath()) "WaterMeters-$([Guid]::NewGuid().ToString('n'))")).FullName
try {
    $calls = Measure-GitCall $folder $ModulePath
    $results = @(
        foreach ($call in 1..$calls) {
            foreach ($mode in 'Before', 'During', 'After', 'Git') { Test-PrePushKill $folder $ModulePath $call $mode }
        }
    )
    $stops = @(Get-PushPoint | ForEach-Object { Test-PrePushInterrupt $folder $ModulePath $_ })
}
finally { Remove-Item -LiteralPath $folder -Recurse -Force }

foreach ($one in $results) { "  $($one.Mode), call $($one.Call), git $($one.At)$($one.Fault ? " FAILS, $($one.Fault)" : '')" }
foreach ($one in $stops) { '  Ctrl+C, {0:0.00} s, {1}{2}' -f $one.Seconds, $one.At, ($one.Fault ? " FAILS, $($one.Fault)" : '') }
$good = @($results | Where-Object { -not $_.Fault })
$goodStops = @($stops | Where-Object { -not $_.Fault })
"PrePushKills: $($good.Count) of $($results.Count) killed pushes ($calls calls of git, four kills each) and $($goodStops.Count) of " +
    "$($stops.Count) stopped ones leave the repository as before or the data branch complete, and the next push ends with one branch"
exit ($good.Count -eq $results.Count -and $good.Count -ge 50 -and $goodStops.Count -eq $stops.Count ? 0 : 1)
