# Records with values as wide as they come, made from the types alone, so that a new record is covered without an entry here.
Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'

# As long on every system, for the widths of columns.
$folder = '/data/water meters/of the whole northern region'.Replace('/', [IO.Path]::DirectorySeparatorChar)
$sentence = 'What was found, in a sentence that is longer than a line of a narrow window. And what to do about it.'

<#
.SYNOPSIS
The record types that cmdlets return or take.
#>
function Get-RecordType {
    $types = foreach ($command in Get-Command -Module WaterMeters -CommandType Cmdlet) {
        $command.OutputType.Type
        $command.Parameters.Values.ParameterType
    }
    $types + [WaterMeters.EpochRecord] | Where-Object { $_ -and $_.Namespace -eq 'WaterMeters' -and $_.IsClass -and
        $_.IsSealed -and $null -ne $_.GetMethod('<Clone>$') } | Sort-Object FullName -Unique -Culture ''
}

<#
.SYNOPSIS
Two records of a type: one with all values, as wide as possible, and one with only those that are never null.
#>
function New-RecordSample {
    param([Parameter(Mandatory)] [type] $Type)

    $full, $empty = [ordered]@{}, [ordered]@{}
    foreach ($property in $Type.GetProperties() | Where-Object { $_.CanWrite }) {
        $value = Get-SampleValue $property
        $full[$property.Name] = $value
        if (-not (Test-Nullable $property)) { $empty[$property.Name] = $value }
    }
    New-Record $Type $full
    New-Record $Type $empty
}

function New-Record([type] $Type, $Values) {
    $record = [Activator]::CreateInstance($Type)
    foreach ($name in $Values.Keys) { $Type.GetProperty($name).SetValue($record, $Values[$name]) }
    $record
}

$nullability = [Reflection.NullabilityInfoContext]::new()
function Test-Nullable($Property) {
    [Nullable]::GetUnderlyingType($Property.PropertyType) -or $nullability.Create($Property).ReadState -eq 'Nullable'
}

function Get-SampleValue($Property) {
    $name = $Property.Name
    $type = [Nullable]::GetUnderlyingType($Property.PropertyType) ?? $Property.PropertyType
    if ($type.IsEnum) {
        $longest = [Enum]::GetNames($type) | Sort-Object Length -Descending -Stable | Select-Object -First 1
        return [Enum]::Parse($type, $longest)
    }
    if ($type -eq [bool]) { return $true }
    if ($type -eq [timespan]) { return [timespan]::new(0, 11, 22, 33, 400) }
    if ($type -eq [datetime]) { return [datetime]::new(2026, 11, 29, 23, 59, 59, [DateTimeKind]::Utc) }
    if ($type -eq [datetimeoffset]) { return [datetimeoffset]::new(2026, 11, 29, 23, 59, 59, [timespan]::Zero) }
    if ($type -in [int], [long]) {
        return @(switch -Regex ($name) {
                '^Epochs?$|Epoch$' { 100 }
                '^Attempts?$' { 12 }
                '^Bytes$' { 123456789 }
                '^Parameters$' { 31036673 }
                '^Size$' { 4096 }
                default { 12345 }
            })[0] -as $type
    }
    if ($type -eq [decimal]) { return [decimal] 1234.56 }
    if ($type -eq [double]) {
        return [double] @(switch -Regex ($name) {
                'Hausdorff' { 1448.1 }
                'Angle' { -89.9 }
                'PerSecond|Megabytes' { 1234.5 }
                'Difference|Lower$|Upper$' { -0.1234 }
                'Loss' { 123.4567 }
                'Coverage' { 1 }
                'Dice|IoU' { 0.9876 }
                default { 0.0001 }
            })[0]
    }
    if ($type -eq [string]) {
        return @(switch -Regex ($name) {
                'Hash$|Digest$|^Sha512$' { 'fedcba9876543210' * 4 }
                'DataPath|OutputPath' { $folder }
                'Path$|^Candidate$|^Baseline$' { Join-Path $folder 'kitchen-window-in-the-afternoon-light.jpg' }
                'Reason|Message|Advice|Remedy|Detail|Note' { $sentence }
                '^Check$' { 'PhotoInTwoSplitsXXX' }
                '^Repairs$' { 'MaskJpeg, SizeMismatch, MaskOrientation' }
                '^Version$' { '2.10.0.0' }
                '^Platform$' { 'linux-arm64' }
                '^Quality$' { 'Excellent' }
                '^Resolution$' { '12000x16000' }
                '^Flags$' { 'TooFewPhotos, UnknownBaselineProvenance' }
                default { 'kitchen-window-in-the-afternoon-light' }
            })[0]
    }
    if ($type -eq [WaterMeters.FindingList]) {
        $findings = foreach ($severity in 'Error', 'Warning') {
            [WaterMeters.DatasetFinding] @{
                Check = "Photo$severity"; Severity = $severity; Name = 'kitchen'; Message = $sentence
                Path = Join-Path $folder 'kitchen.jpg'
            }
        }
        return , [WaterMeters.FindingList]::new([WaterMeters.DatasetFinding[]] $findings)
    }
    throw "RecordSamples.psm1 knows no value for $($Property.DeclaringType.Name).$name, a $type. Add one."
}

<#
.SYNOPSIS
The records as PowerShell prints them, by record type, under a culture and at a width.
#>
function Get-RecordText {
    param([Parameter(Mandatory)] $Samples, [Parameter(Mandatory)] [cultureinfo] $Culture, [Parameter(Mandatory)] [int] $Width)

    $current, $rendering = [cultureinfo]::CurrentCulture, $PSStyle.OutputRendering
    $texts = [ordered]@{}
    try {
        [cultureinfo]::CurrentCulture = $Culture
        $PSStyle.OutputRendering = 'PlainText'
        foreach ($name in $Samples.Keys) {
            # Only the line ends and the separator of folders depend on the system.
            $texts[$name] = ($Samples[$name] | Out-String -Width $Width).Replace("`r", '').Replace('\', '/')
        }
    }
    finally { [cultureinfo]::CurrentCulture = $current; $PSStyle.OutputRendering = $rendering }
    $texts
}

<#
.SYNOPSIS
The samples of every record type, by name.
#>
function Get-RecordSample {
    $samples = [ordered]@{}
    foreach ($type in Get-RecordType) { $samples[$type.Name] = @(New-RecordSample $type) }
    $samples
}

<#
.SYNOPSIS
The files of snapshots/views: name, and the text of all records at one width under one culture.
#>
function Get-ViewSnapshot {
    $samples = Get-RecordSample
    $files = [ordered]@{}
    foreach ($culture in 'en-US', 'pl-PL') {
        foreach ($width in 80, 120, 200) {
            $texts = Get-RecordText $samples $culture $width
            $lines = foreach ($name in $texts.Keys) { "# $name"; ($texts[$name].Trim("`n") -split "`n").TrimEnd(); '' }
            $files["$culture-$width.txt"] = $lines -join "`n"
        }
    }
    $files
}

Export-ModuleMember -Function Get-RecordType, New-RecordSample, Get-RecordSample, Get-RecordText, Get-ViewSnapshot
