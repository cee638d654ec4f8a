# A .pth of this module loads in PyTorch with strict=True, into a network written only for this proof, and gives our logits of a photo
# within 1e-4; a model imported from PyTorch and exported again has equal tensors there.
param([Parameter(Mandatory)] [string] $ModulePath)

$ErrorActionPreference = 'Stop'
Import-Module "$PSScriptRoot/../Support/CoreTests.psm1"
$python = Find-Python 'torch'
if (-not $python) {
    "There is no PyTorch on this machine to check with. Install it (Debian: apt-get install python3-torch) and prove again."
    exit 1
}

$folder = (New-Item -ItemType Directory (Join-Path ([IO.Path]::GetTempPath()) "WaterMeters-$([Guid]::NewGuid().ToString('n'))")).FullName
try {
    $env:WMS_HANDOVER = $folder
    $result = Invoke-CoreTest 'PyTorchHandoverTests'
    if (-not $result.Holds) {
        "The files to hand over could not be written ($($result.Failed) failed, $($result.Skipped) skipped)."
        exit 1
    }

    $holds = $true
    $figures = foreach ($file in Get-ChildItem $folder -Filter *.pth) {
        $stem = Join-Path $folder $file.BaseName
        $size, $width = (Get-Content "$stem.txt" -Raw).Trim() -split ' '
        $source = $file.BaseName -eq 'golden' ?
            @((Join-Path $PSScriptRoot '..' '..' '..' 'shared' 'golden' 'models' 'meter-unet.pth')) : @()
        $lines = @(
            & $python "$PSScriptRoot/pytorch_loads.py" $file.FullName "$stem.pixels" "$stem.logits" $size $width @source 2>&1 |
                ForEach-Object { "$_" }
        )
        if ($LASTEXITCODE -ne 0) { $holds = $false; "$($file.BaseName): $($lines[-1])"; continue }
        $difference = [double]::Parse($lines[-1], [cultureinfo]::InvariantCulture)
        $equal = [int] $lines[-2]
        if (-not ($difference -le 1e-4) -or ($source -and $equal -ne 128)) { $holds = $false }
        "$($file.BaseName) (width $width, ${size}x$size) differs by $($lines[-1])$($source ? " and has $equal equal tensors" : '')"
    }
    if (@($figures).Count -ne 2) { $holds = $false }
    "PyTorchLoads: strict=True, $($figures -join ', ')$($lines.Count -gt 2 ? ", $($lines[-3])" : '')"
}
finally {
    $env:WMS_HANDOVER = $null
    Remove-Item -LiteralPath $folder -Recurse -Force
}
exit ($holds ? 0 : 1)
