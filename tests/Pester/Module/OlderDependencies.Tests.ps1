BeforeAll {
    Import-Module "$PSScriptRoot/../../Support/TestSupport.psm1", "$PSScriptRoot/../../Support/OlderDependencies.psm1"
    $folder = New-TestFolder
    $session = New-Session $folder
}

Describe 'A module with older versions of SkiaSharp, YamlDotNet and Google.Protobuf' {
    It 'works beside WaterMeters, and WaterMeters beside it, when it is <Name>' -ForEach @(
        @{
            Name = 'used before the import and again before the first prediction'; Layout = 'beside'
            Order = 'older', 'import', 'older', 'predict', 'older', 'train', 'older'
        }
        @{ Name = 'used between import and first prediction'; Layout = 'beside'; Order = 'import', 'older', 'predict', 'train', 'older' }
        @{ Name = 'imported after a prediction'; Layout = 'folder'; Order = 'import', 'predict', 'older', 'train', 'older' }
    ) {
        $done = Invoke-Session $session -Order $Order -Layout $Layout -ModulePath (Get-ModulePath) -Folder $folder
        $done.Step | Should -Be $Order
        Get-SessionFault $session $done | Should -BeNullOrEmpty
    }
}
