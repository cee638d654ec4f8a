Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'

$namespaces = [ordered]@{
    maml    = 'http://schemas.microsoft.com/maml/2004/10'
    command = 'http://schemas.microsoft.com/maml/dev/command/2004/10'
    dev     = 'http://schemas.microsoft.com/maml/dev/2004/10'
}

<#
.SYNOPSIS
Writes the help objects of Get-CommandHelp as the XML file that Get-Help reads.
#>
function Export-Maml {
    param([Parameter(Mandatory)] [object[]] $Help, [Parameter(Mandatory)] [string] $Path)

    $settings = [Xml.XmlWriterSettings]@{ Indent = $true; NewLineChars = "`n"; Encoding = [Text.UTF8Encoding]::new($false) }
    $writer = [Xml.XmlWriter]::Create($Path, $settings)
    try {
        $writer.WriteStartElement('helpItems', 'http://msh')
        $writer.WriteAttributeString('schema', 'maml')
        foreach ($prefix in $namespaces.Keys) { $writer.WriteAttributeString('xmlns', $prefix, $null, $namespaces[$prefix]) }
        foreach ($command in $Help) { Write-Command $command }
        $writer.WriteEndElement()
    }
    finally { $writer.Dispose() }
}

# Writes <prefix:name attributes>inside</prefix:name>; inside is text, or a script block that writes. The block looks up its
# variables in this function first, so the names here must not be used anywhere else.
function Write-Element([string] $XmlName, $XmlInside, [Collections.IDictionary] $XmlAttributes = @{}) {
    $xmlPrefix, $xmlLocal = $XmlName -split ':'
    $writer.WriteStartElement($xmlPrefix, $xmlLocal, $namespaces[$xmlPrefix])
    foreach ($xmlKey in $XmlAttributes.Keys) { $writer.WriteAttributeString($xmlKey, [string] $XmlAttributes[$xmlKey]) }
    if ($XmlInside -is [scriptblock]) { & $XmlInside } else { $writer.WriteString([string] $XmlInside) }
    $writer.WriteEndElement()
}

function Write-Text([string] $Element, [string[]] $Paragraphs) {
    Write-Element $Element { foreach ($paragraph in $Paragraphs) { if ($paragraph) { Write-Element 'maml:para' $paragraph } } }
}

function Write-Command($Command) {
    Write-Element 'command:command' {
        Write-Element 'command:details' {
            Write-Element 'command:name' $Command.Name
            Write-Element 'command:verb' $Command.Verb
            Write-Element 'command:noun' $Command.Noun
            Write-Text 'maml:description' $Command.Synopsis
        }
        Write-Text 'maml:description' $Command.Description
        Write-Element 'command:syntax' {
            foreach ($set in $Command.Syntax) {
                Write-Element 'command:syntaxItem' {
                    Write-Element 'maml:name' $Command.Name
                    foreach ($parameter in $set.Parameters) { Write-Parameter $parameter -InSyntax }
                }
            }
        }
        Write-Element 'command:parameters' { foreach ($parameter in $Command.Parameters) { Write-Parameter $parameter } }
        Write-Element 'command:inputTypes' { foreach ($type in $Command.Inputs) { Write-PipelineType 'command:inputType' $type } }
        Write-Element 'command:returnValues' { foreach ($type in $Command.Outputs) { Write-PipelineType 'command:returnValue' $type } }
        Write-Element 'command:examples' {
            $number = 0
            foreach ($example in $Command.Examples) { Write-Example $example (++$number) }
        }
        Write-Element 'command:relatedLinks' {
            foreach ($link in $Command.Links) {
                Write-Element 'maml:navigationLink' {
                    Write-Element 'maml:linkText' $link.Text
                    Write-Element 'maml:uri' $link.Uri
                }
            }
        }
    }
}

function Write-Parameter($Parameter, [switch] $InSyntax) {
    $attributes = [ordered]@{
        required       = ([string] $Parameter.Required).ToLowerInvariant()
        variableLength = ([string] $Parameter.IsArray).ToLowerInvariant()
        globbing       = ([string] $Parameter.Wildcards).ToLowerInvariant()
        pipelineInput  = $Parameter.Pipeline
        position       = $Parameter.Position -lt 0 ? 'named' : $Parameter.Position
        aliases        = $Parameter.Aliases ? $Parameter.Aliases -join ', ' : 'none'
    }
    Write-Element 'command:parameter' -XmlAttributes $attributes {
        $paragraphs = @($Parameter.Description)
        if ($Parameter.Values) { $paragraphs += "Values: $($Parameter.Values -join ', ')." }

        Write-Element 'maml:name' $Parameter.Name
        Write-Text 'maml:description' $paragraphs
        if ($InSyntax -and $Parameter.Values) {
            Write-Element 'command:parameterValueGroup' {
                foreach ($value in $Parameter.Values) {
                    Write-Element 'command:parameterValue' $value @{ required = 'false'; variableLength = 'false' }
                }
            }
        }
        elseif (-not ($InSyntax -and $Parameter.IsSwitch)) {
            $required = (-not $Parameter.IsSwitch).ToString().ToLowerInvariant()
            Write-Element 'command:parameterValue' $Parameter.Type @{ required = $required; variableLength = $attributes.variableLength }
        }
        Write-TypeName $Parameter.Type
        Write-Element 'dev:defaultValue' $Parameter.Default
    }
}

function Write-PipelineType([string] $Element, $Type) {
    Write-Element $Element {
        Write-TypeName $Type.Type
        Write-Text 'maml:description' $Type.Description
    }
}

function Write-TypeName([string] $Name) {
    Write-Element 'dev:type' {
        Write-Element 'maml:name' $Name
        Write-Element 'maml:uri' ''
    }
}

function Write-Example($Example, [int] $Number) {
    $title = $Example.Title ? "Example ${Number}: $($Example.Title)" : "Example $Number"
    Write-Element 'command:example' {
        Write-Element 'maml:title' "---------- $title ----------"
        Write-Element 'dev:code' $Example.Code
        Write-Element 'dev:remarks' {
            foreach ($paragraph in $Example.Remarks) { Write-Element 'maml:para' $paragraph }
            # Leaves an empty line before the next example.
            Write-Element 'maml:para' ''
        }
    }
}

Export-ModuleMember -Function Export-Maml
