# Compares the help texts with the actual commands.
Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'

$common = [Management.Automation.Cmdlet]::CommonParameters + [Management.Automation.Cmdlet]::OptionalCommonParameters
$notAsked = [Management.Automation.Cmdlet]::CommonParameters

<#
.SYNOPSIS
The differences between a cmdlet's parameters and its help, one line each, or nothing.
#>
function Get-ParameterHelpFault {
    param([Parameter(Mandatory)] [string] $Cmdlet)

    $command = Get-Command $Cmdlet
    $live = @($command.Parameters.Values | Where-Object { -not $notAsked.Contains($_.Name) })
    $told = @((Get-Help $Cmdlet -Full).parameters.parameter)
    foreach ($name in $told.name | Where-Object { $_ -notin $live.Name }) { "-$name is in the help and not in the cmdlet" }

    $instance = [Activator]::CreateInstance($command.ImplementingType)
    foreach ($parameter in $live) {
        $help = $told | Where-Object name -eq $parameter.Name
        if (-not $help) { "-$($parameter.Name) has no help"; continue }
        $words = $help.psobject.Properties['description'] ? "$($help.description.Text)".Trim() : ''
        if (-not $words) { "-$($parameter.Name) has no description" }

        $sets = @($parameter.ParameterSets.Values)
        $expected = [ordered]@{
            type          = ([Nullable]::GetUnderlyingType($parameter.ParameterType) ?? $parameter.ParameterType).FullName
            defaultValue  = Get-Default $parameter $instance
            pipelineInput = Get-PipelineInput $sets
            position      = @($sets | ForEach-Object { $_.Position -lt 0 ? 'named' : "$($_.Position)" } | Select-Object -Unique)
            required      = @($sets | Where-Object { -not $_.IsMandatory }).Count -eq 0 ? 'true' : 'false'
            aliases       = $parameter.Aliases ? $parameter.Aliases -join ', ' : 'none'
        }
        foreach ($what in $expected.Keys) {
            $said = $what -eq 'type' ? (Get-FullTypeName $help.type.name) : "$($help.$what)"
            if ($said -notin $expected[$what]) { "-$($parameter.Name), $($what): the help says '$said', the cmdlet '$($expected[$what])'" }
        }
    }
}

<#
.SYNOPSIS
The differences between a cmdlet's parameter sets and the syntax lines of its help, one line each, or nothing.
#>
function Get-SyntaxFault {
    param([Parameter(Mandatory)] [string] $Cmdlet)

    $told = @((Get-Help $Cmdlet -Full).syntax.syntaxItem | ForEach-Object { Get-SetText $_.parameter.name })
    $live = @(
        (Get-Command $Cmdlet).ParameterSets |
            ForEach-Object { Get-SetText ($_.Parameters.Name | Where-Object { -not $notAsked.Contains($_) }) }
    )
    foreach ($set in $live | Where-Object { $_ -notin $told }) { "no syntax line has the parameters $set" }
    foreach ($set in $told | Where-Object { $_ -notin $live }) { "no parameter set has the parameters $set" }
}

function Get-SetText([string[]] $Names) { ($Names | Sort-Object) -join ' ' }

<#
.SYNOPSIS
The examples of a cmdlet's help: Cmdlet, Number, Code.
#>
function Get-HelpExample {
    param([Parameter(Mandatory)] [string] $Cmdlet)

    $number = 0
    foreach ($example in @((Get-Help $Cmdlet -Full).examples.example)) {
        [pscustomobject]@{ Cmdlet = $Cmdlet; Number = ++$number; Code = $example.code }
    }
}

<#
.SYNOPSIS
The examples of the about topics in a module's folder, as Get-HelpExample returns them; Cmdlet is the name of the topic.
#>
function Get-TopicExample {
    param([Parameter(Mandatory)] [string] $ModulePath)

    foreach ($topic in Get-Topic $ModulePath) {
        $number = 0
        # Not those that need a git repository with a history, or a file that only an older Windows refuses to name.
        foreach ($code in Get-TopicCode $topic.Lines | Where-Object { $_ -notmatch '\bgit |\\\\\?\\' }) {
            [pscustomobject]@{ Cmdlet = $topic.Name; Number = ++$number; Code = $code }
        }
    }
}

<#
.SYNOPSIS
The reasons why code cannot run: syntax errors, unknown commands and parameters.
#>
function Get-CodeFault {
    param([Parameter(Mandatory)] [string] $Code)

    $problems = $null
    $tree = [Management.Automation.Language.Parser]::ParseInput($Code, [ref] $null, [ref] $problems)
    $problems | ForEach-Object { "$($_.Message) In: $Code" }
    foreach ($call in Get-Call $tree) {
        # A command name that the code computes.
        $name = $call.GetCommandName()
        # Or a program that is not on every computer.
        if (-not $name -or $name -eq 'git') { continue }
        $command = Get-Command $name -ErrorAction Ignore
        if (-not $command) { "there is no command $name. In: $Code"; continue }
        # The options of a native program are its own.
        if ($command.CommandType -eq 'Application') { continue }

        foreach ($given in $call.CommandElements | Where-Object { $_ -is [Management.Automation.Language.CommandParameterAst] }) {
            try { $null = $command.ResolveParameter($given.ParameterName) } catch { "$name has no -$($given.ParameterName). In: $Code" }
        }
        if ($command.Source -ne 'WaterMeters') { continue }
        foreach ($wrong in [Management.Automation.Language.StaticParameterBinder]::BindCommand($call, $true).BindingExceptions.Values) {
            "$($wrong.BindingException.Message) In: $Code"
        }
    }
}

<#
.SYNOPSIS
The command calls in code, in order.
#>
function Get-Call {
    param([Parameter(Mandatory)] [Management.Automation.Language.Ast] $Tree)

    $Tree.FindAll({ $args[0] -is [Management.Automation.Language.CommandAst] }, $true)
}

<#
.SYNOPSIS
The about topics in a module's folder: Name, Path, Lines.
#>
function Get-Topic {
    param([Parameter(Mandatory)] [string] $ModulePath)

    foreach ($file in Get-ChildItem "$ModulePath/en-US" -Filter about_*.help.txt | Sort-Object Name) {
        [pscustomobject]@{
            Name = $file.Name -replace '\.help\.txt$'
            Path = $file.FullName
            Lines = @(Get-Content -LiteralPath $file.FullName)
        }
    }
}

<#
.SYNOPSIS
The code in a topic: paragraphs that start like code and are indented by eight columns, or stand under EXAMPLES.
#>
function Get-TopicCode {
    param([Parameter(Mandatory)] [AllowEmptyString()] [string[]] $Lines)

    $heading, $block = '', @()
    foreach ($line in @($Lines) + '') {
        if ($line -match '^\S') { $heading = $line }
        if ($line.Trim()) { $block += $line; continue }
        if ($block) {
            $indent = $heading -eq 'EXAMPLES' ? 4 : 8
            if ($block[0] -cmatch "^ {$indent,}([(&[@]|\`$|if\b|foreach\b|try\b|[A-Z][A-Za-z]+-[A-Z][A-Za-z]+\b)" -and
                $block[0] -notmatch ':$') {
                $block -join "`n"
            }
            $block = @()
        }
    }
}

<#
.SYNOPSIS
The paragraphs of a topic from one that starts with the given pattern, such as its YAML; joined, without indentation.
#>
function Get-TopicBlock {
    param([Parameter(Mandatory)] [AllowEmptyString()] [string[]] $Lines, [Parameter(Mandatory)] [string] $First)

    $inside = $false
    $found = foreach ($line in $Lines) {
        if (-not $inside) { $inside = $line -match "^ {8}$First" }
        elseif (-not $line.StartsWith('        ', [StringComparison]::Ordinal)) { break }
        if ($inside) { $line.Substring(8) }
    }
    $found -join "`n"
}

<#
.SYNOPSIS
Cmdlets and parameters that a text mentions and that do not exist, one line each, or nothing.
.PARAMETER Of
The cmdlets whose parameters the text may mention; all of the module by default. Cmdlets named in the text are always included.
#>
function Get-MentionFault {
    param([Parameter(Mandatory)] [AllowEmptyString()] [string] $Text, [string[]] $Of)

    $cmdlets = @(Get-Command -Module WaterMeters -CommandType Cmdlet)
    $named = @([regex]::Matches($Text, '\b[A-Z][a-z]+-Wms[A-Za-z]+\b').ForEach{ $_.Value })
    $named | Where-Object { $_ -notin $cmdlets.Name } | ForEach-Object { "there is no cmdlet $_. In: $Text" }

    $meant = $Of ? @($cmdlets | Where-Object { $_.Name -in $Of -or $_.Name -in $named }) : $cmdlets
    $known = @($meant | ForEach-Object { $_.Parameters.Keys; $_.Parameters.Values.Aliases }) + $common
    foreach ($line in $Text -split "`n" | Where-Object { $_ -notmatch '\bpwsh\b' }) {
        foreach ($parameter in [regex]::Matches($line, '(?<![\w-])-([A-Z][A-Za-z]+)').ForEach{ $_.Groups[1].Value }) {
            if ($parameter -notin $known) { "there is no parameter -$parameter. In: $line" }
        }
    }
}

<#
.SYNOPSIS
The paragraphs of a cmdlet's help: synopsis, description, parameters, titles and remarks of the examples.
#>
function Get-HelpParagraph {
    param([Parameter(Mandatory)] [string] $Cmdlet)

    $help = Get-Help $Cmdlet -Full
    $help.Synopsis
    $help.description.Text
    $help.parameters.parameter | ForEach-Object { $_.description.Text }
    $help.examples.example | ForEach-Object { $_.title; $_.remarks.Text }
}

function Get-Default($Parameter, $Instance) {
    $stated = $Parameter.Attributes | Where-Object { $_ -is [Management.Automation.PSDefaultValueAttribute] }
    if ($stated) { return $stated.Help ? $stated.Help : "$($stated.Value)" }
    if ($Parameter.SwitchParameter) { return 'False' }

    $value = $Instance.$($Parameter.Name)
    $null -eq $value -or "$value" -eq '' ? 'None' : "$value"
}

function Get-PipelineInput($Sets) {
    $ways = @(
        if ($Sets.ValueFromPipeline -contains $true) { 'ByValue' }
        if ($Sets.ValueFromPipelineByPropertyName -contains $true) { 'ByPropertyName' }
    )
    $ways ? "True ($($ways -join ', '))" : 'False'
}

function Get-FullTypeName([string] $Name) {
    $Name -eq 'SwitchParameter' ? [switch].FullName : ($Name -as [type])?.FullName ?? "$Name, which is no type"
}

Export-ModuleMember -Function Get-ParameterHelpFault, Get-SyntaxFault, Get-HelpExample, Get-CodeFault, Get-Call, Get-Topic, Get-TopicCode,
    Get-TopicBlock, Get-TopicExample,
    Get-MentionFault, Get-HelpParagraph
