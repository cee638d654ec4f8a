# What tests need to know about Wine, which runs the Windows tests on other systems.
Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'

<#
.SYNOPSIS
Whether this process runs in Wine instead of a real Windows.
#>
function Test-Wine {
    if (-not $IsWindows) { return $false }
    $library = [Runtime.InteropServices.NativeLibrary]::Load('ntdll.dll')
    $address = [IntPtr]::Zero
    [Runtime.InteropServices.NativeLibrary]::TryGetExport($library, 'wine_get_version', [ref] $address)
}

<#
.SYNOPSIS
Skips the running test in Wine, and says why. On a real Windows it runs.
#>
function Skip-InWine {
    param([Parameter(Mandatory)] [string] $Because)

    if (Test-Wine) { Set-ItResult -Skipped -Because "$Because (Wine)" }
}

Export-ModuleMember -Function Test-Wine, Skip-InWine
