# Two real models, one trained longer, on the real photos with a split file of 70 / 20 / 150: verdict, interval and pages, in both
# directions.
param([Parameter(Mandatory)] [string] $ModulePath)

$ErrorActionPreference = 'Stop'
$root = Split-Path (Split-Path $PSScriptRoot)
$source = Join-Path $root '..' 'shared' 'data' 'meters'
if (-not (Test-Path $source)) { 'RealGate: the folder shared with the real photos is not beside the repository'; exit 1 }

Import-Module $ModulePath
$folder = Join-Path $root 'runs' ('gate-' + (Get-Date -Format 'yyyyMMdd-HHmmss'))
$data = Join-Path $folder 'meters'
$null = New-Item -ItemType Directory $folder
Copy-Item $source $data -Recurse

# By hash, so that the parts are as random as the photos' bytes.
$places = @('train') * 70 + @('validation') * 20 + @('test') * 150
$photos = [ordered]@{}
$next = 0
Get-WmsDataset $data | Sort-Object Hash | ForEach-Object { $photos[$_.Hash] = $places[$next++] }
$split = Join-Path $folder 'split.json'
@{ photos = $photos } | ConvertTo-Json | Set-Content $split

$turned = @{ RotationDegrees = 180; RotationProbability = 0.5; SplitPath = $split; InformationAction = 'Ignore' }
$short = Start-WmsTraining $data -OutputPath (Join-Path $folder 'short') -Stage 128x12x8 @turned
$long = Start-WmsTraining $data -OutputPath (Join-Path $folder 'long') -Stage 128x40x8, 256x20x8 @turned

$culture = [cultureinfo]::InvariantCulture
$holds = $true
$cases = @(
    @{ Name = 'longer'; Candidate = $long; Baseline = $short; Verdict = 'Superior' }
    @{ Name = 'shorter'; Candidate = $short; Baseline = $long; Verdict = 'Inferior' }
)
foreach ($case in $cases) {
    $compared = $case.Candidate | Compare-WmsModel -Baseline $case.Baseline.ModelPath
    $paths = 'md', 'html', 'json' | ForEach-Object { Join-Path $folder "$($case.Name).$_" }
    $case.Candidate, $compared | Export-WmsReport -Path $paths
    $holds = $holds -and $compared.Photos -eq 150 -and $compared.Verdict -eq $case.Verdict -and
        $compared.Passed -eq ($case.Verdict -eq 'Superior') -and -not ($paths | Where-Object { -not (Test-Path $_) })
    [string]::Format($culture,
        'RealGate: the {0} training on {1} photos it never saw: {2}, passed {3}, Dice {4:0.0000} against {5:0.0000}, ' +
            '{6:+0.0000;-0.0000} from {7:+0.0000;-0.0000} to {8:+0.0000;-0.0000}, p = {9:0.0000}, ' +
            'missed alone {10} and {11}, both {12}, smallest visible {13:0.0000}; pages of {14}',
        $case.Name, $compared.Photos, $compared.Verdict, $compared.Passed, $compared.CandidateDice, $compared.BaselineDice,
        $compared.DiceDifference, $compared.DiceLower, $compared.DiceUpper, $compared.PValue,
        $compared.CandidateMissedWindows, $compared.BaselineMissedWindows, $compared.BothMissedWindows,
        $compared.SmallestVisibleDifference, (($paths | ForEach-Object { '{0:n0} kB' -f ((Get-Item $_).Length / 1000) }) -join ', '))
}
"RealGate: pages in $(Split-Path $folder -Leaf)"
exit ($holds ? 0 : 1)
