<#
.SYNOPSIS
Runs dotnet build, unless neither the sources nor its output have changed since the last build.
.DESCRIPTION
MSBuild takes seconds to find out that nothing changed; comparing times and lengths takes none. In CI the compiler
always runs.
#>
param([Parameter(Mandatory)] [string] $Configuration)

Import-Module "$PSScriptRoot/Processes.psm1"

$root = Split-Path $PSScriptRoot
$stamp = Join-Path $root 'artifacts' "compiled-$Configuration.txt"

function Get-Fingerprint {
    $lines = & {
        # MSBuild takes these two from the environment; see Directory.Build.props.
        "$env:TorchSharpVersion $env:LibTorchVersion"
        Get-ChildItem $root -File | Where-Object Extension -in '.props', '.targets', '.slnx', '.json', '.editorconfig'
        Get-ChildItem "$root/src", "$root/tests" -File -Recurse | Where-Object Extension -in '.cs', '.csproj', '.props', '.targets', '.json'
        Get-ChildItem "$root/artifacts/bin/*/$($Configuration.ToLowerInvariant())" -File -Recurse
    } | ForEach-Object { $_ -is [string] ? $_ : "$($_.FullName) $($_.Length) $($_.LastWriteTimeUtc.Ticks)" }

    $bytes = [Text.Encoding]::UTF8.GetBytes($lines -join "`n")
    [Convert]::ToHexString([Security.Cryptography.SHA256]::HashData($bytes))
}

if ($env:CI -ne 'true' -and (Test-Path -LiteralPath $stamp) -and (Get-Content -LiteralPath $stamp) -eq (Get-Fingerprint)) {
    Write-Host 'Nothing to compile.'
    return
}

if ($env:CI -eq 'true') {
    # Style and analysis are the compiler's own warnings; this is the part of `dotnet format` that it does not check.
    Invoke-Dotnet 'format', 'whitespace', '--folder', $root, '--exclude', 'artifacts', 'out', '--verify-no-changes' | Out-Host
    if ($LASTEXITCODE -ne 0) { throw 'Some files are not formatted as .editorconfig says. Run dotnet format, and commit.' }
}

Invoke-Dotnet 'build', 'WaterMeters.slnx', '--configuration', $Configuration, '--verbosity', 'minimal' | Out-Host
if ($LASTEXITCODE -ne 0) { throw "The compiler failed (dotnet build ended with $LASTEXITCODE); its errors are above." }
Set-Content -LiteralPath $stamp -Value (Get-Fingerprint)
