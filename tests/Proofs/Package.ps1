# The gallery package from a local repository: installed by Install-PSResource into an empty home, it draws, checks, trains two models,
# compares, predicts and exports in a new pwsh process; the package is smaller than 250 MB.
param([Parameter(Mandatory)] [string] $ModulePath)

$ErrorActionPreference = 'Stop'
Import-Module "$PSScriptRoot/../Support/InstalledPackage.psm1", "$PSScriptRoot/../../build/GalleryPackage.psm1"
$folder = (New-Item -ItemType Directory (Join-Path ([IO.Path]::GetTempPath()) "WaterMeters-$([Guid]::NewGuid().ToString('n'))")).FullName
try {
    $installed = Install-PackedModule $ModulePath $folder
    $job = Invoke-MainJob $installed "$folder/job" -Count 120 -Size 400 -BaseChannels 16 -Stage 128x3x8
    $holds = $installed.Package.Length -lt 250MB -and $job.ModuleBase -eq $installed.ModuleBase -and $job.Status -eq 'Pass' -and
        $job.Verdict -and $job.Photos -gt 0 -and $job.Rows -eq $job.Photos -and $job.Masks -eq $job.Photos
    "Package: $(Get-Megabyte $installed.Package) MB (the gallery takes 250); from the installed module: check $($job.Status), " +
        "verdict $($job.Verdict) on $($job.Photos) photos, $($job.Masks) masks, $($job.Rows) rows"
}
finally {
    if (Test-Path variable:installed) { Uninstall-PackedModule $installed }
    Remove-Item -LiteralPath $folder -Recurse -Force
}
exit ($holds ? 0 : 1)
