BeforeDiscovery {
    # The views in the file; the first test below checks that none is missing.
    $file = [xml] (Get-Content "$PSScriptRoot/../../../module/WaterMeters.Format.ps1xml" -Raw)
    $views = @($file.SelectNodes('//View/ViewSelectedBy/TypeName').InnerText | ForEach-Object { @{ Type = $_ } })
}

BeforeAll {
    Import-Module "$PSScriptRoot/../../Support/TestSupport.psm1"
    $data = New-SampleData
    $run = New-SampleModel $data
    $repairable = New-TestFolder
    $null = New-WmsSampleDataset $repairable -Count 1 -Size 128 -Defect MaskJpeg
    $faulty = Join-Path (New-TestFolder) 'faulty'
    Copy-Item $data $faulty -Recurse
    Set-Content "$faulty/images/sample_0001.jpg" 'no photo'

    $twins = New-TestFolder
    $null = New-WmsSampleDataset $twins -Count 2 -Size 128 -Defect PhotoSavedAgain

    $records = @{
        'WaterMeters.DatasetSample'   = @(Get-WmsDataset $data)
        'WaterMeters.PlantedDefect'   = @(
            New-WmsSampleDataset (New-TestFolder) -Count 1 -Size 128 -Defect All | Where-Object { $_ -is [WaterMeters.PlantedDefect] }
        )
        'WaterMeters.DatasetReport'   = Test-WmsDataset $faulty
        'WaterMeters.DatasetFinding'  = @(Test-WmsDataset $faulty -PerFinding)
        'WaterMeters.DatasetSplitReport' = @(Split-WmsDataset $data -MinimumPhotos 5) + (Split-WmsDataset $twins)
        'WaterMeters.DatasetSplitPhoto'  = @(Split-WmsDataset $twins -PerPhoto)
        'WaterMeters.DatasetMerge'    = @(Merge-WmsDataset $faulty (Join-Path (New-TestFolder) 'all'))
        'WaterMeters.DatasetRepair'   = @(Repair-WmsDataset $repairable)
        'WaterMeters.EpochRecord'     = [WaterMeters.EpochRecord] @{
            Epoch = 3; Epochs = 12; Size = 256; LearningRate = 0.002; IsBest = $true
        }
        'WaterMeters.TrainingResult'  = $run
        'WaterMeters.ModelMetrics'    = $run | Measure-WmsModel
        'WaterMeters.ImageMetrics'    = @($run | Measure-WmsModel -PerImage)
        'WaterMeters.ModelComparison' = @($run | Compare-WmsModel -Baseline $run.ModelPath) + @($run | Compare-WmsModel -NoBaseline)
        'WaterMeters.ImageComparison' = @($run | Compare-WmsModel -Baseline $run.ModelPath -PerImage) +
            @($run | Compare-WmsModel -NoBaseline -PerImage)
        'WaterMeters.ModelExport'     = Export-WmsModel $run.ModelPath (Join-Path (New-TestFolder) 'model.pth')
        'WaterMeters.Prediction'      = @(Invoke-WmsPrediction "$data/images" -Model $run.ModelPath)
        'WaterMeters.EnvironmentCheck'    = @(Test-WmsEnvironment)
        'WaterMeters.RuntimeInstallation' = Install-WmsRuntime
    }
    $columns = @{
        'WaterMeters.DatasetSample'   = 'Name', 'Coverage', 'Split', 'sample_0001', 'Train'
        'WaterMeters.PlantedDefect'   = 'Defect', 'Check', 'Severity', 'PhotoWithoutMask', 'MaskInverted', 'Warning'
        'WaterMeters.DatasetReport'   = 'Status', 'Fail, 1 error, 0 warnings', '23 valid, of 24 photos',
            'PhotoUnreadable, 1: sample_0001.jpg'
        'WaterMeters.DatasetFinding'  = 'Severity', 'Check', 'Message', 'Error', 'sample_0001.jpg'
        'WaterMeters.DatasetSplitReport' = 'Photos', 'Fractions', '0.8 train, 0.1 validation, 0.1 test', 'Overrides', 'Advice', '-Force'
        'WaterMeters.DatasetSplitPhoto'  = 'Name', 'Split', 'Reason', 'Resembles', 'OtherPath'
        'WaterMeters.DatasetMerge'    = 'Outcome', 'Split', 'Reason', 'Unusable', 'Added', 'sample_0002', 'The pair is new.'
        'WaterMeters.DatasetRepair'   = 'Outcome', 'Repairs', 'Result', 'Repaired', 'MaskJpeg', 'defect-mask-jpeg.jpg',
            'defect-mask-jpeg.png'
        'WaterMeters.EpochRecord'     = 'Epoch', 'ValidationLoss', 'Dice', '3/12', 'best'
        'WaterMeters.TrainingResult'  = 'Attempt', 'StopReason', 'TestDice', 'ModelPath', 'Finished', 'model.safetensors'
        'WaterMeters.ModelMetrics'    = 'Quality', 'Dice', 'IoU', 'Hausdorff', 'Poor', 'Test'
        'WaterMeters.ImageMetrics'    = 'Name', 'Dice', 'IoU', 'Hausdorff', 'sample_'
        'WaterMeters.ModelComparison' = 'Verdict', 'Passed', 'Photos', 'LeftOut', 'BaseDice', 'Interval', 'Candidate', 'Baseline',
            'Inconclusive', 'NoBaseline', '0.0000 0.0000'
        'WaterMeters.ImageComparison' = 'Name', 'Dice', 'BaseDice', 'BaseIoU', 'Hausdorff', 'BaseHausdorff', 'Missed', 'Slices', 'sample_',
            'both'
        'WaterMeters.ModelExport'     = 'Format', 'Parameters', 'SeenPhotos', 'Pth', 'known', 'model.pth'
        'WaterMeters.Prediction'      = 'Photo', 'Coverage', 'Confidence', 'sample_0001.jpg'
        'WaterMeters.EnvironmentCheck'    = 'Status', 'Detail', 'Remedy', 'libtorch', 'Ok'
        'WaterMeters.RuntimeInstallation' = 'Status', 'Megabytes', 'Path', 'AlreadyThere'
    }
}

Describe 'The views' {
    It 'exist for every record type that a cmdlet returns' {
        $given = (Get-Command -Module WaterMeters).OutputType.Type.FullName | Where-Object { $_ -like 'WaterMeters.*' } |
            Sort-Object -Unique
        $given.Count | Should -BeGreaterThan 5
        foreach ($type in $given) { Get-FormatData -TypeName $type | Should -Not -BeNullOrEmpty -Because "$type has a view" }
    }
}

Describe 'The view of <Type>' -ForEach $views {
    It 'shows the important columns within 120 characters' {
        $text = $records[$Type] | Out-String -Width 120
        foreach ($part in $columns[$Type]) { $text | Should -MatchExactly ([regex]::Escape($part)) }
        ($text -split "`n" | ForEach-Object { $_.TrimEnd().Length } | Measure-Object -Maximum).Maximum | Should -BeLessOrEqual 120
    }

    It 'has no cell with an error' {
        # A failing script block shows "#ERR" with this switch, and an empty cell without it.
        $records[$Type] | Format-Table -DisplayError -ShowError 2>&1 | Out-String -Width 120 |
            Should -Not -Match '#ERR|FormatException|cannot be'
    }

    It 'writes no escape codes to redirected output' {
        $rendering = $PSStyle.OutputRendering
        try {
            $PSStyle.OutputRendering = 'Host'
            $records[$Type] | Out-String -Width 120 | Should -Not -Match "`e"
            $PSStyle.OutputRendering = 'Ansi'
            $coloured = $records[$Type] | Out-String -Width 120
        }
        finally { $PSStyle.OutputRendering = $rendering }
        # Only status, severity and verdict are coloured.
        $has = $coloured -split "`n" | Select-Object -Skip 3 | Where-Object { $_ -match "`e\[3[12]|`e\[3[13];1|`e\[33" }
        [bool] $has | Should -Be ($Type -match 'Report|Finding|ModelComparison|Check')
    }
}

Describe 'A redirected pwsh' {
    It 'writes status and severity without escape codes, as CI reads them' {
        $child = Invoke-ChildPwsh -ImportModule -Environment @{ NO_COLOR = $null } (
            "Test-WmsDataset '$faulty' | Out-Host; Test-WmsDataset '$faulty' -PerFinding | Out-Host")
        $child.ExitCode | Should -Be 0 -Because ($child.Error -join "`n")
        # PowerShell itself colours the headers there.
        $child.Output -match '^\S*Status' | Should -Match 'Fail, 1 error, 0 warnings$'
        $child.Output -match 'PhotoUnreadable' | Should -Match '(Error PhotoUnreadable|^Error +PhotoUnreadable)'
    }
}
