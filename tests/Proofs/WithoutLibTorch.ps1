# On a machine without libtorch every cmdlet works except training, whose error says how to install it; among them predictions from
# each model format, the check of a git hook, and the scores of a model. Then Install-WmsRuntime installs libtorch from the real
# package, and a tiny network is trained with it.
param([Parameter(Mandatory)] [string] $ModulePath)

$ErrorActionPreference = 'Stop'
Import-Module $ModulePath, "$PSScriptRoot/../Support/WithoutLibTorch.psm1", "$PSScriptRoot/../../build/Processes.psm1"
$folder = (New-Item -ItemType Directory (Join-Path ([IO.Path]::GetTempPath()) "WaterMeters-$([Guid]::NewGuid().ToString('n'))")).FullName
$before = @{}
try {
    $null = New-WmsSampleDataset "$folder/data" -Size 128 -Count 24
    $model = (Start-WmsTraining "$folder/data" -OutputPath "$folder/run" -BaseChannels 4 -Stage 64x1x8 -InformationAction Ignore).ModelPath

    $files = @($model) + @(foreach ($extension in 'pth', 'onnx') { (Export-WmsModel $model "$folder/same.$extension").ModelPath })
    $there = (Measure-WmsModel $model "$folder/data").Dice

    # A package folder holds the package itself beside its files, which are loaded from <id>/<version>/runtimes/<rid>/native.
    $source = [IO.Path]::GetFullPath((Join-Path (Install-WmsRuntime).Path '..' '..' '..'))
    if (-not (Get-ChildItem $source -Filter *.nupkg)) {
        throw "'$source' holds no package of libtorch to install from; build with the NuGet package folder first."
    }

    $hiding = Get-HidingEnvironment "$folder/hidden"
    foreach ($name in $hiding.Keys) {
        $before[$name] = [Environment]::GetEnvironmentVariable($name)
        [Environment]::SetEnvironmentVariable($name, $hiding[$name])
    }
    $program, [string[]] $first = Get-PwshCommand
    $predict = "Invoke-WmsPrediction '$folder/data/images' -Model `$_"
    $training = 'Again = $again; Seconds = $seconds; Run = $run; Loaded = @($loaded)'
    $script = @"
        `$ErrorActionPreference = 'Stop'
        Import-Module '$ModulePath', '$PSScriptRoot/../Support/WithoutLibTorch.psm1'
        `$cmdlets = @(Invoke-EveryCmdlet '$folder/data' '$model' '$folder/work')
        `$light = @{
            Masks    = @('$($files -join "','")' | ForEach-Object { ($predict | Measure-Object Confidence -Sum).Sum })
            Hook     = Test-WmsDataset '$folder/data' -Quiet
            Dice     = (Measure-WmsModel '$model' '$folder/data').Dice
            Loaded   = @([Diagnostics.Process]::GetCurrentProcess().Modules.ModuleName -match 'torch|c10' -ne 'TorchSharp.dll')
        }
        `$watch = [Diagnostics.Stopwatch]::StartNew()
        `$installed = Install-WmsRuntime '$source'
        `$seconds = `$watch.Elapsed.TotalSeconds
        `$again = Install-WmsRuntime
        `$run = Start-WmsTraining '$folder/data' -OutputPath '$folder/after' -BaseChannels 4 -Stage 64x1x8 -InformationAction Ignore
        `$loaded = [Diagnostics.Process]::GetCurrentProcess().Modules.FileName -match 'torch_cpu'
        @{
            Cmdlets = `$cmdlets; Light = `$light; Installed = `$installed; $training
            After = @(Invoke-EveryCmdlet '$folder/data' '$model' '$folder/work2')
        } | ConvertTo-Json -Depth 3 -EnumsAsStrings | Set-Content '$folder/found.json'
"@
    $encoded = [Convert]::ToBase64String([Text.Encoding]::Unicode.GetBytes($script))
    & $program @first -NoLogo -NoProfile -NonInteractive -OutputFormat Text -EncodedCommand $encoded | Out-Host
    if ($LASTEXITCODE -ne 0) { throw "The process without libtorch ended with $LASTEXITCODE." }
    $found = Get-Content "$folder/found.json" -Raw | ConvertFrom-Json
}
finally {
    foreach ($name in $before.Keys) { [Environment]::SetEnvironmentVariable($name, $before[$name]) }
    Remove-Item -LiteralPath $folder -Recurse -Force
}

foreach ($one in $found.Cmdlets) {
    '{0,-22}{1}' -f $one.Cmdlet,
        ($one.Works ? 'works' : "$(($one.ErrorId -split ',')[0]) - $(($one.Message -split '(?<=\.) ')[0..1] -join ' ')")
}
$works, $others = @($found.Cmdlets).Where({ $_.Works }, 'Split')
$invariant = [cultureinfo]::InvariantCulture
"Installed {0} MB of libtorch {1} from its package in {2} s, then trained {3} epoch with it (test Dice {4})" -f
    $found.Installed.Megabytes.ToString('0', $invariant), $found.Installed.Version, ([double] $found.Seconds).ToString('0.0', $invariant),
        $found.Run.Epochs, ([double] $found.Run.TestDice).ToString('0.000', $invariant)
$light = $found.Light
"WithoutLibTorch: $($works.Count) of $($found.Cmdlets.Count) cmdlets work, $($others.Count) say Install-WmsRuntime; " +
    "$($light.Masks.Count) model formats predict alike, Test-WmsDataset -Quiet says $($light.Hook), Measure-WmsModel gives the Dice " +
    "it gives with libtorch there; after installing it $(@($found.After | Where-Object Works).Count) work"

$needed = (Test-WmsEnvironment | Where-Object Name -eq libtorch).NeededBy
$holds = -not (@('Invoke-WmsPrediction', 'Test-WmsDataset', 'Measure-WmsModel') | Where-Object { $_ -notin $works.Cmdlet }) -and
    @($light.Masks | Sort-Object -Unique).Count -eq 1 -and $light.Masks.Count -eq 3 -and $light.Hook -eq $true -and
        $light.Dice -eq $there -and -not $light.Loaded -and
    ($others.Cmdlet -join ', ') -eq $needed -and
    -not ($others | Where-Object { $_.ErrorId -notlike 'RuntimeMissing,*' -or $_.Message -notlike '*Run Install-WmsRuntime*' }) -and
    $found.Installed.Status -eq 'Installed' -and $found.Installed.Sha512 -and $found.Again.Status -eq 'AlreadyThere' -and
    $found.Run.Epochs -eq 1 -and $found.Loaded.Count -and
        -not ($found.Loaded | Where-Object { -not $_.StartsWith($found.Installed.Path) }) -and
    -not ($found.After | Where-Object { -not $_.Works })
exit ($holds ? 0 : 1)
