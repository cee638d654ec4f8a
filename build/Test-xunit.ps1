<#
.SYNOPSIS
Runs the xunit projects by dotnet test. Gives back one result a test, read from the reports they write.
#>
param([Parameter(Mandatory)] [string] $Configuration, [string[]] $Names = @())

Import-Module "$PSScriptRoot/Processes.psm1"

$root = Split-Path $PSScriptRoot
$reports = Join-Path $root 'artifacts' 'reports' 'xunit'
if (Test-Path -LiteralPath $reports) { Remove-Item -LiteralPath $reports -Recurse }

$arguments = @(
    'test', '--solution', 'WaterMeters.slnx', '--configuration', $Configuration, '--no-build', '--no-progress'
    '--results-directory', $reports, '--report-xunit-ctrf'
    if ([Console]::IsOutputRedirected) { '--no-ansi' }
    if ($Names) {
        # In one word with the option: PowerShell on Unix takes an argument with a star for the names of files.
        $Names | ForEach-Object { "--filter-class=*$($_.Trim('*'))*" }
        # A project without such a class has nothing to do: that is its exit code 8.
        '--ignore-exit-code', '8'
    }
)
Invoke-Dotnet $arguments | Out-Host
$exitCode = $LASTEXITCODE

$runs = @(Get-ChildItem $reports -Filter *.ctrf -ErrorAction Ignore | ForEach-Object { (Get-Content -LiteralPath $_.FullName -Raw | ConvertFrom-Json).results })
$results = @(
    foreach ($test in $runs | ForEach-Object { $_.tests }) {
        # An explicit test nobody asked for is pending. A status nobody has thought of yet is no pass.
        $status = switch ($test.status) { 'passed' { 'passed' } { $_ -in 'skipped', 'pending' } { 'skipped' } default { 'failed' } }
        $reason = $test.psobject.Properties['message'] ? ($test.message -split "`n")[0].Trim() : ''
        [pscustomobject]@{ Runner = 'xunit'; Name = $test.name; Status = $status; Seconds = $test.duration / 1000; Reason = $reason }
    }
)
$results

$reported = @($runs | ForEach-Object { $_.extra.suites } | ForEach-Object { [IO.Path]::GetFileNameWithoutExtension($_.filePath) })
$silent = @((Get-ChildItem "$root/tests/*/*.Tests.csproj").BaseName | Where-Object { $_ -notin $reported })
if ($silent -and -not $Names) { throw "No report came from $($silent -join ', ') (dotnet test ended with $exitCode)." }
if ($exitCode -ne 0 -and -not ($results | Where-Object Status -eq 'failed')) { throw "dotnet test ended with $exitCode although no test failed." }
