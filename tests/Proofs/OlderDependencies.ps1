# A module with older versions of SkiaSharp (also its native library), YamlDotNet and Google.Protobuf is used before our import, between
# our import and the first prediction (which writes an ONNX graph), and afterwards; its native library is beside its assembly, or in
# the folder that PowerShell searches on its own. Both modules work each time.
param([Parameter(Mandatory)] [string] $ModulePath)

$ErrorActionPreference = 'Stop'
Import-Module $ModulePath, "$PSScriptRoot/../Support/OlderDependencies.psm1"
$folder = (New-Item -ItemType Directory (Join-Path ([IO.Path]::GetTempPath()) "WaterMeters-$([Guid]::NewGuid().ToString('n'))")).FullName
try {
    $session = New-Session $folder -Count 60
    $orders = @(
        , ('older', 'import', 'predict', 'older', 'predict', 'train', 'older')
        , ('older', 'import', 'older', 'predict', 'older', 'train', 'predict', 'older')
        , ('import', 'older', 'predict', 'older', 'train', 'predict', 'older')
        , ('import', 'predict', 'older', 'predict', 'train', 'older')
        , ('import', 'train', 'older', 'predict', 'older')
    )
    $count = 0
    $faults = foreach ($layout in 'beside', 'folder') {
        foreach ($order in $orders) {
            $done = Invoke-Session $session -Order $order -Layout $layout -ModulePath $ModulePath -Folder $folder
            $count++
            $found = @(Get-SessionFault $session $done)
            "$($order -join ', ') ($layout): $($found ? $found -join '; ' : 'both work')" | Out-Host
            $found
        }
    }
    $versions = foreach ($name in 'SkiaSharp', 'Native', 'YamlDotNet', 'Protobuf') {
        $theirs, $ours = @($done | Where-Object Step -eq older), @($done | Where-Object Step -ne older) |
            ForEach-Object { $_.$name | Where-Object { $_ } | Select-Object -First 1 }
        "$name $theirs beside $ours"
    }
}
finally { Remove-Item -LiteralPath $folder -Recurse -Force }

"OlderDependencies: $(@($faults).Count) faults in $count sessions; $($versions -join ', ')"
exit ($faults -or $count -ne 10 ? 1 : 0)
