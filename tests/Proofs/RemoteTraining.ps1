# Trainings on the machine of a cloud on this computer, each with the result of one here, to the last byte of the model: undisturbed, with
# ten connections that break, with a client that is killed at each epoch, and with Ctrl+C at each epoch and another start.
param([Parameter(Mandatory)] [string] $ModulePath)

$ErrorActionPreference = 'Stop'
Import-Module $ModulePath, "$PSScriptRoot/../Support/PwshProcess.psm1", "$PSScriptRoot/../Support/FakeCloud.psm1",
    "$PSScriptRoot/../Support/RemoteJobs.psm1"
$root = Join-Path ([IO.Path]::GetTempPath()) "wms-remote-$PID"
$null = New-Item -ItemType Directory $root
$place = Start-JobCloud -Path $root -ModulePath $ModulePath
$epochs = 12
$recipe = @{ BaseChannels = 2; Stage = "32x${epochs}x8"; Seed = 5; Precision = 'Float32'; NoTracking = $true }
$remote = @{ Remote = $true; BucketName = $place.Cloud.Bucket }
$script:trainings = 0
$faults = [Collections.Generic.List[string]]::new()

function Test-Run([string] $Name) {
    $script:trainings++
    $digest = @(Get-RunDigest (Join-Path $root $Name)) -join ' '
    if ($digest -ne $expected) { $faults.Add("$Name`: another model or other scores than here") }
    $leases = (Get-WmsInfrastructure -BucketName $place.Cloud.Bucket).LeaseCount
    if ($leases -ne 0) { $faults.Add("$Name`: $leases leases are left") }
}

try {
    $null = Start-WmsTraining $place.Data -OutputPath (Join-Path $root local) @recipe 6>$null
    $expected = @(Get-RunDigest (Join-Path $root local)) -join ' '

    $null = Start-WmsTraining $place.Data -OutputPath (Join-Path $root plain) -RunId plain @recipe @remote 6>$null
    Test-Run plain

    $script:cuts = 0
    Start-WmsTraining $place.Data -OutputPath (Join-Path $root cut) -RunId cut @recipe @remote 6>&1 3>$null | ForEach-Object {
        if ($_ -is [Management.Automation.InformationRecord] -and $_.Tags -contains 'WmsEpoch' -and $script:cuts -lt 10) {
            $script:cuts++
            Set-FakeCloud $place.Cloud @{ Lost = 10 }
        }
    }
    Test-Run cut
    if ($cuts -lt 10) { $faults.Add("cut: only $cuts times") }

    foreach ($signal in 'Kill', 'Interrupt') {
        foreach ($epoch in 1, 6) {
            $id = "$signal-$epoch"
            $script = "Start-WmsTraining '$($place.Data)' -OutputPath '$(Join-Path $root $id)' -RunId $id -BaseChannels 2 " +
                "-Stage 32x${epochs}x8 -Seed 5 -Precision Float32 -NoTracking -Remote -BucketName $($place.Cloud.Bucket) " +
                '6>&1 | ForEach-Object { "$_" }'
            $end = Invoke-PwshUntil -Script $script -ModulePath $ModulePath -Match "^epoch +$epoch of" -Signal $signal
            if (-not $end.At) { $faults.Add("$id`: no epoch $epoch was shown") }
            if (Test-Path (Join-Path $root $id)) { $faults.Add("$id`: a folder was there before the run") }
            $null = Start-WmsTraining $place.Data -OutputPath (Join-Path $root $id) -RunId $id -Resume -NoTracking @remote 6>$null
            Test-Run $id
        }
    }
}
finally {
    Stop-FakeCloud $place.Cloud
    Remove-Item -LiteralPath $root -Recurse -Force
}
$faults
"RemoteTraining: $trainings trainings on the machine ($cuts times ten broken connections, 2 killed clients, 2 times Ctrl+C), " +
    "$($faults.Count) that differ from the one here or leave a lease"
exit ($faults ? 1 : 0)
