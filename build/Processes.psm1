Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'

$root = Split-Path $PSScriptRoot

<#
.SYNOPSIS
The command line that starts this pwsh again: the program, then its first arguments.
.DESCRIPTION
The dotnet tool's command is a shim that swallows signals, so this is the `dotnet pwsh.dll` behind it. A pwsh from a system package or
an installer is started by its own executable.
#>
function Get-PwshCommand {
    $own = [Environment]::ProcessPath
    if ([IO.Path]::GetFileNameWithoutExtension($own) -eq 'pwsh') { return @($own) }

    $library = Join-Path $PSHOME 'pwsh.dll'
    if (Test-Path -LiteralPath $library) { return @('dotnet', $library) }
    Join-Path $PSHOME ($IsWindows ? 'pwsh.exe' : 'pwsh')
}

<#
.SYNOPSIS
Runs a script in a new pwsh process without profile and prompts. The exit code is in $LASTEXITCODE.
#>
function Invoke-Pwsh {
    param([Parameter(Mandatory)] [string] $File, [string[]] $Arguments = @())

    $program, [string[]] $first = Get-PwshCommand
    & $program @first -NoLogo -NoProfile -NonInteractive -File $File @Arguments
}

<#
.SYNOPSIS
Runs dotnet in the repository's folder, where global.json applies. The exit code is in $LASTEXITCODE.
#>
function Invoke-Dotnet {
    param([Parameter(Mandatory)] [string[]] $Arguments)

    Push-Location -LiteralPath $root
    try { & dotnet @Arguments } finally { Pop-Location }
}

<#
.SYNOPSIS
Passes lines of a process on as text, without two warnings of native libraries: libtorch's at every call on processors that NNPACK does not
support, and ONNX Runtime's where Windows has no DirectX, as in Wine.
#>
filter Skip-NativeWarning { if ("$_" -notmatch 'NNPACK\.cpp|^Failed to create DXGI factory') { "$_" } }

Export-ModuleMember -Function Get-PwshCommand, Invoke-Pwsh, Invoke-Dotnet, Skip-NativeWarning
