# Runs xunit classes at full size, for the proofs that are written as xunit tests.

<#
.SYNOPSIS
The first Python on this machine that can import the given modules, or nothing. Debian's Python packages belong to the one in /usr/bin.
#>
function Find-Python([Parameter(Mandatory)] [string] $Import) {
    (Get-Command python3, python -CommandType Application -All -ErrorAction Ignore).Source |
        Where-Object { $_ } | Where-Object { $null = & $_ -c "import $Import" 2>&1; $LASTEXITCODE -eq 0 } | Select-Object -First 1
}

<#
.SYNOPSIS
Runs test classes. Returns the figures they printed (lines `figure: ...`), the counts, and whether all passed.
#>
function Invoke-CoreTest {
    param(
        [Parameter(Mandatory)] [string[]] $Class,
        [switch] $Full,
        [ValidateSet('Ml', 'Ops')] [string] $Suite = 'Ml'
    )

    $root = Split-Path (Split-Path $PSScriptRoot)
    $assembly = Join-Path $root 'artifacts' 'bin' "WaterMeters.$Suite.Tests" 'release' "WaterMeters.$Suite.Tests.dll"
    $report = Join-Path ([IO.Path]::GetTempPath()) "$([guid]::NewGuid()).json"
    $arguments = $Class | ForEach-Object { '-class'; "*.$_" }
    if ($Full) { $env:WMS_PROVE = 'full' }
    try {
        $lines = @(dotnet $assembly @arguments -result-ctrf $report -showliveoutput)
        $summary = (Get-Content $report -Raw | ConvertFrom-Json).results.summary
        [pscustomobject]@{
            Passed  = $summary.passed
            Failed  = $summary.failed
            Skipped = $summary.skipped
            Holds   = $LASTEXITCODE -eq 0 -and $summary.passed -gt 0 -and $summary.failed -eq 0 -and $summary.skipped -eq 0
            Figures = @($lines -match 'figure: ' -replace '^.*figure: ', '')
        }
    }
    finally {
        Remove-Item $report -ErrorAction Ignore
        $env:WMS_PROVE = $null
    }
}
