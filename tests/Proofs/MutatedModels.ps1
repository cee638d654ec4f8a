# 5,000 damaged files of each format that models are read from, in child processes: no crash, no hang, each is loaded or refused
# with an error that names it, and none costs more memory than twice its length and 64 MB.
param(
    [Parameter(Mandatory)] [string] $ModulePath,
    [string[]] $Format = @('pth', 'pt2', 'safetensors'),
    [int] $Count = 5000,
    [int] $First = 0,
    [int] $Batch = 500
)

$ErrorActionPreference = 'Stop'
$root = Split-Path (Split-Path $PSScriptRoot)
$program = Join-Path $root 'artifacts' 'bin' 'WaterMeters.Fuzz' 'release' 'WaterMeters.Fuzz.dll'
$whole = $true
$loaded = $refused = $most = $slowest = 0
foreach ($name in $Format) {
    for ($seed = $First; $seed -lt $First + $Count; $seed += $Batch) {
        $lines = @(dotnet $program $name $seed ([Math]::Min($Batch, $First + $Count - $seed)) 2>&1 | ForEach-Object { "$_" })
        $code = $LASTEXITCODE
        $faults = @($lines -match '^(failed|hang)')
        $done = $lines[-1] -match '^done (\d+) (\d+) (\d+) (\d+) (\d+)$'
        if ($done) {
            $loaded += [int] $Matches[1]
            $refused += [int] $Matches[2]
            $most = [Math]::Max($most, [long] $Matches[4])
            $slowest = [Math]::Max($slowest, [long] $Matches[5])
        }
        if ($code -ne 0 -or -not $done) {
            $whole = $false
            if (-not $faults) { $faults = "a process ended with $code after: $(@($lines -match '^seed ')[-1])" }
            $faults | ForEach-Object { "$name, $_" }
        }
    }
}
"MutatedModels: $loaded loaded, $refused refused, of $($Count * $Format.Count) ($($Format -join ', ')); at most $([Math]::Round($most / 1MB, 1)) MB allocated and $slowest ms for one"
exit ($whole -and $loaded + $refused -eq $Count * $Format.Count ? 0 : 1)
