# What the hook adds to a push of code, in a repository with 500 photos and 2,000 other files: the median of pushes of one commit with the
# hook and without, in turn; a new branch; 200 tags. At most 50 ms each, and no PowerShell is started.
param([Parameter(Mandatory)] [string] $ModulePath, [int] $Count = 40)

$ErrorActionPreference = 'Stop'
Import-Module $ModulePath, "$PSScriptRoot/../Support/HookCases.psm1", "$PSScriptRoot/../Support/GitRepository.psm1"
$folder = Join-Path ([IO.Path]::GetTempPath()) "WaterMeters-$([Guid]::NewGuid().ToString('n'))"
try {
    $repository = New-HookRepository $folder
    $root = $repository.Root
    foreach ($name in 'data/training/images', 'data/training/masks') { $null = New-Item -ItemType Directory -Force "$root/$name" }
    foreach ($i in 1..500) {
        [IO.File]::WriteAllText("$root/data/training/images/$i.jpg", "photo $i")
        [IO.File]::WriteAllText("$root/data/training/masks/$i.png", "mask $i")
    }
    foreach ($i in 1..2000) {
        $file = "$root/src/$($i % 50)/$i.txt"
        if ($i -le 50) { $null = New-Item -ItemType Directory -Force (Split-Path $file) }
        [IO.File]::WriteAllText($file, "code $i")
    }
    $null = Add-GitCommit $root 'src/all.txt'
    Invoke-Git -C $root push --quiet origin main
    $null = Install-WmsHook $root
    Set-HookPwsh $repository

    # Median of the time with the hook less the median without, for pushes that a block makes ready.
    function Measure-Added([int] $Number, [scriptblock] $Prepare) {
        $times = @{ $true = [Collections.Generic.List[double]]::new(); $false = [Collections.Generic.List[double]]::new() }
        foreach ($i in 1..$Number) {
            foreach ($hooked in $true, $false) {
                $arguments = @(& $Prepare "$i-$hooked") + @($hooked ? @() : '--no-verify')
                $watch = [Diagnostics.Stopwatch]::StartNew()
                $pushed = Invoke-HookPush $root $arguments
                $times[$hooked].Add($watch.Elapsed.TotalMilliseconds)
                if ($pushed.ExitCode -ne 0) { throw "A push of code was refused: $($pushed.Said)" }
            }
        }
        $median = { param($List) ($List | Sort-Object)[[int] ($List.Count / 2)] }
        (& $median $times[$true]) - (& $median $times[$false])
    }

    $null = Measure-Added 3 { param($Name) $null = Add-GitCommit $root 'src/warm.txt' $Name; 'origin', 'main' }
    $commit = Measure-Added $Count { param($Name) $null = Add-GitCommit $root 'src/one.txt' $Name; 'origin', 'main' }
    $branch = Measure-Added ($Count / 2) { param($Name) $null = Add-GitCommit $root 'src/one.txt' $Name; 'origin', "main:branch-$Name" }
    $tags = Measure-Added ($Count / 4) {
        param($Name)
        $lines = foreach ($i in 1..200) { "create refs/tags/$Name-$i HEAD" }
        $lines | git -C $root update-ref --stdin
        '--tags', 'origin'
    }
    $isStarted = Test-Path $repository.Started
}
finally { Remove-Item -LiteralPath $folder -Recurse -Force -ErrorAction Ignore }

[string]::Format([cultureinfo]::InvariantCulture,
    'HookSpeed: adds {0:0} ms to a push of a commit, {1:0} ms to one of a new branch, {2:0} ms to one of 200 tags (at most 50 each); ' +
        'PowerShell started: {3} (never)', $commit, $branch, $tags, ($isStarted ? 'yes' : 'no'))
exit ($commit -lt 50 -and $branch -lt 50 -and $tags -lt 50 -and -not $isStarted ? 0 : 1)
