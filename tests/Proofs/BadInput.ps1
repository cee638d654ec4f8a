# Every kind of bad input, through every cmdlet that accepts it: the error names the file and the remedy, and the rest of the batch
# is processed.
param([Parameter(Mandatory)] [string] $ModulePath)

$ErrorActionPreference = 'Stop'
Import-Module $ModulePath, "$PSScriptRoot/../Support/BadInputCases.psm1"
$folder = (New-Item -ItemType Directory (Join-Path ([IO.Path]::GetTempPath()) "WaterMeters-$([Guid]::NewGuid().ToString('n'))")).FullName
try {
    $cases = @(Get-BadInputCase (New-BadInput $folder))
    if ($cases.Name -notcontains 'Invoke-WmsPrediction: a read-only output folder') {
        'Left out, for nothing is read-only here (root, or Windows, where a folder has no such attribute): a read-only output folder.'
    }
    $named = 0
    foreach ($case in $cases) {
        $wrong = @(Test-BadInputCase $case)
        if ($wrong) { "$($case.Name)`n    $($wrong -join "`n    ")" } else { $named++ }
    }
    "BadInput: $named of $($cases.Count) faults named, rest done"
}
finally { Remove-Item -LiteralPath $folder -Recurse -Force }
exit ($named -eq $cases.Count ? 0 : 1)
