# Photos per second through the cmdlet, and the medians of the benchmark beside those of the peer.
param([Parameter(Mandatory)] [string] $ModulePath)

$ErrorActionPreference = 'Stop'
$root = Split-Path (Split-Path $PSScriptRoot)
$photos = Join-Path $root '..' 'shared' 'data' 'meters' 'images'
$model = Join-Path $root '..' 'shared' 'golden' 'models' 'meter-unet.safetensors'
if (-not (Test-Path $photos)) { 'Speed: the folder shared with the real photos is not beside the repository'; exit 1 }

dotnet run -c Release --project (Join-Path $root 'benchmarks' 'WaterMeters.Benchmarks') -- $photos
if ($LASTEXITCODE) { exit 1 }

Import-Module $ModulePath
$masks = Join-Path ([IO.Path]::GetTempPath()) ([guid]::NewGuid())
try {
    $some = Get-ChildItem $photos -Filter *.jpg | Select-Object -First 60
    $some | Select-Object -First 2 | Invoke-WmsPrediction -Model $model -Precision Float32 | Out-Null
    $watch = [Diagnostics.Stopwatch]::StartNew()
    $predictions = @($some | Invoke-WmsPrediction -Model $model -Precision Float32 -OutputPath $masks)
    $perSecond = ($predictions.Count / $watch.Elapsed.TotalSeconds).ToString('0.00', [cultureinfo]::InvariantCulture)
}
finally { Remove-Item $masks -Recurse -Force -ErrorAction Ignore }

"Speed: $perSecond photos a second predicted and written in float32 (the seed, on a faster machine: 3.3)"
exit ($predictions.Count -eq 60 ? 0 : 1)
