<#
.SYNOPSIS
Writes the MAML help of the module's cmdlets out of their XML documentation comments. Runs in a process of its own.
.DESCRIPTION
What a cmdlet's class says becomes its help:
  <summary>      the synopsis
  <remarks>      the description, a paragraph each <para>; without one the synopsis serves
  <example>      one example each: the first <para> is its title, <code> the command, further <para>s what there is to say
  <seealso>      a related link: cref to another cmdlet, or href with an address or the name of an about_ topic
  [OutputType]   the outputs, with the summary of their type
and a parameter's <summary> is its description. Inherited parameters have the words of the base class. A cmdlet without
synopsis or example and a parameter without description are errors.
#>
param(
    [Parameter(Mandatory)] [string] $ModulePath,
    [Parameter(Mandatory)] [string] $DocumentationFolder,
    [Parameter(Mandatory)] [string] $OutputPath
)

Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'
Import-Module "$PSScriptRoot/Help/XmlDocumentation.psm1", "$PSScriptRoot/Help/CommandHelp.psm1", "$PSScriptRoot/Help/Maml.psm1"

$module = Import-Module $ModulePath -PassThru
$commands = @(Get-Command -Module $module.Name -CommandType Cmdlet | Sort-Object Name)
Import-XmlDocumentation -Path (Get-ChildItem $DocumentationFolder -Filter WaterMeters.*.xml).FullName -Command $commands

$help = @($commands | ForEach-Object { Get-CommandHelp $_ })
$gaps = @($help | ForEach-Object { $_.Gaps })
if ($gaps) {
    $gaps | ForEach-Object { Write-Host "No documentation: $_" }
    exit 1
}

Export-Maml -Help $help -Path $OutputPath
