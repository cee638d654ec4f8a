# A git hook imports the module on every push, and people turn off slow hooks. The import in a new process takes less than 0.3 s more
# than that of an empty binary module, the first Get-WmsDataset of 20 pairs less than 0.5 s more: medians of 10.
param([Parameter(Mandatory)] [string] $ModulePath)

$ErrorActionPreference = 'Stop'
Import-Module "$PSScriptRoot/../../build/Processes.psm1"
$folder = (New-Item -ItemType Directory (Join-Path ([IO.Path]::GetTempPath()) "WaterMeters-$([Guid]::NewGuid().ToString('n'))")).FullName
$program, [string[]] $first = Get-PwshCommand

# The milliseconds of commands, one after the other in a new process.
function Measure-Fresh([string[]] $Commands) {
    $script = "`$ProgressPreference = 'Ignore'; `$watch = [Diagnostics.Stopwatch]::new(); " + -join ($Commands | ForEach-Object {
            "`$watch.Restart(); `$null = $_; `$watch.Stop(); `$watch.Elapsed.TotalMilliseconds." +
                "ToString('r', [cultureinfo]::InvariantCulture);"
        })
    $figures = & $program @first -NoLogo -NoProfile -NonInteractive -Command $script
    if ($LASTEXITCODE -ne 0 -or @($figures).Count -ne $Commands.Count) { throw "A process of the measurement failed: $figures" }
    , @($figures | ForEach-Object { [double]::Parse($_, [cultureinfo]::InvariantCulture) })
}

function Get-Median([double[]] $Values) {
    $sorted = $Values | Sort-Object
    ($sorted[4] + $sorted[5]) / 2
}

try {
    Add-Type -OutputAssembly "$folder/Empty.dll" 'public static class Empty { }'
    Import-Module $ModulePath
    $null = New-WmsSampleDataset "$folder/data" -Count 20

    # In turns, so that other load on the machine affects both.
    $empty, $import, $list = foreach ($i in 1..3) { , [Collections.Generic.List[double]]::new() }
    foreach ($i in 1..10) {
        $empty.Add((Measure-Fresh "Import-Module '$folder/Empty.dll'")[0])
        $ours = Measure-Fresh "Import-Module '$ModulePath'", "Get-WmsDataset '$folder/data'"
        $import.Add($ours[0])
        $list.Add($ours[1])
    }
}
finally { Remove-Item -LiteralPath $folder -Recurse -Force }

$baseline, $whole, $listing = (Get-Median $empty), (Get-Median $import), (Get-Median $list)
$culture = [cultureinfo]::InvariantCulture
"  Import-Module of an empty module $($baseline.ToString('0', $culture)) ms, of this one $($whole.ToString('0', $culture)) ms"
"ImportTime: $(($whole - $baseline).ToString('0', $culture)) ms for the import (promised: under 300), " +
    "$($listing.ToString('0', $culture)) ms for the first Get-WmsDataset of 20 pairs (promised: under 500)"
exit ($whole - $baseline -lt 300 -and $listing -lt 500 ? 0 : 1)
