# Other hooks beside ours: a script, one that is not executable, a link, git-lfs, husky's folder, a folder of all repositories of a user.
# Each is called with the same input when a push passes, not when it is refused, and Uninstall-WmsHook leaves its bytes and .git/config as
# they were; as a file, and as a setting where git has that. With git of PATH, and with a newer one whose folder WMS_GIT_PATH names.
# Needs git-lfs.
param([Parameter(Mandatory)] [string] $ModulePath, [string] $GitFolder, [switch] $One)

$ErrorActionPreference = 'Stop'
Import-Module "$PSScriptRoot/../../build/Processes.psm1", "$PSScriptRoot/../Support/HookCases.psm1"

if (-not $One) {
    $lines = foreach ($folder in Get-GitFolder) {
        Invoke-Pwsh -File $PSCommandPath -Arguments '-ModulePath', $ModulePath, '-One', '-GitFolder', $folder
        if ($LASTEXITCODE -ne 0) { 'FAULT: the process ended with {0}' -f $LASTEXITCODE }
    }
    $lines
    $faults = @($lines -match '^FAULT')
    $cases = @($lines -match '^case ')
    'HookChains: {0} installations beside other hooks, {1} faults ({2})' -f $cases.Count, $faults.Count,
        (($lines -match '^git ') -join ', ')
    exit ($faults.Count -eq 0 -and $cases.Count -ge 7 ? 0 : 1)
}

if ($GitFolder) { $env:PATH = "$GitFolder$([IO.Path]::PathSeparator)$env:PATH" }
Import-Module $ModulePath, "$PSScriptRoot/../Support/GitRepository.psm1"
$version = (git version) -replace '^git version '
"git $version"
$hasConfig = [version] ($version -replace '^(\d+\.\d+).*', '$1') -ge [version] '2.54'
$record = "printf '%s %s\n' `"`$1`" `"`$2`" >>'LOG'`ncat >>'LOG'`n"

# What is in the folder of hooks, with the kind of each file.
function Get-HookFile([string] $Folder) {
    Get-ChildItem $Folder -Force -File | Where-Object Name -NotLike '*.sample' | Sort-Object Name | ForEach-Object {
        '{0} {1} {2} {3}' -f $_.Name, $_.LinkTarget, $_.UnixMode, ($_.LinkTarget ? '' : (Get-FileHash -LiteralPath $_.FullName).Hash)
    }
}

# Kind of hook, how it is made in a repository (returns the folder of hooks), whether it is called.
$kinds = [ordered]@{
    script            = {
        param($r)
        New-Script "$($r.Root)/.git/hooks/pre-push" ("#!/bin/sh`n" + $record.Replace('LOG', $r.Log))
        '.git/hooks'
    }
    'not executable'  = {
        param($r)
        New-Script "$($r.Root)/.git/hooks/pre-push" "#!/bin/sh`necho called >>'$($r.Log)'`n"
        [IO.File]::SetUnixFileMode("$($r.Root)/.git/hooks/pre-push", 'UserRead, UserWrite')
        '.git/hooks'
    }
    link              = {
        param($r)
        New-Script "$($r.Root)/tools/check" ("#!/bin/sh`n" + $record.Replace('LOG', $r.Log))
        $null = New-Item -ItemType SymbolicLink "$($r.Root)/.git/hooks/pre-push" -Target '../../tools/check'
        '.git/hooks'
    }
    'git-lfs'         = {
        param($r)
        $null = Invoke-Git -C $r.Root lfs install --local
        $null = Invoke-Git -C $r.Root lfs track '*.bin'
        '.git/hooks'
    }
    husky             = {
        param($r)
        New-Script "$($r.Root)/.husky/_/pre-push" "#!/usr/bin/env sh`n. `"`$(dirname `"`$0`")/h`""
        $find = 's=$(dirname "$(dirname "$0")")/$(basename "$0")', '[ -f "$s" ] || exit 0', 'sh -e "$s" "$@"'
        New-Script "$($r.Root)/.husky/_/h" (($find -join "`n") + "`n")
        New-Script "$($r.Root)/.husky/pre-push" $record.Replace('LOG', $r.Log)
        Set-Content "$($r.Root)/.husky/_/.gitignore" '*'
        Invoke-Git -C $r.Root config core.hooksPath .husky/_
        '.husky/_'
    }
    'folder of a user' = {
        param($r)
        $folder = "$(Split-Path $r.Root)/hooks of all"
        New-Script "$folder/pre-push" ("#!/bin/sh`n" + $record.Replace('LOG', $r.Log))
        Invoke-Git -C $r.Root config core.hooksPath $folder
        $folder
    }
}

foreach ($kind in $kinds.Keys) {
    foreach ($method in @('File') + @($hasConfig ? 'Config', 'Auto' : @())) {
        $folder = Join-Path ([IO.Path]::GetTempPath()) "WaterMeters-$([Guid]::NewGuid().ToString('n'))"
        try {
            $r = New-HookRepository $folder | Add-Member Log "$folder/log" -PassThru
            $hooks = & $kinds[$kind] $r
            $hooks = [IO.Path]::IsPathRooted($hooks) ? $hooks : (Join-Path $r.Root $hooks)
            $null = Add-GitCommit $r.Root 'src/before.txt'
            Invoke-Git -C $r.Root push --quiet --no-verify origin main
            $before, $config = (Get-HookFile $hooks), (Get-Content "$($r.Root)/.git/config" -Raw)

            $installed = Install-WmsHook $r.Root -Method $method -WarningAction Ignore
            $fault = @(
                $wanted = $method -eq 'Auto' ? 'Config' : $method
                if ($installed.Method -ne $wanted) { "installed as $($installed.Method)" }
                Set-HookPwsh $r
                $old = Invoke-Git -C $r.Root rev-parse HEAD
                $new = Add-GitCommit $r.Root $(if ($kind -eq 'git-lfs') { 'big.bin' } else { 'src/code.txt' })
                $pushed = Invoke-HookPush $r.Root
                if ($pushed.ExitCode -ne 0) { "code was refused: $($pushed.Said)" }
                if (Test-Path $r.Started) { 'code started PowerShell' }
                $expected = "origin $($r.Remote)`nrefs/heads/main $new refs/heads/main $old`n"
                $log = (Get-Content $r.Log -Raw -ErrorAction Ignore) ?? ''
                if ($kind -eq 'git-lfs') {
                    [string] $oid = ((Invoke-Git -C $r.Root show HEAD:big.bin) -match '^oid sha256:') -replace '^oid sha256:'
                    $sent = Join-Path $r.Remote 'lfs' 'objects' $oid.Substring(0, 2) $oid.Substring(2, 2) $oid
                    if (-not (Test-Path $sent)) { 'git-lfs did not send its object' }
                }
                elseif ($kind -eq 'not executable') { if ($log) { 'a hook was called that git ignores' } }
                elseif ($log -cne $expected) { "the other hook was given: $log" }

                Remove-Item $r.Log -ErrorAction Ignore
                $null = Add-GitCommit $r.Root 'data/images/a.jpg'
                $pushed = Invoke-HookPush $r.Root
                if ($pushed.ExitCode -eq 0) { 'data were let through' }
                if (-not (Test-Path $r.Started)) { 'data did not start PowerShell' }
                if ($method -eq 'File' -and (Test-Path $r.Log)) { 'the other hook was called for a refused push' }
                Set-Content $r.Answer 10
                $pushed = Invoke-HookPush $r.Root
                if ($pushed.ExitCode -ne 0) { "what PowerShell let through was refused: $($pushed.Said)" }

                $null = Install-WmsHook $r.Root -Method $method -WarningAction Ignore
                $again = Install-WmsHook $r.Root -Method $method -WarningAction Ignore
                if ($again.Outcome -ne 'Unchanged') { 'a second installation changed something' }
                $null = Uninstall-WmsHook $r.Root -WarningAction Ignore
                $after = Get-HookFile $hooks
                if (($after -join "`n") -cne ($before -join "`n")) { "the folder of hooks has: $($after -join '; ')" }
                if ((Get-Content "$($r.Root)/.git/config" -Raw) -cne $config) { '.git/config is not as before' }
            )
            "case $kind, ${method}: $($fault ? 'not as it should be' : 'as it should be')"
            $fault | ForEach-Object { "FAULT: git $version, $kind, ${method}: $_" }
        }
        finally { Remove-Item -LiteralPath $folder -Recurse -Force -ErrorAction Ignore }
    }
}
exit 0
