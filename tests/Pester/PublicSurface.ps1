<#
.SYNOPSIS
Lists where a public type of an assembly names a type of one of the given assemblies: bases, members, attributes.
.DESCRIPTION
Runs in a process of its own, for looking at the types loads what they refer to. What lies in deps/ is not to be had
there, so a member that cannot be looked at is one that needs it.
#>
param([Parameter(Mandatory)] [Reflection.Assembly] $Assembly, [Parameter(Mandatory)] [string[]] $Forbidden)

$everything = [Reflection.BindingFlags] 'Public, NonPublic, Instance, Static, DeclaredOnly'

# The types a type is written with: itself, what an array holds, the arguments of a generic.
function Expand-Type([type] $Type) {
    if ($null -eq $Type) { return }
    if ($Type.HasElementType) { return Expand-Type $Type.GetElementType() }
    $Type
    if ($Type.IsGenericType) { $Type.GetGenericArguments() | ForEach-Object { Expand-Type $_ } }
}

function Get-AttributeType($Holder) {
    foreach ($attribute in $Holder.GetCustomAttributesData()) {
        $attribute.AttributeType
        foreach ($argument in @($attribute.ConstructorArguments) + @($attribute.NamedArguments | ForEach-Object { $_.TypedValue })) {
            $argument.ArgumentType
            @($argument.Value) | Where-Object { $_ -is [type] }
            @($argument.Value) | Where-Object { $_ -is [Reflection.CustomAttributeTypedArgument] } |
                ForEach-Object { $_.Value } | Where-Object { $_ -is [type] }
        }
    }
}

function Get-MemberType([Reflection.MemberInfo] $Member) {
    Get-AttributeType $Member
    switch ($Member) {
        { $_ -is [Reflection.MethodBase] } { $_.GetParameters() | ForEach-Object { $_.ParameterType; Get-AttributeType $_ } }
        { $_ -is [Reflection.MethodInfo] } { $_.ReturnType; $_.GetGenericArguments() | ForEach-Object { $_.GetGenericParameterConstraints() } }
        { $_ -is [Reflection.PropertyInfo] } { $_.PropertyType }
        { $_ -is [Reflection.FieldInfo] } { $_.FieldType }
        { $_ -is [Reflection.EventInfo] } { $_.EventHandlerType }
    }
}

# Property accessors say whether their property can be seen; a subclass outside sees protected members.
function Test-Visible([Reflection.MemberInfo] $Member) {
    $checked = switch ($Member) {
        { $_ -is [Reflection.PropertyInfo] } { $_.GetAccessors($true) }
        { $_ -is [Reflection.EventInfo] } { $_.GetAddMethod($true) }
        default { $_ }
    }
    [bool] ($checked | Where-Object { $_.IsPublic -or $_.IsFamily -or $_.IsFamilyOrAssembly })
}

foreach ($type in $Assembly.GetExportedTypes()) {
    $uses = @(
        foreach ($used in @($type.BaseType) + $type.GetInterfaces() + (Get-AttributeType $type)) { , @($type.FullName, $used) }
        foreach ($member in $type.GetMembers($everything) | Where-Object { $_ -isnot [type] -and (Test-Visible $_) }) {
            try { foreach ($used in Get-MemberType $member) { , @("$($type.FullName).$($member.Name)", $used) } }
            catch { "$($type.FullName).$($member.Name): $($_.Exception.GetBaseException().Message)" }
        }
    )
    foreach ($use in $uses) {
        if ($use -is [string]) { $use; continue }
        foreach ($used in Expand-Type $use[1]) {
            if ($used.Assembly.GetName().Name -in $Forbidden) { "$($use[0]) names $used" }
        }
    }
}
foreach ($used in Get-AttributeType $Assembly) {
    if ($used.Assembly.GetName().Name -in $Forbidden) { "the assembly itself names $used" }
}
