<#
.SYNOPSIS
Lists where the visible types of an assembly use a type of the given assemblies: as a base, interface, member, generic constraint,
modifier, attribute, or attribute argument.
.DESCRIPTION
Runs in its own process, because inspecting types loads the assemblies they refer to. Packages are not available there, so a type that
cannot be inspected needs one.
#>
param([Parameter(Mandatory)] [Reflection.Assembly] $Assembly, [Parameter(Mandatory)] [string[]] $Forbidden)

$everything = [Reflection.BindingFlags] 'Public, NonPublic, Instance, Static, DeclaredOnly'

# The types that a type consists of: itself, its element type, generic arguments, a function pointer's signature.
function Expand-Type([type] $Type) {
    if ($null -eq $Type) { return }
    if ($Type.HasElementType) { return Expand-Type $Type.GetElementType() }
    if ($Type.IsFunctionPointer) {
        return @($Type.GetFunctionPointerReturnType()) + $Type.GetFunctionPointerParameterTypes() | ForEach-Object { Expand-Type $_ }
    }
    $Type
    if ($Type.IsGenericType) { $Type.GetGenericArguments() | ForEach-Object { Expand-Type $_ } }
}

# The constraints of a type's or method's type parameters.
function Get-ConstraintType([type[]] $Parameters) {
    foreach ($parameter in $Parameters | Where-Object IsGenericParameter) {
        $parameter.GetGenericParameterConstraints()
        Get-AttributeType $parameter
    }
}

function Get-ParameterType([Reflection.ParameterInfo] $Parameter) {
    $Parameter.ParameterType
    $Parameter.GetRequiredCustomModifiers()
    $Parameter.GetOptionalCustomModifiers()
    Get-AttributeType $Parameter
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
        { $_ -is [Reflection.MethodBase] } { $_.GetParameters() | ForEach-Object { Get-ParameterType $_ } }
        { $_ -is [Reflection.MethodInfo] } { Get-ParameterType $_.ReturnParameter; Get-ConstraintType $_.GetGenericArguments() }
        { $_ -is [Reflection.PropertyInfo] } { $_.PropertyType }
        { $_ -is [Reflection.FieldInfo] } { $_.FieldType; $_.GetRequiredCustomModifiers(); $_.GetOptionalCustomModifiers() }
        { $_ -is [Reflection.EventInfo] } { $_.EventHandlerType }
    }
}

# A property is as visible as its accessors; derived classes outside see protected members.
function Test-Visible([Reflection.MemberInfo] $Member) {
    $checked = switch ($Member) {
        { $_ -is [Reflection.PropertyInfo] } { $_.GetAccessors($true) }
        { $_ -is [Reflection.EventInfo] } { $_.GetAddMethod($true) }
        default { $_ }
    }
    [bool] ($checked | Where-Object { $_.IsPublic -or $_.IsFamily -or $_.IsFamilyOrAssembly })
}

# A nested type is visible to derived classes when it is protected and its declaring type is visible.
function Test-VisibleType([type] $Type) {
    if (-not $Type.IsNested) { return $Type.IsPublic }
    ($Type.IsNestedPublic -or $Type.IsNestedFamily -or $Type.IsNestedFamORAssem) -and (Test-VisibleType $Type.DeclaringType)
}

foreach ($type in $Assembly.GetTypes() | Where-Object { Test-VisibleType $_ }) {
    $uses = @(
        $generic = Get-ConstraintType $type.GetGenericArguments()
        foreach ($used in @($type.BaseType) + $type.GetInterfaces() + $generic + (Get-AttributeType $type)) {
            , @($type.FullName, $used)
        }
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
foreach ($used in @(Get-AttributeType $Assembly) + @(Get-AttributeType $Assembly.ManifestModule)) {
    if ($used.Assembly.GetName().Name -in $Forbidden) { "the assembly itself names $used" }
}
