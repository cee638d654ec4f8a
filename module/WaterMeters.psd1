@{
    RootModule           = 'WaterMeters.PowerShell.dll'
    ModuleVersion        = '0.1.0'
    # Users write [WaterMeters.Prediction] and catch [WaterMeters.PhotoException] before any cmdlet has run.
    RequiredAssemblies   = @('WaterMeters.Records.dll')
    GUID                 = '02edca6a-79c7-478e-b03b-580b8b018a52'
    Author               = 'The WaterMeters authors'
    CompanyName          = 'The WaterMeters authors'
    Copyright            = '(c) 2026 The WaterMeters authors'
    Description          = 'Checks photos of water meters, trains a model that finds the digit window, compares models and predicts masks.'
    CompatiblePSEditions = @('Core')
    PowerShellVersion    = '7.6'
    FormatsToProcess     = @('WaterMeters.Format.ps1xml')
    TypesToProcess       = @('WaterMeters.Types.ps1xml')
    CmdletsToExport      = @(
        'New-WmsSampleDataset'
        'Get-WmsDataset'
        'Test-WmsDataset'
        'Split-WmsDataset'
        'Repair-WmsDataset'
        'Merge-WmsDataset'
        'Publish-WmsDataset'
        'Restore-WmsDataset'
        'Compare-WmsDataset'
        'Start-WmsTraining'
        'Get-WmsRun'
        'Sync-WmsRun'
        'Measure-WmsModel'
        'Compare-WmsModel'
        'Export-WmsModel'
        'Get-WmsModel'
        'Publish-WmsModel'
        'Set-WmsModelStage'
        'Sync-WmsModel'
        'Export-WmsReport'
        'Invoke-WmsPrediction'
        'Initialize-WmsRepository'
        'Install-WmsHook'
        'Uninstall-WmsHook'
        'Invoke-WmsTerraform'
        'Invoke-WmsPrePush'
        'Set-WmsSecret'
        'Start-WmsInfrastructure'
        'Stop-WmsInfrastructure'
        'Get-WmsInfrastructure'
        'Remove-WmsInfrastructure'
        'Test-WmsEnvironment'
        'Install-WmsRuntime'
    )
    FunctionsToExport    = @()
    AliasesToExport      = @()
    VariablesToExport    = @()
    PrivateData          = @{
        PSData = @{
            Tags         = @('MachineLearning', 'Segmentation', 'UNet', 'WaterMeter', 'TorchSharp', 'PSEdition_Core', 'Windows', 'Linux', 'MacOS')
            LicenseUri   = 'https://github.com/watermeters/watermeters/blob/main/LICENSE'
            ProjectUri   = 'https://github.com/watermeters/watermeters'
            ReleaseNotes = @'
The first release: check, train, compare and predict on one machine.
All changes: https://github.com/watermeters/watermeters/blob/main/CHANGELOG.md
'@
        }
    }
}
