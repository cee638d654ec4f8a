# Merges and repairs that are killed at a line they printed: tests/Proofs/KillMergeRepair.ps1, Merge-WmsDataset.Tests.ps1
# and Repair-WmsDataset.Tests.ps1.
Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'
Import-Module "$PSScriptRoot/PwshProcess.psm1"

# The verbose messages of both cmdlets before they touch a file; those of ShouldProcess differ.
$step = ': (writing|comparing|storing|keeping|removing)'

<#
.SYNOPSIS
Draws the data sets into one folder: `data`; `more`, with new photos, near-duplicates of `data`, one photo that is in `data`, one with a
different mask and one whose name is in use; and `faulty`, with files that can be repaired.
#>
function New-KillData {
    param([Parameter(Mandatory)] [string] $Path, [Parameter(Mandatory)] [string] $ModulePath, [int] $Seeds = 3)

    $data, $more, $faulty = 'data', 'more', 'faulty' | ForEach-Object { Join-Path $Path $_ }
    foreach ($folder in $data, $more, $faulty) {
        foreach ($part in 'images', 'masks') { $null = New-Item -ItemType Directory (Join-Path $folder $part) }
    }
    $twins = 'PhotoSavedAgain', 'PhotoTurned', 'PhotoInTwoSplits', 'PhotoDuplicate', 'PhotoWithTwoMasks'
    $repairable = 'MaskJpeg', 'MaskAlpha', 'MaskSixteenBit', 'MaskPalette', 'PhotoOrientation'
    foreach ($seed in 1..$Seeds) {
        $drawn, $bad = "$Path/drawn$seed", "$Path/bad$seed"
        $null = New-WmsSampleDataset $drawn -Count 2 -Size 128 -Seed $seed -Defect $twins
        $null = New-WmsSampleDataset $bad -Count 1 -Size 128 -Seed $seed -Defect $repairable
        # A photo with a palette: repaired, it is another file and stays in its part.
        Copy-Item "$bad/masks/defect-mask-palette.png" "$bad/images/photo-palette.png"
        Copy-Item "$bad/masks/sample_0001.png" "$bad/masks/photo-palette.png"
        foreach ($part in 'images', 'masks') {
            foreach ($file in Get-ChildItem "$drawn/$part") {
                Copy-Item $file.FullName "$($file.BaseName -match '-second$|_0002$' ? $more : $data)/$part/$seed-$($file.Name)"
            }
            foreach ($file in Get-ChildItem "$bad/$part") { Copy-Item $file.FullName "$faulty/$part/$seed-$($file.Name)" }
        }
        Remove-Item $drawn, $bad -Recurse
    }
    foreach ($part in 'images', 'masks') {
        Get-ChildItem "$more/$part" -Filter '1-sample_0002*' | Rename-Item -NewName { '1-sample_0001' + $_.Extension }
    }
    [pscustomobject]@{ Root = $Path; Data = $data; More = $more; Faulty = $faulty; ModulePath = $ModulePath }
}

<#
.SYNOPSIS
The relative paths below a folder, with the hash of each file.
#>
function Get-FolderHash {
    param([Parameter(Mandatory)] [string] $Path)

    $found = @{}
    foreach ($file in Get-ChildItem -LiteralPath $Path -File -Recurse -Force) {
        $found[[IO.Path]::GetRelativePath($Path, $file.FullName).Replace('\', '/')] = (Get-FileHash -LiteralPath $file.FullName).Hash
    }
    $found
}

<#
.SYNOPSIS
Kills the cmdlet at several of its verbose messages, then runs it again. Returns one record per kill: Kind, At, Killed, Orphans, Fault.
.DESCRIPTION
Every second kill finds the cmdlet waiting before the step it announced; the others hit it during the step.
#>
function Test-DatasetKill {
    param(
        [Parameter(Mandatory)] [psobject] $Set,
        [Parameter(Mandatory)] [ValidateSet('Merge', 'Repair')] [string] $Kind,
        [Parameter(Mandatory)] [int] $Count,
        [switch] $Backup
    )

    $from = $Kind -eq 'Merge' ? $Set.Data : $Set.Faulty
    $source = Get-FolderHash $Set.More
    $whole = New-Copy $Set $from
    $first = Get-FolderHash $whole
    $end = Wait-PwshEnd (Start-Pwsh -ModulePath $Set.ModulePath -Script (Get-Script $Set $Kind $whole -Backup:$Backup))
    if ($end.ExitCode -ne 0) { throw "$Kind ended with $($end.ExitCode): $($end.Error -join ' | ')" }
    $steps = @($end.Output -match $step).Count
    $last = Get-FolderHash $whole
    $moved = @{}
    $end.Output -match '^record ' -replace '^record ', '' | ConvertFrom-Json | Where-Object { $Kind -eq 'Repair' } |
        ForEach-Object {
            $moved[[IO.Path]::GetRelativePath($whole, $_.OldPath).Replace('\', '/')] =
                [IO.Path]::GetRelativePath($whole, $_.Path).Replace('\', '/')
        }

    foreach ($number in 1..$Count) {
        $at = [Math]::Clamp([int][Math]::Ceiling($number * $steps / $Count), 1, $steps)
        $waits = $number % 2 -eq 1
        $folder = New-Copy $Set $from
        $script = Get-Script $Set $Kind $folder -Backup:$Backup -WaitAt ($waits ? $at : 0)
        $point = @{ Match = $waits ? '^waiting$' : $step; Number = $waits ? 1 : $at }
        $killed = Invoke-PwshUntil -ModulePath $Set.ModulePath -Script $script @point -Signal Kill
        $now = Get-FolderHash $folder
        $orphans = @($now.Keys | Where-Object { $_ -match '(^|/)\.[^/]*\.tmp$' })
        $faults = @(
            if ($null -eq $killed.At) { 'it ended before it was killed' }
            foreach ($name in $first.Keys) {
                $after = $moved[$name] ?? $name
                if ($now[$name] -ne $first[$name] -and $now[$after] -ne $last[$after]) { "$name is lost" }
            }
            foreach ($name in $now.Keys | Where-Object { $_ -notin $orphans }) {
                if ($now[$name] -ne $first[$name] -and $now[$name] -ne $last[$name]) { "$name is neither what it was nor what it becomes" }
            }
            if ($Kind -eq 'Merge') { Get-Unplaced $now $last }
            $null = Wait-PwshEnd (Start-Pwsh -ModulePath $Set.ModulePath -Script (Get-Script $Set $Kind $folder -Backup:$Backup))
            Get-Difference (Get-FolderHash $folder) $last
            Get-Difference (Get-FolderHash $Set.More) $source
        )
        [pscustomobject]@{
            Kind = $Kind
            Step = $at
            Steps = $steps
            At = "$($waits ? $killed.Output[-2] : $killed.At)".Replace("$folder$([IO.Path]::DirectorySeparatorChar)", '')
            Killed = $killed.ExitCode -ne 0
            Orphans = $orphans.Count
            Fault = $faults.Count ? $faults -join '; ' : $null
        }
        Remove-Item -LiteralPath $folder -Recurse -Force
    }
    Remove-Item -LiteralPath $whole -Recurse -Force
}

# Prints a line for every message and a JSON line for every record; it can be made to wait forever at one of the steps.
function Get-Script([psobject] $Set, [string] $Kind, [string] $Folder, [switch] $Backup, [int] $WaitAt) {
    $call = $Kind -eq 'Merge' ? "Merge-WmsDataset '$($Set.More)' '$Folder' -Rename" :
        "Repair-WmsDataset '$Folder'$($Backup ? '' : ' -NoBackup')"
    "`$steps = 0; $call -Verbose *>&1 | ForEach-Object {
        if (`$_ -is [Management.Automation.InformationRecord]) { return }
        if (`$_ -isnot [Management.Automation.VerboseRecord]) { 'record ' + (`$_ | ConvertTo-Json -Compress); return }
        `"`$_`"
        if (`"`$_`" -match '$step' -and ++`$steps -eq $WaitAt) { 'waiting'; [Threading.ManualResetEventSlim]::new().Wait() }
    }"
}

function New-Copy([psobject] $Set, [string] $From) {
    $folder = Join-Path $Set.Root ([Guid]::NewGuid().ToString('n'))
    Copy-Item -LiteralPath $From $folder -Recurse
    $folder
}

# Photos that exist without their split override.
function Get-Unplaced([hashtable] $Now, [hashtable] $Last) {
    foreach ($photo in $Now.Keys -like 'images/*' -notlike '*/.*') {
        $start = $Now[$photo].Substring(0, 16).ToLowerInvariant()
        foreach ($name in $Last.Keys -like "split/photos/*/$start-*") {
            if ($Now[$name] -ne $Last[$name]) { "$photo is there without $name" }
        }
    }
}

function Get-Difference([hashtable] $Now, [hashtable] $Last) {
    foreach ($name in @($Now.Keys) + @($Last.Keys) | Sort-Object -Unique) {
        if ($Now[$name] -ne $Last[$name]) { "in the end $name differs" }
    }
}

Export-ModuleMember -Function New-KillData, Get-FolderHash, Test-DatasetKill
