# 500 photos in one push within 20 s; a push with data costs less than 0.3 s beyond starting pwsh and checking its pairs.
param([Parameter(Mandatory)] [string] $ModulePath)

$ErrorActionPreference = 'Stop'
Import-Module $ModulePath, "$PSScriptRoot/../Support/PrePushRepository.psm1", "$PSScriptRoot/../Support/GitRepository.psm1",
    "$PSScriptRoot/../Support/PwshProcess.psm1"
$folder = (New-Item -ItemType Directory (Join-Path ([IO.Path]::GetTempPath()) "WaterMeters-$([Guid]::NewGuid().ToString('n'))")).FullName

# The seconds of a script in a new process, the median of several.
function Measure-Script([string] $Script, [int] $Times = 5) {
    $seconds = foreach ($time in 1..$Times) {
        $watch = [Diagnostics.Stopwatch]::StartNew()
        $end = Wait-PwshEnd (Start-Pwsh -ModulePath $ModulePath -Script $Script)
        if ($end.ExitCode -ne 0 -or $end.Error) { throw "It ended with $($end.ExitCode): $($end.Error)" }
        $watch.Elapsed.TotalSeconds
    }
    ($seconds | Sort-Object)[[int] [Math]::Floor($Times / 2)]
}

function Get-PushScript([psobject] $Set) {
    "Set-Location '$($Set.Work)'; `$r = '$(Get-PushLine $Set)' | Invoke-WmsPrePush -Url '$($Set.Remote)' -PassThru 6>`$null; " +
        "if (`$r.Outcome -ne 'DataPushed') { throw `$r.Message }; " +
        "git --git-dir '$($Set.Remote)' update-ref -d `"refs/heads/`$(`$r.DataBranch)`""
}

try {
    $large = New-PushRepository "$folder/large"
    Add-PushedPair $large -Count 500 -Size 1333
    $all = Measure-Script (Get-PushScript $large) -Times 3

    $small = New-PushRepository "$folder/small"
    Add-PushedPair $small -Count 4 -Size 1333
    $pushed = Measure-Script (Get-PushScript $small)
    $check = "Test-WmsDataset '$($small.Work)/data/training' -NoCache -Quiet 3>`$null 6>`$null"
    # With a call of git, as the script of the push has one to remove its branch again.
    $checked = Measure-Script "if (-not ($check)) { throw 'faulty' }; `$null = git --git-dir '$($small.Remote)' rev-parse --git-dir"
    $added = $pushed - $checked
}
finally { Remove-Item -LiteralPath $folder -Recurse -Force }

('PrePushSpeed: 500 photos of 1333 pixels in one push take {0:0.0} s, with the start of pwsh; a push of 4 takes {1:0.00} s, {2:0.00} s ' +
    'more than a check of them') -f $all, $pushed, $added
exit ($all -lt 20 -and $added -lt 0.3 ? 0 : 1)
