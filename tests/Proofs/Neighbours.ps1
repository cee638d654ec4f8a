# Another module's SkiaSharp (native part too), YamlDotNet and older Google.Protobuf, used before the import, between import and first
# prediction, which writes an ONNX graph with ours, and imported after it; with its native library beside its assembly and in the folder that PowerShell looks into. Both modules work each time.
param([Parameter(Mandatory)] [string] $ModulePath)

$ErrorActionPreference = 'Stop'
Import-Module $ModulePath, "$PSScriptRoot/../Pester/Neighbours.psm1"
$folder = (New-Item -ItemType Directory (Join-Path ([IO.Path]::GetTempPath()) "WaterMeters-$([Guid]::NewGuid().ToString('n'))")).FullName
try {
    $session = New-Session $folder -Count 60
    $orders = @(
        , ('neighbour', 'import', 'predict', 'neighbour', 'predict', 'train', 'neighbour')
        , ('neighbour', 'import', 'neighbour', 'predict', 'neighbour', 'train', 'predict', 'neighbour')
        , ('import', 'neighbour', 'predict', 'neighbour', 'train', 'predict', 'neighbour')
        , ('import', 'predict', 'neighbour', 'predict', 'train', 'neighbour')
        , ('import', 'train', 'neighbour', 'predict', 'neighbour')
    )
    $count = 0
    $faults = foreach ($layout in 'beside', 'folder') {
        foreach ($order in $orders) {
            $said = Invoke-Session $session -Order $order -Layout $layout -ModulePath $ModulePath -Folder $folder
            $count++
            $found = @(Get-SessionFault $session $said)
            "$($order -join ', ') ($layout): $($found ? $found -join '; ' : 'both work')" | Out-Host
            $found
        }
    }
    $versions = foreach ($name in 'SkiaSharp', 'Native', 'YamlDotNet', 'Protobuf') {
        $theirs, $ours = @($said | Where-Object Act -eq neighbour), @($said | Where-Object Act -ne neighbour) | ForEach-Object { $_.$name | Where-Object { $_ } | Select-Object -First 1 }
        "$name $theirs beside $ours"
    }
}
finally { Remove-Item -LiteralPath $folder -Recurse -Force }

"Neighbours: $(@($faults).Count) faults in $count sessions; $($versions -join ', ')"
exit ($faults -or $count -ne 10 ? 1 : 0)
