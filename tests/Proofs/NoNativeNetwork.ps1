# Checking a data set loads no network library: the process has no module of libtorch or ONNX Runtime. The same process after a
# training shows that such a module would be found.
param([Parameter(Mandatory)] [string] $ModulePath)

$ErrorActionPreference = 'Stop'
Import-Module $ModulePath
$folder = (New-Item -ItemType Directory (Join-Path ([IO.Path]::GetTempPath()) "WaterMeters-$([Guid]::NewGuid().ToString('n'))")).FullName

function Get-NetworkModule { [Diagnostics.Process]::GetCurrentProcess().Modules.ModuleName -match 'torch|c10|onnxruntime' }

try {
    $null = New-WmsSampleDataset "$folder/data" -Size 128 -Count 24
    $report = Test-WmsDataset "$folder/data" -ReportPath "$folder/report.json"
    $null = Get-WmsDataset "$folder/data"
    $before = @(Get-NetworkModule)
    $all = [Diagnostics.Process]::GetCurrentProcess().Modules.Count

    $null = Start-WmsTraining "$folder/data" -OutputPath "$folder/run" -BaseChannels 4 -Stage 64x1x8 -InformationAction Ignore
    $after = @(Get-NetworkModule)
}
finally { Remove-Item -LiteralPath $folder -Recurse -Force }

$before
"NoNativeNetwork: $($before.Count) of $all modules are torch, c10 or onnxruntime after Test-WmsDataset ($($after.Count) after a training)"
exit ($report.Status -eq 'Pass' -and -not $before -and $after ? 0 : 1)
