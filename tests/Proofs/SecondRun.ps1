# 2,000 pairs of the size of phone photos: the second check takes less than a tenth of the first, and after ten files change it inspects
# exactly their pairs. The photos are 50 drawn ones with a different comment in each file, so each has near-duplicates: more work than
# usual after the inspection, not less.
param([Parameter(Mandatory)] [string] $ModulePath, [int] $Count = 2000, [int] $Size = 1600)

$ErrorActionPreference = 'Stop'
$drawn, $changes, $part = 50, 10, 0.1
Import-Module $ModulePath
$folder = (New-Item -ItemType Directory (Join-Path ([IO.Path]::GetTempPath()) "WaterMeters-$([Guid]::NewGuid().ToString('n'))")).FullName
$set = Join-Path $folder 'set'
$cache = $env:WMS_CACHE_PATH

# A JPEG file with a comment after its first marker.
function Copy-Commented([string] $From, [string] $To, [int] $Number) {
    $bytes = [IO.File]::ReadAllBytes($From)
    $text = [Text.Encoding]::ASCII.GetBytes("number $Number")
    $file = [IO.File]::Create($To)
    try {
        $file.Write($bytes, 0, 2)
        $file.Write([byte[]](0xff, 0xfe, 0, ($text.Length + 2)), 0, 4)
        $file.Write($text, 0, $text.Length)
        $file.Write($bytes, 2, $bytes.Length - 2)
    }
    finally { $file.Dispose() }
}

# A check, its duration and the number of pairs it inspected.
function Measure-Check([switch] $NoCache) {
    $watch = [Diagnostics.Stopwatch]::StartNew()
    $said = $null
    $report = Test-WmsDataset $set -NoCache:$NoCache -Verbose 4>&1 |
        ForEach-Object { if ($_ -is [Management.Automation.VerboseRecord]) { $said += "$_ " } else { $_ } }
    $seconds = $watch.Elapsed.TotalSeconds
    $looked = "$said" -match 'Measured pairs of .*?: (\d+); read' ? [int]$Matches[1] : -1
    [pscustomobject]@{
        Seconds = $seconds
        Looked = $looked
        Report = ($report | Select-Object * -ExcludeProperty Duration | ConvertTo-Json -Depth 5)
    }
}

try {
    $null = New-WmsSampleDataset "$folder/drawn" -Count $drawn -Size $Size
    $null = New-Item -ItemType Directory "$set/images", "$set/masks"
    $photos, $masks = (Get-ChildItem "$folder/drawn/images"), (Get-ChildItem "$folder/drawn/masks")
    $settled = [DateTime]::UtcNow.AddHours(-1)
    foreach ($i in 0..($Count - 1)) {
        $name = $i.ToString('d4')
        Copy-Commented $photos[$i % $drawn].FullName "$set/images/$name.jpg" $i
        Copy-Item $masks[$i % $drawn].FullName "$set/masks/$name$($masks[0].Extension)"
        [IO.File]::SetLastWriteTimeUtc("$set/images/$name.jpg", $settled)
        [IO.File]::SetLastWriteTimeUtc("$set/masks/$name$($masks[0].Extension)", $settled)
    }

    $env:WMS_CACHE_PATH = Join-Path $folder 'cache'
    $first = Measure-Check
    $second = Measure-Check
    foreach ($i in 1..$changes) {
        # Every second one only in its mask.
        $file = $i % 2 ? "$set/images/$(($i * 7).ToString('d4')).jpg" : "$set/masks/$(($i * 7).ToString('d4'))$($masks[0].Extension)"
        if ($i % 2) { Copy-Commented $photos[0].FullName $file (-$i) } else { Copy-Item $masks[1].FullName $file }
        [IO.File]::SetLastWriteTimeUtc($file, $settled.AddMinutes(1))
    }

    $third = Measure-Check
    $uncached = Measure-Check -NoCache
}
finally {
    $env:WMS_CACHE_PATH = $cache
    Remove-Item -LiteralPath $folder -Recurse -Force
}

[string]::Format([cultureinfo]::InvariantCulture,
    'SecondRun: {0} pairs of {1} pixels in {2:0.0} s, again in {3:0.00} s ({4:0.0%}, promised: under {5:0%}; {6} looked at); ' +
        '{7} files changed, {8} pairs looked at in {9:0.00} s; {10}',
    $Count, $Size, $first.Seconds, $second.Seconds, ($second.Seconds / $first.Seconds), $part, $second.Looked, $changes, $third.Looked,
    $third.Seconds,
    ($second.Report -ceq $first.Report -and $third.Report -ceq $uncached.Report ?
        'the reports are the same as without a cache' : 'THE REPORTS DIFFER'))
exit ($second.Seconds -lt $part * $first.Seconds -and $second.Looked -eq 0 -and $first.Looked -eq $Count -and
    $third.Looked -eq $changes -and
    $second.Report -ceq $first.Report -and $third.Report -ceq $uncached.Report ? 0 : 1)
