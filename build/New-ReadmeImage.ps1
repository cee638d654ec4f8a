<#
.SYNOPSIS
Writes the images of the README: a drawn photo, the mask that a model predicts for it, and the photo with the outline of the mask.
Prints the prediction as a Markdown table for the README.
.DESCRIPTION
Draws the sample data set of the quickstart and trains its better model, so it takes a few minutes. The photo is from the test
part. Run it after ./build.ps1 Build, and look at the images before you commit them.
.EXAMPLE
dotnet tool run pwsh build/New-ReadmeImage.ps1
#>
param([string] $OutputPath = (Join-Path $PSScriptRoot '..' 'docs' 'images'))

Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'
Import-Module (Join-Path $PSScriptRoot '..' 'out' 'WaterMeters')

$work = Join-Path ([IO.Path]::GetTempPath()) ([Guid]::NewGuid().ToString('n'))
try {
    $null = New-WmsSampleDataset "$work/meters" -Count 240 -Size 400 -Seed 1
    # In float32 the images differ least from machine to machine.
    $run = Start-WmsTraining "$work/meters" -OutputPath "$work/run" -Stage 128x12x4 -Seed 1 -Precision Float32
    $predictions = Get-WmsDataset "$work/meters" | Where-Object Split -EQ Test |
        Invoke-WmsPrediction -Model $run.ModelPath -OutputPath "$work/masks" -Overlay
    $shown = $predictions | Where-Object Regions -EQ 1 | Sort-Object Confidence -Descending | Select-Object -First 1

    $files = [ordered]@{ 'photo.jpg' = $shown.ImagePath; 'mask.png' = $shown.MaskPath; 'outline.jpg' = $shown.OverlayPath }
    $null = New-Item -ItemType Directory -Force -Path $OutputPath
    foreach ($name in $files.Keys) { Copy-Item -LiteralPath $files[$name] -Destination (Join-Path $OutputPath $name) }
}
finally { Remove-Item -LiteralPath $work -Recurse -Force -ErrorAction Ignore }

$columns = [ordered]@{
    Photo      = Split-Path $shown.ImagePath -Leaf
    Mask       = Split-Path $shown.MaskPath -Leaf
    Width      = $shown.Width
    Height     = $shown.Height
    Coverage   = $shown.Coverage.ToString('0.0000', [cultureinfo]::InvariantCulture)
    X          = $shown.X
    Y          = $shown.Y
    BoxWidth   = $shown.BoxWidth
    BoxHeight  = $shown.BoxHeight
    Angle      = $shown.Angle.ToString('0.0', [cultureinfo]::InvariantCulture)
    Regions    = $shown.Regions
    Confidence = $shown.Confidence.ToString('0.000', [cultureinfo]::InvariantCulture)
}
"| $($columns.Keys -join ' | ') |"
"|$('---|' * $columns.Count)"
"| $($columns.Values -join ' | ') |"
