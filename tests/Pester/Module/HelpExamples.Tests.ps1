BeforeDiscovery {
    $manifest = Import-PowerShellDataFile "$PSScriptRoot/../../../module/WaterMeters.psd1"
    $topics = (Get-ChildItem "$PSScriptRoot/../../../module/en-US" -Filter about_*.help.txt).Name -replace '\.help\.txt$'
    $cmdlets = @(@($manifest.CmdletsToExport) + $topics | ForEach-Object { @{ Cmdlet = $_ } })
}

BeforeAll {
    Import-Module "$PSScriptRoot/../../Support/TestSupport.psm1", "$PSScriptRoot/../../Support/HelpText.psm1",
        "$PSScriptRoot/../../Support/HelpExamples.psm1"
    $folder = New-TestFolder
    New-ExampleFolder "$folder/files" (Get-ModulePath)
    $examples = @(Get-Command -Module WaterMeters -CommandType Cmdlet | ForEach-Object { Get-HelpExample $_.Name }) +
        @(Get-TopicExample (Get-ModulePath))
    # Wine has no git.
    $hasGit = [bool] (Get-Command git -ErrorAction Ignore)
    $examples = @($examples | Where-Object { $hasGit -or $_.Code -notmatch '-Wms(Hook|Repository|PrePush)' })
    $ran = @(Invoke-HelpExample $examples "$folder/files" (Get-ModulePath) -Quick)
}

Describe 'The examples of <Cmdlet>' -ForEach $cmdlets {
    It 'run as written but for their sizes, without an error or a warning' {
        $mine = @($ran | Where-Object Cmdlet -eq $Cmdlet)
        $mine.Faults | Should -BeNullOrEmpty
        $mine | Should -HaveCount @($examples | Where-Object Cmdlet -eq $Cmdlet).Count -Because 'none of them ended the process'
    }
}
