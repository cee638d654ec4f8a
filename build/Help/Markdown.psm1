Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'

# The order of the groups in the index; a group is the folder of the cmdlet's source.
$groupOrder = 'Datasets', 'Training', 'Models', 'Prediction', 'Runtime'
$notice = '<!-- Written by ./build.ps1 Build. Change the documentation comments in src instead. -->'
$commonParameters = 'https://learn.microsoft.com/powershell/module/microsoft.powershell.core/about/about_commonparameters'
$topicFolder = '../../module/en-US'

# A topic, a command (an approved verb, or the noun Object), a parameter, a variable.
$verbs = ((Get-Verb).Verb | Sort-Object -Culture '') -join '|'
$token =
    "\b(?<topic>about_WaterMeters\w*)|\b(?:(?:$verbs)-[A-Z][A-Za-z]+|[A-Z][A-Za-z]+-Object)\b|(?<![\w-])-[A-Z][A-Za-z]+\b|\`$[A-Za-z]\w*"

<#
.SYNOPSIS
Writes the help objects of Get-CommandHelp as Markdown: a page for each cmdlet, records.md, and README.md as their index.
.PARAMETER Help
The objects of Get-CommandHelp.
.PARAMETER Record
The objects of Get-RecordHelp.
.PARAMETER Topic
The about topics: Name, Description.
#>
function Export-Markdown {
    param(
        [Parameter(Mandatory)] [object[]] $Help,
        [Parameter(Mandatory)] [object[]] $Record,
        [Parameter(Mandatory)] [object[]] $Topic,
        [Parameter(Mandatory)] [string] $Path
    )

    $script:cmdletNames = @($Help.Name)
    $null = New-Item -ItemType Directory -Force -Path $Path
    $pages = [ordered]@{ 'README.md' = Get-IndexPage $Help $Topic; 'records.md' = Get-RecordPage $Record $Help }
    foreach ($command in $Help) { $pages["$($command.Name).md"] = Get-CommandPage $command }

    Get-ChildItem -LiteralPath $Path -Filter *.md | Where-Object Name -notin $pages.Keys | Remove-Item
    foreach ($name in $pages.Keys) { [IO.File]::WriteAllText((Join-Path $Path $name), ($pages[$name] -join "`n") + "`n") }
}

function Get-IndexPage($Help, $Topic) {
    $notice
    ''
    '# Cmdlets'
    ''
    'The same text is in PowerShell: `Get-Help CMDLET -Full`. What the cmdlets return is on one page: [Records](records.md).'
    $groups = $Help | Group-Object Group -AsHashTable -AsString
    foreach ($group in $groupOrder + @($groups.Keys | Where-Object { $_ -notin $groupOrder } | Sort-Object -Culture '')) {
        if (-not $groups.ContainsKey($group)) { continue }
        ''
        "## $group"
        ''
        Get-Row 'Cmdlet', 'Description' -IsHeading
        foreach ($command in $groups[$group]) { Get-Row "[$($command.Name)]($($command.Name).md)", (ConvertTo-Inline $command.Synopsis) }
    }
    ''
    '## Topics'
    ''
    Get-Row 'Topic', 'Description' -IsHeading
    foreach ($one in $Topic) { Get-Row (ConvertTo-Inline $one.Name), (ConvertTo-Inline $one.Description) }
}

function Get-RecordPage($Record, $Help) {
    $notice
    ''
    '# Records'
    ''
    'Cmdlets return records: flat objects for `Sort-Object`, `Where-Object` and `Export-Csv`. All types are in the namespace `WaterMeters`.'
    foreach ($type in $Record) {
        $sources = @($Help | Where-Object { $_.Outputs.RecordType -contains $type.Type } | ForEach-Object { ConvertTo-Inline $_.Name })
        ''
        "## $($type.Name)"
        ''
        ConvertTo-Inline $type.Description
        if ($sources) { ''; "Returned by $($sources -join ', ')." }
        if ($type.ItemType) { ''; "A list of $(Get-RecordLink $type.ItemType $type.ItemType.Name)." }
        if (-not $type.Members) { continue }
        ''
        if ($type.IsEnum) { Get-Row 'Value', 'Meaning' -IsHeading } else { Get-Row 'Property', 'Type', 'Meaning' -IsHeading }
        foreach ($member in $type.Members) {
            $typeCell = $type.IsEnum ? @() : (Get-RecordLink $member.RecordType $member.Type)
            Get-Row (@("``$($member.Name)``") + $typeCell + (ConvertTo-Inline $member.Description))
        }
    }
}

function Get-CommandPage($Command) {
    $own = $Command.Name
    $notice
    ''
    "# $own"
    ''
    ConvertTo-Inline $Command.Synopsis $own
    ''
    '## Syntax'
    foreach ($set in $Command.Syntax) {
        if ($Command.Syntax.Count -gt 1) { ''; "### $($set.Name)$($set.IsDefault ? ' (default)' : '')" }
        Get-CodeBlock (@($own) + @($set.Parameters | ForEach-Object { "    $(Get-SyntaxElement $_)" }) + '    [<CommonParameters>]')
    }
    ''
    '## Description'
    Get-Prose $Command.Description $own
    ''
    '## Examples'
    $number = 0
    foreach ($example in $Command.Examples) {
        $number++
        ''
        $example.Title ? "### Example ${number}: $(ConvertTo-Inline $example.Title.TrimEnd('.') -Plain)" : "### Example $number"
        Get-CodeBlock $example.Code
        Get-Prose $example.Remarks $own
    }
    ''
    '## Parameters'
    foreach ($parameter in $Command.Parameters) {
        ''
        "### -$($parameter.Name)"
        Get-Prose $parameter.Description $own
        ''
        Get-ParameterTable $parameter
    }
    ''
    '### CommonParameters'
    ''
    "This cmdlet supports the common parameters, such as ``-Verbose`` and ``-ErrorAction``: see " +
        "[about_CommonParameters]($commonParameters)."
    if ($Command.Inputs) {
        ''
        '## Inputs'
        ''
        foreach ($type in $Command.Inputs) { "- ``$($type.Type)``: $(ConvertTo-Inline $type.Description $own)" }
    }
    ''
    '## Outputs'
    foreach ($type in $Command.Outputs) {
        ''
        "### $(Get-RecordLink $type.RecordType $type.Type)"
        Get-Prose $type.Description $own
    }
    # The online version is this page.
    $links = @($Command.Links | Where-Object Text -ne 'Online version')
    if ($links) {
        ''
        '## Related links'
        ''
        foreach ($link in $links) { $link.Uri ? "- [$($link.Text)]($($link.Uri))" : "- $(ConvertTo-Inline $link.Text $own)" }
    }
}

function Get-SyntaxElement($Parameter) {
    $name = "-$($Parameter.Name)"
    if ($Parameter.IsSwitch) { return $Parameter.Required ? $name : "[$name]" }

    $value = "<$($Parameter.Type -replace '^WaterMeters\.')>"
    if ($Parameter.Position -ge 0) { $name = "[$name]" }
    $Parameter.Required ? "$name $value" : "[$name $value]"
}

function Get-ParameterTable($Parameter) {
    Get-Row '', '' -IsHeading
    Get-Row 'Type', (Get-RecordLink $Parameter.RecordType $Parameter.Type)
    if ($Parameter.Values) { Get-Row 'Accepted values', (($Parameter.Values | ForEach-Object { "``$_``" }) -join ', ') }
    if ($Parameter.Aliases) { Get-Row 'Aliases', (($Parameter.Aliases | ForEach-Object { "``$_``" }) -join ', ') }
    Get-Row 'Required', (Get-BySet $Parameter { $_.Required ? 'Yes' : 'No' })
    Get-Row 'Position', (Get-BySet $Parameter { $_.Position -lt 0 ? 'Named' : "$($_.Position)" })
    Get-Row 'Default', (ConvertTo-Inline $Parameter.Default)
    Get-Row 'Pipeline input', $Parameter.Pipeline
    Get-Row 'Wildcards', ($Parameter.Wildcards ? 'Yes' : 'No')
}

# One value when all parameter sets agree, otherwise the value of each.
function Get-BySet($Parameter, [scriptblock] $Value) {
    $values = @($Parameter.Sets | ForEach-Object { [pscustomobject]@{ Set = $_.Name; Value = ($_ | ForEach-Object $Value) } })
    $different = @($values.Value | Select-Object -Unique)
    if ($different.Count -eq 1) { return $different[0] }
    ($values | ForEach-Object { "$($_.Value) ($($_.Set))" }) -join ', '
}

function Get-RecordLink($Type, [string] $Name) {
    $code = "``$($Name -replace '^WaterMeters\.')``"
    $Type ? "[$code](records.md#$($Type.Name.ToLowerInvariant()))" : $code
}

# Paragraphs, each after an empty line; the items of a list stay together.
function Get-Prose([string[]] $Paragraphs, [string] $Own) {
    $inList = $false
    foreach ($paragraph in $Paragraphs) {
        if (-not $paragraph) { continue }
        $isItem = $paragraph.StartsWith('- ', [StringComparison]::Ordinal)
        if (-not ($isItem -and $inList)) { '' }
        $inList = $isItem
        $paragraph.Contains("`n") ? (Get-CodeBlock $paragraph) : (ConvertTo-Inline $paragraph $Own)
    }
}

function Get-CodeBlock([string[]] $Lines) {
    ''
    '```powershell'
    $Lines
    '```'
}

function Get-Row([string[]] $Cells, [switch] $IsHeading) {
    "| $(($Cells | ForEach-Object { $_.Replace('|', '\|') }) -join ' | ') |" -replace ' +', ' '
    if ($IsHeading) { "|$('---|' * $Cells.Count)" }
}

# Text with its special characters escaped; cmdlets and topics become links, other commands, parameters and variables code.
function ConvertTo-Inline([string] $Text, [string] $Own = '', [switch] $Plain) {
    if ($Plain) { return (Get-Escaped $Text) }

    $parts = [Text.StringBuilder]::new()
    $at = 0
    foreach ($match in [regex]::Matches($Text, $token)) {
        $null = $parts.Append((Get-Escaped $Text.Substring($at, $match.Index - $at)))
        $name = $match.Value
        $null = $parts.Append($(
                if ($name -eq 'about_WaterMeters_Records') { "[$name](records.md)" } # that page has its text
                elseif ($match.Groups['topic'].Success) { "[$name]($topicFolder/$name.help.txt)" }
                elseif ($name -in $cmdletNames -and $name -ne $Own) { "[$name]($name.md)" }
                else { "``$name``" }
            ))
        $at = $match.Index + $match.Length
    }
    $parts.Append((Get-Escaped $Text.Substring($at))).ToString()
}

function Get-Escaped([string] $Text) {
    [regex]::Replace($Text, '[\\`*<>\[\]]|(?<!\w)_|_(?!\w)', '\$0')
}

Export-ModuleMember -Function Export-Markdown
