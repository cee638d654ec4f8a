Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'

$intro = @'
TOPIC
    about_WaterMeters_Records

SHORT DESCRIPTION
    What the records of the cmdlets hold: each property, its unit and range.

LONG DESCRIPTION
    Every cmdlet returns records: flat objects with the properties below. A
    table or a list shows some of them, under their own names; Format-List *
    and Select-Object * show all.

    A value that is unknown or was not measured is null, and an empty cell in a
    CSV file; it is never 0 or False. Scores and fractions are from 0 to 1,
    sizes are in pixels, and paths are absolute.

    ConvertTo-Json writes enumerations as numbers and a duration with all its
    parts. This writes names, and the seconds alone:

        $name = 'Seconds'
        $seconds = @{ n = $name; e = { $_.Duration.TotalSeconds } }
        Invoke-WmsPrediction ./photos |
            Select-Object *, $seconds -ExcludeProperty Duration |
            ConvertTo-Json -EnumsAsStrings

    The JSON files that Test-WmsDataset and Export-WmsReport write
    have names for enumerations and seconds for durations already.

    A record from a job, or from Import-Clixml, has the same properties and the
    same view. Its methods are gone, and an enumeration is a number there that
    prints as its name.

RECORDS

'@

<#
.SYNOPSIS
Writes about_WaterMeters_Records: each record with its properties, from the help objects of Get-RecordHelp.
#>
function Export-RecordTopic {
    param([Parameter(Mandatory)] [object[]] $Record, [Parameter(Mandatory)] [string] $Path)

    $lines = foreach ($one in $Record | Where-Object { -not $_.IsEnum }) {
        "    $($one.Name)"
        Format-Wrapped $one.Description 6
        ''
        foreach ($property in $one.Members) {
            "      $($property.Name): $($property.Type -replace '^WaterMeters\.')"
            Format-Wrapped $property.Description 10
        }
        ''
    }
    $enums = foreach ($one in $Record | Where-Object IsEnum) {
        "    $($one.Name)"
        foreach ($value in $one.Members) { Format-Wrapped "$($value.Name): $($value.Description)" 6 10 }
        ''
    }
    $end = "SEE ALSO`n    about_WaterMeters`n    about_WaterMeters_Scripts`n"
    $text = (@($lines) + 'ENUMERATIONS' + '' + @($enums)) -join "`n"
    [IO.File]::WriteAllText($Path, $intro.Replace("`r", '') + $text + "`n" + $end)
}

# The words of a text as lines of at most 80 columns.
function Format-Wrapped([string] $Text, [int] $Indent, [int] $Hanging = $Indent) {
    $line = ' ' * $Indent
    $isEmpty = $true
    foreach ($word in $Text -split '\s+' | Where-Object { $_ }) {
        if (-not $isEmpty -and $line.Length + 1 + $word.Length -gt 80) { $line; $line = ' ' * $Hanging; $isEmpty = $true }
        $line += ($isEmpty ? '' : ' ') + $word
        $isEmpty = $false
    }
    if (-not $isEmpty) { $line }
}

Export-ModuleMember -Function Export-RecordTopic
