<#
.SYNOPSIS
The process that uses the installed module as a new user does: it draws photos, checks them and reads the help.
.DESCRIPTION
Nothing is imported here: PowerShell must find the module by the name of its cmdlets.
#>
param([Parameter(Mandatory)] [string] $Version)

Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'
$count = 12
$folder = Join-Path ([IO.Path]::GetTempPath()) "WaterMeters-$([Guid]::NewGuid().ToString('n'))"
try {
    $drawn = @(New-WmsSampleDataset "$folder/meters" -Count $count -Size 128)
    if ($drawn.Count -ne $count) { throw "New-WmsSampleDataset drew $($drawn.Count) photos instead of $count." }
    if (-not (Test-WmsDataset "$folder/meters" -NoCache -Quiet)) { throw 'Test-WmsDataset fails the photos just drawn.' }

    $module = Get-Module WaterMeters
    if ("$($module.Version)" -ne $Version) {
        throw "Version $($module.Version) was loaded instead of $Version, from '$($module.ModuleBase)'."
    }
    $commands = @($module.ExportedCmdlets.Keys)
    foreach ($name in $commands) {
        # Without its help file a cmdlet has only its syntax, and no example.
        if (-not (Get-Help $name -Full).examples) { throw "Get-Help $name shows no help." }
    }
    if (-not (Get-Help about_WaterMeters)) { throw 'Get-Help about_WaterMeters shows nothing.' }
    "WaterMeters $Version from '$($module.ModuleBase)': $count photos drawn and checked, help of $($commands.Count) cmdlets read."
}
finally { if (Test-Path -LiteralPath $folder) { Remove-Item -LiteralPath $folder -Recurse -Force } }
