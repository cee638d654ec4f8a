# The reports of Test-WmsDataset for CI systems, of a data set with every defect: SARIF passes the validator of Microsoft's SARIF SDK
# (npm: @microsoft/sarif-multitool-linux; its schema and its rules for GitHub), JUnit is read by another project's parser (npm:
# junit2json) with the counts of the check, and annotations decode as the runner of GitHub Actions decodes them.
param([Parameter(Mandatory)] [string] $ModulePath, [string] $Defect = 'All', [int] $Count = 60)

$ErrorActionPreference = 'Stop'
Import-Module $ModulePath
if (-not (Get-Command npm, node -ErrorAction Ignore)) {
    'There is no npm on this machine to check with. Install it (Debian: apt-get install npm) and prove again.'
    exit 1
}

$folder = (New-Item -ItemType Directory (Join-Path ([IO.Path]::GetTempPath()) "WaterMeters-$([Guid]::NewGuid().ToString('n'))")).FullName
$faults = [Collections.Generic.List[string]]::new()
$before = $env:GITHUB_WORKSPACE, $env:GITHUB_STEP_SUMMARY, $env:GITHUB_OUTPUT
try {
    $set = "$folder/repository/data, 100% of it"
    $null = New-WmsSampleDataset $set -Count $Count -Size 200 -Defect $Defect
    $null = New-Item -ItemType Directory "$folder/repository/.git"
    $env:GITHUB_WORKSPACE = "$folder/repository"
    $env:GITHUB_STEP_SUMMARY, $env:GITHUB_OUTPUT = "$folder/summary.md", "$folder/output"
    $reports = "$folder/check.sarif", "$folder/check.xml"
    $check = Test-WmsDataset $set -ReportPath $reports -NoCache -GitHub -InformationVariable lines 6> $null

    Push-Location $folder
    try {
        $null = npm install --silent --no-audit --no-fund '@microsoft/sarif-multitool-linux@5.7.0' 'junit2json@4.0.0' 2>&1
        if ($LASTEXITCODE -ne 0) { throw 'npm cannot install the validators.' }
    }
    finally { Pop-Location }

    # SARIF.
    $tool = "$folder/node_modules/@microsoft/sarif-multitool-linux/Sarif.Multitool"
    if (-not $IsWindows) { chmod u+x $tool }
    $null = & $tool validate $reports[0] --output "$folder/validated.sarif" --log ForceOverwrite --rule-kind 'Sarif;Ghas' `
        --level 'Error;Warning' --kind Fail 2>&1
    $validated = Get-Content "$folder/validated.sarif" -Raw | ConvertFrom-Json
    $problems = @($validated.runs.results | Where-Object { $_ -and $_.level -ne 'note' })
    $problems | Group-Object ruleId | ForEach-Object { $faults.Add("SARIF: $($_.Count) x $($_.Name): $($_.Group[0].message)") }
    $results = (Get-Content $reports[0] -Raw | ConvertFrom-Json).runs[0].results
    if ($results.Count -ne $check.Findings.Count) { $faults.Add("SARIF has $($results.Count) of $($check.Findings.Count) findings") }
    foreach ($result in $results) {
        $uri = $result.locations[0].physicalLocation.artifactLocation.uri
        if ($uri -and -not (Test-Path -LiteralPath (Join-Path "$folder/repository" ([Uri]::UnescapeDataString($uri))))) {
            $faults.Add("SARIF names '$uri', which is not in the repository")
        }
    }

    # JUnit.
    Set-Content "$folder/read.mjs" @'
import { parse } from 'junit2json'; import { readFileSync } from 'node:fs';
const read = await parse(readFileSync(process.argv[2], 'utf8'));
const cases = read.testsuite.flatMap(suite => suite.testcase);
const of = key => cases.filter(test => test[key]).length;
const stated = [read.tests, read.failures];
console.log(JSON.stringify({ tests: cases.length, failed: of('failure'), skipped: of('skipped'), stated }));
'@
    $read = node "$folder/read.mjs" $reports[1] | ConvertFrom-Json
    if ($read.failed -ne $check.ErrorCount -or $read.skipped -ne $check.WarningCount) {
        $counts = "$($check.ErrorCount) errors, $($check.WarningCount) warnings"
        $faults.Add("JUnit: $($read.failed) failed, $($read.skipped) skipped of $counts")
    }
    if ($read.stated[0] -ne $read.tests -or $read.stated[1] -ne $read.failed) { $faults.Add("JUnit states $($read.stated)") }

    # Annotations.
    $annotations = @($lines | Where-Object Tags -contains WmsAnnotation | ForEach-Object { "$($_.MessageData)" })
    foreach ($line in $annotations) {
        if ($line -notmatch '^::(error|warning) (?:file=(?<file>[^,:]*),)?title=[^,:]*::[^\r\n]*$') {
            $faults.Add("Annotation: $line")
            continue
        }
        $file = ($Matches.file ?? '') -replace '%3A', ':' -replace '%2C', ',' -replace '%0A', "`n" -replace '%0D', "`r" -replace '%25', '%'
        if ($file -and -not (Test-Path -LiteralPath (Join-Path "$folder/repository" $file))) {
            $faults.Add("Annotation at '$file', which is missing")
        }
    }
    foreach ($level in 'error', 'warning') {
        $shown = @($annotations -like "::$level *").Count
        if ($shown -gt 10) { $faults.Add("$shown annotations of level $level; GitHub shows 10") }
    }
}
finally {
    $env:GITHUB_WORKSPACE, $env:GITHUB_STEP_SUMMARY, $env:GITHUB_OUTPUT = $before
    Remove-Item -LiteralPath $folder -Recurse -Force
}

$faults | ForEach-Object { $_ }
"CiReports: $($check.Findings.Count) findings of $(@($check.Findings.Check | Sort-Object -Unique).Count) checks; SARIF: " +
    "$($problems.Count) problems found by the validator; JUnit: $($read.tests) tests, $($read.failed) failed, $($read.skipped) skipped; " +
    "$($annotations.Count) annotations"
exit ($faults.Count -eq 0 -and $check.Findings.Count -gt 0 -and $annotations.Count -gt 0 ? 0 : 1)
