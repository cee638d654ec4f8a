# Everything that must fail the gate of Compare-WmsModel, with real files: Compare-WmsModel.Tests.ps1, tests/Proofs/FailingClosed.ps1.
Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'
Import-Module "$PSScriptRoot/TestSupport.psm1", "$PSScriptRoot/PngFile.psm1"

<#
.SYNOPSIS
Creates the input of the cases: a data set whose masks are all foreground, a network that predicts foreground everywhere (and is right),
one that predicts none, and all the broken ones. One mask is empty, so that a network that predicts none is right there.
#>
function New-GateInput {
    param([Parameter(Mandatory)] [string] $Path, [int] $Count = 24, [int] $BaseChannels = 4, [string] $Stage = '64x1x8')

    $in = @{
        Root = $Path; Count = $Count; Data = "$Path/data"; Split = "$Path/all.json"; Models = "$Path/models"
        Enough = @{ MinimumPhotos = $Count }
    }
    $null = New-Item -ItemType Directory -Force $in.Models
    $null = New-WmsSampleDataset $in.Data -Size 128 -Count $Count -Seed 11
    $white = @{}
    foreach ($sample in Get-WmsDataset $in.Data) {
        $size = "$($sample.Width)x$($sample.Height)"
        $white[$size] ??= New-Png $sample.Width $sample.Height -White
        [IO.File]::WriteAllBytes($sample.MaskPath, $white[$size])
    }
    [IO.File]::WriteAllBytes($sample.MaskPath, (New-Png $sample.Width $sample.Height -Black))
    '{"fractions": {"train": 0, "validation": 0, "test": 1}}' | Set-Content $in.Split
    '{"fractions": {"train": 1, "validation": 0, "test": 0}}' | Set-Content "$Path/none.json"

    # Trained on other photos, so that no photo counts as seen.
    $null = New-WmsSampleDataset "$Path/other" -Size 128 -Count 24 -Seed 3
    $small = @{ BaseChannels = $BaseChannels; Stage = $Stage; Seed = 1; InformationAction = 'Ignore' }
    $run = Start-WmsTraining "$Path/other" -OutputPath "$Path/run" @small
    $in.Seen, $in.SeenData = $run.ModelPath, "$Path/other"
    $file = @{}
    foreach ($name in 'right', 'blind', 'blind-too', 'mute', 'nan', 'infinite', 'gone') { $file[$name] = "$($in.Models)/$name.safetensors" }
    Edit-Model $run.ModelPath $file['right'] @{ 'final.weight' = 0; 'final.bias' = 1 }
    Edit-Model $run.ModelPath $file['blind'] @{ 'final.weight' = 0; 'final.bias' = -1 }
    Edit-Model $run.ModelPath $file['blind-too'] @{ 'final.weight' = 0; 'final.bias' = -2 }
    Edit-Model $run.ModelPath $file['mute'] @{ 'final.weight' = 0; 'final.bias' = 1 } -Mute
    Edit-Model $run.ModelPath $file['nan'] @{ 'final.bias' = [float]::NaN }
    # A negative variance has no square root: finite weights that give outputs that are not finite.
    Edit-Model $run.ModelPath $file['infinite'] @{ 'dec1.4.weight' = 1e30; 'dec1.4.bias' = 1e30; 'final.weight' = 1e30 }
    Set-Content "$($in.Models)/text.safetensors" 'no model'
    $bytes = [IO.File]::ReadAllBytes($file['right'])
    [IO.File]::WriteAllBytes("$($in.Models)/cut.safetensors", $bytes[0..([int] ($bytes.Length / 2))])
    $in.File = $file

    $in.Photo = @(Get-WmsDataset $in.Data)[0].Name
    foreach ($faulty in 'photo', 'mask', 'size') { Copy-Item $in.Data "$Path/$faulty" -Recurse }
    $photo = @(Get-WmsDataset "$Path/photo")[0].ImagePath
    [IO.File]::WriteAllBytes($photo, [IO.File]::ReadAllBytes($photo)[0..500])
    [IO.File]::WriteAllBytes(@(Get-WmsDataset "$Path/mask")[0].MaskPath, [byte[]] (1, 2, 3))
    [IO.File]::WriteAllBytes(@(Get-WmsDataset "$Path/size")[0].MaskPath, (New-Png 64 64 -White))
    Copy-Item $in.Data "$Path/full" -Recurse
    $null = New-Item -ItemType Directory "$Path/full/split"
    Set-Content "$Path/full/split/decisions" 'a file where the ledger is to be'
    $null = New-Item -ItemType Directory "$Path/empty/images", "$Path/empty/masks"
    foreach ($line in 'policy: Superier', 'alpha: 2', 'minimumDice: high', 'minimumPhotos: -5', 'minimumDcie: 0.9') {
        $folder = "$Path/settings-$($line.Split(':')[0])"
        $null = New-Item -ItemType Directory $folder
        Set-Content "$folder/wms.yaml" "gate:`n  $line"
    }
    $in
}

<#
.SYNOPSIS
Copies a .safetensors file with whole tensors set to one value.
.PARAMETER Mute
Removes the provenance, as in a file of another program.
#>
function Edit-Model {
    param(
        [Parameter(Mandatory)] [string] $From,
        [Parameter(Mandatory)] [string] $To,
        [Parameter(Mandatory)] [hashtable] $Value,
        [switch] $Mute
    )

    [byte[]] $bytes = [IO.File]::ReadAllBytes($From)
    $length = [BitConverter]::ToInt64($bytes, 0)
    $header = [Text.Encoding]::UTF8.GetString($bytes, 8, $length) | ConvertFrom-Json -AsHashtable
    $body = 8 + $length
    foreach ($name in $Value.Keys) {
        $begin, $end = $header[$name].data_offsets
        $number = [BitConverter]::GetBytes([float] $Value[$name])
        for ($at = $begin; $at -lt $end; $at += 4) { [Buffer]::BlockCopy($number, 0, $bytes, $body + $at, 4) }
    }
    if ($Mute) {
        foreach ($key in 'training_photos', 'validation_photos', 'dataset_digest', 'split_digest') {
            $header.__metadata__.Remove("watermeters.$key")
        }
    }
    $text = [Text.Encoding]::UTF8.GetBytes(($header | ConvertTo-Json -Depth 5 -Compress))
    $stream = [IO.File]::Create($To)
    try {
        $stream.Write([BitConverter]::GetBytes([long] $text.Length))
        $stream.Write($text)
        $stream.Write($bytes, $body, $bytes.Length - $body)
    }
    finally { $stream.Dispose() }
}

<#
.SYNOPSIS
The cases: Name, Act (the call, with the input and more parameters), Says (what the error or reason must contain), Passes.
#>
function Get-GateCase {
    function Case([string] $Name, [scriptblock] $Act, [string] $Says, [switch] $Passes) {
        @{ Name = $Name; Act = $Act; Says = $Says; Passes = [bool] $Passes }
    }

    # Without these two the rest would prove nothing.
    Case 'a better model' { param($i, $m) Compare-WmsModel $i.File.right $i.File.blind $i.Data -SplitPath $i.Split @m } 'better' -Passes
    Case 'a first model that is good enough' `
        { param($i, $m) Compare-WmsModel $i.File.right -NoBaseline $i.Data -SplitPath $i.Split -MinimumDice 0.9 @m } 'no baseline' -Passes

    Case 'a missing baseline' `
        { param($i, $m) Compare-WmsModel $i.File.right $i.File.gone $i.Data -SplitPath $i.Split @m } 'gone\.safetensors'
    Case 'a baseline that is not a model' `
        { param($i, $m) Compare-WmsModel $i.File.right "$($i.Models)/text.safetensors" $i.Data -SplitPath $i.Split @m } 'text\.safetensors'
    Case 'a truncated baseline' `
        { param($i, $m) Compare-WmsModel $i.File.right "$($i.Models)/cut.safetensors" $i.Data -SplitPath $i.Split @m } 'cut\.safetensors'
    Case 'a baseline with NaN weights' `
        { param($i, $m) Compare-WmsModel $i.File.right $i.File.nan $i.Data -SplitPath $i.Split @m } 'nan\.safetensors'
    Case 'a baseline with logits that are not finite' `
        { param($i, $m) Compare-WmsModel $i.File.right $i.File.infinite $i.Data -SplitPath $i.Split @m } 'infinite\.safetensors.*not finite'
    Case 'an empty baseline' { param($i, $m) Compare-WmsModel $i.File.right '' $i.Data -SplitPath $i.Split @m } 'path is empty'
    Case 'a baseline from an unset variable' `
        { param($i, $m) Compare-WmsModel $i.File.right $env:WMS_NOT_SET $i.Data -SplitPath $i.Split @m } 'path is empty'
    foreach ($name in 'Production', 'models:/water-meter-segmentation/Production', 'models:/m/3', 'runs:/0a1b2c', '@champion', 'v3', '3') {
        Case "the baseline $name without a registry" {
            param($i, $m)
            Compare-WmsModel $i.File.right $name $i.Data -SplitPath $i.Split @m
        }.GetNewClosure() "'$([regex]::Escape($name))' is not a file"
    }
    Case '-NoBaseline without -MinimumDice' `
        { param($i, $m) Compare-WmsModel $i.File.right -NoBaseline $i.Data -SplitPath $i.Split @m } 'MinimumDice'
    Case '-NoBaseline:$false' `
        { param($i, $m) Compare-WmsModel $i.File.right -NoBaseline:$false $i.Data -SplitPath $i.Split -MinimumDice 0 @m } 'path is empty'

    Case 'a missing candidate' `
        { param($i, $m) Compare-WmsModel $i.File.gone $i.File.blind $i.Data -SplitPath $i.Split @m } 'gone\.safetensors'
    Case 'a truncated candidate' `
        { param($i, $m) Compare-WmsModel "$($i.Models)/cut.safetensors" $i.File.blind $i.Data -SplitPath $i.Split @m } 'cut\.safetensors'
    Case 'a candidate with NaN weights' `
        { param($i, $m) Compare-WmsModel $i.File.nan $i.File.blind $i.Data -SplitPath $i.Split @m } 'nan\.safetensors'
    Case 'a candidate with logits that are not finite' `
        { param($i, $m) Compare-WmsModel $i.File.infinite $i.File.blind $i.Data -SplitPath $i.Split @m } 'infinite\.safetensors.*not finite'
    Case 'an empty candidate' { param($i, $m) Compare-WmsModel '' $i.File.blind $i.Data -SplitPath $i.Split @m } 'path is empty'
    Case 'a stage as candidate' `
        { param($i, $m) Compare-WmsModel Staging $i.File.blind $i.Data -SplitPath $i.Split @m } "'Staging' is not a file"
    Case 'a candidate without provenance' `
        { param($i, $m) Compare-WmsModel $i.File.mute $i.File.blind $i.Data -SplitPath $i.Split @m } 'UnknownProvenance'
    Case 'a worse candidate' { param($i, $m) Compare-WmsModel $i.File.blind $i.File.right $i.Data -SplitPath $i.Split @m } 'Inferior'
    Case 'the same model' { param($i, $m) Compare-WmsModel $i.File.right $i.File.right $i.Data -SplitPath $i.Split @m } 'NonInferior'
    Case 'a candidate below -MinimumDice' `
        { param($i, $m) Compare-WmsModel $i.File.right $i.File.blind $i.Data -SplitPath $i.Split -MinimumDice 0.999 @m } 'BelowMinimumDice'

    foreach ($policy in 'Superior', 'NonInferior', 'Strict') {
        Case "a candidate that predicts nothing, no worse than the baseline, under $policy" {
            param($i, $m)
            Compare-WmsModel $i.File.blind $i.File.'blind-too' $i.Data -SplitPath $i.Split -Policy $policy @m
        }.GetNewClosure() 'CandidateFindsNothing.*predicts nothing'
        Case "a candidate that predicts nothing, without a baseline, under $policy" {
            param($i, $m)
            Compare-WmsModel $i.File.blind -NoBaseline $i.Data -SplitPath $i.Split -MinimumDice 0 -Policy $policy @m
        }.GetNewClosure() 'CandidateFindsNothing.*predicts nothing'
    }

    Case 'an empty part' {
        param($i, $m)
        Compare-WmsModel $i.File.right $i.File.blind $i.Data -SplitPath "$($i.Root)/none.json" @m
    } 'no photo in its Test part'
    Case 'a part that the model has seen' `
        { param($i, $m) Compare-WmsModel $i.Seen $i.File.blind $i.SeenData -Split Train @m } 'have been seen by one of them'
    Case 'too few photos' {
        param($i, $m)
        $m.MinimumPhotos = $i.Count + 1
        Compare-WmsModel $i.File.right $i.File.blind $i.Data -SplitPath $i.Split @m
    } 'TooFewPhotos.*add 1 more'
    Case 'a missing data set' { param($i, $m) Compare-WmsModel $i.File.right $i.File.blind "$($i.Root)/nowhere" @m } 'nowhere'
    Case 'an empty data set path' { param($i, $m) Compare-WmsModel $i.File.right $i.File.blind '' @m } 'path is empty'
    Case 'a data set without pairs' { param($i, $m) Compare-WmsModel $i.File.right $i.File.blind "$($i.Root)/empty" @m } 'no pair'
    Case 'a missing split file' `
        { param($i, $m) Compare-WmsModel $i.File.right $i.File.blind $i.Data -SplitPath "$($i.Root)/nowhere.json" @m } 'nowhere\.json'
    Case 'a split file from an unset variable' `
        { param($i, $m) Compare-WmsModel $i.File.right $i.File.blind $i.Data -SplitPath $env:WMS_NOT_SET @m } 'path is empty'
    Case 'a truncated photo' { param($i, $m) Compare-WmsModel $i.File.right $i.File.blind "$($i.Root)/photo" -SplitPath $i.Split @m } $null
    Case 'a damaged mask' { param($i, $m) Compare-WmsModel $i.File.right $i.File.blind "$($i.Root)/mask" -SplitPath $i.Split @m } $null
    Case 'a mask of another size' `
        { param($i, $m) Compare-WmsModel $i.File.right $i.File.blind "$($i.Root)/size" -SplitPath $i.Split @m } '64x64'

    Case 'a read-only ledger' {
        param($i, $m)
        Compare-WmsModel $i.File.right $i.File.blind "$($i.Root)/full" -SplitPath $i.Split @m
    } 'LedgerUnreachable.*NoLedger'
    Case '-WhatIf' `
        { param($i, $m) Compare-WmsModel $i.File.right $i.File.blind $i.Data -SplitPath $i.Split -WhatIf @m } 'would pass.*WhatIf'

    foreach ($name in 'Split', 'Policy', 'Alpha', 'Margin', 'MinimumDice', 'MinimumPhotos', 'Seed', 'Precision', 'Device') {
        foreach ($nothing in @{ Value = $null; Text = 'not set' }, @{ Value = ''; Text = 'empty' }) {
            Case "a -$name from a variable that is $($nothing.Text)" {
                param($i, $m)
                $m[$name] = $nothing.Value
                Compare-WmsModel $i.File.right $i.File.blind $i.Data -SplitPath $i.Split @m
            }.GetNewClosure() "$name is empty"
        }
    }
    foreach ($limit in @{ Alpha = 0.6 }, @{ Margin = [double]::NaN }, @{ MinimumDice = 1.5 }, @{ MinimumDice = [double]::NaN },
        @{ MinimumPhotos = 0 }) {
        $name = @($limit.Keys)[0]
        Case "-$name $($limit[$name])" {
            param($i, $m)
            $m[$name] = $limit[$name]
            Compare-WmsModel $i.File.right $i.File.blind $i.Data -SplitPath $i.Split @m
        }.GetNewClosure() "$name is"
    }
    foreach ($key in 'policy', 'alpha', 'minimumDice', 'minimumPhotos', 'minimumDcie') {
        Case "a wms.yaml with an invalid $key" {
            param($i, $m)
            Push-Location -LiteralPath "$($i.Root)/settings-$key"
            try { Compare-WmsModel $i.File.right $i.File.blind $i.Data -SplitPath $i.Split @m } finally { Pop-Location }
        }.GetNewClosure() "wms\.yaml.*gate\.$key"
    }
}

<#
.SYNOPSIS
Runs a case with -Quiet and without. Returns the differences from what it expects, or nothing.
#>
function Get-GateFault {
    param([Parameter(Mandatory)] [hashtable] $Case, [Parameter(Mandatory)] [hashtable] $In)

    $quiet = @(Invoke-GateCase $Case $In @{ Quiet = $true })
    $answers = @($quiet | Where-Object { $_ -isnot [Management.Automation.ErrorRecord] })
    if ($answers.Count -ne 1 -or $answers[0] -isnot [bool] -or $answers[0] -ne $Case.Passes) { "-Quiet returns '$answers'" }

    $told = @(Invoke-GateCase $Case $In @{})
    $errors = @($told | Where-Object { $_ -is [Management.Automation.ErrorRecord] })
    $records = @($told | Where-Object { $_ -is [WaterMeters.ModelComparison] })
    if ($errors.Count + $records.Count -ne 1) { "$($errors.Count) errors and $($records.Count) records are returned: $($errors[0])" }
    foreach ($record in $records) { if ($record.Passed -ne $Case.Passes) { "the record has Passed $($record.Passed)" } }

    $text = ($errors + @($quiet | Where-Object { $_ -is [Management.Automation.ErrorRecord] }) | ForEach-Object { "$_" }) +
        @($records | ForEach-Object { "$($_.Verdict) $($_.Flags) $($_.Reason)" }) -join ' '
    $says = $Case.Says ? $Case.Says : [regex]::Escape($In.Photo)
    if ($text -notmatch $says) { "'$says' is not in: $text" }
}

# Everything that a case outputs, errors included, as in a script without ErrorActionPreference Stop.
function Invoke-GateCase([hashtable] $Case, [hashtable] $In, [hashtable] $More) {
    $preference = $global:ErrorActionPreference
    $global:ErrorActionPreference = 'Continue'
    $ErrorActionPreference = 'Continue'
    try { & $Case.Act $In ($In.Enough + $More) 2>&1 3>$null 6>$null } catch { $_ } finally { $global:ErrorActionPreference = $preference }
}

Export-ModuleMember -Function New-GateInput, Get-GateCase, Get-GateFault, Edit-Model
