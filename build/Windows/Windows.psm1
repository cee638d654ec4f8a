# A Windows on another system: .NET and pwsh for Windows, composed from NuGet packages, in Wine prefixes below artifacts/windows.
Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'
Import-Module "$PSScriptRoot/../Processes.psm1"
Import-Module "$PSScriptRoot/../FolderMirror.psm1"

$root = Split-Path (Split-Path $PSScriptRoot)
$folder = Join-Path $root 'artifacts' 'windows'

<#
.SYNOPSIS
Why no Windows program can run here; nothing when one can.
#>
function Get-WindowsObstacle {
    foreach ($tool in 'wine', 'wineserver', 'script', 'timeout') {
        if (-not (Get-Command $tool -CommandType Application -ErrorAction Ignore)) {
            return "'$tool' is not installed (Debian: apt-get install --no-install-recommends wine wine64 bsdutils)"
        }
    }
    $null = & wine --version 2>&1
    if ($LASTEXITCODE -ne 0) { return "'wine' does not start; wine64 may be missing (Debian: apt-get install wine64)" }
    if ([Runtime.InteropServices.RuntimeInformation]::OSArchitecture -ne 'X64') { return 'the programs are for x64 processors' }
}

<#
.SYNOPSIS
Composes .NET for Windows from its packages. Returns what Invoke-WindowsProgram needs.
#>
function Get-WindowsSystem {
    $list = Join-Path $folder 'packages.txt'
    if ($env:CI -eq 'true' -or -not (Test-Path -LiteralPath $list) -or
        (Get-Item -LiteralPath $list).LastWriteTimeUtc -lt (Get-Item "$PSScriptRoot/Packages.csproj").LastWriteTimeUtc) {
        Invoke-Dotnet 'build', 'build/Windows/Packages.csproj', '--verbosity', 'quiet', '-nologo' | Out-Host
        if ($LASTEXITCODE -ne 0) { throw 'The packages of .NET for Windows were not restored; the errors are above.' }
    }
    $packages, $version = Get-Content -LiteralPath $list

    $files = @{}
    foreach ($name in 'NETCore', 'WindowsDesktop') {
        $pack = Join-Path $packages "microsoft.$name.app.runtime.win-x64".ToLowerInvariant() $version 'runtimes' 'win-x64'
        foreach ($source in Get-ChildItem "$pack/lib/net10.0", "$pack/native" -File) {
            $files["shared/Microsoft.$name.App/$version/$($source.Name)"] = $source.FullName
            if ($source.Name -eq 'hostfxr.dll') { $files["host/fxr/$version/hostfxr.dll"] = $source.FullName }
        }
    }
    $null = Update-Folder -Files $files -Destination "$folder/dotnet" -Aside "$folder/.old"

    $tool = Get-ChildItem (Join-Path $packages 'powershell' $PSVersionTable.PSVersion.ToString() 'tools') -Filter pwsh.exe -Recurse -File |
        Select-Object -First 1
    if (-not $tool) { throw "The dotnet tool PowerShell $($PSVersionTable.PSVersion) is not in '$packages'. Run: dotnet tool restore" }
    [pscustomobject]@{
        Pwsh     = $tool.FullName
        Host     = Join-Path $packages 'microsoft.netcore.app.host.win-x64' $version 'runtimes' 'win-x64' 'native' 'apphost.exe'
        Packages = $packages
        Dotnet   = Join-Path $folder 'dotnet'
    }
}

<#
.SYNOPSIS
The path of a file as Windows programs see it: the disk is drive Z.
#>
function ConvertTo-WindowsPath([Parameter(Mandatory)] [string] $Path) { 'Z:' + [IO.Path]::GetFullPath($Path).Replace('/', '\') }

<#
.SYNOPSIS
Writes an executable that starts a managed program in another folder. Returns its path.
.DESCRIPTION
It is .NET's own host for applications, in which the SDK replaces a placeholder, 1024 bytes long, with the path of the program.
#>
function New-WindowsExecutable([Parameter(Mandatory)] [psobject] $System, [Parameter(Mandatory)] [string] $Assembly) {
    $executable = Join-Path $folder 'bin' ([IO.Path]::GetFileNameWithoutExtension($Assembly) + '.exe')
    $null = New-Item -ItemType Directory -Force -Path (Split-Path $executable)
    $latin1 = [Text.Encoding]::Latin1
    $placeholder = 'c3ab8ff13720e8ad9047dd39466b3c8974e592c2fa383d4a3960714caef0c4f2' # SHA-256 of "foobar", fixed in the SDK
    $target = [IO.Path]::GetRelativePath((Split-Path $executable), $Assembly).Replace('/', '\')
    if ($target.Length -gt 900) { throw "The path '$target' is too long for the host of .NET." }
    $longer = [Math]::Max($placeholder.Length, $target.Length)
    $content = $latin1.GetString([IO.File]::ReadAllBytes($System.Host)).Replace(
        $placeholder.PadRight($longer, "`0"), $latin1.GetString([Text.Encoding]::UTF8.GetBytes($target)).PadRight($longer, "`0"))
    if (-not $content.Contains($target)) { throw "'$($System.Host)' has no place for the path of the program." }
    $bytes = $latin1.GetBytes($content)
    if ((Test-Path -LiteralPath $executable) -and
        [Linq.Enumerable]::SequenceEqual([byte[]] $bytes, [IO.File]::ReadAllBytes($executable))) { return $executable }
    # Moved to its place: two groups of one project write it at the same time, and one may already run it.
    $new = "$executable.$([guid]::NewGuid().ToString('n'))"
    [IO.File]::WriteAllBytes($new, $bytes)
    [IO.File]::Move($new, $executable, $true)
    $executable
}

<#
.SYNOPSIS
Runs a Windows program in the Wine prefix of this name, which is created when it is not there. The exit code is in $LASTEXITCODE:
124 when the time was over. All processes of the prefix end with the program.
#>
function Invoke-WindowsProgram {
    param(
        [Parameter(Mandatory)] [psobject] $System,
        [Parameter(Mandatory)] [string] $Program,
        [string[]] $Arguments = @(),
        [string] $Prefix = 'default',
        [int] $Seconds = 3600
    )

    $variables = @{
        WINEPREFIX                        = Join-Path $folder 'prefixes' $Prefix
        WINEDEBUG                         = '-all'
        DISPLAY                           = ''
        DOTNET_ROOT                       = ConvertTo-WindowsPath $System.Dotnet
        NUGET_PACKAGES                    = (ConvertTo-WindowsPath $System.Packages).TrimEnd('\')
        # Wine lacks GetNumaNodeProcessorMaskEx, without which Intel's OpenMP gives up.
        KMP_AFFINITY                      = 'disabled'
        # Windows gives every program the tiles of AMX; Linux gives them on request, which a program for Windows does not make.
        ONEDNN_MAX_CPU_ISA                = 'AVX512_CORE_BF16'
        # Both keep the runtime from errors of Wine: in a finalizer, and when a thread ends while a collection suspends it.
        DOTNET_EnableWriteXorExecute      = '0'
        DOTNET_ThreadPool_ThreadTimeoutMs = '1000000'
        DOTNET_GCgen0size                 = '10000000' # hexadecimal: 256 MB, so that few collections suspend threads
    }
    $null = New-Item -ItemType Directory -Force -Path (Split-Path $variables.WINEPREFIX)
    # As arguments, for an environment variable of this process would reach the programs of other runspaces too.
    $settings = foreach ($name in $variables.Keys) { "$name=$($variables[$name])" }
    & "$PSScriptRoot/run-in-wine.sh" $Seconds @settings -- $Program @Arguments
}

<#
.SYNOPSIS
Runs a script in the Windows pwsh, without profile and prompts. The exit code is in $LASTEXITCODE.
#>
function Invoke-WindowsPwsh {
    param(
        [Parameter(Mandatory)] [psobject] $System,
        [Parameter(Mandatory)] [string] $File,
        [string[]] $Arguments = @(),
        [string] $Prefix = 'default',
        [int] $Seconds = 3600
    )

    $all = @('-NoLogo', '-NoProfile', '-NonInteractive', '-File', (ConvertTo-WindowsPath $File)) + $Arguments
    Invoke-WindowsProgram -System $System -Program $System.Pwsh -Arguments $all -Prefix $Prefix -Seconds $Seconds
}

Export-ModuleMember -Function Get-WindowsObstacle, Get-WindowsSystem, ConvertTo-WindowsPath, New-WindowsExecutable,
    Invoke-WindowsProgram, Invoke-WindowsPwsh
