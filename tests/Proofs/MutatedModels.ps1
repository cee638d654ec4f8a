# 5,000 damaged files of each model format, read in child processes: no crash, no hang; each is loaded or refused with an error that
# names it, and none costs our readers more memory than twice its length plus 64 MB: managed memory, and the growth of the whole
# process, before an engine opens the file. An ONNX file counts as loaded when ONNX Runtime has computed logits with it.
param(
    [Parameter(Mandatory)] [string] $ModulePath,
    [string[]] $Format = @('pth', 'pt2', 'safetensors', 'onnx'),
    [int] $Count = 5000,
    [int] $First = 0,
    [int] $Batch = 500
)

$ErrorActionPreference = 'Stop'
$root = Split-Path (Split-Path $PSScriptRoot)
$program = Join-Path $root 'artifacts' 'bin' 'WaterMeters.Fuzz' 'release' 'WaterMeters.Fuzz.dll'
$whole = $true
$loaded = $refused = $byEngine = $most = $resident = $slowest = 0
foreach ($name in $Format) {
    for ($seed = $First; $seed -lt $First + $Count; $seed += $Batch) {
        $lines = @(dotnet $program $name $seed ([Math]::Min($Batch, $First + $Count - $seed)) 2>&1 | ForEach-Object { "$_" })
        $code = $LASTEXITCODE
        $faults = @($lines -match '^(failed|hang)')
        $done = $lines[-1] -match '^done (\d+) (\d+) \d+ (\d+) (\d+) (\d+) (\d+)$'
        if ($done) {
            $loaded += [int] $Matches[1]
            $refused += [int] $Matches[2]
            $byEngine += [int] $Matches[3]
            $most = [Math]::Max($most, [long] $Matches[4])
            $resident = [Math]::Max($resident, [long] $Matches[5])
            $slowest = [Math]::Max($slowest, [long] $Matches[6])
        }
        if ($code -ne 0 -or -not $done) {
            $whole = $false
            if (-not $faults) { $faults = "a process ended with $code after: $(@($lines -match '^seed ')[-1])" }
            $faults | ForEach-Object { "$name, $_" }
        }
    }
}
$ofEngine = $Format -contains 'onnx' ? ", $byEngine of them by ONNX Runtime alone" : ''
[string]::Format([cultureinfo]::InvariantCulture,
    'MutatedModels: {0} loaded, {1} refused{2}, of {3} ({4}); reading one allocated at most {5:0.0} MB, ' +
        'the process grew by at most {6:0.0} MB, the slowest took {7} ms',
    $loaded, $refused, $ofEngine, $Count * $Format.Count, ($Format -join ', '), $most / 1MB, $resident / 1MB, $slowest)
exit ($whole -and $loaded + $refused -eq $Count * $Format.Count ? 0 : 1)
