Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'

$root = Split-Path (Split-Path $PSScriptRoot)
Import-Module "$root/build/Processes.psm1"

# Child processes inherit it, so that tests leave nothing in the user's cache.
$env:WMS_CACHE_PATH ??= Join-Path $root 'artifacts' 'cache'

<#
.SYNOPSIS
The folder of the module under test.
#>
function Get-ModulePath { Join-Path $root 'out' 'WaterMeters' }

<#
.SYNOPSIS
A path in the shared folder beside the repository. Skips the running test when it does not exist.
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
Creates an empty folder. It is removed when the next file starts, or at the end.
.DESCRIPTION
It is not on Pester's TestDrive, which Pester compares file by file with what was there before, at the end of every block: with ten
thousand files that took minutes.
#>
function New-TestFolder {
    param([string] $Name = [Guid]::NewGuid().ToString('n'))

    $drive = (Get-PSDrive TestDrive).Root
    if ($env:WMS_TEST_PATH) {
        # Every file of tests has its own TestDrive.
        $ofFile = Join-Path $env:WMS_TEST_PATH (Split-Path $drive -Leaf)
        if (-not (Test-Path -LiteralPath $ofFile)) { Get-ChildItem $env:WMS_TEST_PATH | Remove-Item -Recurse -Force -ErrorAction Ignore }
        $isTaken = Test-Path -LiteralPath (Join-Path $ofFile $Name)
        $drive = $isTaken ? (Join-Path $ofFile ([Guid]::NewGuid().ToString('n'))) : $ofFile
    }
    (New-Item -ItemType Directory -Path (Join-Path $drive $Name)).FullName
}

<#
.SYNOPSIS
Runs a script in a new pwsh process. Returns its ExitCode, Output and Error lines.
.PARAMETER ImportModule
Imports the module first; a failure ends the process with 1.
.PARAMETER Environment
Environment variables for the child only; $null removes one.
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
        if ($null -eq $Environment[$name]) { $null = $start.Environment.Remove($name) }
        else { $start.Environment[$name] = $Environment[$name] }
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
            Error    = @(Split-Line $errors.Result | Skip-NativeWarning)
        }
    }
    finally { $process.Dispose() }
}

<#
.SYNOPSIS
Draws a small data set into a new folder and returns the folder: 24 photos, with some in every part.
#>
function New-SampleData {
    param([int] $Seed = 3, [string] $Path = (Join-Path (New-TestFolder) 'data'))

    $null = New-WmsSampleDataset $Path -Size 128 -Count 24 -Seed $Seed
    $Path
}

<#
.SYNOPSIS
Trains a tiny network for one epoch and returns its TrainingResult. It is quick, and predicts no window.
#>
function New-SampleModel {
    param([Parameter(Mandatory)] [string] $DataPath, [int] $Seed = 0)

    $folder = Join-Path (New-TestFolder) 'run'
    Start-WmsTraining $DataPath -OutputPath $folder -BaseChannels 4 -Stage 64x1x8 -Seed $Seed -Precision Float32 -InformationAction Ignore
}

<#
.SYNOPSIS
Runs a command and returns its errors, terminating or not; other output is dropped.
#>
function Get-Failure {
    param([Parameter(Mandatory)] [scriptblock] $Command)

    # The command reads the preference of the scope it was written in, then the session's.
    $preference = $global:ErrorActionPreference
    $global:ErrorActionPreference = 'Continue'
    try { & $Command 2>&1 6>$null | Where-Object { $_ -is [Management.Automation.ErrorRecord] } }
    catch { $_ }
    finally { $global:ErrorActionPreference = $preference }
}

<#
.SYNOPSIS
Relative paths of all files below a folder; nothing when it does not exist.
#>
function Get-FileName {
    param([Parameter(Mandatory)] [string] $Path)

    Get-ChildItem -LiteralPath $Path -File -Recurse -Force -ErrorAction Ignore |
        ForEach-Object { [IO.Path]::GetRelativePath($Path, $_.FullName).Replace('\', '/') } | Sort-Object
}

function Split-Line([string] $Text) {
    if ($Text) { $Text.TrimEnd("`r", "`n") -split "`r?`n" }
}

Export-ModuleMember -Function Get-ModulePath, Get-SharedPath, New-TestFolder, Invoke-ChildPwsh, New-SampleData, New-SampleModel,
    Get-Failure, Get-FileName
