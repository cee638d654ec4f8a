# Publications and restores that are killed at a line they printed: tests/Proofs/VersionKills.ps1, Publish-WmsDataset.Tests.ps1 and
# Restore-WmsDataset.Tests.ps1.
Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'
Import-Module "$PSScriptRoot/PwshProcess.psm1", "$PSScriptRoot/DvcRepository.psm1", "$PSScriptRoot/DatasetKills.psm1"

$step = '^(sending|writing) '

<#
.SYNOPSIS
Kills Publish-WmsDataset or Restore-WmsDataset at several of its verbose messages, or sends it Ctrl+C there, then runs it again. Returns
one record each: Kind, Step, Killed, Fault. After Ctrl+C, a temporary file that is left is a fault too.
#>
function Test-VersionKill {
    param(
        [Parameter(Mandatory)] [string] $Path,
        [Parameter(Mandatory)] [string] $ModulePath,
        [Parameter(Mandatory)] [ValidateSet('Publish', 'Restore')] [string] $Kind,
        [Parameter(Mandatory)] [int] $Count,
        [int] $Files = 30,
        [ValidateSet('Kill', 'Interrupt')] [string] $Signal = 'Kill'
    )

    $whole = New-DvcRepository (Join-Path $Path ([Guid]::NewGuid().ToString('n')))
    $null = New-Item -ItemType Directory "$whole/files"
    foreach ($i in 1..$Files) { Set-Content "$whole/files/$i" ("content $i " * 500) }
    $content = Get-FolderHash "$whole/files"
    # What a clone has: neither the files nor a cache. It is copied without them, since Wine may still hold what was just deleted.
    $absent = @()
    if ($Kind -eq 'Restore') {
        $null = Publish-WmsDataset "$whole/files"
        $absent = 'files', 'cache', 'tmp'
    }
    $steps = $Kind -eq 'Publish' ? $Files + 2 : $Files
    foreach ($number in 1..$Count) {
        $at = [Math]::Clamp([int][Math]::Ceiling(($number - 0.5) * $steps / $Count), 1, $steps)
        $root = Join-Path $Path ([Guid]::NewGuid().ToString('n'))
        foreach ($folder in '', '.dvc') {
            $null = New-Item -ItemType Directory "$root/$folder" -Force
            Get-ChildItem "$whole/$folder" -Force | Where-Object Name -notin ($absent + '.dvc') |
                Copy-Item -Destination "$root/$folder" -Recurse -Force
        }
        $script = "$Kind-WmsDataset '$root/files' -Verbose *>&1 | ForEach-Object { `"`$_`" }"
        $killed = Invoke-PwshUntil -ModulePath $ModulePath -Script $script -Match $step -Number $at -Signal $Signal
        $faults = @(
            if ($null -eq $killed.At) { 'it ended before it was stopped' }
            if ($Signal -eq 'Interrupt') {
                if ($killed.Error) { "it wrote to the error stream: $($killed.Error -join ' | ')" }
                Get-ChildItem $root -Recurse -Force -File | Where-Object Name -like '*.tmp' | ForEach-Object { "$_ is left" }
            }
            if (Test-Path "$root/files.dvc") { Get-MissingObject "$root/files.dvc" "$root/remote" }
            $now = (Test-Path "$root/files") ? (Get-FolderHash "$root/files") : @{}
            foreach ($name in $now.Keys -notmatch '(^|/)\.[^/]*\.tmp$') {
                if ($now[$name] -ne $content[$name]) { "$name is half a file" }
            }
            $end = Wait-PwshEnd (Start-Pwsh -ModulePath $ModulePath -Script "$Kind-WmsDataset '$root/files'")
            if ($end.ExitCode -ne 0) { "the second run ended with $($end.ExitCode): $($end.Error -join ' ')" }
            Get-MissingObject "$root/files.dvc" "$root/remote"
            $last = Get-FolderHash "$root/files"
            foreach ($name in $content.Keys) { if ($last[$name] -ne $content[$name]) { "in the end $name differs" } }
        )
        [pscustomobject]@{
            Kind = $Kind; Step = $at; Killed = $killed.ExitCode -ne 0; Fault = $faults.Count ? $faults -join '; ' : $null
        }
    }
}

Export-ModuleMember -Function Test-VersionKill
