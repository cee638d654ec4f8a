<#
.SYNOPSIS
Writes the cmdlets' help anew when anything it is made from has changed. Gives back whether it did.
.DESCRIPTION
The parameters are read from the imported module, in a child process, so that this session loads nothing.
#>
param([Parameter(Mandatory)] [string] $Configuration)

Import-Module "$PSScriptRoot/Processes.psm1"

$root = Split-Path $PSScriptRoot
$module = Join-Path $root 'out' 'WaterMeters'
$binaries = Join-Path $root 'artifacts' 'bin' 'WaterMeters.PowerShell' $Configuration.ToLowerInvariant()
$help = Join-Path $root 'artifacts' 'help' 'en-US' 'WaterMeters.PowerShell.dll-Help.xml'
$stamp = Join-Path $root 'artifacts' 'help' 'made-from.txt'

$inputs = @(
    "$module/WaterMeters.psd1"
    foreach ($name in 'WaterMeters.PowerShell', 'WaterMeters.Records') { "$module/$name.dll"; "$binaries/$name.xml" }
    "$PSScriptRoot/New-Help.ps1"
    (Get-ChildItem "$PSScriptRoot/Help" -File).FullName
)
$hashes = ($inputs | ForEach-Object { (Get-FileHash -LiteralPath $_).Hash }) -join "`n"
if ((Test-Path -LiteralPath $help) -and (Get-Content -LiteralPath $stamp -Raw -ErrorAction Ignore) -eq $hashes) { return $false }

$null = New-Item -ItemType Directory -Force -Path (Split-Path $help)
Invoke-Pwsh -File "$PSScriptRoot/New-Help.ps1" -Arguments $module, $binaries, $help | Out-Host
if ($LASTEXITCODE -ne 0) { throw 'The help could not be written; what is missing stands above.' }
Set-Content -LiteralPath $stamp -Value $hashes -NoNewline
$true
