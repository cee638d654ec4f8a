# A local store of 1,000 runs of 100 epochs and 1,000 versions: all versions with the metrics of their runs within 0.2 s, and the same
# through the cmdlets in new processes: what Get-WmsModel and Get-WmsRun take there at first and then, medians of 5.
param([Parameter(Mandatory)] [string] $ModulePath)

$ErrorActionPreference = 'Stop'
$root = Split-Path (Split-Path $PSScriptRoot)
Import-Module "$PSScriptRoot/../Support/CoreTests.psm1", "$root/build/Processes.psm1"
$result = Invoke-CoreTest 'StoreSpeedTests' -Full -Suite Ops
$result.Figures

$folder = (New-Item -ItemType Directory (Join-Path ([IO.Path]::GetTempPath()) "WaterMeters-$([Guid]::NewGuid().ToString('n'))")).FullName
$program, [string[]] $first = Get-PwshCommand
$culture = [cultureinfo]::InvariantCulture
$script = @'
param($Module, $Database)
Import-Module $Module
$store = @{ TrackingUri = $Database }
$watch = [Diagnostics.Stopwatch]::new()
function Measure-Call([scriptblock] $Call, [int] $Count) {
    $watch.Restart()
    $found = @(& $Call).Count
    if ($found -ne $Count) { throw "$Call returned $found records instead of $Count" }
    $watch.Elapsed.TotalMilliseconds.ToString('r', [cultureinfo]::InvariantCulture)
}
foreach ($time in 1..5) {
    @(
        Measure-Call { Get-WmsModel -Stage Production -ModelName meters @store } 1
        Measure-Call { Get-WmsModel -All -ModelName meters @store } 1000
        Measure-Call { Get-WmsRun -Experiment meters -First 20 @store } 20
        Measure-Call { Get-WmsRun -Experiment meters @store } 1000
    ) -join ' '
}
'@

try {
    $database = Join-Path $folder 'mlflow.db'
    Set-Content -LiteralPath "$folder/measure.ps1" $script
    $null = '' | dotnet "$root/artifacts/bin/WaterMeters.TrackingClient/release/WaterMeters.TrackingClient.dll" fill $database 1000 100
    if ($LASTEXITCODE) { throw 'The store could not be filled.' }
    $processes = foreach ($i in 1..5) {
        $lines = @(& $program @first -NoLogo -NoProfile -NonInteractive -File "$folder/measure.ps1" $ModulePath $database)
        if ($LASTEXITCODE -or $lines.Count -ne 5) { throw "A process of the measurement failed: $lines" }
        , @($lines | ForEach-Object { , @($_ -split ' ' | ForEach-Object { [double]::Parse($_, $culture) }) })
    }
}
finally { Remove-Item -LiteralPath $folder -Recurse -Force }

function Get-Median([double[]] $Values) { @($Values | Sort-Object)[[int][Math]::Floor($Values.Count / 2)] }

$names = 'Get-WmsModel -Stage Production', 'Get-WmsModel -All', 'Get-WmsRun -First 20', 'Get-WmsRun'
$again = foreach ($i in 0..3) {
    $atFirst = Get-Median ($processes | ForEach-Object { $_[0][$i] })
    $then = Get-Median ($processes | ForEach-Object { $process = $_; 1..4 | ForEach-Object { $process[$_][$i] } })
    "  $($names[$i]): $($atFirst.ToString('0', $culture)) ms at first, then $($then.ToString('0', $culture)) ms" | Out-Host
    $then
}
"TrackingSpeed: 1,000 runs of 100 epochs: Get-WmsModel $($again[0].ToString('0', $culture)) ms, with -All " +
    "$($again[1].ToString('0', $culture)) ms (promised: under 200), Get-WmsRun $($again[3].ToString('0', $culture)) ms"
exit ($result.Holds -and $again[0] -lt 200 -and $again[1] -lt 200 ? 0 : 1)
