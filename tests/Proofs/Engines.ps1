# ONNX Runtime and libtorch in float32 on 48 real photos: the same logits within 1e-3 and the same masks at IoU 0.999 or more; then
# the time and memory of each in its own process, and the disk space each needs.
param([Parameter(Mandatory)] [string] $ModulePath)

$ErrorActionPreference = 'Stop'
Import-Module $ModulePath, "$PSScriptRoot/../Support/CoreTests.psm1"
$agree = Invoke-CoreTest 'EngineAgreementTests' -Full
$onnx = Invoke-CoreTest 'OnnxEngineCostTests' -Full
$torch = Invoke-CoreTest 'TorchEngineCostTests' -Full

function Measure-Megabyte([IO.FileInfo[]] $File) { [int](($File | Measure-Object Length -Sum).Sum / 1MB) }
$system = $IsWindows ? 'win' : $IsMacOS ? 'osx' : 'linux'
$platform = "$system-$([Runtime.InteropServices.RuntimeInformation]::ProcessArchitecture)".ToLowerInvariant()
$used = @(Get-ChildItem $ModulePath, "$ModulePath/deps" -File) + @(Get-ChildItem "$ModulePath/deps/runtimes/$platform/native" -File)
$ofTorch = @($used | Where-Object Name -match 'TorchSharp')
$ofOnnx = @($used | Where-Object Name -match 'onnxruntime')
$shared = @($used | Where-Object Name -notmatch 'TorchSharp|onnxruntime')
$libtorch = @(Get-ChildItem (Install-WmsRuntime).Path -File -Recurse)
$figure = ('Engines: {0}; ONNX Runtime {1}, libtorch {2}; on disk for {3}: {4} MB that both use, {5} MB more for ONNX Runtime, ' +
    '{6} MB more for libtorch') -f
    ($agree.Figures -join '; '), ($onnx.Figures -join '; '), ($torch.Figures -join '; '), $platform,
    (Measure-Megabyte $shared), (Measure-Megabyte $ofOnnx), (Measure-Megabyte ($ofTorch + $libtorch))
$figure
exit ($agree.Holds -and $onnx.Holds -and $torch.Holds -and $ofOnnx -and $libtorch ? 0 : 1)
