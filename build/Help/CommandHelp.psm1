Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'

# PowerShell gives every cmdlet with SupportsShouldProcess these two; nobody documents them in the sources.
$givenByPowerShell = @{
    WhatIf  = 'Shows what would happen. Nothing is done.'
    Confirm = 'Asks before it does anything.'
}

<#
.SYNOPSIS
Everything the help of one cmdlet says, as one object; Gaps names what its sources leave out.
#>
function Get-CommandHelp {
    param([Parameter(Mandatory)] [Management.Automation.CmdletInfo] $Command)

    $type = $Command.ImplementingType
    $synopsis = (ConvertTo-Paragraph (Get-DocumentationElement $type summary)) -join ' '
    $description = @(ConvertTo-Paragraph (Get-DocumentationElement $type remarks))
    $examples = @(Get-DocumentationElement $type example | ForEach-Object { Get-Example $_ })

    # A fresh instance knows the defaults.
    $instance = [Activator]::CreateInstance($type)
    $parameters = [ordered]@{}
    foreach ($metadata in $Command.Parameters.Values) {
        if ([Management.Automation.Cmdlet]::CommonParameters.Contains($metadata.Name)) { continue }
        $parameters[$metadata.Name] = Get-ParameterHelp $Command $metadata $instance
    }

    [pscustomobject]@{
        Name        = $Command.Name
        Verb        = $Command.Verb
        Noun        = $Command.Noun
        Synopsis    = $synopsis
        Description = $description ? $description : @($synopsis)
        Syntax      = @($Command.ParameterSets | Sort-Object { -not $_.IsDefault } -Stable | ForEach-Object { Get-Syntax $_ $parameters })
        Parameters  = @($parameters.Values | Sort-Object { $_.Name -in $givenByPowerShell.Keys }, Name)
        Inputs      = @(Get-Input $parameters.Values)
        Outputs     = @($Command.OutputType | ForEach-Object { Get-Output $_ })
        Examples    = $examples
        Links       = @(Get-Link $Command)
        Gaps        = @(
            if (-not $synopsis) { "$($Command.Name), the <summary> of $($type.FullName)" }
            if (-not $examples) { "$($Command.Name), an <example> with <code> on $($type.FullName)" }
            foreach ($parameter in $parameters.Values) {
                if (-not $parameter.Description) { "$($Command.Name) -$($parameter.Name), the <summary> of its property" }
            }
        )
    }
}

function Get-ParameterHelp($Command, $Metadata, $Instance) {
    $property = Get-Property $Command.ImplementingType $Metadata.Name
    $description = $property `
        ? @(ConvertTo-Paragraph (Get-DocumentationElement $property summary)) `
        : @($givenByPowerShell[$Metadata.Name])
    $sets = @($Metadata.ParameterSets.Values)
    $values = @(Get-AcceptedValue $Metadata)

    [pscustomobject]@{
        Name        = $Metadata.Name
        Description = $description
        Type        = Get-TypeName $Metadata.ParameterType
        FullType    = ([Nullable]::GetUnderlyingType($Metadata.ParameterType) ?? $Metadata.ParameterType).FullName
        IsSwitch    = $Metadata.SwitchParameter
        IsArray     = $Metadata.ParameterType.IsArray
        Values      = $values
        Required    = -not ($sets | Where-Object { -not $_.IsMandatory })
        Position    = $sets[0].Position
        Pipeline    = Get-PipelineText $sets
        ByValue     = [bool] ($sets | Where-Object ValueFromPipeline)
        ByName      = [bool] ($sets | Where-Object ValueFromPipelineByPropertyName)
        Wildcards   = [bool] ($Metadata.Attributes | Where-Object { $_ -is [Management.Automation.SupportsWildcardsAttribute] })
        Aliases     = @($Metadata.Aliases)
        Default     = Get-DefaultText $Metadata $property $Instance
    }
}

# The most derived property of that name: its own words win over those of a base.
function Get-Property([type] $Type, [string] $Name) {
    for (; $null -ne $Type; $Type = $Type.BaseType) {
        $property = $Type.GetProperty($Name, [Reflection.BindingFlags] 'Public, Instance, DeclaredOnly')
        if ($property) { return $property }
    }
}

function Get-AcceptedValue($Metadata) {
    $set = $Metadata.Attributes | Where-Object { $_ -is [Management.Automation.ValidateSetAttribute] } | Select-Object -First 1
    if ($set) { return $set.ValidValues }

    $type = $Metadata.ParameterType.IsArray ? $Metadata.ParameterType.GetElementType() : $Metadata.ParameterType
    $type = [Nullable]::GetUnderlyingType($type) ?? $type
    if ($type.IsEnum) { [Enum]::GetNames($type) }
}

function Get-DefaultText($Metadata, $Property, $Instance) {
    $stated = $Metadata.Attributes | Where-Object { $_ -is [Management.Automation.PSDefaultValueAttribute] } | Select-Object -First 1
    if ($stated) { return $stated.Help ? $stated.Help : "$($stated.Value)" }
    if ($Metadata.SwitchParameter) { return 'False' }
    if (-not $Property -or -not $Property.CanRead) { return 'None' }

    $text = @($Property.GetValue($Instance)) -join ', '
    $text ? $text : 'None'
}

function Get-PipelineText($Sets) {
    $ways = @(
        if ($Sets | Where-Object ValueFromPipeline) { 'ByValue' }
        if ($Sets | Where-Object ValueFromPipelineByPropertyName) { 'ByPropertyName' }
    )
    $ways ? "True ($($ways -join ', '))" : 'False'
}

function Get-Syntax($Set, $Parameters) {
    $known = $Set.Parameters | Where-Object { $Parameters.Contains($_.Name) }
    $ordered = $known | Sort-Object -Stable `
        { $_.Position -lt 0 }, { $_.Position }, { -not $_.IsMandatory }, { $_.Name -in $givenByPowerShell.Keys }
    , @(foreach ($parameter in $ordered) {
            $copy = $Parameters[$parameter.Name].psobject.Copy()
            $copy.Required = $parameter.IsMandatory
            $copy.Position = $parameter.Position
            $copy.Pipeline = Get-PipelineText $parameter
            $copy
        })
}

function Get-Input($Parameters) {
    foreach ($parameter in $Parameters) {
        if ($parameter.ByValue) {
            [pscustomobject]@{ Type = $parameter.FullType; Description = "Bound to -$($parameter.Name)." }
        }
    }
    foreach ($parameter in $Parameters) {
        if ($parameter.ByName -and -not $parameter.ByValue) {
            $names = @($parameter.Name) + $parameter.Aliases
            [pscustomobject]@{ Type = $parameter.FullType; Description = "By property name, to -$($parameter.Name): $($names -join ', ')." }
        }
    }
}

function Get-Output($Output) {
    $type = $Output.Type
    $element = $type -and $type.IsArray ? $type.GetElementType() : $type
    [pscustomobject]@{
        Type        = $Output.Name
        Description = $element ? (ConvertTo-Paragraph (Get-DocumentationElement $element summary)) -join ' ' : ''
    }
}

function Get-Example($Node) {
    $code = @($Node.SelectNodes('code') | ForEach-Object { ConvertTo-CodeText $_ }) -join "`n"
    if (-not $code) { return }

    $copy = $Node.Clone()
    foreach ($element in @($copy.SelectNodes('code'))) { $null = $copy.RemoveChild($element) }
    $title, $remarks = @(ConvertTo-Paragraph $copy)
    [pscustomobject]@{ Title = $title; Code = $code; Remarks = @($remarks) }
}

function Get-Link($Command) {
    # Not the command's own HelpUri: that answers out of the last help file when the attribute says nothing.
    $attribute = $Command.ImplementingType.GetCustomAttributes([Management.Automation.CmdletAttribute], $false)[0]
    if ($attribute.HelpUri) { [pscustomobject]@{ Text = 'Online version'; Uri = $attribute.HelpUri } }
    foreach ($node in Get-DocumentationElement $Command.ImplementingType seealso) {
        $text = (ConvertTo-Paragraph $node) -join ' '
        $address = $node.GetAttribute('href')
        if (-not $text) { $text = $address ? $address : (ConvertTo-ReferenceText $node.GetAttribute('cref')) }
        [pscustomobject]@{ Text = $text; Uri = $address -like '*://*' ? $address : '' }
    }
}

# As a PowerShell user writes the type: string[], int, WaterMeters.Prediction.
function Get-TypeName([type] $Type) {
    $Type = [Nullable]::GetUnderlyingType($Type) ?? $Type
    $Type -eq [switch] ? 'SwitchParameter' : [Microsoft.PowerShell.ToStringCodeMethods]::Type([psobject] $Type)
}

Export-ModuleMember -Function Get-CommandHelp
