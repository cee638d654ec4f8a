Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'

$root = Split-Path (Split-Path $PSScriptRoot)
Import-Module "$root/build/Processes.psm1"

<#
.SYNOPSIS
The folder of the built module the tests are about.
#>
function Get-ModulePath { Join-Path $root 'out' 'WaterMeters' }

<#
.SYNOPSIS
A path of the shared folder beside the repository. Where it is not there the running test is skipped with that reason.
#>
function Get-SharedPath {
    param([Parameter(Mandatory)] [string] $Relative)

    $path = Join-Path (Split-Path $root) 'shared' $Relative
    if (-not (Test-Path -LiteralPath $path)) {
        Set-ItResult -Skipped -Because "shared/$($Relative.Replace('\', '/')) is not beside the repository"
    }
    (Get-Item -LiteralPath $path).FullName
}

<#
.SYNOPSIS
A new empty folder of its own; Pester removes it with its TestDrive.
#>
function New-TestFolder {
    param([string] $Name = [Guid]::NewGuid().ToString('n'))

    (New-Item -ItemType Directory -Path (Join-Path (Get-PSDrive TestDrive).Root $Name)).FullName
}

<#
.SYNOPSIS
Runs a script text in a fresh pwsh and gives back its ExitCode, Output and Error lines.
.PARAMETER ImportModule
Imports the built module first; a failure ends the process with 1.
.PARAMETER Environment
Variables of the child alone; $null removes one.
#>
function Invoke-ChildPwsh {
    param(
        [Parameter(Mandatory)] [string] $Script,
        [switch] $ImportModule,
        [string] $WorkingDirectory = $PWD.ProviderPath,
        [Collections.IDictionary] $Environment = @{},
        [int] $TimeoutSeconds = 120
    )

    $import = $ImportModule ? "Import-Module '$((Get-ModulePath).Replace("'", "''"))'; " : ''
    $text = "[Console]::OutputEncoding = [Text.Encoding]::UTF8; `$ErrorActionPreference = 'Stop'; $import$Script"
    $program, [string[]] $first = Get-PwshCommand

    $start = [Diagnostics.ProcessStartInfo]::new($program)
    $encoded = [Convert]::ToBase64String([Text.Encoding]::Unicode.GetBytes($text))
    foreach ($argument in @($first) + '-NoLogo', '-NoProfile', '-NonInteractive', '-OutputFormat', 'Text', '-EncodedCommand', $encoded) {
        if ($argument) { $start.ArgumentList.Add($argument) }
    }
    $start.WorkingDirectory = $WorkingDirectory
    $start.RedirectStandardInput = $start.RedirectStandardOutput = $start.RedirectStandardError = $true
    $start.StandardOutputEncoding = $start.StandardErrorEncoding = [Text.UTF8Encoding]::new($false)
    $start.Environment['NO_COLOR'] = '1'
    foreach ($name in $Environment.Keys) {
        if ($null -eq $Environment[$name]) { $null = $start.Environment.Remove($name) } else { $start.Environment[$name] = $Environment[$name] }
    }

    $process = [Diagnostics.Process]::Start($start)
    try {
        $process.StandardInput.Close()
        $output = $process.StandardOutput.ReadToEndAsync()
        $errors = $process.StandardError.ReadToEndAsync()
        if (-not $process.WaitForExit($TimeoutSeconds * 1000)) {
            $process.Kill($true)
            throw "The child pwsh did not end within $TimeoutSeconds s: $Script"
        }
        $process.WaitForExit()
        [pscustomobject]@{
            ExitCode = $process.ExitCode
            Output   = @(Split-Line $output.Result)
            Error    = @(Split-Line $errors.Result)
        }
    }
    finally { $process.Dispose() }
}

function Split-Line([string] $Text) {
    if ($Text) { $Text.TrimEnd("`r", "`n") -split "`r?`n" }
}

Export-ModuleMember -Function Get-ModulePath, Get-SharedPath, New-TestFolder, Invoke-ChildPwsh
