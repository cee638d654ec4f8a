Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'

$root = Split-Path $PSScriptRoot

<#
.SYNOPSIS
The command line that starts this very pwsh again: the program, then its first arguments.
.DESCRIPTION
The dotnet tool's command is a shim that swallows signals. Behind it runs `dotnet pwsh.dll`, and that is what is
started here. A pwsh of its own (a package of the system, an installer) is started by its own executable.
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
Runs a script in a fresh pwsh that knows no profile and asks nothing. The exit code is in $LASTEXITCODE.
#>
function Invoke-Pwsh {
    param([Parameter(Mandatory)] [string] $File, [string[]] $Arguments = @())

    $program, [string[]] $first = Get-PwshCommand
    & $program @first -NoLogo -NoProfile -NonInteractive -File $File @Arguments
}

<#
.SYNOPSIS
Runs dotnet in the repository's folder, where its global.json counts. The exit code is in $LASTEXITCODE.
#>
function Invoke-Dotnet {
    param([Parameter(Mandatory)] [string[]] $Arguments)

    Push-Location -LiteralPath $root
    try { & dotnet @Arguments } finally { Pop-Location }
}

Export-ModuleMember -Function Get-PwshCommand, Invoke-Pwsh, Invoke-Dotnet
