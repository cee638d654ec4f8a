BeforeAll {
    Import-Module "$PSScriptRoot/../../Support/TestSupport.psm1"
    $model = (New-SampleModel (New-SampleData)).ModelPath

    function Get-Stage { (Get-WmsModel -All @store | Sort-Object Version).Stage -join ' ' }
}

Describe 'Set-WmsModelStage' {
    BeforeEach {
        $store = @{ TrackingUri = "$(New-TestFolder)/mlflow.db" }
        foreach ($i in 1..2) { $null = Publish-WmsModel $model @store }
    }

    It 'puts one version into production and archives the other, with user and reason' {
        $null = Set-WmsModelStage 1 Production @store
        $changed = @(Set-WmsModelStage 2 Production -Reason 'Better' @store)
        $changed | Should -BeOfType WaterMeters.RegisteredModelVersion
        $changed.Version | Should -Be 2, 1
        $changed.Stage | Should -Be 'Production', 'Archived'
        $changed.Aliases | Should -Be 'champion', ''
        $changed.By | Should -Be ([Environment]::UserName), ([Environment]::UserName)
        $changed.Reason | Should -Be 'Better', 'Better'
        Get-Stage | Should -Be 'Archived Production'
    }

    It 'takes the version from the pipeline and the stage as argument' {
        (Get-WmsModel 2 @store | Set-WmsModelStage Production).Version | Should -Be 2
        Get-Stage | Should -Be 'None Production'
        (2 | Set-WmsModelStage -Stage Staging @store).Stage | Should -Be 'Staging'
        (2 | Set-WmsModelStage Production @store).Version | Should -Be 2
        ('2' | Set-WmsModelStage Staging @store).Version | Should -Be 2
        ('v2', 'challenger' | Set-WmsModelStage -Stage Staging @store).Version | Should -Be 2, 2
        (Get-WmsModel 1 @store | ConvertTo-Csv | ConvertFrom-Csv | Set-WmsModelStage Staging).Version | Should -Be 1, 2
        Set-WmsModelStage -Version 1 -Stage Archived @store | Should -HaveCount 1
        Get-Stage | Should -Be 'Archived Archived'
    }

    It 'returns to the version before, and back' {
        foreach ($i in 1..2) { $null = Set-WmsModelStage $i Production @store }
        (Set-WmsModelStage -Previous -Reason 'Too slow' @store)[0].Version | Should -Be 1
        Get-Stage | Should -Be 'Production Archived'
        (Set-WmsModelStage -Previous @store)[0].Version | Should -Be 2
        $failure = Get-Failure { Set-WmsModelStage -Previous -Stage Staging @store }
        "$failure" | Should -BeLike '*no version that was in stage Staging before*'
    }

    It 'says from which version to which with -WhatIf, and changes nothing' {
        $null = Set-WmsModelStage 1 Production @store
        $said = Invoke-ChildPwsh -ImportModule "Set-WmsModelStage 2 Production -WhatIf -TrackingUri '$($store.TrackingUri)'"
        $said.ExitCode | Should -Be 0
        "$($said.Output)" | Should -Match 'from version 1 \(since \d{4}-\d\d-\d\d \d\d:\d\d, Dice [\d.]+\) to version 2'
        Get-Stage | Should -Be 'Production None'
    }

    It 'does nothing when the version is there already' {
        $since = (Set-WmsModelStage 1 Production @store).Since
        $said = Set-WmsModelStage 1 Production -Verbose @store 4>&1
        @($said).Where{ $_ -is [Management.Automation.VerboseRecord] } | Should -BeLike '*already*'
        @($said).Where{ $_ -isnot [Management.Automation.VerboseRecord] }.Since | Should -Be $since
    }

    It 'says what is missing: <Said>' -ForEach @(
        @{ Call = { Set-WmsModelStage @store }; Id = 'SettingUnusable'; Said = '*No version was given*' }
        @{ Call = { Set-WmsModelStage 1 @store }; Id = 'SettingUnusable'; Said = '*No stage was given*Set-WmsModelStage 1 Production*' }
        @{ Call = { Set-WmsModelStage 9 Production @store }; Id = 'TrackingNotFound'; Said = '*no version 9*' }
        @{ Call = { Set-WmsModelStage nothing Production @store }; Id = 'TrackingNotFound'; Said = "*no alias 'nothing'*" }
        @{
            Call = { Set-WmsModelStage 1 Production -TrackingUri ./nothing/mlflow.db }
            Id = 'TrackingNotFound'; Said = '*no database *nothing?mlflow.db*'
        }
        @{ Call = { Set-WmsModelStage 1 Production -TrackingUri '' }; Id = 'SettingUnusable'; Said = '*-TrackingUri is empty*' }
    ) {
        $failure = Get-Failure $Call
        $failure.FullyQualifiedErrorId | Should -BeLike "$Id,*SetWmsModelStageCommand"
        "$failure" | Should -BeLike $Said
        Get-Stage | Should -Be 'None None'
    }
}
