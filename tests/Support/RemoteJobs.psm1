# Trainings on the machine of a cloud on this computer, which runs jobs with the real module: RemoteTraining.Tests.ps1 and
# tests/Proofs/RemoteTraining.ps1.
Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'
Import-Module "$PSScriptRoot/FakeCloud.psm1", "$PSScriptRoot/PwshProcess.psm1"

<#
.SYNOPSIS
Starts a cloud whose machine runs jobs with a module, and publishes a drawn data set in its S3. Returns Cloud, Path, Data, ModulePath.
#>
function Start-JobCloud {
    param([Parameter(Mandatory)] [string] $Path, [Parameter(Mandatory)] [string] $ModulePath)

    $data = Join-Path $Path 'meters'
    $null = New-WmsSampleDataset $data -Size 128 -Count 24 -Seed 3
    [pscustomobject]@{
        Cloud = Start-PublishedCloud $data -ModulePath $ModulePath; Path = $Path; Data = $data; ModulePath = $ModulePath
    }
}

<#
.SYNOPSIS
Starts a cloud whose machine runs jobs with a module, and publishes a data set in its S3.
#>
function Start-PublishedCloud {
    param([Parameter(Mandatory)] [string] $DataPath, [Parameter(Mandatory)] [string] $ModulePath)

    $parent = Split-Path $DataPath
    $cloud = Start-FakeCloud -SecondsPerRequest 10 -ModulePath $ModulePath -JobPath (Join-Path $parent 'jobs')
    $null = New-Item -ItemType Directory -Force (Join-Path $parent '.dvc')
    "[core]`n    remote = s3`n['remote `"s3`"']`n    url = s3://$($cloud.Bucket)/data`n    endpointurl = $($cloud.Uri)" |
        Set-Content (Join-Path $parent '.dvc' 'config')
    $null = Publish-WmsDataset $DataPath
    $cloud
}

<#
.SYNOPSIS
The digests of the files of a run that are the same wherever it was trained.
#>
function Get-RunDigest {
    param([Parameter(Mandatory)] [string] $Path)

    foreach ($file in 'model.safetensors', 'metrics.json') { (Get-FileHash -LiteralPath (Join-Path $Path $file)).Hash }
}

<#
.SYNOPSIS
Whether an object is in the bucket of a cloud.
#>
function Test-JobObject {
    param([Parameter(Mandatory)] [pscustomobject] $Cloud, [Parameter(Mandatory)] [string] $Name)

    (Invoke-WebRequest "$($Cloud.Uri)/$($Cloud.Bucket)/jobs/$Name" -SkipHttpErrorCheck).StatusCode -eq 200
}

<#
.SYNOPSIS
Trains on the machine while the network is cut each time that the job uses it, for some requests of job and client. Returns the number
of cuts, and Faults.
.PARAMETER Cuts
How many at most.
#>
function Test-CutTraining {
    param(
        [Parameter(Mandatory)] [pscustomobject] $Place, [Parameter(Mandatory)] [string] $Name,
        [Parameter(Mandatory)] [hashtable] $Recipe, [Parameter(Mandatory)] [string[]] $Digest, [int] $Cuts
    )

    $output = Join-Path $Place.Path $Name
    Set-FakeCloud $Place.Cloud @{ Cuts = $Cuts }
    $remote = @{ Remote = $true; RunId = $Name; BucketName = $Place.Cloud.Bucket; NoTracking = $true }
    $null = Start-WmsTraining $Place.Data -OutputPath $output @Recipe @remote 3>$null 6>$null
    $left = [int] (Get-FakeCloudFault $Place.Cloud Cuts)
    Set-FakeCloud $Place.Cloud @{ Cuts = 0; Lost = 0 }
    [pscustomobject]@{ Cuts = $Cuts - $left; Faults = @(Get-RunFault $Place $Name $Digest) }
}

<#
.SYNOPSIS
Kills or interrupts a client when it has shown an epoch, then gets its run with -Resume. Returns Said (its last line), and Faults.
#>
function Test-LostClient {
    param(
        [Parameter(Mandatory)] [pscustomobject] $Place, [Parameter(Mandatory)] [string] $Name,
        [Parameter(Mandatory)] [hashtable] $Recipe, [Parameter(Mandatory)] [string[]] $Digest,
        [Parameter(Mandatory)] [ValidateSet('Kill', 'Interrupt')] [string] $Signal, [int] $Epoch = 1
    )

    $output = Join-Path $Place.Path $Name
    $settings = $Recipe.GetEnumerator() | ForEach-Object { "-$($_.Key) $($_.Value)" }
    $script = "Start-WmsTraining '$($Place.Data)' -OutputPath '$output' -RunId $Name $settings -NoTracking -Remote " +
        "-BucketName $($Place.Cloud.Bucket) 6>&1 | ForEach-Object { `"`$_`" }"
    $end = Invoke-PwshUntil -Script $script -ModulePath $Place.ModulePath -Match "^epoch +$Epoch\b" -Signal $Signal
    $faults = @(
        if (-not $end.At) { "$Name`: no epoch $Epoch was shown" }
        if (Test-Path (Join-Path $output 'model.safetensors')) { "$Name`: a model was there before the run" }
        if ((Test-JobObject $Place.Cloud "$Name/stop") -ne ($Signal -eq 'Interrupt')) { "$Name`: the job was to stop, or was not" }
    )
    $remote = @{ Remote = $true; Resume = $true; RunId = $Name; BucketName = $Place.Cloud.Bucket; NoTracking = $true }
    $null = Start-WmsTraining $Place.Data -OutputPath $output @remote 6>$null
    [pscustomobject]@{ Said = "$($end.Output[-1])"; Faults = $faults + @(Get-RunFault $Place $Name $Digest) }
}

<#
.SYNOPSIS
What is wrong with a run that was downloaded, or nothing.
#>
function Get-RunFault([pscustomobject] $Place, [string] $Name, [string[]] $Digest) {
    if ((@(Get-RunDigest (Join-Path $Place.Path $Name)) -join ' ') -ne ($Digest -join ' ')) { "$Name`: other bytes than the run here" }
    $leases = (Get-WmsInfrastructure -BucketName $Place.Cloud.Bucket).LeaseCount
    if ($leases -ne 0) { "$Name`: $leases leases are left" }
}

Export-ModuleMember -Function Start-JobCloud, Start-PublishedCloud, Get-RunDigest, Test-JobObject, Test-CutTraining, Test-LostClient,
    Get-RunFault
