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

# Style and analysis are the compiler's own warnings; this is the part of `dotnet format` that it does not check. The compiler leaves
# half a core unused, so both run at once.
$format = if ($env:CI -eq 'true') {
    Start-ThreadJob -ArgumentList $root {
        param($root)
        Set-Location -LiteralPath $root
        & dotnet format whitespace --folder $root --exclude artifacts out --verify-no-changes 2>&1
        if ($LASTEXITCODE -ne 0) { throw 'Some files are not formatted as .editorconfig says. Run dotnet format, and commit.' }
    }
}

Invoke-Dotnet 'build', 'WaterMeters.slnx', '--configuration', $Configuration, '--verbosity', 'minimal' | Out-Host
$exitCode = $LASTEXITCODE
if ($format) { Receive-Job $format -Wait -AutoRemoveJob -ErrorAction Stop | Out-Host }
if ($exitCode -ne 0) { throw "The compiler failed (dotnet build ended with $exitCode); its errors are above." }
Set-Content -LiteralPath $stamp -Value (Get-Fingerprint)
