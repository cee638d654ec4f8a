# Trainings on the machine of a cloud on this computer, each with the result of one here, to the last byte of model and scores: undisturbed,
# with a network that is cut ten times while the job runs, with a client that is killed, and with Ctrl+C and another start.
param([Parameter(Mandatory)] [string] $ModulePath)

$ErrorActionPreference = 'Stop'
Import-Module $ModulePath, "$PSScriptRoot/../Support/FakeCloud.psm1", "$PSScriptRoot/../Support/RemoteJobs.psm1"
$root = Join-Path ([IO.Path]::GetTempPath()) "wms-remote-$PID"
$null = New-Item -ItemType Directory $root
$place = Start-JobCloud -Path $root -ModulePath $ModulePath
$epochs = 40
$recipe = @{ BaseChannels = 4; Stage = "64x${epochs}x8"; Seed = 5; Precision = 'Float32' }
$trainings = 0
$watch = [Diagnostics.Stopwatch]::new()
$faults = @(
    try {
        $watch.Start()
        $null = Start-WmsTraining $place.Data -OutputPath (Join-Path $root 'here') -NoTracking @recipe 6>$null
        $seconds = $watch.Elapsed.TotalSeconds
        $digest = @(Get-RunDigest (Join-Path $root 'here'))

        $watch.Restart()
        $null = Start-WmsTraining $place.Data -OutputPath (Join-Path $root 'plain') -RunId plain -NoTracking @recipe -Remote `
            -BucketName $place.Cloud.Bucket 6>$null
        $remoteSeconds = $watch.Elapsed.TotalSeconds
        Get-RunFault $place plain $digest
        $trainings++

        $cut = Test-CutTraining $place cut $recipe $digest -Cuts 10
        $cut.Faults
        if ($cut.Cuts -lt 10) { "cut: only $($cut.Cuts) times while the job ran" }
        $trainings++

        foreach ($signal in 'Kill', 'Interrupt') {
            foreach ($epoch in 1, ($epochs / 2)) {
                (Test-LostClient $place "$signal-$epoch" $recipe $digest -Signal $signal -Epoch $epoch).Faults
                $trainings++
            }
        }
    }
    finally {
        Stop-FakeCloud $place.Cloud
        Remove-Item -LiteralPath $root -Recurse -Force
    }
)
$faults
"figure: a training of $epochs epochs: {0:0} s here, {1:0} s on the machine, with its start" -f $seconds, $remoteSeconds
"RemoteTraining: $trainings trainings on the machine (1 with a network cut $($cut.Cuts) times while the job ran, 2 with a killed " +
    "client, 2 with Ctrl+C), $($faults.Count) that differ from the one here or leave a lease"
exit ($faults ? 1 : 0)
