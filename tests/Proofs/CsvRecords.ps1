# Every record of every cmdlet through Export-Csv under en-US and pl-PL: no cell is the name of a type, the columns equal the snapshot,
# and every number, parsed in the culture that wrote it, is the same.
param([Parameter(Mandatory)] [string] $ModulePath)

$ErrorActionPreference = 'Stop'
Import-Module $ModulePath, "$PSScriptRoot/../Support/CsvColumns.psm1"
$folder = (New-Item -ItemType Directory (Join-Path ([IO.Path]::GetTempPath()) "WaterMeters-$([Guid]::NewGuid().ToString('n'))")).FullName
try {
    $null = New-WmsSampleDataset "$folder/data" -Count 60 -Size 320
    $model = (Start-WmsTraining "$folder/data" -OutputPath "$folder/run" -BaseChannels 4 -Stage 64x2x8 -InformationAction Ignore).ModelPath
    $cultures = 'en-US', 'pl-PL'
    $faults = @(
        Export-EveryRecordUnder $cultures $ModulePath "$folder/data" $model $folder
        foreach ($culture in $cultures) { Get-CsvFault "$folder/$culture" $culture }
        Get-CsvDifference "$folder/en-US" 'en-US' "$folder/pl-PL" 'pl-PL'
    )
    $faults
    $files = Get-ChildItem $cultures.ForEach{ "$folder/$_" } -Filter *.csv
    $cells = ($files | ForEach-Object {
        $rows = @(Import-Csv -LiteralPath $_.FullName)
        $rows.Count * @($rows[0].psobject.Properties).Count
    } | Measure-Object -Sum).Sum
    "CsvRecords: $($faults.Count) faults in $cells cells of $($files.Count) files, under $($cultures -join ' and ')"
}
finally { Remove-Item -LiteralPath $folder -Recurse -Force }
exit ($faults ? 1 : 0)
