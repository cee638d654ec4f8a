Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'

# PowerShell adds these two to every cmdlet with SupportsShouldProcess; the sources do not document them.
$givenByPowerShell = @{
    WhatIf  = 'Shows what would happen, without doing it.'
    Confirm = 'Asks for confirmation before each change.'
}

<#
.SYNOPSIS
Collects the help of one cmdlet into one object, from which both the MAML and the Markdown are written. Gaps lists missing
documentation.
#>
function Get-CommandHelp {
    param([Parameter(Mandatory)] [Management.Automation.CmdletInfo] $Command)

    $type = $Command.ImplementingType
    $synopsis = (ConvertTo-Paragraph (Get-DocumentationElement $type summary)) -join ' '
    $description = @(ConvertTo-Paragraph (Get-DocumentationElement $type remarks))
    $examples = @(Get-DocumentationElement $type example | ForEach-Object { Get-Example $_ })

    # Defaults are read from a new instance.
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
        Group       = ($type.Namespace -split '\.')[-1]
        Synopsis    = $synopsis
        Description = $description ? $description : @($synopsis)
        Syntax      = @($Command.ParameterSets | Sort-Object { -not $_.IsDefault } -Stable | ForEach-Object { Get-Syntax $_ $parameters })
        Parameters  = @($parameters.Values | Sort-Object { $_.Name -in $givenByPowerShell.Keys }, Name -Culture '')
        Inputs      = @(Get-Input $parameters.Values)
        Outputs     = @($Command.OutputType | ForEach-Object { Get-Output $_ $parameters })
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
    $inSets = @($Metadata.ParameterSets.Keys | Sort-Object -Culture '' | ForEach-Object {
            $set = $Metadata.ParameterSets[$_]
            [pscustomobject]@{ Name = $_; Required = $set.IsMandatory; Position = $set.Position }
        })
    $values = @(Get-AcceptedValue $Metadata)
    $single = Get-SingleType $Metadata.ParameterType

    [pscustomobject]@{
        Name        = $Metadata.Name
        Description = $description
        Type        = Get-TypeName $Metadata.ParameterType
        FullType    = ([Nullable]::GetUnderlyingType($Metadata.ParameterType) ?? $Metadata.ParameterType).FullName
        RecordType  = (Test-Record $single) ? $single : $null
        IsSwitch    = $Metadata.SwitchParameter
        IsArray     = $Metadata.ParameterType.IsArray
        Values      = $values
        Required    = -not ($sets | Where-Object { -not $_.IsMandatory })
        Position    = $sets[0].Position
        Sets        = $inSets
        Pipeline    = Get-PipelineText $sets
        ByValue     = [bool] ($sets | Where-Object ValueFromPipeline)
        ByName      = [bool] ($sets | Where-Object ValueFromPipelineByPropertyName)
        Wildcards   = [bool] ($Metadata.Attributes | Where-Object { $_ -is [Management.Automation.SupportsWildcardsAttribute] })
        Aliases     = @($Metadata.Aliases)
        Default     = Get-DefaultText $Metadata $property $Instance
    }
}

# The most derived property of that name: its documentation replaces that of the base class.
function Get-Property([type] $Type, [string] $Name) {
    for (; $null -ne $Type; $Type = $Type.BaseType) {
        $property = $Type.GetProperty($Name, [Reflection.BindingFlags] 'Public, Instance, DeclaredOnly')
        if ($property) { return $property }
    }
}

function Get-AcceptedValue($Metadata) {
    $set = $Metadata.Attributes | Where-Object { $_ -is [Management.Automation.ValidateSetAttribute] } | Select-Object -First 1
    if ($set) { return $set.ValidValues }

    $type = Get-SingleType $Metadata.ParameterType
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
    [pscustomobject]@{
        Name       = $Set.Name
        IsDefault  = $Set.IsDefault
        Parameters = @(foreach ($parameter in $ordered) {
                $copy = $Parameters[$parameter.Name].psobject.Copy()
                $copy.Required = $parameter.IsMandatory
                $copy.Position = $parameter.Position
                $copy.Pipeline = Get-PipelineText $parameter
                $copy
            })
    }
}

function Get-Input($Parameters) {
    foreach ($parameter in $Parameters) {
        if ($parameter.ByValue) {
            [pscustomobject]@{ Type = $parameter.FullType; Description = "Binds by value to -$($parameter.Name)." }
        }
    }
    foreach ($parameter in $Parameters) {
        if ($parameter.ByName -and -not $parameter.ByValue) {
            $names = @($parameter.Name) + $parameter.Aliases
            $description = "Binds by property name to -$($parameter.Name): $($names -join ', ')."
            [pscustomobject]@{ Type = $parameter.FullType; Description = $description }
        }
    }
}

function Get-Output($Output, $Parameters) {
    $element = Get-SingleType $Output.Type
    $description = $element ? (ConvertTo-Paragraph (Get-DocumentationElement $element summary)) -join ' ' : ''
    [pscustomobject]@{
        Type        = $Output.Name
        RecordType  = (Test-Record $element) ? $element : $null
        Description = $element -eq [bool] -and $Parameters.Contains('Quiet') ? 'With -Quiet.' : $description
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
    # Get-Help -Online opens the first address: the cmdlet's page in the repository.
    [pscustomobject]@{ Text = 'Online version'; Uri = "$($Command.Module.ProjectUri)/blob/main/docs/cmdlets/$($Command.Name).md" }
    foreach ($node in Get-DocumentationElement $Command.ImplementingType seealso) {
        $text = (ConvertTo-Paragraph $node) -join ' '
        $address = $node.GetAttribute('href')
        if (-not $text) { $text = $address ? $address : (ConvertTo-ReferenceText $node.GetAttribute('cref')) }
        [pscustomobject]@{ Text = $text; Uri = $address -like '*://*' ? $address : '' }
    }
}

Export-ModuleMember -Function Get-CommandHelp
