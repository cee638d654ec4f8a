# Every parameter of every cmdlet with a value that is wrong in one way: Surface.Tests.ps1 and tests/Proofs/Surface.ps1. The cases come from
# Get-Command, so that a new parameter is covered without an entry here.
Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'

# What a cmdlet writes need not be there.
$written = 'OutputPath', 'Destination', 'ReportPath', 'BackupPath', 'CropPath'

<#
.SYNOPSIS
The parameters of an enumeration: command, name, type, whether it takes several values.
#>
function Get-EnumParameter {
    foreach ($command in Get-Command -Module WaterMeters -CommandType Cmdlet) {
        foreach ($parameter in $command.Parameters.Values) {
            $type = $parameter.ParameterType
            $single = $type.IsArray ? $type.GetElementType() : ([Nullable]::GetUnderlyingType($type) ?? $type)
            if (-not $single.IsEnum -or $single.Namespace -ne 'WaterMeters') { continue }
            [pscustomobject]@{ Command = $command; Name = $parameter.Name; Type = $single; IsArray = $type.IsArray; Parameter = $parameter }
        }
    }
}

<#
.SYNOPSIS
What is wrong with how the parameters of an enumeration take two values, as text and as an array; one line each.
#>
function Get-EnumFault {
    foreach ($one in Get-EnumParameter) {
        $names = @([Enum]::GetNames($one.Type))
        foreach ($value in "$($names[0]),$($names[1])", "$($names[0]), $($names[1])", @($names[0], $names[1])) {
            $bound = $value
            $failure = $null
            # The transformations and the conversion of the binder, without running the cmdlet.
            try {
                foreach ($attribute in $one.Parameter.Attributes) {
                    if ($attribute -isnot [Management.Automation.ArgumentTransformationAttribute]) { continue }
                    $bound = $attribute.Transform($ExecutionContext, $bound)
                }
                $bound = [Management.Automation.LanguagePrimitives]::ConvertTo($bound, $one.Parameter.ParameterType)
            }
            catch { $failure = $_ }
            $shown = "$($one.Command.Name) -$($one.Name) $($value -join ', ') ($($value.GetType().Name))"
            if ($one.IsArray) {
                if ($failure) { "$shown is refused: $failure" }
                elseif ((@($bound) -join ' ') -ne ($names[0..1] -join ' ')) { "$shown is $bound" }
            }
            elseif (-not $failure) { "$shown is $bound, without an error" }
            elseif ("$failure" -notmatch 'one value, not 2') { "$shown is refused with the words: $failure" }
        }
    }
}

<#
.SYNOPSIS
The parameters that name a file or folder to read.
#>
function Get-ReadPathParameter {
    foreach ($command in Get-Command -Module WaterMeters -CommandType Cmdlet) {
        foreach ($parameter in $command.Parameters.Values) {
            if ($parameter.ParameterType -notin [string], [string[]]) { continue }
            if ($parameter.Name -notmatch 'Path$|^(Model|Candidate|Baseline|Source)$' -or $parameter.Name -in $written) { continue }
            if ($command.Verb -in 'New', 'Initialize') { continue }
            [pscustomobject]@{ Command = $command; Name = $parameter.Name; Parameter = $parameter }
        }
    }
}

<#
.SYNOPSIS
What is wrong with the errors of paths that are not there, under Stop and Continue, with and without -Quiet; one line each.
.PARAMETER Folder
An empty folder for what the calls need.
.PARAMETER Model
A model that can be loaded.
#>
function Get-MissingPathFault {
    param([Parameter(Mandatory)] [string] $Folder, [Parameter(Mandatory)] [string] $DataPath, [Parameter(Mandatory)] [string] $Model)

    $valid = @{
        Path = $DataPath; LiteralPath = $DataPath; DataPath = $DataPath; Model = $Model; Candidate = $Model; Baseline = $Model
        OutputPath = Join-Path $Folder 'new.pth'; Destination = Join-Path $Folder 'new'
    }
    foreach ($one in Get-ReadPathParameter) {
        $command = $one.Command
        $set = $command.ParameterSets | Where-Object { $_.Parameters.Name -contains $one.Name } |
            Sort-Object { -not $_.IsDefault } -Stable | Select-Object -First 1
        $call = @{}
        foreach ($needed in $set.Parameters | Where-Object IsMandatory) { $call[$needed.Name] = $valid[$needed.Name] }
        # A position that is not mandatory, but without which the cmdlet would work on the current folder.
        foreach ($name in 'Path', 'DataPath', 'Model') {
            if ($command.Parameters.ContainsKey($name) -and $set.Parameters.Name -contains $name) { $call[$name] = $valid[$name] }
        }
        if ($command.Noun -eq 'WmsReport') { $call['OutputPath'] = Join-Path $Folder 'new.md' }
        if ($command.Name -eq 'Invoke-WmsPrediction' -and $call.ContainsKey('Path')) { $call['Path'] = Join-Path $DataPath 'images' }
        if ($command.Name -eq 'Start-WmsTraining') {
            $call['WhatIf'] = $true
            if ($one.Name -eq 'Baseline') { $call['Promote'] = $true }
        }
        # Only the gate reads a data set.
        if ($command.Name -eq 'Publish-WmsModel') { $call['Stage'] = 'Production'; $call['TrackingUri'] = Join-Path $Folder 'new.db' }
        # A source is not read while libtorch is installed.
        if ($command.Name -eq 'Install-WmsRuntime') { $call['Force'] = $true; $call['OutputPath'] = Join-Path $Folder 'libtorch' }
        if ($one.Name -eq 'ModelPath') { $call.Remove('Model') }
        $call[$one.Name] = Join-Path $Folder 'not' 'there'
        foreach ($quiet in @($false) + @($command.Parameters.ContainsKey('Quiet') ? $true : @())) {
            if ($quiet) { $call['Quiet'] = $true }
            foreach ($action in 'Continue', 'Stop') {
                $shown = "$($command.Name) -$($one.Name)$($quiet ? ' -Quiet' : '') under $action"
                $output, $errors, $thrown = $null, @(), $null
                try {
                    # Continue, without the red lines.
                    $common = @{ WarningAction = 'Ignore'; InformationAction = 'Ignore' }
                    $common['ErrorAction'] = $action -eq 'Stop' ? 'Stop' : 'SilentlyContinue'
                    $output = @(& $command @call @common -ErrorVariable errors 6>$null)
                }
                catch { $thrown = $_ }
                $all = @(@($errors | Where-Object { $_ -is [Management.Automation.ErrorRecord] }) + @($thrown) | Where-Object { $_ })
                if (-not $all) { "$shown is no error"; continue }
                if ($action -eq 'Stop' -and -not $thrown) { "$shown continues" }
                foreach ($failure in $all | Where-Object { $_.CategoryInfo.Category -ne 'ObjectNotFound' }) {
                    "$shown is $($failure.CategoryInfo.Category), $($failure.FullyQualifiedErrorId): $failure"
                }
                if ($quiet -and $action -eq 'Continue' -and ("$output" -ne 'False' -or $output.Count -ne 1)) {
                    "$shown gives '$output', not False"
                }
            }
        }
    }
}

Export-ModuleMember -Function Get-EnumParameter, Get-EnumFault, Get-ReadPathParameter, Get-MissingPathFault
