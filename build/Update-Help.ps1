<#
.SYNOPSIS
Writes the help of the cmdlets into artifacts/help when anything it is made from has changed. Returns whether it did.
.DESCRIPTION
The parameters are read from the imported module, in a child process, so that this session loads nothing.
#>
param([Parameter(Mandatory)] [string] $Configuration)

Import-Module "$PSScriptRoot/Processes.psm1"

$root = Split-Path $PSScriptRoot
$module = Join-Path $root 'out' 'WaterMeters'
$binaries = Join-Path $root 'artifacts' 'bin' 'WaterMeters.PowerShell' $Configuration.ToLowerInvariant()
$help = Join-Path $root 'artifacts' 'help'
$maml = Join-Path $help 'en-US' 'WaterMeters.PowerShell.dll-Help.xml'
$pages = Join-Path $help 'cmdlets'
$stamp = Join-Path $help 'made-from.txt'

$inputs = @(
    "$module/WaterMeters.psd1"
    foreach ($name in 'WaterMeters.PowerShell', 'WaterMeters.Records') { "$module/$name.dll"; "$binaries/$name.xml" }
    (Get-ChildItem "$module/en-US" -Filter about_*.help.txt -File | Where-Object Name -ne about_WaterMeters_Records.help.txt).FullName
    "$PSScriptRoot/New-Help.ps1"
    (Get-ChildItem "$PSScriptRoot/Help" -File).FullName
)
$hashes = ($inputs | ForEach-Object { (Get-FileHash -LiteralPath $_).Hash }) -join "`n"
$isThere = (Test-Path -LiteralPath $maml) -and (Test-Path -LiteralPath "$pages/README.md")
if ($isThere -and (Get-Content -LiteralPath $stamp -Raw -ErrorAction Ignore) -eq $hashes) { return $false }

$null = New-Item -ItemType Directory -Force -Path (Split-Path $maml)
Invoke-Pwsh -File "$PSScriptRoot/New-Help.ps1" -Arguments $module, $binaries, $maml, $pages | Out-Host
if ($LASTEXITCODE -ne 0) { throw 'The help was not written: see the messages above.' }
Set-Content -LiteralPath $stamp -Value $hashes -NoNewline
$true
