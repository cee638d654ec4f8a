Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'

# The <member> element of each documentation id, such as "T:WaterMeters.Prediction".
$members = @{}
# The cmdlet's name, by the full name of its class.
$cmdletNames = @{}
# Full names of the classes whose properties are parameters: the cmdlets and their base classes.
$cmdletTypes = [Collections.Generic.HashSet[string]]::new()

<#
.SYNOPSIS
Reads the compiler's documentation files. From then on, references to the commands' classes are written as cmdlet names.
#>
function Import-XmlDocumentation {
    param([Parameter(Mandatory)] [string[]] $Path, [Parameter(Mandatory)] [Management.Automation.CmdletInfo[]] $Command)

    foreach ($file in $Path) {
        $document = [xml]::new()
        $document.PreserveWhitespace = $true
        $document.Load($file)
        foreach ($member in $document.SelectNodes('/doc/members/member')) { $members[$member.GetAttribute('name')] = $member }
    }
    foreach ($one in $Command) {
        $cmdletNames[$one.ImplementingType.FullName] = $one.Name
        for ($type = $one.ImplementingType; $type -ne [Management.Automation.PSCmdlet] -and $null -ne $type; $type = $type.BaseType) {
            $null = $cmdletTypes.Add((Get-TypeId $type))
        }
    }
}

<#
.SYNOPSIS
Gets the elements of one name that document a type, a property or a field; <inheritdoc> is followed. Nothing if there are none.
#>
function Get-DocumentationElement {
    param([Parameter(Mandatory)] [Reflection.MemberInfo] $Member, [Parameter(Mandatory)] [string] $Name)

    $kind = $Member -is [Reflection.FieldInfo] ? 'F' : 'P'
    $id = $Member -is [type] ? "T:$(Get-TypeId $Member)" : "${kind}:$(Get-TypeId $Member.DeclaringType).$($Member.Name)"
    $node = $members[$id]
    if ($null -eq $node) { return }

    $found = @($node.SelectNodes($Name))
    $inherit = $node.SelectSingleNode('inheritdoc')
    if ($found -or $null -eq $inherit) { return $found }

    $cref = $inherit.GetAttribute('cref')
    if ($cref) { return @($members[$cref]?.SelectNodes($Name)) }

    $type = $Member -is [type] ? $Member : $Member.DeclaringType
    foreach ($base in @($type.BaseType) + $type.GetInterfaces()) {
        if ($null -eq $base) { continue }
        $baseMember = $Member -is [type] ? $base : $base.GetProperty($Member.Name)
        if ($baseMember -and ($found = @(Get-DocumentationElement $baseMember $Name))) { return $found }
    }
}

<#
.SYNOPSIS
Gets the text of documentation elements as plain paragraphs; <code> keeps its lines.
#>
function ConvertTo-Paragraph {
    param([AllowNull()] [Xml.XmlNode[]] $Node)

    $line = [Text.StringBuilder]::new()
    $finish = {
        $text = ($line.ToString() -replace '\s+', ' ').Trim()
        $null = $line.Clear()
        if ($text) { $text }
    }

    $children = foreach ($one in $Node) { $one.ChildNodes }
    foreach ($child in $children) {
        switch ($child.LocalName) {
            'para' { & $finish; ConvertTo-Paragraph $child }
            'code' { & $finish; ConvertTo-CodeText $child }
            'list' {
                & $finish
                foreach ($item in $child.SelectNodes('item')) { '- ' + ((ConvertTo-Paragraph $item) -join ' ') }
            }
            default { $null = $line.Append((ConvertTo-InlineText $child)) }
        }
    }
    & $finish
}

<#
.SYNOPSIS
Gets the lines of a <code> element without their common indentation.
#>
function ConvertTo-CodeText {
    param([Parameter(Mandatory)] [Xml.XmlNode] $Node)

    $lines = $Node.InnerText.Replace("`r", '').TrimEnd() -split "`n"
    $onOwnLine = -not $lines[0].Trim()
    if ($onOwnLine) { $lines = @($lines | Select-Object -Skip 1) }

    # A first line on the tag's own line has no indentation to compare.
    $compared = @($lines | Select-Object -Skip ($onOwnLine ? 0 : 1) | Where-Object { $_.Trim() })
    $common = $compared ? ($compared | ForEach-Object { $_.Length - $_.TrimStart().Length } | Measure-Object -Minimum).Minimum : 0
    $first = $onOwnLine ? @() : @($lines[0].TrimStart())
    ($first + @($lines | Select-Object -Skip $first.Count | ForEach-Object { $_.Trim() ? $_.Substring($common) : '' })) -join "`n"
}

<#
.SYNOPSIS
Gets the text shown for a reference: the name of a cmdlet, a parameter with its dash, otherwise the last part of the name.
#>
function ConvertTo-ReferenceText {
    param([Parameter(Mandatory)] [string] $Reference)

    $kind, $name = $Reference -split ':', 2
    $name = ($name -split '\(')[0]
    if ($kind -eq 'T' -and $cmdletNames.ContainsKey($name)) { return $cmdletNames[$name] }

    $last = ($name -split '\.')[-1] -replace '`+\d+$'
    $declaring = $name.Contains('.') ? $name.Substring(0, $name.LastIndexOf('.')) : ''
    $kind -eq 'P' -and $cmdletTypes.Contains($declaring) ? "-$last" : $last
}

function ConvertTo-InlineText([Xml.XmlNode] $Node) {
    if ($Node.NodeType -eq 'Comment') { return '' }
    if ($Node.NodeType -ne 'Element') { return $Node.Value }

    $inner = -join ($Node.ChildNodes | ForEach-Object { ConvertTo-InlineText $_ })
    if ($inner.Trim()) { return $inner }
    foreach ($attribute in 'langword', 'name', 'href') {
        if ($Node.HasAttribute($attribute)) { return $Node.GetAttribute($attribute) }
    }
    $Node.HasAttribute('cref') ? (ConvertTo-ReferenceText $Node.GetAttribute('cref')) : ' '
}

function Get-TypeId([type] $Type) {
    $definition = $Type.IsGenericType ? $Type.GetGenericTypeDefinition() : $Type
    $definition.FullName.Replace('+', '.')
}

Export-ModuleMember -Function Import-XmlDocumentation, Get-DocumentationElement, ConvertTo-Paragraph, ConvertTo-CodeText,
    ConvertTo-ReferenceText
