# 20,000 files of 10 KB in one folder, published to a folder, again, compared, and restored into an empty repository: the times as
# multiples of md5sum over the same files in the same run. At most 5, 0.5, 0.5 and 8. Needs md5sum.
param([Parameter(Mandatory)] [string] $ModulePath, [int] $Count = 20000)

$ErrorActionPreference = 'Stop'
Import-Module $ModulePath, "$PSScriptRoot/../Support/DvcRepository.psm1"
$root = (New-Item -ItemType Directory (Join-Path ([IO.Path]::GetTempPath()) "WaterMeters-$([Guid]::NewGuid().ToString('n'))")).FullName
try {
    $null = New-DvcRepository $root
    $null = New-Item -ItemType Directory "$root/files"
    $random = [Random]::new(1)
    $content = [byte[]]::new(10240)
    $old = [DateTime]::UtcNow.AddMinutes(-5)
    foreach ($i in 1..$Count) {
        $random.NextBytes($content)
        [IO.File]::WriteAllBytes("$root/files/$i", $content)
        [IO.File]::SetLastWriteTimeUtc("$root/files/$i", $old)
    }
    function Measure-Step([scriptblock] $Step) {
        $watch = [Diagnostics.Stopwatch]::StartNew()
        $result = & $Step
        [pscustomobject]@{ Seconds = $watch.Elapsed.TotalSeconds; Result = $result }
    }

    # The cmdlets' assemblies are loaded by a call of their own, as those of md5sum are.
    $null = New-DvcRepository "$root/small"
    $null = New-Item -ItemType Directory "$root/small/files"
    Set-Content "$root/small/files/a" a
    $null = Publish-WmsDataset "$root/small/files"
    $null = Restore-WmsDataset "$root/small/files"
    $null = Compare-WmsDataset "$root/small/files"
    Remove-Item "$root/small" -Recurse -Force

    $sum = { sh -c "cd '$root/files' && find . -type f -print0 | xargs -0 md5sum > /dev/null" }
    $md5 = (1..3 | ForEach-Object { (Measure-Step $sum).Seconds } | Sort-Object)[1]
    $first = Measure-Step { Publish-WmsDataset "$root/files" }
    $second = Measure-Step { Publish-WmsDataset "$root/files" }
    $status = Measure-Step { Compare-WmsDataset "$root/files" }
    # Into another repository, as after a clone. ext4 creates files slowly for some seconds after as many were deleted.
    $null = New-DvcRepository "$root/clone" -Url ../../remote
    Copy-Item "$root/files.dvc" "$root/clone"
    $restore = Measure-Step { Restore-WmsDataset "$root/clone/files" }
    $again = Measure-Step { Restore-WmsDataset "$root/clone/files" }
}
finally { Remove-Item -LiteralPath $root -Recurse -Force }

$multiple = @($first, $second, $status, $restore, $again).ForEach{ $_.Seconds / $md5 }
[string]::Format([cultureinfo]::InvariantCulture,
    'VersionSpeed: {0} files, md5sum {1:0.00} s; first publish {2:0.0} times as long (at most 5), second {3:0.00} (at most 0.5), status ' +
        '{4:0.00} (at most 0.5), restore {5:0.0} (at most 8), second restore {6:0.00}',
    $Count, $md5, $multiple[0], $multiple[1], $multiple[2], $multiple[3], $multiple[4])
$isRight = $first.Result.SentCount -eq $Count + 1 -and $second.Result.Outcome -eq 'Unchanged' -and $second.Result.ReadCount -eq 0 -and
    $null -eq $status.Result -and $restore.Result.WrittenCount -eq $Count -and $again.Result.Outcome -eq 'Unchanged'
exit ($isRight -and $multiple[0] -le 5 -and $multiple[1] -le 0.5 -and $multiple[2] -le 0.5 -and $multiple[3] -le 8 ? 0 : 1)
