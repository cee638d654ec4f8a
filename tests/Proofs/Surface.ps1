<#
.SYNOPSIS
Every parameter of every cmdlet: of an enumeration with two values, and of a path that is not there, under Stop and Continue, with and
without -Quiet, in two cultures.
#>
param([Parameter(Mandatory)] [string] $ModulePath)

$ErrorActionPreference = 'Stop'
Import-Module $ModulePath, "$PSScriptRoot/../Support/SurfaceCases.psm1"
$folder = Join-Path ([IO.Path]::GetTempPath()) "wms-surface-$PID"
try {
    $null = New-WmsSampleDataset "$folder/data" -Count 24 -Size 64
    $silent = @{ InformationAction = 'Ignore'; WarningAction = 'Ignore' }
    $run = Start-WmsTraining "$folder/data" -OutputPath "$folder/run" -BaseChannels 4 -Stage 64x1x8 @silent
    $faults = foreach ($culture in 'en-US', 'pl-PL') {
        [cultureinfo]::CurrentCulture = $culture
        $calls = (New-Item -ItemType Directory "$folder/$culture").FullName
        Get-EnumFault
        Get-MissingPathFault -Folder $calls -DataPath "$folder/data" -Model $run.ModelPath
        Get-ChildItem $calls | ForEach-Object { "$($_.Name) was written" }
    }
}
finally { Remove-Item -LiteralPath $folder -Recurse -Force -ErrorAction Ignore }
$faults | ForEach-Object { Write-Host $_ }
$enums, $paths = @(Get-EnumParameter).Count, @(Get-ReadPathParameter).Count
"Surface: $enums parameters of enumerations with two values, $paths paths that are not there, $(@($faults).Count) faults"
exit ($faults ? 1 : 0)
