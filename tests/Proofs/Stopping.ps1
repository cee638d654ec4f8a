# Ctrl+C and pipeline Stop at 20 printed lines each of training and prediction (on Windows at 10), and Select-Object -First 1 of every
# cmdlet: each ends within the longest native call (loading libtorch) plus a second, leaves no temporary file and no thread, and the next
# cmdlet works in that session.
param([Parameter(Mandatory)] [string] $ModulePath)

$ErrorActionPreference = 'Stop'
Import-Module $ModulePath, "$PSScriptRoot/../Support/PwshProcess.psm1", "$PSScriptRoot/../Support/Interruption.psm1"
$folder = (New-Item -ItemType Directory (Join-Path ([IO.Path]::GetTempPath()) "WaterMeters-$([Guid]::NewGuid().ToString('n'))")).FullName

# Runs a function of Interruption.psm1 in its own process, with one folder for its temporary files.
function Invoke-Apart([string] $Call) {
    $temp = (New-Item -ItemType Directory (Join-Path $folder ([Guid]::NewGuid().ToString('n')))).FullName
    $end = Wait-PwshEnd (Start-Pwsh -ModulePath $ModulePath -TempFolder $temp -TimeoutSeconds 600 -Script @"
Import-Module '$PSScriptRoot/../Support/Interruption.psm1'
`$set = Get-Content '$folder/set.json' -Raw | ConvertFrom-Json
$Call | ForEach-Object { 'record ' + (ConvertTo-Json `$_ -Compress) }
"@)
    if ($end.ExitCode -ne 0) { throw "$Call ended with $($end.ExitCode): $($end.Error -join ' | ')" }
    $end.Output -match '^record ' -replace '^record ', '' | ConvertFrom-Json
    foreach ($file in Get-Leftover -Temp $temp) {
        [pscustomobject]@{ Kind = $Call; At = 'the end'; Seconds = 0; Leftovers = @($file); Fault = $null }
    }
}

function Get-Points([string] $Kind) { $IsWindows ? "Select-EverySecond @(Get-${Kind}Point)" : "Get-${Kind}Point" }

try {
    $set = New-InterruptionData $folder $ModulePath
    ConvertTo-Json $set | Set-Content "$folder/set.json"
    $pwsh = Start-Pwsh -ModulePath $ModulePath -Script (Get-TrainingScript $set "$folder/whole")
    $null = Wait-PwshLine $pwsh '^Loading libtorch'
    $watch = [Diagnostics.Stopwatch]::StartNew()
    $null = Wait-PwshLine $pwsh '^Reading the data set'
    $native = $watch.Elapsed.TotalSeconds
    $null = Wait-PwshEnd $pwsh

    $results = @(
        foreach ($kind in 'Training', 'Prediction') {
            Test-Interrupt $set $kind (Invoke-Expression (Get-Points $kind))
        }
        foreach ($kind in 'Training', 'Prediction') { Invoke-Apart "Test-PipelineStop `$set $kind ($(Get-Points $kind))" }
        Invoke-Apart 'Test-FirstOnly $set'
    )
}
finally { Remove-Item -LiteralPath $folder -Recurse -Force }

$culture = [cultureinfo]::InvariantCulture
foreach ($kind in $results | Group-Object Kind) {
    $longest = $kind.Group | Sort-Object Seconds | Select-Object -Last 1
    [string]::Format($culture, '{0}, {1} points; the longest {2:0.00} s, at {3}', $kind.Name, $kind.Count, $longest.Seconds, $longest.At)
}
$left = @($results.Leftovers | Where-Object { $_ })
$faults = @($results | Where-Object Fault)
$left | ForEach-Object { "  left behind $_" }
$faults | ForEach-Object { "  $($_.Kind) at '$($_.At)', $($_.Fault)" }
$longest = ($results.Seconds | Measure-Object -Maximum).Maximum
$most = $native + 1
[string]::Format($culture,
    'Stopping: {0} stops, the longest {1:0.00} s (promised: {2:0.00}, loading libtorch and a second), {3} temporary files left, ' +
        '{4} sessions in which the next cmdlet failed',
    $results.Count, $longest, $most, $left.Count, $faults.Count)
exit ($longest -le $most -and -not $left -and -not $faults -and $results.Count -ge ($IsWindows ? 48 : 88) ? 0 : 1)
