<#
.SYNOPSIS
Builds, then runs the proofs: the scripts of tests/Proofs, all or those whose names match.
.DESCRIPTION
A proof is a script with a parameter ModulePath that runs in a new pwsh process. It prints one line `name: figure` and
exits with 0 when the figure is as promised, otherwise with another code.
#>
param([string] $Configuration = 'Release', [string[]] $Rest = @(), [string] $Platform = 'Current')

Import-Module "$PSScriptRoot/Processes.psm1"
& "$PSScriptRoot/Build.ps1" -Configuration $Configuration

$root = Split-Path $PSScriptRoot
$all = @(Get-ChildItem "$root/tests/Proofs" -Filter *.ps1)
$wanted = $Rest ? $Rest : @('*')
foreach ($name in $wanted) {
    if (-not ($all.BaseName -like $name)) { throw "No proof is called $name. There are: $($all.BaseName -join ', ')." }
}

$system = $null
if ($Platform -eq 'Windows' -and -not $IsWindows) {
    Import-Module "$PSScriptRoot/Windows/Windows.psm1"
    if ($obstacle = Get-WindowsObstacle) { throw "No program for Windows can run here: $obstacle." }
    $system = Get-WindowsSystem
}

# The trainings of the proofs are recorded in a database that goes when they are done, not beside the user's runs.
$tracking = (New-Item -ItemType Directory (Join-Path ([IO.Path]::GetTempPath()) "wms-proofs-$([Guid]::NewGuid().ToString('n'))")).FullName
$database = Join-Path $tracking 'mlflow.db'
$env:MLFLOW_TRACKING_URI = 'sqlite:///' + ($system ? (ConvertTo-WindowsPath $database) : $database).Replace('\', '/')

function Invoke-Proof([string] $Script) {
    if (-not $system) { return Invoke-Pwsh -File $Script -Arguments '-ModulePath', "$root/out/WaterMeters" }
    Invoke-WindowsPwsh -System $system -File $Script -Arguments '-ModulePath', (ConvertTo-WindowsPath "$root/out/WaterMeters")
}

$proofs = foreach ($script in $all) {
    if (-not ($wanted | Where-Object { $script.BaseName -like $_ })) { continue }

    Write-Host "`n$($script.BaseName)"
    $watch = [Diagnostics.Stopwatch]::StartNew()
    $figure = ''
    Invoke-Proof $script.FullName | ForEach-Object {
        Write-Host "  $_"
        if ("$_" -match '^[^:]+: (.+)$') { $figure = $Matches[1] }
    }
    $holds = $LASTEXITCODE -eq 0 -and $figure
    [pscustomobject]@{
        Proof   = $script.BaseName
        Figure  = $figure ? $figure : 'none'
        Minutes = $watch.Elapsed.TotalMinutes.ToString('0.0', [cultureinfo]::InvariantCulture)
        Verdict = $holds ? 'holds' : 'FAILS'
    }
}

Remove-Item -LiteralPath $tracking -Recurse -Force
$proofs | Format-Table -AutoSize -Wrap | Out-Host
exit ($proofs.Verdict -contains 'FAILS' ? 1 : 0)
