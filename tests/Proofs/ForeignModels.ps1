# Unusual models. One of another input size predicts at that size, from each format. A wrong channel count or an undeclared width is
# refused with both shapes. A .pth is marked as of unknown provenance, and Compare-WmsModel says that it cannot promise an unseen test.
# A pickle that would run a command is refused with the command's name, and the command is not run.
param([Parameter(Mandatory)] [string] $ModulePath)

$ErrorActionPreference = 'Stop'
Import-Module $ModulePath, "$PSScriptRoot/../Support/CoreTests.psm1"
$golden = Join-Path $PSScriptRoot '..' '..' '..' 'shared' 'golden'
if (-not (Test-Path $golden)) { 'ForeignModels: the folder shared with the seed''s models is not beside the repository'; exit 1 }
$golden = (Resolve-Path $golden).ProviderPath

function Get-Refusal([scriptblock] $Act) {
    try { $null = & $Act; '' } catch { "$_" }
}

$folder = (New-Item -ItemType Directory (Join-Path ([IO.Path]::GetTempPath()) "WaterMeters-$([Guid]::NewGuid().ToString('n'))")).FullName
try {
    $faults = [Collections.Generic.List[string]]::new()
    $null = New-WmsSampleDataset "$folder/data" -Size 128 -Count 60 -Seed 3
    $photo = (Get-ChildItem "$folder/data/images")[0].FullName

    # A mask of -MaskSize Model has the size of the prediction: width and height are bytes 16 to 23 of a PNG.
    $files = @(foreach ($size in 96, 208) {
            $small = @{ BaseChannels = 4; Stage = "${size}x1x8"; InformationAction = 'Ignore' }
            $run = Start-WmsTraining "$folder/data" -OutputPath "$folder/run$size" @small
            [pscustomobject]@{ Path = $run.ModelPath; Size = $size }
            foreach ($extension in 'pth', 'onnx') {
                [pscustomobject]@{ Path = (Export-WmsModel $run.ModelPath "$folder/$size.$extension").ModelPath; Size = $size }
            }
        }) + [pscustomobject]@{ Path = "$golden/mlflow/models/onnx"; Size = 64 }
    foreach ($file in $files) {
        $masks = "$folder/masks-$([Guid]::NewGuid().ToString('n'))"
        $found = Invoke-WmsPrediction $photo -Model $file.Path -OutputPath $masks -MaskSize Model -WarningAction Ignore
        $header = [IO.File]::ReadAllBytes($found.MaskPath)
        if ((256 * $header[18] + $header[19]) -ne $file.Size -or (256 * $header[22] + $header[23]) -ne $file.Size) {
            $faults.Add("$($file.Path) did not predict at $($file.Size)")
        }
    }

    $wide = Get-Refusal { Invoke-WmsPrediction $photo -Model "$golden/models/refuse-other-width.pth" }
    if ($wide -notmatch '\[8, 3, 3, 3\]' -or $wide -notmatch '\[16, 3, 3, 3\]') { $faults.Add("of the other width it says: $wide") }
    $core = Invoke-CoreTest 'RefusedShapeTests', 'OnnxModelTests', 'RefusedModelTests'
    if (-not $core.Holds) { $faults.Add("$($core.Failed) of the core's tests fail") }

    $comparison = Compare-WmsModel "$golden/models/meter-unet.pth" $files[0].Path "$folder/data" -WarningAction Ignore
    $measured = Measure-WmsModel "$golden/models/meter-unet.pth" "$folder/data" -WarningVariable warnings -WarningAction SilentlyContinue
    if ($comparison.ProvenanceKnown -or $measured.ProvenanceKnown) { $faults.Add('a .pth counts as one that says what it has seen') }
    if ("$($comparison.Reason)" -notmatch "candidate does not record which photos it has seen") {
        $faults.Add("the comparison says: $($comparison.Reason)")
    }
    if ("$warnings" -notmatch 'unseen test cannot be promised') { $faults.Add('Measure-WmsModel does not warn') }

    # The pickle calls COMMAND('... > WITNESS') of os, in PyTorch's zip.
    Add-Type -AssemblyName System.IO.Compression
    $witness = "$folder/was-executed"
    $commands = 'posix.system', 'nt.system', 'os.system', 'subprocess.getoutput', 'builtins.exec'
    foreach ($command in $commands) {
        $module, $name = $command -split '\.'
        $line = [Text.Encoding]::UTF8.GetBytes("echo done > $witness")
        [byte[]] $pickle = @(0x80, 2) + [Text.Encoding]::ASCII.GetBytes("c$module`n$name`n") + @(0x58) +
            [BitConverter]::GetBytes([int] $line.Length) + $line + @(0x85, 0x52, 0x2e)
        $archive = [IO.Compression.ZipArchive]::new([IO.File]::Create("$folder/$command.pth"), 'Create')
        $stream = $archive.CreateEntry('a/data.pkl', 'NoCompression').Open()
        $stream.Write($pickle)
        $stream.Dispose()
        $archive.Dispose()
        foreach ($call in { Invoke-WmsPrediction $photo -Model "$folder/$command.pth" },
            { Export-WmsModel "$folder/$command.pth" "$folder/never.safetensors" },
            { Measure-WmsModel "$folder/$command.pth" "$folder/data" }) {
            $said = Get-Refusal $call
            if ($said -notmatch "would call '$([regex]::Escape($command))'") { $faults.Add("$command is refused with: $said") }
        }
    }
    foreach ($name in 'refuse-command', 'refuse-eval') {
        if ((Get-Refusal { Invoke-WmsPrediction $photo -Model "$golden/models/$name.pth" }) -notmatch "would call '") {
            $faults.Add("$name is not refused by name")
        }
    }
    # The second file is the one that the two golden pickles would create.
    if ((Test-Path $witness) -or (Test-Path '/tmp/wms-was-executed')) { $faults.Add('A COMMAND WAS EXECUTED') }
}
finally { Remove-Item -LiteralPath $folder -Recurse -Force }

$faults | ForEach-Object { "  $_" }
"ForeignModels: $($files.Count) files of $(@($files.Size | Sort-Object -Unique).Count) other input sizes predict at their own, " +
    "$($core.Passed) refusals of shapes and pickles hold, a .pth is marked as of unknown sight, $($commands.Count + 2) pickles with " +
    "a command are refused by its name and none has run; $($faults.Count) faults"
exit ($faults.Count ? 1 : 0)
