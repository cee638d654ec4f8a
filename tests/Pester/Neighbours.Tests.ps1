BeforeAll {
    Import-Module "$PSScriptRoot/TestSupport.psm1", "$PSScriptRoot/Neighbours.psm1"
    $folder = New-TestFolder
    $session = New-Session $folder
}

Describe 'A module with another SkiaSharp, another YamlDotNet and another Google.Protobuf' {
    It 'works, and so do we, when it is <Name>' -ForEach @(
        @{ Name = 'used before the import and again before the first prediction'; Layout = 'beside'; Order = 'neighbour', 'import', 'neighbour', 'predict', 'neighbour', 'train', 'neighbour' }
        @{ Name = 'used between import and first prediction'; Layout = 'beside'; Order = 'import', 'neighbour', 'predict', 'train', 'neighbour' }
        @{ Name = 'imported after a prediction'; Layout = 'folder'; Order = 'import', 'predict', 'neighbour', 'train', 'neighbour' }
    ) {
        $said = Invoke-Session $session -Order $Order -Layout $Layout -ModulePath (Get-ModulePath) -Folder $folder
        $said.Act | Should -Be $Order
        Get-SessionFault $session $said | Should -BeNullOrEmpty
    }
}
