# Trainings on the machine of a cloud on this computer, which runs jobs with the real module.
Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'
Import-Module "$PSScriptRoot/FakeCloud.psm1"

<#
.SYNOPSIS
Starts a cloud whose machine runs jobs with a module, and publishes a drawn data set in its S3.
#>
function Start-JobCloud {
    param([Parameter(Mandatory)] [string] $Path, [Parameter(Mandatory)] [string] $ModulePath)

    $cloud = Start-FakeCloud -SecondsPerRequest 10 -ModulePath $ModulePath -JobPath (Join-Path $Path 'jobs')
    $null = New-Item -ItemType Directory (Join-Path $Path '.dvc')
    "[core]`n    remote = s3`n['remote `"s3`"']`n    url = s3://$($cloud.Bucket)/data`n    endpointurl = $($cloud.Uri)" |
        Set-Content (Join-Path $Path '.dvc' 'config')
    $data = Join-Path $Path 'meters'
    $null = New-WmsSampleDataset $data -Size 128 -Count 24 -Seed 3
    $null = Publish-WmsDataset $data
    [pscustomobject]@{ Cloud = $cloud; Path = $Path; Data = $data }
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

Export-ModuleMember -Function Start-JobCloud, Get-RunDigest, Test-JobObject
