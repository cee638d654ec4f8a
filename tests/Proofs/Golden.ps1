# Preprocessing, logits, masks and scores against the seed's own results.
param([Parameter(Mandatory)] [string] $ModulePath)

Import-Module "$PSScriptRoot/CoreProof.psm1"
$result = Invoke-CoreTest 'PreprocessorGoldenTests', 'GoldenPredictionTests', 'MaskScorerTests'
"Golden: $($result.Passed) comparisons hold, $($result.Failed) fail, $($result.Skipped) skipped. $($result.Figures -join '; ')"
exit ($result.Holds ? 0 : 1)
