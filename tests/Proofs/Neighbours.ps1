# Another module's SkiaSharp (native part too) and YamlDotNet, used before the import, between import and first prediction, and
# imported after it; with its native library beside its assembly and in the folder that PowerShell looks into. Both work each time.
param([Parameter(Mandatory)] [string] $ModulePath)

$ErrorActionPreference = 'Stop'
Import-Module $ModulePath, "$PSScriptRoot/../Pester/Neighbours.psm1"
$folder = (New-Item -ItemType Directory (Join-Path ([IO.Path]::GetTempPath()) "WaterMeters-$([Guid]::NewGuid().ToString('n'))")).FullName
try {
    $session = New-Session $folder -Count 60
    $orders = @(
        , ('neighbour', 'import', 'predict', 'neighbour', 'predict', 'train', 'neighbour')
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
    $versions = foreach ($act in 'neighbour', 'train') {
        $one = @($said | Where-Object Act -eq $act)[0] ?? $null
        if ($one) { "SkiaSharp $($one.SkiaSharp) with native $($one.Native) from $($one.NativeFile), YamlDotNet $($one.YamlDotNet)" }
    }
}
finally { Remove-Item -LiteralPath $folder -Recurse -Force }

$versions | ForEach-Object { "  $_" }
"Neighbours: $(@($faults).Count) faults in $count sessions"
exit ($faults -or $count -ne 8 ? 1 : 0)
