# kill -9 of a training at 20 lines that it printed (on Windows, TerminateProcess at 10), then -Resume: the model and its scores equal,
# byte for byte, those of an uninterrupted run with the same number of threads, and the run's folder contains no other files.
param([Parameter(Mandatory)] [string] $ModulePath)

$ErrorActionPreference = 'Stop'
Import-Module $ModulePath, "$PSScriptRoot/../Support/Interruption.psm1"
$folder = (New-Item -ItemType Directory (Join-Path ([IO.Path]::GetTempPath()) "WaterMeters-$([Guid]::NewGuid().ToString('n'))")).FullName
try {
    $set = New-InterruptionData $folder $ModulePath
    $points = @(Get-TrainingPoint)
    if ($IsWindows) { $points = Select-EverySecond $points }
    $results = @(Test-KillAndResume $set $points)
}
finally { Remove-Item -LiteralPath $folder -Recurse -Force }

foreach ($one in $results) {
    "  killed at '$($one.At)', $($one.From)" +
        "$($one.Orphans ? ", $($one.Orphans) half-written files" : '')$($one.Fault ? " FAILS, $($one.Fault)" : '')"
}
$same = @($results | Where-Object { $_.Killed -and -not $_.Fault }).Count
"KillAndResume: $same of $($results.Count) killed runs end with the model and the scores of the unbroken one; " +
    "$(($results.Orphans | Measure-Object -Sum).Sum) half-written files tidied"
exit ($same -eq $results.Count -and $same -ge ($IsWindows ? 10 : 20) ? 0 : 1)
