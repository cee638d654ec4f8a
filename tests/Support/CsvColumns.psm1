# Every record type of the cmdlets, through Export-Csv, under two cultures: tests/Proofs/CsvRecords.ps1 and Csv.Tests.ps1.
Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'
Import-Module "$PSScriptRoot/DvcRepository.psm1"

<#
.SYNOPSIS
Writes one CSV file per record type into a folder, in the current culture.
#>
function Export-EveryRecord {
    param([Parameter(Mandatory)] [string] $DataPath, [Parameter(Mandatory)] [string] $ModelPath, [Parameter(Mandatory)] [string] $Path)

    $null = New-Item -ItemType Directory -Force $Path
    $faulty = "$Path/faulty"
    Copy-Item $DataPath $faulty -Recurse
    Set-Content -LiteralPath (Get-ChildItem "$faulty/images")[0].FullName 'no photo'
    Remove-Item -LiteralPath (Get-ChildItem "$faulty/masks")[1].FullName

    New-WmsSampleDataset "$Path/drawn" -Count 1 -Size 128 -Defect MaskEmpty | Where-Object { $_ -is [WaterMeters.PlantedDefect] } |
        Export-Csv "$Path/PlantedDefect.csv"
    $null = New-WmsSampleDataset "$Path/repairable" -Count 1 -Size 128 -Defect MaskJpeg
    Get-WmsDataset $DataPath | Export-Csv "$Path/DatasetSample.csv"
    Test-WmsDataset $faulty -ReportPath "$Path/report.json" | Export-Csv "$Path/DatasetReport.csv"
    Test-WmsDataset $faulty -PerFinding | Export-Csv "$Path/DatasetFinding.csv"
    $null = New-WmsSampleDataset "$Path/twins" -Count 2 -Size 128 -Defect PhotoSavedAgain
    Split-WmsDataset "$Path/twins" | Export-Csv "$Path/DatasetSplitReport.csv"
    Split-WmsDataset "$Path/twins" -PerPhoto | Export-Csv "$Path/DatasetSplitPhoto.csv"
    Repair-WmsDataset "$Path/repairable" | Export-Csv "$Path/DatasetRepair.csv"
    Merge-WmsDataset $faulty "$Path/merged" | Export-Csv "$Path/DatasetMerge.csv"
    $null = New-DvcRepository "$Path/repository"
    Copy-Item $DataPath "$Path/repository/data" -Recurse
    Publish-WmsDataset "$Path/repository/data" | Export-Csv "$Path/DatasetVersion.csv"
    Remove-Item -LiteralPath (Get-ChildItem "$Path/repository/data/images")[0].FullName
    Compare-WmsDataset "$Path/repository/data" | Export-Csv "$Path/DatasetChange.csv"
    Restore-WmsDataset "$Path/repository/data" | Export-Csv "$Path/DatasetRestore.csv"
    $run = Start-WmsTraining $DataPath -OutputPath "$Path/run" -BaseChannels 4 -Stage 64x1x8 -InformationAction Ignore
    $run | Export-Csv "$Path/TrainingResult.csv"
    $tracked = @{ TrackingUri = $run.TrackingUri; RunId = $run.RunId }
    Get-WmsRun @tracked | Export-Csv "$Path/TrackedRun.csv"
    Get-WmsRun @tracked -PerMetric | Export-Csv "$Path/RunMetric.csv"
    [WaterMeters.EpochRecord] @{ Epoch = 1; Epochs = 2; LearningRate = 0.001; TrainingLoss = 1.25 } | Export-Csv "$Path/EpochRecord.csv"
    Measure-WmsModel $ModelPath $DataPath -All | Export-Csv "$Path/ModelMetrics.csv"
    Measure-WmsModel $ModelPath $DataPath -PerImage | Export-Csv "$Path/ImageMetrics.csv"
    Compare-WmsModel $ModelPath $ModelPath $DataPath | Export-Csv "$Path/ModelComparison.csv"
    Compare-WmsModel $ModelPath $ModelPath $DataPath -PerImage | Export-Csv "$Path/ImageComparison.csv"
    Export-WmsModel $ModelPath "$Path/exported.pth" | Export-Csv "$Path/ModelExport.csv"
    $registry = @{ TrackingUri = "$Path/registry.db" }
    Publish-WmsModel $ModelPath -Stage Production -Force -Reason 'The first model' @registry | Export-Csv "$Path/RegisteredModelVersion.csv"
    Sync-WmsModel -OutputPath "$Path/synced" @registry | Export-Csv "$Path/ModelSync.csv"
    Get-WmsDataset $DataPath | Invoke-WmsPrediction -Model $ModelPath -OutputPath "$Path/masks" -Overlay | Export-Csv "$Path/Prediction.csv"
    # Free disk space changes between the two exports.
    Test-WmsEnvironment | Where-Object Name -NE Disk | Export-Csv "$Path/EnvironmentCheck.csv"
    Install-WmsRuntime | Export-Csv "$Path/RuntimeInstallation.csv"
    [WaterMeters.Infrastructure] @{
        InstanceId = 'i-0123456789abcdef0'; MachineName = 'wms'; State = 'Running'; InstanceType = 't3.large'; Region = 'eu-central-1'
        BucketName = 'wms-bucket'; LeaseCount = 1; LeaseOwner = 'ana@PC-7'; HourlyCost = 0.114; PriceDate = [datetime] '2025-06-01'
    } | Export-Csv "$Path/Infrastructure.csv"
    # Wine has no git.
    [WaterMeters.HookInstallation] @{ Outcome = 'Installed'; Method = 'File'; Path = $Path; HookPath = "$Path/pre-push" } |
        Export-Csv "$Path/HookInstallation.csv"
    [WaterMeters.TerraformChange] @{
        Action = 'Create'; Address = 'aws_instance.machine'; Type = 'aws_instance'; MonthlyCost = 60.74; PlanPath = "$Path/wms.tfplan"
    } | Export-Csv "$Path/TerraformChange.csv"
    [WaterMeters.RepositoryItem] @{ Outcome = 'Created'; Name = 'wms.yaml'; Path = "$Path/wms.yaml" } |
        Export-Csv "$Path/RepositoryItem.csv"
    [WaterMeters.RepositorySecret] @{ Repository = 'ana/meters'; Name = 'AWS_ACCESS_KEY_ID'; Outcome = 'Created' } |
        Export-Csv "$Path/RepositorySecret.csv"
    [WaterMeters.PrePushResult] @{
        Outcome = 'DataPushed'; Remote = 'origin'; Url = 'https://example.com/a.git'; DataBranch = 'data/20261129-221500'; PhotoCount = 2
        Findings = [WaterMeters.FindingList]::new([WaterMeters.DatasetFinding[]] @())
    } | Export-Csv "$Path/PrePushResult.csv"
}

<#
.SYNOPSIS
Runs Export-EveryRecord in a new pwsh process under each culture, into a folder with the culture's name.
#>
function Export-EveryRecordUnder {
    param([string[]] $Culture, [string] $ModulePath, [string] $DataPath, [string] $ModelPath, [string] $Path)

    Import-Module "$PSScriptRoot/../../build/Processes.psm1"
    $program, [string[]] $first = Get-PwshCommand
    $command = "`$ErrorActionPreference = 'Stop'; Import-Module '$ModulePath', '$PSScriptRoot/CsvColumns.psm1'; " +
        "foreach (`$culture in '$($Culture -join "', '")') { " +
        "[cultureinfo]::DefaultThreadCurrentCulture = [cultureinfo]::CurrentCulture = [cultureinfo] `$culture; " +
        "Export-EveryRecord '$DataPath' '$ModelPath' (Join-Path '$Path' `$culture) }"
    & $program @first -NoLogo -NoProfile -NonInteractive -Command $command | Out-Host
    if ($LASTEXITCODE -ne 0) { throw "The export under $($Culture -join ' and ') ended with $LASTEXITCODE." }
}

<#
.SYNOPSIS
The faults of the CSV files of a culture, one line each, or nothing.
#>
function Get-CsvFault {
    param([Parameter(Mandatory)] [string] $Path, [Parameter(Mandatory)] [cultureinfo] $Culture)

    $snapshot = Get-Content "$PSScriptRoot/../Pester/snapshots/csv-columns.json" -Raw | ConvertFrom-Json -AsHashtable
    $files = @(Get-ChildItem $Path -Filter *.csv)
    foreach ($type in $snapshot.Keys | Where-Object { $_ -notin $files.BaseName }) { "no CSV of $type was written" }
    foreach ($file in $files) {
        $header = (Get-Content -LiteralPath $file.FullName -TotalCount 1)
        $expected = ($snapshot[$file.BaseName] | ForEach-Object { '"{0}"' -f $_ }) -join ','
        if ($header -cne $expected) { "$($file.BaseName) has the columns $header, tests/Pester/snapshots/csv-columns.json says $expected" }

        $rows = @(Import-Csv -LiteralPath $file.FullName)
        if (-not $rows) { "$($file.Name) has no row" }
        $type = [type] "WaterMeters.$($file.BaseName)"
        foreach ($row in $rows) {
            foreach ($cell in $row.psobject.Properties) {
                if ($cell.Value -cmatch '^(System|WaterMeters)\.') {
                    "$($file.BaseName).$($cell.Name) is the name of a type: $($cell.Value)"
                }
                $number = 0.0
                # A missing number is an empty cell.
                if ((Test-Number $type $cell) -and
                    -not [double]::TryParse($cell.Value, [Globalization.NumberStyles]::Float, $Culture, [ref] $number)) {
                    "$($file.BaseName).$($cell.Name) is no number of $($Culture): $($cell.Value)"
                }
            }
        }
    }
}

<#
.SYNOPSIS
The values that differ between two cultures when each is parsed in its own. Durations, rates, times, ledger paths and the
identifiers and measured seconds of runs are not compared.
#>
function Get-CsvDifference {
    param([string] $Path, [cultureinfo] $Culture, [string] $OtherPath, [cultureinfo] $OtherCulture)

    $run = '(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])'
    foreach ($file in Get-ChildItem $Path -Filter *.csv) {
        $type = [type] "WaterMeters.$($file.BaseName)"
        $one, $two = @(Import-Csv -LiteralPath $file.FullName), @(Import-Csv -LiteralPath "$OtherPath/$($file.Name)")
        if ($one.Count -ne $two.Count) { "$($file.BaseName): $($one.Count) rows and $($two.Count)"; continue }
        for ($i = 0; $i -lt $one.Count; $i++) {
            if ($one[$i].psobject.Properties['Metric'] -and $one[$i].Metric -match 'second') { continue }
            $others = 'Duration|PerSecond|LedgerPath|^(RunId|Start|End|Time|Since|Created|Synced|PriceDate)$'
            $names = $one[$i].psobject.Properties.Name -notmatch $others
            foreach ($name in $names) {
                $left, $right = $one[$i].$name, $two[$i].$name
                $same = if ((Test-Number $type $one[$i].psobject.Properties[$name]) -and $right) {
                    [double]::Parse($left, $Culture).Equals([double]::Parse($right, $OtherCulture))
                }
                # Each culture wrote to its own folder.
                else { (Get-Plain $left $Path) -replace $run, 'RUN' -ceq ((Get-Plain $right $OtherPath) -replace $run, 'RUN') }
                if (-not $same) { "$($file.BaseName).$name, row $($i): '$left' under $Culture, '$right' under $OtherCulture" }
            }
        }
    }
}

# A cell without the folder, as a path or as the address of a database.
function Get-Plain([string] $Cell, [string] $Folder) { $Cell.Replace($Folder, '').Replace($Folder.Replace('\', '/'), '') }

function Test-Number([type] $Type, $Cell) {
    $is = $Type.GetProperty($Cell.Name).PropertyType
    $is -eq [double] -or ($is -in [Nullable[double]], [Nullable[decimal]] -and $Cell.Value -ne '')
}

Export-ModuleMember -Function Export-EveryRecord, Export-EveryRecordUnder, Get-CsvFault, Get-CsvDifference
