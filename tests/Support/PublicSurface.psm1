# The module's public surface as text, a line each thing a user can rely on: Surface.Tests.ps1 and build/Accept.ps1.
Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'

$common = [Management.Automation.Cmdlet]::CommonParameters
$everySet = '__AllParameterSets'
$nullability = [Reflection.NullabilityInfoContext]::new()

# Written by the compiler for every record, or without meaning to a caller.
$compilerMade = 'ToString', 'Equals', 'GetHashCode', 'Deconstruct', 'PrintMembers', '<Clone>$', 'op_Equality', 'op_Inequality'
$plainAttributes = 'ParameterAttribute', 'AliasAttribute', 'PSDefaultValueAttribute', 'NullableAttribute', 'NullableContextAttribute'

<#
.SYNOPSIS
The snapshots there are: file name to the lines that the module has now.
#>
function Get-Surface {
    [ordered]@{
        'cmdlets.txt' = @(Get-CmdletSurface | Select-Object -SkipLast 1)
        'records.txt' = @(Get-RecordSurface | Select-Object -SkipLast 1)
    }
}

<#
.SYNOPSIS
Where the snapshots lie.
#>
function Get-SnapshotFolder { Join-Path (Split-Path $PSScriptRoot) 'Pester' 'snapshots' }

<#
.SYNOPSIS
What changed between a snapshot and now: a line each, `-` gone and `+` new, below the thing it belongs to.
#>
function Get-SurfaceDifference {
    param([Parameter(Mandatory)] [AllowEmptyCollection()] [AllowEmptyString()] [string[]] $Was, [Parameter(Mandatory)] [AllowEmptyString()] [string[]] $Is)

    # A line set in belongs to the last one that is not; under its name it is found again wherever it stands.
    $before, $now = (Get-Titled $Was), (Get-Titled $Is)
    foreach ($title in @($before.Keys) + @($now.Keys) | Sort-Object -Unique -Culture '') {
        $gone = @(@($before[$title]) | Where-Object { $_ -and $_ -cnotin $now[$title] })
        $new = @(@($now[$title]) | Where-Object { $_ -and $_ -cnotin $before[$title] })
        if (-not $now.ContainsKey($title)) { "- $title" } elseif (-not $before.ContainsKey($title)) { "+ $title" } elseif ($gone -or $new) { "  $title" }
        # The old and the new line of one thing, below each other.
        @($gone | ForEach-Object { "- $_" }) + @($new | ForEach-Object { "+ $_" }) | Sort-Object -Stable { ($_.Substring(2).Trim() -split ' ')[0] }
    }
}

function Get-Titled([string[]] $Lines) {
    $titled = @{}
    $title = ''
    foreach ($line in $Lines | Where-Object { $_ }) {
        if ($line -notmatch '^\s') { $title = $line; $titled[$title] = @() } else { $titled[$title] += $line }
    }
    $titled
}

function Get-CmdletSurface {
    foreach ($command in Get-Command -Module WaterMeters -CommandType Cmdlet | Sort-Object Name -Culture '') {
        $command.Name
        $attribute = $command.ImplementingType.GetCustomAttributes([Management.Automation.CmdletAttribute], $false)[0]
        "    gives $(($command.OutputType | ForEach-Object { Get-TypeText $_.Type } | Sort-Object -Culture '') -join ', ')"
        if ($attribute.SupportsShouldProcess) { "    asks before it writes (-WhatIf, -Confirm), impact $($attribute.ConfirmImpact)" }
        if ($command.ParameterSets.Count -gt 1) {
            "    parameter sets $((($command.ParameterSets | ForEach-Object { $_.Name + ($_.IsDefault ? ' (default)' : '') }) | Sort-Object -Culture '') -join ', ')"
        }
        foreach ($parameter in $command.Parameters.Values | Sort-Object Name -Culture '') {
            if ($common.Contains($parameter.Name) -or ($attribute.SupportsShouldProcess -and $parameter.Name -in 'WhatIf', 'Confirm')) { continue }
            "    -$($parameter.Name) $(@(Get-ParameterText $parameter) -join '; ')"
        }
        ''
    }
}

function Get-ParameterText($Parameter) {
    Get-TypeText $Parameter.ParameterType
    foreach ($set in $Parameter.ParameterSets.Keys | Sort-Object -Culture '') {
        $in = $Parameter.ParameterSets[$set]
        $words = @(
            if ($set -ne $everySet) { "in $set" }
            if ($in.IsMandatory) { 'mandatory' }
            if ($in.Position -ge 0) { "position $($in.Position)" }
            if ($in.ValueFromPipeline) { 'from the pipeline' }
            if ($in.ValueFromPipelineByPropertyName) { 'by property name' }
            if ($in.ValueFromRemainingArguments) { 'what remains' }
        )
        if ($words) { $words -join ' ' }
    }
    if ($Parameter.Aliases) { "aliases $(($Parameter.Aliases | Sort-Object -Culture '') -join ', ')" }
    foreach ($attribute in $Parameter.Attributes | Sort-Object { $_.GetType().Name }) {
        if ($attribute.GetType().Name -in $plainAttributes) { continue }
        Get-AttributeText $attribute
    }
}

# ValidateRange(MaxRange 8192, MinRange 64)
function Get-AttributeText($Attribute) {
    $values = foreach ($property in $Attribute.GetType().GetProperties() | Sort-Object Name -Culture '') {
        if ($property.Name -in 'TypeId', 'ErrorMessage' -or $property.GetIndexParameters()) { continue }
        $value = $property.GetValue($Attribute)
        if ($null -eq $value -or ($value -is [bool] -and -not $value)) { continue }
        "$($property.Name) $(@($value | ForEach-Object { $_ -is [type] ? $_.Name : $_ }) -join ' ')"
    }
    $name = $Attribute.GetType().Name -replace 'Attribute$'
    $values ? "$name($($values -join ', '))" : $name
}

function Get-RecordSurface {
    $assembly = [WaterMeters.WaterMetersException].Assembly
    foreach ($type in $assembly.GetExportedTypes() | Sort-Object FullName -Culture '') {
        Get-TypeHeading $type
        if ($type.IsEnum) { foreach ($name in [Enum]::GetNames($type) | Sort-Object -Culture '') { "    $name = $([int] [Enum]::Parse($type, $name))" } }
        else { @(Get-MemberText $type) | Sort-Object -Culture '' | ForEach-Object { "    $_" } }
        ''
    }
}

function Get-TypeHeading([type] $Type) {
    $isRecord = $null -ne $Type.GetMethod('<Clone>$')
    $words = @(
        if ($Type.IsAbstract -and $Type.IsSealed) { 'static' } elseif ($Type.IsAbstract -and -not $Type.IsInterface) { 'abstract' } elseif ($Type.IsSealed -and $Type.IsClass) { 'sealed' }
        $Type.IsEnum ? 'enum' : $Type.IsInterface ? 'interface' : $Type.IsValueType ? 'struct' : $isRecord ? 'record' : 'class'
        $Type.FullName
        if ($Type.IsClass -and $Type.BaseType -ne [object]) { ": $(Get-TypeText $Type.BaseType)" }
    )
    $words -join ' '
}

function Get-MemberText([type] $Type) {
    $flags = [Reflection.BindingFlags] 'Public, Instance, Static, DeclaredOnly'
    foreach ($constructor in $Type.GetConstructors($flags)) { "new($(Get-ArgumentText $constructor))" }
    foreach ($property in $Type.GetProperties($flags)) {
        $set = $property.SetMethod
        $isInit = $set -and $set.ReturnParameter.GetRequiredCustomModifiers().Name -contains 'IsExternalInit'
        $access = @('get'; if ($set -and $set.IsPublic) { $isInit ? 'init' : 'set' }) -join ', '
        $required = $property.GetCustomAttributes($false).ForEach{ $_.GetType().Name } -contains 'RequiredMemberAttribute' ? ' required' : ''
        "$($property.Name) $(Get-TypeText $property.PropertyType $nullability.Create($property)) ($access)$required"
    }
    foreach ($field in $Type.GetFields($flags)) { "$($field.Name) $(Get-TypeText $field.FieldType) (field)" }
    foreach ($event in $Type.GetEvents($flags)) { "$($event.Name) $(Get-TypeText $event.EventHandlerType) (event)" }
    foreach ($method in $Type.GetMethods($flags)) {
        if ($method.IsSpecialName -or $method.Name -in $compilerMade) { continue }
        "$($method.Name)($(Get-ArgumentText $method)) $(Get-TypeText $method.ReturnType $nullability.Create($method.ReturnParameter))"
    }
}

function Get-ArgumentText([Reflection.MethodBase] $Method) {
    ($Method.GetParameters() | ForEach-Object {
        "$(Get-TypeText $_.ParameterType $nullability.Create($_)) $($_.Name)" + ($_.HasDefaultValue ? " = $($_.DefaultValue ?? 'null')" : '')
    }) -join ', '
}

# As a PowerShell user writes it, with a ? where nothing can be there.
function Get-TypeText([type] $Type, $Nullability) {
    $value = [Nullable]::GetUnderlyingType($Type)
    $text = [Microsoft.PowerShell.ToStringCodeMethods]::Type([psobject] ($value ?? $Type)) -replace '\bWaterMeters\.'
    $text + ($value -or ($Nullability -and $Nullability.ReadState -eq 'Nullable') ? '?' : '')
}

Export-ModuleMember -Function Get-Surface, Get-SnapshotFolder, Get-SurfaceDifference
