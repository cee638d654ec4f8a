# Completion is fast: each answer within 100 ms in a folder with 10,000 files, beside a tree of 2,000 folders. The first Tab of a
# process, which loads and compiles code, is reported separately, next to the time of PowerShell's own first completion.
param([Parameter(Mandatory)] [string] $ModulePath, [switch] $First)

$ErrorActionPreference = 'Stop'
Import-Module $ModulePath

function Measure-Tab([string] $Line) {
    $watch = [Diagnostics.Stopwatch]::StartNew()
    $found = [Management.Automation.CommandCompletion]::CompleteInput($Line, $Line.Length, $null).CompletionMatches
    [pscustomobject]@{ Line = $Line; Milliseconds = $watch.Elapsed.TotalMilliseconds; Count = $found.Count }
}

if ($First) {
    # Its own process. Files and parameter names first, so that PowerShell's own start is not counted as ours.
    $own = (Measure-Tab 'Get-ChildItem -Path ').Milliseconds
    $null = Measure-Tab 'Measure-WmsModel -Mod'
    '{0} {1}' -f $own.ToString([cultureinfo]::InvariantCulture),
        (Measure-Tab 'Measure-WmsModel -Model ').Milliseconds.ToString([cultureinfo]::InvariantCulture)
    exit 0
}

Import-Module "$PSScriptRoot/../../build/Processes.psm1"
$folder = (New-Item -ItemType Directory (Join-Path ([IO.Path]::GetTempPath()) "WaterMeters-$([Guid]::NewGuid().ToString('n'))")).FullName
try {
    foreach ($i in 1..10000) { [IO.File]::WriteAllText("$folder/file$i.txt", '') }
    foreach ($i in 1..2000) { $null = [IO.Directory]::CreateDirectory("$folder/tree/$($i % 40)/$i") }
    foreach ($name in 'models/production', 'runs/first/model', 'runs/second/model') {
        $null = [IO.Directory]::CreateDirectory((Split-Path "$folder/$name"))
        [IO.File]::WriteAllText("$folder/$name.safetensors", '')
    }
    $null = [IO.Directory]::CreateDirectory("$folder/data/images"), [IO.Directory]::CreateDirectory("$folder/data/masks")
    foreach ($i in 1..10000) { [IO.File]::WriteAllText("$folder/data/images/$i.jpg", '') }
    [IO.File]::WriteAllText("$folder/split.json", '{}')

    Set-Location -LiteralPath $folder
    $firstTabs = foreach ($run in 1..5) {
        $own, $ours = (Invoke-Pwsh -File $PSCommandPath -Arguments '-ModulePath', $ModulePath, '-First' | Select-Object -Last 1) -split ' '
        [pscustomobject]@{ Own = [double] $own; Ours = [double] $ours }
    }

    $lines = 'Measure-WmsModel ', 'Measure-WmsModel runs/f', 'Compare-WmsModel -Baseline mod',
        'Invoke-WmsPrediction -Model ./models/', 'Measure-WmsModel x ', 'Start-WmsTraining da', 'Start-WmsTraining x -SplitPath ',
        'Start-WmsTraining x -ConfigPath ', 'Start-WmsTraining x -Stage 2', 'Measure-WmsModel -Precision ',
        'Measure-WmsModel -Split ', 'Measure-WmsModel gone/', "Measure-WmsModel 'mod"
    $null = $lines | ForEach-Object { Measure-Tab $_ }
    # Longer than an answer is cached: some of these scan, most do not.
    $clock = [Diagnostics.Stopwatch]::StartNew()
    $all = while ($clock.Elapsed.TotalSeconds -lt 15) { foreach ($line in $lines) { Measure-Tab $line } }
}
finally {
    Set-Location -LiteralPath $PSScriptRoot
    Remove-Item -LiteralPath $folder -Recurse -Force
}

$sorted = @($all.Milliseconds | Sort-Object)
$worst = $all | Sort-Object Milliseconds | Select-Object -Last 1
$scans = @($all | Where-Object Milliseconds -gt 10).Count
$modelTab = @($all | Where-Object Line -eq 'Measure-WmsModel ')
'Of {0} answers, {1} took more than 10 ms; the worst was <{2}>' -f $all.Count, $scans, $worst.Line
'First Tab of a process: {0:0} ms (median of 5, worst {1:0}); PowerShell''s own first, for files: {2:0} ms' -f
    ($firstTabs.Ours | Sort-Object)[2], ($firstTabs.Ours | Measure-Object -Maximum).Maximum, ($firstTabs.Own | Sort-Object)[2]
'Completion: median {0:0.0} ms, worst {1:0.0} ms of {2} in a folder of 10,000 files (promised: each under 100)' -f
    $sorted[[int] ($sorted.Count / 2)], $sorted[-1], $sorted.Count
exit ($sorted[-1] -lt 100 -and ($modelTab.Count | Measure-Object -Minimum).Minimum -ge 3 ? 0 : 1)
