Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'

$root = Split-Path (Split-Path $PSScriptRoot)
Import-Module "$root/build/Processes.psm1"

# What tests check is of no use to the user of this machine afterwards; child processes inherit it.
$env:WMS_CACHE_PATH ??= Join-Path $root 'artifacts' 'cache'

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

<#
.SYNOPSIS
Draws a small data set into a new folder and gives back the folder: 24 photos, of which the seed puts some into every part.
#>
function New-SampleData {
    param([int] $Seed = 3, [string] $Path = (Join-Path (New-TestFolder) 'data'))

    $null = New-WmsSampleDataset $Path -Size 128 -Count 24 -Seed $Seed
    $Path
}

<#
.SYNOPSIS
Trains a tiny network for an epoch and gives back its TrainingResult. It finds nothing; it is quick.
#>
function New-SampleModel {
    param([Parameter(Mandatory)] [string] $DataPath, [int] $Seed = 0)

    Start-WmsTraining $DataPath -OutputPath (Join-Path (New-TestFolder) 'run') -BaseChannels 4 -Stage 64x1x8 -Seed $Seed -InformationAction Ignore
}

<#
.SYNOPSIS
Runs a command and gives back its errors, those that end it and those that do not; what it puts out is dropped.
#>
function Get-Failure {
    param([Parameter(Mandatory)] [scriptblock] $Command)

    # The command looks for its preference where it was written, and from there in the session.
    $preference = $global:ErrorActionPreference
    $global:ErrorActionPreference = 'Continue'
    try { & $Command 2>&1 6>$null | Where-Object { $_ -is [Management.Automation.ErrorRecord] } }
    catch { $_ }
    finally { $global:ErrorActionPreference = $preference }
}

<#
.SYNOPSIS
Names of all files below a folder, relative to it; nothing when it is not there.
#>
function Get-FileName {
    param([Parameter(Mandatory)] [string] $Path)

    Get-ChildItem -LiteralPath $Path -File -Recurse -Force -ErrorAction Ignore |
        ForEach-Object { [IO.Path]::GetRelativePath($Path, $_.FullName).Replace('\', '/') } | Sort-Object
}

function Split-Line([string] $Text) {
    if ($Text) { $Text.TrimEnd("`r", "`n") -split "`r?`n" }
}

Export-ModuleMember -Function Get-ModulePath, Get-SharedPath, New-TestFolder, Invoke-ChildPwsh, New-SampleData, New-SampleModel, Get-Failure, Get-FileName
