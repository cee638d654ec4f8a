# Install-WmsRuntime from the real package for Windows into the user's cache, then a training to its end with no variable set; the same
# again while another process has loaded that libtorch; and from a folder with a long path and letters of other alphabets.
# It needs Windows, or Wine: ./build.ps1 Prove -Platform Windows InstallOnWindows
param([Parameter(Mandatory)] [string] $ModulePath)

Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'
if (-not $IsWindows) { 'InstallOnWindows: needs Windows (-Platform Windows)'; exit 1 }
Import-Module "$PSScriptRoot/../Support/TestSupport.psm1", "$PSScriptRoot/../Support/PwshProcess.psm1"

$packages = $env:NUGET_PACKAGES ? $env:NUGET_PACKAGES : (Join-Path $HOME '.nuget' 'packages')
$architecture = "$([Runtime.InteropServices.RuntimeInformation]::ProcessArchitecture)".ToLowerInvariant()
$package = Get-Item "$packages/libtorch-cpu-win-$architecture/2.10.0/libtorch-cpu-win-$architecture.2.10.0.nupkg"
$folder = (New-Item -ItemType Directory (Join-Path ([IO.Path]::GetTempPath()) "WaterMeters-$([Guid]::NewGuid().ToString('n'))")).FullName
$cache = Join-Path ([Environment]::GetFolderPath('LocalApplicationData')) 'WaterMeters' 'libtorch'
$wasThere = Test-Path -LiteralPath $cache

# What a user's PowerShell does not have: no variable that leads to libtorch, and none that tunes it.
$none = @{ WMS_TORCH_PATH = $null; NUGET_PACKAGES = $null; OMP_NUM_THREADS = $null; OMP_WAIT_POLICY = $null; WMS_ALLOCATOR = $null }
$import = "Import-Module '$ModulePath'; `$InformationPreference = 'Ignore'"
$training = @'
    $result = Start-WmsTraining ./meters -OutputPath ./runs/NAME -BaseChannels 8 -Stage 64x2x8 -Seed 1
    $torch = [Diagnostics.Process]::GetCurrentProcess().Modules | Where-Object ModuleName -eq torch_cpu.dll
    @{
        Epochs = $result.Epochs; Model = Test-Path -LiteralPath $result.ModelPath
        Seconds = $result.Duration.TotalSeconds; From = "$($torch.FileName)"
    } | ConvertTo-Json -Compress
'@

function Invoke-Training([string] $Name, [hashtable] $Environment = $none) {
    $script = "$import; $($training.Replace('NAME', $Name))"
    $run = Invoke-ChildPwsh $script -WorkingDirectory $folder -Environment $Environment -TimeoutSeconds 600
    if ($run.ExitCode -ne 0) { throw "The training failed: $($run.Error -join ' ')" }
    $run.Output[-1] | ConvertFrom-Json
}

function Invoke-Install([string] $Arguments) {
    $run = Invoke-ChildPwsh "$import; Install-WmsRuntime '$package' $Arguments 3>`$null | ConvertTo-Json -Compress -EnumsAsStrings" `
        -Environment $none -TimeoutSeconds 600
    if ($run.ExitCode -ne 0) { throw "Install-WmsRuntime $Arguments failed: $($run.Error -join ' ')" }
    $run.Output[-1] | ConvertFrom-Json
}

try {
    $drawn = Invoke-ChildPwsh "$import; `$null = New-WmsSampleDataset ./meters -Count 40 -Size 128 -Seed 1" -WorkingDirectory $folder
    if ($drawn.ExitCode -ne 0) { throw "The photos were not drawn: $($drawn.Error -join ' ')" }
    $before = Invoke-ChildPwsh "$import; (Test-WmsEnvironment | Where-Object Name -eq libtorch | ForEach-Object Status)" -Environment $none
    $installed = Invoke-Install ($wasThere ? '-Force' : '')
    $first = Invoke-Training 'first'

    # Another PowerShell holds the libraries while they are replaced.
    $holder = Start-Pwsh -ModulePath $ModulePath -Script "
        Remove-Item env:WMS_TORCH_PATH, env:NUGET_PACKAGES -ErrorAction Ignore
        Set-Location -LiteralPath '$folder'
        `$null = Start-WmsTraining ./meters -OutputPath ./runs/holder -BaseChannels 4 -Stage 64x1x8 6>`$null
        'loaded'
        Start-Sleep -Seconds 3600"
    if (-not (Wait-PwshLine $holder '^loaded$')) { throw "The other PowerShell ended: $($holder.Error.Result)" }
    $again = Invoke-Install '-Force'
    $second = Invoke-Training 'second'
    Send-PwshSignal $holder Kill
    $null = Wait-PwshEnd $holder

    $deep = $folder
    while ($deep.Length -le 260) { $deep = Join-Path $deep 'José Łódź 水表 счётчик' }
    $far = Invoke-Install "-OutputPath '$deep'"
    $named = $none.Clone()
    $named.WMS_TORCH_PATH = $deep
    $third = Invoke-Training 'third' $named

    $runs = @($first, $second, $third)
    $own = @($first, $second | Where-Object { $_.From.StartsWith($cache, [StringComparison]::OrdinalIgnoreCase) }).Count
    $holds = $installed.Status -eq 'Installed' -and $again.Status -eq 'Installed' -and $far.Status -eq 'Installed' -and $own -eq 2 -and
        $third.From.Contains('счётчик') -and -not ($runs | Where-Object { $_.Epochs -ne 2 -or -not $_.Model })
    $times = ($runs | ForEach-Object { $_.Seconds.ToString('0.0', [cultureinfo]::InvariantCulture) + ' s' }) -join ', '
    "InstallOnWindows: libtorch was $($before.Output -join ' '); $($installed.Files) files, $([int]$installed.Megabytes) MB in the " +
        "user's cache; trainings of 2 epochs to their end: $times " +
        "(from the cache, after a replacement while in use, from a path of $($deep.Length) characters)"
}
finally {
    if (-not $wasThere -and (Test-Path -LiteralPath $cache)) { Remove-Item -LiteralPath $cache -Recurse -Force -ErrorAction Continue }
    Remove-Item -LiteralPath $folder -Recurse -Force -ErrorAction Continue
}
exit ($holds ? 0 : 1)
