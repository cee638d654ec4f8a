# Runs the examples of the cmdlets' help and of the about topics as written, in a folder with the files they mention:
# HelpExamples.Tests.ps1 and tests/Proofs/HelpExamples.ps1.
Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'
Import-Module "$PSScriptRoot/HelpText.psm1", "$PSScriptRoot/DvcRepository.psm1", "$PSScriptRoot/GitRepository.psm1",
    "$PSScriptRoot/FakeTerraform.psm1",
    "$PSScriptRoot/../../build/Processes.psm1"

# What an example must never do for real.
$always = @{
    # Downloads half a gigabyte.
    'Install-WmsRuntime:WhatIf' = $true
    # Asks before it applies.
    'Invoke-WmsTerraform:Confirm' = $false
    'Invoke-WmsTerraform:WarningAction' = 'Ignore'
}

# The same examples in seconds: a small network, one short stage, few and small photos.
$small = @{
    'Start-WmsTraining:BaseChannels' = 2
    'Start-WmsTraining:Stage'        = '32x1x4'
    # With so few channels bfloat16 is slower.
    'Start-WmsTraining:Precision'    = 'Float32'
    'New-WmsSampleDataset:Count'     = 24
    'New-WmsSampleDataset:Size'      = 128
}

# The parameter that says where a cmdlet writes files that must not exist yet.
$written = @{ 'New-WmsSampleDataset' = 'Path'; 'Start-WmsTraining' = 'OutputPath' }

<#
.SYNOPSIS
Creates a folder with what the examples mention: data sets, photos, models, runs, settings.
.PARAMETER Size
Longer edge of its photos, pixels.
#>
function New-ExampleFolder {
    param([Parameter(Mandatory)] [string] $Path, [Parameter(Mandatory)] [string] $ModulePath, [int] $Size = 128)

    $null = New-Item -ItemType Directory -Force $Path
    $drawn = "$Path/drawn"
    $samples = @(New-WmsSampleDataset $drawn -Count 60 -Size $Size -Seed 5)
    $parts = Get-WmsDataset $drawn | Group-Object Split -AsHashTable -AsString

    # Few photos, but some of each part.
    $kept = @($parts['Train'] | Select-Object -First 4) + @($parts['Validation'] | Select-Object -First 1) +
        @($parts['Test'] | Select-Object -First 2)
    if ($kept.Count -ne 7) { throw "Of $($samples.Count) drawn photos too few belong to one of the parts; draw with another seed." }
    foreach ($data in 'meters', 'data', 'data/training', 'more', 'new', 'deliveries/june') {
        $null = New-Item -ItemType Directory "$Path/$data/images", "$Path/$data/masks"
        $kept | ForEach-Object {
            Copy-Item -LiteralPath $_.ImagePath "$Path/$data/images"
            Copy-Item -LiteralPath $_.MaskPath "$Path/$data/masks"
        }
    }
    foreach ($photos in 'photos', 'photos_to_predict') {
        $null = New-Item -ItemType Directory "$Path/$photos"
        $parts['Train'] | Select-Object -Last 3 | ForEach-Object { Copy-Item -LiteralPath $_.ImagePath "$Path/$photos" }
    }
    Remove-Item $drawn -Recurse

    $settings = (Get-Topic $ModulePath | Where-Object Name -eq 'about_WaterMeters_Settings').Lines
    Set-Content "$Path/train.yaml" (Get-TopicBlock $settings 'model:')
    # A promotion warns of fewer test photos than a verdict needs.
    Set-Content "$Path/wms.yaml" "gate:`n  minimumPhotos: 2"
    Set-Content "$Path/split.json" '{ "fractions": { "train": 0.8, "validation": 0.1, "test": 0.1 } }'

    foreach ($run in 'first', 'second', 'new', 'nightly') {
        $tiny = @{ BaseChannels = 2; Stage = '32x1x4'; Precision = 'Float32'; InformationAction = 'Ignore' }
        $null = Start-WmsTraining "$Path/meters" -OutputPath "$Path/runs/$run" @tiny
    }
    $windows = @{ Model = "$Path/runs/first/model.safetensors"; OutputPath = "$Path/masks-of-table"; InformationAction = 'Ignore' }
    Invoke-WmsPrediction "$Path/photos" @windows | Export-Csv "$Path/windows.csv"
    $null = Test-WmsDataset "$Path/meters" -ReportPath "$Path/report.json" -NoCache
    $null = New-DvcRepository $Path
    Copy-Item "$Path/meters" "$Path/published" -Recurse
    $null = Publish-WmsDataset "$Path/published"
    $null = New-Item -ItemType Directory "$Path/older", "$Path/models"
    Copy-Item "$Path/published/images.dvc" "$Path/older"
    Copy-Item "$Path/runs/first/model.safetensors" "$Path/models/production.safetensors"

    # No account is needed, nor changed: tests/FakeTerraform.
    Enable-FakeTerraform
    $null = New-TerraformFolder "$Path/infra/terraform"

    # Repositories of git, where git is installed.
    if (Get-Command git -ErrorAction Ignore) {
        foreach ($repository in $Path, "$Path/repositories/north", "$Path/repositories/south") { $null = New-GitRepository $repository }
        $origin = "$Path.git"
        Invoke-Git init --quiet --bare --initial-branch=main $origin
        Invoke-Git -C $Path add wms.yaml
        Invoke-Git -C $Path commit --quiet -m 'Settings'
        Invoke-Git -C $Path remote add origin $origin
        Invoke-Git -C $Path push --quiet origin main
    }

    # A registry with two versions, the first in production, in the folder itself: each example has its own.
    $registry = @{ TrackingUri = "$Path/mlflow.db" }
    foreach ($run in 'first', 'second') { $null = Publish-WmsModel "$Path/runs/$run/model.safetensors" @registry }
    $null = Set-WmsModelStage 1 Production @registry
}

<#
.SYNOPSIS
The $PSDefaultParameterValues for the examples.
#>
function Get-ExampleDefault {
    param([switch] $Quick)

    $always + ($Quick ? $small : @{})
}

<#
.SYNOPSIS
The code of an example with the sizes it gives replaced by small ones.
#>
function Get-QuickCode {
    param([Parameter(Mandatory)] [string] $Code)

    # In a job the defaults of this session do not apply.
    if ($Code -match '\bStart-Job\b') {
        $tiny = $small.Keys -like 'Start-WmsTraining:*' | Sort-Object | ForEach-Object { "-$(($_ -split ':')[1]) $($small[$_])" }
        $Code = $Code -replace '(\bStart-WmsTraining \S+)', "`$1 $($tiny -join ' ')"
    }
    $Code -replace '(?<=-Stage )\d\S*', $small['Start-WmsTraining:Stage'] `
        -replace ' -(Preset|Epochs|ImageSize|BatchSize) \w+' -replace '(?<=-Attempts )\d+', 2 `
        -replace '(?<=-Count )\d{3,}', $small['New-WmsSampleDataset:Count'] `
        -replace '(?<=-Size )\d{3,}', $small['New-WmsSampleDataset:Size']
}

<#
.SYNOPSIS
Copies the example folder for one example and returns the copy, without what the example writes and with what it replaces or
resumes.
#>
function Copy-ExampleFolder {
    param([Parameter(Mandatory)] [object] $Example, [Parameter(Mandatory)] [string] $From)

    $folder = Join-Path (Split-Path $From) "$($Example.Cmdlet)-$($Example.Number)"
    Copy-Item $From $folder -Recurse

    $tree = [Management.Automation.Language.Parser]::ParseInput($Example.Code, [ref] $null, [ref] $null)
    foreach ($call in Get-Call $tree) {
        $name = $call.GetCommandName()
        if (-not $name -or -not $written.ContainsKey($name)) { continue }
        $given = [Management.Automation.Language.StaticParameterBinder]::BindCommand($call, $true).BoundParameters
        if ($given.ContainsKey('Force') -or $given.ContainsKey('Resume') -or -not $given.ContainsKey($written[$name])) { continue }

        $path = Join-Path $folder "$($given[$written[$name]].ConstantValue)"
        if (Test-Path -LiteralPath $path) { Remove-Item -LiteralPath $path -Recurse }
    }
    $folder
}

<#
.SYNOPSIS
Runs examples in one new pwsh process, each in its own copy of the example folder. Returns for each: Cmdlet, Number, Faults,
Seconds.
#>
function Invoke-HelpExample {
    param(
        [Parameter(Mandatory)] [object[]] $Example, [Parameter(Mandatory)] [string] $From, [Parameter(Mandatory)] [string] $ModulePath,
        [switch] $Quick
    )

    $list = Join-Path (Split-Path $From) "$([Guid]::NewGuid().ToString('n')).json"
    $report = "$list.out"
    ConvertTo-Json @($Example) | Set-Content $list
    $arguments = @('-ModulePath', $ModulePath, '-ListPath', $list, '-From', $From, '-ReportPath', $report)
    if ($Quick) { $arguments += '-Quick' }
    $output = @(Invoke-Pwsh -File "$PSScriptRoot/Invoke-HelpExample.ps1" -Arguments $arguments 2>&1)
    $exitCode = $LASTEXITCODE
    $done = @(Get-Content $report -ErrorAction Ignore | ConvertFrom-Json)
    $done

    # An example can end its process, as a build step does when a check fails.
    if ($done.Count -lt $Example.Count) {
        $broken = $Example[$done.Count]
        $last = ($output | Select-Object -Last 5) -join ' '
        [pscustomobject]@{
            Cmdlet = $broken.Cmdlet; Number = $broken.Number
            Faults = @("ended its process with $exitCode. $last In: $($broken.Code)")
            Seconds = 0
        }
    }
}

Export-ModuleMember -Function New-ExampleFolder, Get-ExampleDefault, Get-QuickCode, Copy-ExampleFolder, Invoke-HelpExample
