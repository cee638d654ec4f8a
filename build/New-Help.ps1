<#
.SYNOPSIS
Writes the help of the cmdlets, as MAML for Get-Help and as Markdown pages, from their XML documentation comments. Runs in
its own process, because it imports the module.
.DESCRIPTION
The documentation of a cmdlet's class becomes its help:
  <summary>      the synopsis
  <remarks>      the description, one paragraph per <para>; without remarks the synopsis
  <example>      one example each: the first <para> is the title, <code> the command, further <para>s are remarks
  <seealso>      a related link: cref for another cmdlet, href for an address or the name of an about topic
  [OutputType]   the outputs, with the summary of their type
The <summary> of a property is the description of the parameter; inherited parameters use the text of the base class. A cmdlet
without a synopsis or an example, and a parameter, record or property without a description, are errors.
#>
param(
    [Parameter(Mandatory)] [string] $ModulePath,
    [Parameter(Mandatory)] [string] $DocumentationFolder,
    [Parameter(Mandatory)] [string] $MamlPath,
    [Parameter(Mandatory)] [string] $MarkdownFolder
)

Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'
# The pages are the same on every machine.
[cultureinfo]::CurrentCulture = [cultureinfo]::InvariantCulture
foreach ($name in 'XmlDocumentation', 'RecordHelp', 'RecordTopic', 'CommandHelp', 'Maml', 'Markdown') {
    Import-Module "$PSScriptRoot/Help/$name.psm1"
}

$module = Import-Module $ModulePath -PassThru
$commands = @(Get-Command -Module $module.Name -CommandType Cmdlet | Sort-Object Name -Culture '')
Import-XmlDocumentation -Path (Get-ChildItem $DocumentationFolder -Filter WaterMeters.*.xml).FullName -Command $commands

$help = @($commands | ForEach-Object { Get-CommandHelp $_ })
$types = @($help.Outputs.RecordType) + @($help.Parameters.RecordType) | Where-Object { $_ }
# The record of an epoch is what Start-WmsTraining shows while it runs; no cmdlet returns it.
$records = @(Get-RecordHelp (@($types) + [WaterMeters.EpochRecord]))
$gaps = @($help + $records | ForEach-Object { $_.Gaps })
if ($gaps) {
    $gaps | ForEach-Object { Write-Host "No documentation: $_" }
    exit 1
}

$recordTopic = Join-Path (Split-Path $MamlPath) 'about_WaterMeters_Records.help.txt'
Export-RecordTopic -Record $records -Path $recordTopic
$written = Get-ChildItem "$ModulePath/en-US" -Filter about_*.help.txt | Where-Object Name -ne (Split-Path $recordTopic -Leaf)
$topics = foreach ($file in @($written) + (Get-Item -LiteralPath $recordTopic) | Sort-Object BaseName -Culture '') {
    $text = (Get-Content -LiteralPath $file.FullName -Raw) -replace '\r'
    $description = [regex]::Match($text, '(?ms)^SHORT DESCRIPTION\n(.+?)\n\n').Groups[1].Value -replace '\s+', ' '
    [pscustomobject]@{ Name = $file.Name -replace '\.help\.txt$'; Description = $description.Trim() }
}

Export-Maml -Help $help -Path $MamlPath
Export-Markdown -Help $help -Record $records -Topic $topics -Path $MarkdownFolder
