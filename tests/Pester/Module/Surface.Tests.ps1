BeforeAll {
    Import-Module "$PSScriptRoot/../../Support/TestSupport.psm1", "$PSScriptRoot/../../Support/SurfaceCases.psm1"
}

Describe 'Every parameter of an enumeration' {
    It 'takes one value, or several as several' {
        @(Get-EnumParameter).Count | Should -BeGreaterThan 15
        Get-EnumFault | Should -BeNullOrEmpty
    }

    It 'is refused at the prompt with several values' {
        { Measure-WmsModel x y -Split Train, Test } | Should -Throw '*one value, not 2: Train, Test*'
        { Compare-WmsModel x y z -Policy 'Superior,NonInferior' } | Should -Throw '*one value, not 2: Superior, NonInferior*'
        $planted = New-WmsSampleDataset (New-TestFolder) -Count 1 -Size 64 -Defect 'MaskEmpty, MaskInverted' |
            Where-Object { $_ -is [WaterMeters.PlantedDefect] }
        $planted.Defect | Should -Be 'MaskEmpty', 'MaskInverted'
    }
}

Describe 'Every parameter that names a file or folder to read' {
    It 'is an ObjectNotFound error for a path that is not there, and False with -Quiet' {
        @(Get-ReadPathParameter).Count | Should -BeGreaterThan 25
        $data = New-SampleData
        $faults = @(Get-MissingPathFault -Folder (New-TestFolder) -DataPath $data -Model (New-SampleModel $data).ModelPath)
        $faults -join "`n" | Should -BeNullOrEmpty
    }
}

Describe 'A report' {
    It 'never replaces a file that it is made from' {
        $data = New-SampleData
        $run = (New-SampleModel $data).OutputPath
        $before = Get-Content "$run/metrics.json" -Raw
        { Export-WmsReport -RunPath $run -OutputPath "$run/metrics.json" -ErrorAction Stop } | Should -Throw '*would replace*metrics.json*'
        Get-Content "$run/metrics.json" -Raw | Should -BeExactly $before

        $split = Join-Path (New-TestFolder) 'split.json'
        Set-Content $split '{}'
        Test-WmsDataset $data -SplitPath $split -ReportPath $split -Quiet -ErrorVariable failures -ErrorAction SilentlyContinue |
            Should -BeFalse
        "$failures" | Should -BeLike "*would replace '*split.json'*-ReportPath*"
        Get-Content $split | Should -BeExactly '{}'

        Test-WmsDataset $data -ReportPath "$data/split/fractions.json" -Quiet -ErrorVariable failures -ErrorAction SilentlyContinue |
            Should -BeFalse
        "$failures" | Should -BeLike '*split folder of a data set*-ReportPath*'
        "$data/split/fractions.json" | Should -Not -Exist
    }
}
