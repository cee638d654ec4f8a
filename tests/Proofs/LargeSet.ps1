# 100,000 drawn pairs of 64 pixels, checked with a report in its own process, twice: the process stays under 1 GB, and the second check
# inspects no pair. -Count draws fewer, -Folder uses (or keeps there) a drawn data set.
param([Parameter(Mandatory)] [string] $ModulePath, [int] $Count = 100000, [string] $Folder = '', [switch] $Check, [string] $Report = '')

$ErrorActionPreference = 'Stop'
$limit = 1000 # MB

# The peak memory of this process, MB.
function Get-Peak {
    if ($IsLinux) { return [int](((Get-Content /proc/self/status) -match '^VmHWM:' -replace '\D')[0] / 1024) }
    $own = [Diagnostics.Process]::GetCurrentProcess()
    $own.Refresh()
    [int]($own.PeakWorkingSet64 / 1MB)
}

if ($Check) {
    Import-Module $ModulePath
    $reports = $Report -split '\|'
    $watch = [Diagnostics.Stopwatch]::StartNew()
    $said = $null
    $result = Test-WmsDataset $Folder -ReportPath $reports -Verbose 4>&1 |
        ForEach-Object { if ($_ -is [Management.Automation.VerboseRecord]) { $said += "$_ " } else { $_ } }
    $seconds = $watch.Elapsed.TotalSeconds
    $looked = "$said" -match 'Measured pairs of .*?: (\d+); read' ? [int]$Matches[1] : -1
    ConvertTo-Json -Compress @{
        Seconds = $seconds; Peak = Get-Peak; Pairs = $result.ImageCount; Findings = $result.Findings.Count; Looked = $looked
    }
    exit 0
}

Import-Module $ModulePath, "$PSScriptRoot/../../build/Processes.psm1"
$own = (New-Item -ItemType Directory (Join-Path ([IO.Path]::GetTempPath()) "WaterMeters-$([Guid]::NewGuid().ToString('n'))")).FullName
if (-not $Folder) { $Folder = Join-Path $own 'set' }
$cache = $env:WMS_CACHE_PATH
try {
    $watch = [Diagnostics.Stopwatch]::StartNew()
    if (-not (Test-Path $Folder)) { $null = New-WmsSampleDataset $Folder -Count $Count -Size 64 }
    "drawn in $([int]$watch.Elapsed.TotalSeconds) s"
    # The cache does not store files written in the last two seconds.
    $settled = [DateTime]::UtcNow.AddMinutes(-1)
    foreach ($file in [IO.DirectoryInfo]::new($Folder).EnumerateFiles('*', 'AllDirectories')) {
        if ($file.LastWriteTimeUtc -gt $settled) { $file.LastWriteTimeUtc = $settled }
    }
    $env:WMS_CACHE_PATH = Join-Path $own 'cache'
    $reports = ('report.json', 'report.html').ForEach{ Join-Path $own $_ } -join '|'
    $first, $second = foreach ($run in 1, 2) {
        $line = @(
            Invoke-Pwsh -File $PSCommandPath -Arguments '-ModulePath', $ModulePath, '-Folder', $Folder, '-Check', '-Report', $reports
        )[-1]
        if ($LASTEXITCODE) { throw "The check failed: $line" }
        $line | ConvertFrom-Json
    }

    $size = @{}
    foreach ($file in Get-ChildItem "$own/report*") { $size[$file.Name] = $file.Length / 1MB }
    $kept = (Get-ChildItem $env:WMS_CACHE_PATH -Recurse -File | Measure-Object Length -Sum).Sum / 1MB
}
finally {
    $env:WMS_CACHE_PATH = $cache
    Remove-Item -LiteralPath $own -Recurse -Force
}

$peak = [Math]::Max($first.Peak, $second.Peak)
[string]::Format([cultureinfo]::InvariantCulture,
    'LargeSet: {0} pairs in {1:0} s, again in {2:0} s ({3} looked at); {4} MB at the peak, {5} the second time ' +
        '(promised: under {6}); {7} findings; report.json {8:0.0} MB, report.html {9:0.0} MB; cache {10:0} MB, {11:0} bytes a pair',
    $first.Pairs, $first.Seconds, $second.Seconds, $second.Looked, $first.Peak, $second.Peak, $limit, $first.Findings, $size['report.json'],
    $size['report.html'], $kept, ($kept * 1MB / $first.Pairs))
exit ($peak -lt $limit -and $second.Looked -eq 0 -and $first.Looked -eq $first.Pairs -and $second.Findings -eq $first.Findings ? 0 : 1)
