<#
.SYNOPSIS
Builds, then runs the proofs: the scripts of tests/Proofs, all or those whose names match.
.DESCRIPTION
A proof is a script with a parameter ModulePath that runs in a new pwsh process. It prints one line `name: figure` and
exits with 0 when the figure is as promised, otherwise with another code.
#>
param([string] $Configuration = 'Release', [string[]] $Rest = @())

Import-Module "$PSScriptRoot/Processes.psm1"
& "$PSScriptRoot/Build.ps1" -Configuration $Configuration

$root = Split-Path $PSScriptRoot
$all = @(Get-ChildItem "$root/tests/Proofs" -Filter *.ps1)
$wanted = $Rest ? $Rest : @('*')
foreach ($name in $wanted) {
    if (-not ($all.BaseName -like $name)) { throw "No proof is called $name. There are: $($all.BaseName -join ', ')." }
}

$proofs = foreach ($script in $all) {
    if (-not ($wanted | Where-Object { $script.BaseName -like $_ })) { continue }

    Write-Host "`n$($script.BaseName)"
    $watch = [Diagnostics.Stopwatch]::StartNew()
    $figure = ''
    Invoke-Pwsh -File $script.FullName -Arguments '-ModulePath', "$root/out/WaterMeters" | ForEach-Object {
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

$proofs | Format-Table -AutoSize -Wrap | Out-Host
exit ($proofs.Verdict -contains 'FAILS' ? 1 : 0)
