# Every example of the help of every cmdlet and of every about topic, as written and at full size, each in a new pwsh process and in a
# folder with the files it mentions: none ends with an error or a warning.
param([Parameter(Mandatory)] [string] $ModulePath)

$ErrorActionPreference = 'Stop'
Import-Module $ModulePath, "$PSScriptRoot/../Support/HelpText.psm1", "$PSScriptRoot/../Support/HelpExamples.psm1"
$folder = (New-Item -ItemType Directory (Join-Path ([IO.Path]::GetTempPath()) "WaterMeters-$([Guid]::NewGuid().ToString('n'))")).FullName
try {
    New-ExampleFolder "$folder/files" $ModulePath -Size 640
    $examples = @(Get-Command -Module WaterMeters -CommandType Cmdlet | ForEach-Object { Get-HelpExample $_.Name }) +
        @(Get-TopicExample $ModulePath)
    $ran = @(foreach ($example in $examples) {
            $result = Invoke-HelpExample $example "$folder/files" $ModulePath
            [string]::Format([cultureinfo]::InvariantCulture, '{0} {1}, {2:0.0} s', $example.Cmdlet, $example.Number, $result.Seconds) |
                Out-Host
            $result
        })
    $faults = @($ran | ForEach-Object { $_.Faults })
    $faults
    $pages = @($examples.Cmdlet | Sort-Object -Unique).Count
    "HelpExamples: $($faults.Count) faults in $($ran.Count) examples of $pages cmdlets and topics"
}
finally { Remove-Item -LiteralPath $folder -Recurse -Force }
exit ($faults -or $ran.Count -ne $examples.Count ? 1 : 0)
