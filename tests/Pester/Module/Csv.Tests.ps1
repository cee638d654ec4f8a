BeforeAll {
    Import-Module "$PSScriptRoot/../../Support/TestSupport.psm1", "$PSScriptRoot/../../Support/CsvColumns.psm1"
    $types = (Get-Content "$PSScriptRoot/../snapshots/csv-columns.json" -Raw | ConvertFrom-Json -AsHashtable).Keys
    $data = New-SampleData
    $model = (New-SampleModel $data).ModelPath
    $folder = New-TestFolder
    foreach ($culture in 'en-US', 'pl-PL') { Export-EveryRecordUnder $culture (Get-ModulePath) $data $model (Join-Path $folder $culture) }
}

Describe 'Export-Csv of every record' {
    It 'has the columns of the snapshot and no name of a type under <_>' -ForEach 'en-US', 'pl-PL' {
        Get-CsvFault (Join-Path $folder $_) $_ | Should -BeNullOrEmpty
    }

    It 'says the same under both cultures, each number read in its own' {
        Get-CsvDifference (Join-Path $folder 'en-US') 'en-US' (Join-Path $folder 'pl-PL') 'pl-PL' | Should -BeNullOrEmpty
    }

    It 'knows the columns of every record type that a cmdlet gives' {
        $given = (Get-Command -Module WaterMeters).OutputType.Type | Where-Object Namespace -eq 'WaterMeters' | Select-Object -Unique
        $given.Count | Should -BeGreaterThan 5
        foreach ($type in $given) { $type.Name | Should -BeIn $types }
    }

    It 'writes a number as the culture does, so that -UseCulture fits a spreadsheet' {
        (Import-Csv (Join-Path $folder 'pl-PL' 'Prediction.csv'))[0].Confidence | Should -Match '^0,\d+$'
        (Import-Csv (Join-Path $folder 'en-US' 'Prediction.csv'))[0].Confidence | Should -Match '^0\.\d+$'
    }
}
