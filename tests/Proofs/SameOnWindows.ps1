# One set of real photos, here and in the Windows pwsh (in Wine): preprocessed photos, hashes, parts, exports and reports are equal, logits
# and losses within 1e-4, masks by IoU; and each system uses the model, the checkpoint, the split and the cache that the other wrote.
param([Parameter(Mandatory)] [string] $ModulePath)

$ErrorActionPreference = 'Stop'
$root = Split-Path (Split-Path $PSScriptRoot)
Import-Module "$root/build/Windows/Windows.psm1", "$root/build/Processes.psm1", "$PSScriptRoot/../Support/SameResults.psm1"
$shared = Join-Path $root '..' 'shared'
if ($IsWindows) { 'SameOnWindows: compares another system with Windows; run it there'; exit 1 }
if ($obstacle = Get-WindowsObstacle) { "SameOnWindows: $obstacle"; exit 1 }
if (-not (Test-Path $shared)) { 'SameOnWindows: the folder shared is not beside the repository'; exit 1 }
$meters = (Resolve-Path "$shared/data/meters").Path
$system = Get-WindowsSystem
$assembly = Join-Path $root 'artifacts' 'bin' 'WaterMeters.Ml.Tests' 'release' 'WaterMeters.Ml.Tests.dll'
$faults = [Collections.Generic.List[string]]::new()

# Runs the job on one system.
function Invoke-Job([string] $On, [string] $Of) {
    Write-Host "  the job on $On$($Of ? ", with what $Of wrote" : '')"
    $paths = [ordered] @{ ModulePath = $ModulePath; Path = "$folder/$On" }
    if ($Of) { $paths.Other = "$folder/$Of" }
    $arguments = foreach ($name in $paths.Keys) { "-$name"; $On -eq 'windows' ? (ConvertTo-WindowsPath $paths[$name]) : $paths[$name] }
    $job = "$PSScriptRoot/../Support/PlatformJob.ps1"
    $lines = @($On -eq 'windows' ? (Invoke-WindowsPwsh -System $system -File $job -Arguments $arguments -Prefix Same) :
        (Invoke-Pwsh -File $job -Arguments $arguments))
    $code = $LASTEXITCODE
    $lines | ForEach-Object { Write-Host "    $_" }
    if ($code -ne 0) { $faults.Add("the job on $On ended with $code") }
    $lines
}

# Runs tests of the class that writes what no cmdlet shows: planes, logits, losses, facts. Each has a process of its own, which in Wine
# runs again when it does not end. With one thread, because several add in another order.
function Invoke-Numbers([string] $On, [string] $Of, [string[]] $Test) {
    $env:OMP_NUM_THREADS = '1'
    $env:WMS_PLATFORM_PATH, $env:WMS_PLATFORM_OTHER = foreach ($path in "$folder/$On", ($Of ? "$folder/$Of" : $null)) {
        $path -and $On -eq 'windows' ? (ConvertTo-WindowsPath $path) : $path
    }
    foreach ($one in $Test) {
        Write-Host "  $one on $On$($Of ? ", with what $Of wrote" : '')"
        $arguments = '-noLogo', '-noColor', '-method', "*.PlatformResultsTests.${one}_*"
        foreach ($attempt in 1..2) {
            $lines = @(
                if ($On -ne 'windows') { & dotnet $assembly @arguments }
                else {
                    $program = New-WindowsExecutable $system $assembly
                    Invoke-WindowsProgram -System $system -Program $program -Arguments $arguments -Prefix Same -Seconds 300
                })
            $isDone = $LASTEXITCODE -eq 0 -and $lines -match 'Total: [1-9]'
            if ($isDone -or $On -ne 'windows') { break }
        }
        if (-not $isDone) { $lines | ForEach-Object { Write-Host "    $_" }; $faults.Add("$one on $On failed") }
    }
    $env:OMP_NUM_THREADS = $env:WMS_PLATFORM_PATH = $env:WMS_PLATFORM_OTHER = $null
}

function Get-Number([string] $File) {
    foreach ($line in Get-Content $File) { [double]::Parse($line, [cultureinfo]::InvariantCulture) }
}

function Get-Loss([string] $Run) {
    foreach ($epoch in Get-Content "$folder/$Run/epochs.jsonl" | ConvertFrom-Json) { $epoch.training_loss; $epoch.validation_loss }
}

# Notes what is not as it must be.
function Assert([bool] $Holds, [string] $What) { if (-not $Holds) { $faults.Add($What); Write-Host "  FAILS: $What" } }

$folder = (New-Item -ItemType Directory (Join-Path ([IO.Path]::GetTempPath()) "WaterMeters-$([Guid]::NewGuid().ToString('n'))")).FullName
try {
    foreach ($on in 'linux', 'windows') {
        $null = New-Item -ItemType Directory "$folder/$on"
        Copy-Item "$shared/golden/models/meter-unet.safetensors" "$folder/$on"
        foreach ($part in @{ Name = 'data'; Count = 240 }, @{ Name = 'few'; Count = 40 }, @{ Name = 'faulty'; Count = 12 }) {
            foreach ($kind in 'images', 'masks') {
                $to = (New-Item -ItemType Directory "$folder/$on/$($part.Name)/$kind").FullName
                Get-ChildItem "$meters/$kind" -File | Select-Object -First $part.Count | Copy-Item -Destination $to
            }
        }
    }

    foreach ($on in 'linux', 'windows') { $null = Invoke-Job $on }
    $ofWindows, $ofLinux = (Invoke-Job linux windows), (Invoke-Job windows linux)
    $tests = 'Decoded', 'Facts', 'Logits', 'Losses'
    Invoke-Numbers linux '' $tests
    Invoke-Numbers windows linux $tests
    Invoke-Numbers linux windows 'Facts'

    $one, $two = "$folder/linux", "$folder/windows"
    $windowsRoot = (ConvertTo-WindowsPath $two)

    # Equal to the byte.
    $planes = @(Get-ChildItem "$one/planes").Count
    Assert ($planes -eq 40 -and -not (Compare-FileByte "$one/planes" "$two/planes")) 'preprocessed photos differ'
    foreach ($name in 'planes.txt', 'facts.txt', 'pairs.facts', 'exported.safetensors', 'exported.pth', 'exported.onnx') {
        Assert ((Get-FileHash "$one/$name").Hash -eq (Get-FileHash "$two/$name").Hash) "$name differs"
    }
    foreach ($name in 'data', 'faulty', 'merged', 'crops') {
        $different = @(Compare-FileByte "$one/$name" "$two/$name")
        Assert (-not $different) "$($different.Count) files of $name differ, such as $($different[0])"
    }

    # Equal text.
    $texts = @('dataset', 'check', 'findings', 'split', 'parts', 'repairs', 'merge', 'predictions' | ForEach-Object { "$_.csv" }) +
        @('json', 'html', 'md', 'sarif', 'xml' | ForEach-Object { "check.$_" })
    $equal = @(foreach ($name in $texts) {
        $lines = @(Compare-NeutralText $name $one $one $two $windowsRoot)
        $lines | Select-Object -First 3 | ForEach-Object { Write-Host "    $_" }
        if (-not $lines) { $name }
        else { Assert $false "$name differs in $($lines.Count) lines" }
    })

    # Numbers of the network.
    $runtimes = foreach ($runtime in 'libtorch', 'ONNX Runtime') { Compare-Logit "$one/logits/$runtime" "$two/logits/$runtime" }
    $logits, $iou = ($runtimes.Most | Measure-Object -Maximum).Maximum, ($runtimes.Lowest | Measure-Object -Minimum).Minimum
    Assert ($logits -le 1e-4) "logits differ by $logits"
    Assert ($iou -ge 0.9999) "masks have an IoU of $iou"
    $masks = @(Compare-FileByte "$one/masks" "$two/masks")
    $losses = Compare-Number (Get-Number "$one/losses.txt") (Get-Number "$two/losses.txt")
    Assert ($losses -le 1e-4) "losses of 20 steps differ by $losses"
    $metrics = 'metrics', 'images' | ForEach-Object { Compare-CsvNumber "$one/$_.csv" "$two/$_.csv" } | Measure-Object -Maximum
    Assert ($metrics.Maximum -le 1e-3) "measured scores differ by $($metrics.Maximum)"

    # What the other wrote.
    $epochs = foreach ($pair in ('linux/whole', 'windows/whole'), ('linux/whole', 'linux/resumed'), ('windows/whole', 'windows/resumed')) {
        Compare-Number (Get-Loss $pair[0]) (Get-Loss $pair[1])
    }
    $resumed = ($epochs | Measure-Object -Maximum).Maximum
    Assert ($resumed -le 1e-4) "epochs of resumed trainings differ by $resumed"
    $line = 'resumed: 3 epochs, 0 warnings'
    Assert ($ofWindows -contains $line -and $ofLinux -contains $line) 'a run did not resume'
    foreach ($pair in ($one, $two), ($two, $one)) {
        $scores = Compare-CsvNumber "$($pair[0])/other-model.csv" "$($pair[1])/own-model.csv"
        Assert ($scores -le 1e-3) "a model of the other system scores $scores otherwise"
    }
    foreach ($name in 'other-split.csv', 'other-split-file.csv') {
        $lines = @(Compare-NeutralText $name $one $one $two $windowsRoot)
        Assert (-not $lines) "$name differs: $($lines | Select-Object -First 1)"
    }
}
finally {
    if (-not $env:WMS_KEEP) { Remove-Item -LiteralPath $folder -Recurse -Force }
    else { Write-Host "  kept: $folder" }
}

[string]::Format([cultureinfo]::InvariantCulture,
    'SameOnWindows: {0} photos preprocessed to the same bytes, logits of two engines within {1:0.0e+0}, mask IoU at least {2:0.000000}, ' +
        '{3} of {4} mask files the same, losses of 20 steps within {5:0.0e+0}, of resumed epochs within {6:0.0e+0}, ' +
        '{7} of {8} reports and CSV equal; {9} faults',
    $planes, $logits, $iou, (40 - $masks.Count), 40, $losses, $resumed, $equal.Count, $texts.Count, $faults.Count)
exit ($faults.Count -eq 0 ? 0 : 1)
