BeforeAll {
    Import-Module "$PSScriptRoot/../../Support/TestSupport.psm1", "$PSScriptRoot/../../Support/CsvColumns.psm1"
    $types = (Get-Content "$PSScriptRoot/../snapshots/csv-columns.json" -Raw | ConvertFrom-Json -AsHashtable).Keys
    $data = New-SampleData
    $model = (New-SampleModel $data).ModelPath
    $folder = New-TestFolder
    Export-EveryRecordUnder 'en-US', 'pl-PL' (Get-ModulePath) $data $model $folder
}

Describe 'Export-Csv of every record' {
    It 'has the columns of the snapshot and no type name in a cell under <_>' -ForEach 'en-US', 'pl-PL' {
        Get-CsvFault (Join-Path $folder $_) $_ | Should -BeNullOrEmpty
    }

    It 'has equal values under both cultures, each number parsed in its own' {
        Get-CsvDifference (Join-Path $folder 'en-US') 'en-US' (Join-Path $folder 'pl-PL') 'pl-PL' | Should -BeNullOrEmpty
    }

    It 'covers every record type that a cmdlet returns' {
        $given = (Get-Command -Module WaterMeters).OutputType.Type | Where-Object Namespace -eq 'WaterMeters' | Select-Object -Unique
        $given.Count | Should -BeGreaterThan 5
        foreach ($type in $given) { $type.Name | Should -BeIn $types }
    }

    It 'writes numbers in the culture''s format, so that -UseCulture fits a spreadsheet' {
        (Import-Csv (Join-Path $folder 'pl-PL' 'Prediction.csv'))[0].Confidence | Should -Match '^0,\d+$'
        (Import-Csv (Join-Path $folder 'en-US' 'Prediction.csv'))[0].Confidence | Should -Match '^0\.\d+$'
    }
}
