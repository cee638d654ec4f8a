Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'

<#
.SYNOPSIS
Collects the documentation of records and enums, and of the records and enums that their properties use, one object for each:
records first, each group sorted by name. Gaps lists missing documentation.
#>
function Get-RecordHelp {
    param([Parameter(Mandatory)] [type[]] $Type)

    $found = [Collections.Generic.HashSet[type]]::new()
    $pending = [Collections.Generic.Queue[type]]::new($Type)
    while ($pending.Count) {
        $next = $pending.Dequeue()
        if (-not $found.Add($next)) { continue }
        @(Get-RecordProperty $next | ForEach-Object { Get-SingleType $_.PropertyType }) + @(Get-ItemType $next) |
            Where-Object { Test-Record $_ } | ForEach-Object { $pending.Enqueue($_) }
    }
    foreach ($one in $found | Sort-Object IsEnum, Name -Culture '') {
        $one.IsEnum ? (Get-EnumHelp $one) : (Get-OneRecordHelp $one)
    }
}

<#
.SYNOPSIS
Whether a type is one of the module's own records or enums, which users see.
#>
function Test-Record {
    param([AllowNull()] [type] $Type)

    $Type -and $Type.Assembly.GetName().Name -eq 'WaterMeters.Records'
}

<#
.SYNOPSIS
Gets the type of a single value: the element of an array, the type below Nullable, otherwise the type itself.
#>
function Get-SingleType {
    param([AllowNull()] [type] $Type)

    if ($null -eq $Type) { return }
    $element = $Type.IsArray ? $Type.GetElementType() : $Type
    [Nullable]::GetUnderlyingType($element) ?? $element
}

<#
.SYNOPSIS
Gets the name of a type as a PowerShell user writes it: string[], int, WaterMeters.Prediction.
#>
function Get-TypeName {
    param([Parameter(Mandatory)] [type] $Type)

    $Type = [Nullable]::GetUnderlyingType($Type) ?? $Type
    $Type -eq [switch] ? 'SwitchParameter' : [Microsoft.PowerShell.ToStringCodeMethods]::Type([psobject] $Type)
}

function Get-OneRecordHelp([type] $Type) {
    $summary = Get-Summary $Type
    $properties = @(foreach ($property in Get-RecordProperty $Type) {
            $single = Get-SingleType $property.PropertyType
            [pscustomobject]@{
                Name        = $property.Name
                Type        = Get-TypeName $property.PropertyType
                RecordType  = (Test-Record $single) ? $single : $null
                Description = Get-Summary $property
            }
        })
    [pscustomobject]@{
        Name        = $Type.Name
        Type        = $Type
        IsEnum      = $false
        Description = $summary
        ItemType    = Get-ItemType $Type
        Members     = $properties
        Gaps        = @(
            if (-not $summary) { "$($Type.FullName), its <summary>" }
            $properties | Where-Object { -not $_.Description } | ForEach-Object { "$($Type.FullName).$($_.Name), its <summary>" }
        )
    }
}

function Get-EnumHelp([type] $Type) {
    $summary = Get-Summary $Type
    $values = @(foreach ($name in [Enum]::GetNames($Type)) {
            [pscustomobject]@{ Name = $name; Description = Get-Summary $Type.GetField($name) }
        })
    [pscustomobject]@{
        Name        = $Type.Name
        Type        = $Type
        IsEnum      = $true
        Description = $summary
        ItemType    = $null
        Members     = $values
        Gaps        = @(
            if (-not $summary) { "$($Type.FullName), its <summary>" }
            $values | Where-Object { -not $_.Description } | ForEach-Object { "$($Type.FullName).$($_.Name), its <summary>" }
        )
    }
}

function Get-Summary([Reflection.MemberInfo] $Member) {
    (ConvertTo-Paragraph (Get-DocumentationElement $Member summary)) -join ' '
}

# The properties in the order of their declaration.
function Get-RecordProperty([type] $Type) {
    if (-not $Type.IsEnum) {
        $Type.GetProperties([Reflection.BindingFlags] 'Public, Instance, DeclaredOnly') | Sort-Object MetadataToken
    }
}

# What a collection of records holds; nothing for a record.
function Get-ItemType([type] $Type) {
    $list = $Type.GetInterfaces() |
        Where-Object { $_.IsGenericType -and $_.GetGenericTypeDefinition() -eq [Collections.Generic.IEnumerable`1] }
    $item = $list ? @($list)[0].GetGenericArguments()[0] : $null
    if (Test-Record $item) { $item }
}

Export-ModuleMember -Function Get-RecordHelp, Test-Record, Get-SingleType, Get-TypeName
