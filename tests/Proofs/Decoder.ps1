# Our decoding and preprocessing compared with those of OpenCV, Pillow and NumPy on 40 real photos: levels, and the resulting masks.
param([Parameter(Mandatory)] [string] $ModulePath)

$ErrorActionPreference = 'Stop'
Import-Module "$PSScriptRoot/../Support/CoreTests.psm1"
$images = Join-Path $PSScriptRoot '..' '..' '..' 'shared' 'data' 'meters' 'images'
if (-not (Test-Path $images)) { 'Decoder: the folder shared with the real photos is not beside the repository'; exit 1 }

$python = Find-Python 'cv2, PIL, numpy'
if (-not $python) {
    "There is no OpenCV with Pillow on this machine to compare with. Install them (Debian: " +
        "apt-get install python3-opencv python3-pil) and prove again."
    exit 1
}

$folder = (New-Item -ItemType Directory (Join-Path ([IO.Path]::GetTempPath()) "WaterMeters-$([Guid]::NewGuid().ToString('n'))")).FullName
try {
    $photos = @(Get-ChildItem $images -Filter *.jpg | Sort-Object Name -Culture '' | Select-Object -First 40)
    $versions = & $python "$PSScriptRoot/legacy_preprocessing.py" $folder @($photos.FullName)
    if ($LASTEXITCODE) { "Decoder: $python failed"; exit 1 }
    $env:WMS_LEGACY_IMAGES = $folder
    $result = Invoke-CoreTest 'DecoderTests'
}
finally {
    $env:WMS_LEGACY_IMAGES = $null
    Remove-Item -LiteralPath $folder -Recurse -Force
}
"Decoder: $($result.Figures -join '; ') (beside $versions)"
exit ($result.Holds -and $photos.Count -eq 40 ? 0 : 1)
