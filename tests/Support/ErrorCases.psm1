# Every kind of error, and how a cmdlet comes to give it: Errors.Tests.ps1.
Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'

Import-Module "$PSScriptRoot/TestSupport.psm1", "$PSScriptRoot/WithoutLibTorch.psm1", "$PSScriptRoot/PackageServer.psm1",
    "$PSScriptRoot/PngFile.psm1", "$PSScriptRoot/Wine.psm1", "$PSScriptRoot/MlflowServer.psm1",
    "$PSScriptRoot/DvcRepository.psm1", "$PSScriptRoot/GitRepository.psm1", "$PSScriptRoot/GitHubServer.psm1",
    "$PSScriptRoot/FakeTerraform.psm1", "$PSScriptRoot/FakeCloud.psm1", "$PSScriptRoot/FakeSessionPlugin.psm1"

<#
.SYNOPSIS
The table of error kinds in the code: Id, Category, Target, When, Remedy, FileDecides.
#>
function Get-ErrorKind {
    $kinds = (Get-ErrorType ErrorKinds).GetProperty('All', [Reflection.BindingFlags] 'Public, Static').GetValue($null)
    foreach ($kind in $kinds) {
        $values = [ordered]@{}
        foreach ($name in 'Id', 'Category', 'Target', 'When', 'Remedy', 'FileDecides') {
            $values[$name] = $kind.GetType().GetProperty($name).GetValue($kind)
        }
        [pscustomobject] $values
    }
}

function Get-ErrorType([string] $Name) {
    (Get-Command Get-WmsDataset).ImplementingType.Assembly.GetType("WaterMeters.PowerShell.Errors.$Name", $true)
}

<#
.SYNOPSIS
Creates the input of the cases below a folder. Remove-ErrorInput stops the server it starts.
#>
function New-ErrorInput {
    param([Parameter(Mandatory)] [string] $Path)

    $in = @{ Root = $Path; Data = "$Path/data"; Text = "$Path/text.jpg"; File = "$Path/text.safetensors" }
    $null = New-SampleData -Path $in.Data
    $in.Run = New-SampleModel $in.Data
    $in.Model = $in.Run.ModelPath
    Set-Content $in.Text, $in.File 'neither a photo nor a model'
    $null = New-Item -ItemType Directory "$Path/empty"
    $in.Package = New-TinyPackage "$Path/tiny.nupkg"
    $in.Server = Start-PackageServer $in.Package.Path -Cut

    # One damaged module, built for another libtorch, and one that knows no package for this system. The version is stored as UTF-8 in
    # the assembly, the system as UTF-16.
    $in.Damaged, $in.Foreign = "$Path/damaged/WaterMeters", "$Path/foreign/WaterMeters"
    Copy-ChangedModule $in.Damaged '(LibTorchVersion.)2\.10\.0' '${1}2.10.9' '^YamlDotNet\.dll$|SkiaSharp\.(so|dylib)$|libSkiaSharp\.dll$'
    $system = (Get-Platform).ToCharArray() -join "`0"
    Copy-ChangedModule $in.Foreign ([regex]::Escape($system)) ($system.Remove($system.Length - 1) + '0') '^nothing$'

    Set-Content "$Path/train.yaml" 'training: {epochs: 1}'

    # A published folder of two files, and one whose remote is a port that nothing listens on.
    foreach ($name in 'repository', 'unreachable') {
        $null = New-DvcRepository "$Path/$name"
        $null = New-Item -ItemType Directory "$Path/$name/files"
        foreach ($file in 'a', 'b') { Set-Content "$Path/$name/files/$file" $file }
        $null = Publish-WmsDataset "$Path/$name/files"
    }
    $closed = [Net.Sockets.TcpListener]::new([Net.IPAddress]::Loopback, 0)
    $closed.Start()
    $address = "http://$($closed.LocalEndpoint)"
    $closed.Stop()
    $null = New-DvcRepository "$Path/unreachable" -Url 's3://bucket' -Settings "    endpointurl = $address`n    profile = nobody`n"
    $in.Repository, $in.Unreachable, $in.Address = "$Path/repository", "$Path/unreachable", $address

    # A large black image in a small file: decoding it takes memory.
    $null = New-Item -ItemType Directory "$Path/large/images", "$Path/large/masks"
    $image = [byte[]] (New-Png 6000 6000 -Black)
    foreach ($folder in 'images', 'masks') { [IO.File]::WriteAllBytes("$Path/large/$folder/large.png", $image) }

    # A sparse file larger than the free disk space.
    $null = New-Item -ItemType Directory "$Path/huge"
    $library = "$Path/huge/" + ($IsWindows ? 'torch_cpu.dll' : $IsMacOS ? 'libtorch_cpu.dylib' : 'libtorch_cpu.so')
    $stream = [IO.File]::Create($library)
    try {
        # Wine has no fsutil, and its files are sparse without.
        if ($IsWindows -and -not (Test-Wine)) { $null = fsutil sparse setflag $library }
        $stream.SetLength(2 * [IO.DriveInfo]::new($IsWindows ? [IO.Path]::GetPathRoot($Path) : $Path).AvailableFreeSpace)
    }
    finally { $stream.Dispose() }

    # A process costs a second or more, so the cases of a module share one.
    $in.InDamaged = Get-ChildFailure -Module $in.Damaged -Command @(
        "Install-WmsRuntime '$($in.Package.Path)' -Path '$Path/here'"
        "New-WmsSampleDataset '$Path/drawn' -Count 1 -Size 64"
        "Start-WmsTraining '$($in.Data)' -OutputPath '$Path/configured' -ConfigPath '$Path/train.yaml' -WhatIf"
    )
    if ($IsLinux) { $in.Limited = Get-LimitedFailure $in }
    $in
}

<#
.SYNOPSIS
Stops the server of an input.
#>
function Remove-ErrorInput {
    param([Parameter(Mandatory)] [hashtable] $In)

    Stop-PackageServer $In.Server
}

<#
.SYNOPSIS
The cases: identifier, how it happens, a wildcard for the target, and a command that takes an input and returns the error as Id, Source,
Category, Target and Message.
.DESCRIPTION
A case that this system cannot produce passes an exception to the error table directly; its Name says so and its Source is empty.
#>
function Get-ErrorCase {
    function Case([string] $Id, [string] $Name, [string] $Target, [scriptblock] $Command) {
        [pscustomobject]@{ Id = $Id; Name = $Name; Target = $Target; Command = $Command }
    }

    Case PathNotFound 'a wildcard that matches nothing' '*nowhere[*]' { param($i) Get-CallFailure { Get-WmsDataset "$($i.Root)/nowhere*" } }
    Case DriveNotFound 'a missing drive' 'nodrive:/data' { param($i) Get-CallFailure { Get-WmsDataset -LiteralPath 'nodrive:/data' } }
    Case PathNotInFileSystem 'a path on the Env: drive' 'Env:PATH' { param($i) Get-CallFailure { Get-WmsDataset Env:PATH } }
    Case NoPhotos 'a folder without photos' '*empty' `
        { param($i) Get-CallFailure { Invoke-WmsPrediction "$($i.Root)/empty" -Model $i.Model } }
    Case PhotoUnusable 'a text file with the name of a photo' '*text.jpg' `
        { param($i) Get-CallFailure { Invoke-WmsPrediction $i.Text -Model $i.Model } }
    Case MaskExists 'a second prediction into the same folder' '*images*' {
        param($i)
        $photo = (Get-ChildItem "$($i.Data)/images")[0].FullName
        $null = Invoke-WmsPrediction $photo -Model $i.Model -OutputPath "$($i.Root)/masks"
        Get-CallFailure { Invoke-WmsPrediction $photo -Model $i.Model -OutputPath "$($i.Root)/masks" }
    }
    Case DatasetUnusable 'a folder that is not a data set' '*empty' { param($i) Get-CallFailure { Get-WmsDataset "$($i.Root)/empty" } }
    Case ModelNotFound 'a missing model' '*none.safetensors' `
        { param($i) Get-CallFailure { Measure-WmsModel "$($i.Root)/none.safetensors" $i.Data } }
    Case ModelUnusable 'a text file with the name of a model' '*text.safetensors' `
        { param($i) Get-CallFailure { Measure-WmsModel $i.File $i.Data } }
    Case GateNotPassed 'a first model without a minimum Dice' '*model.safetensors' `
        { param($i) Get-CallFailure { Publish-WmsModel $i.Model -Stage Production -DataPath $i.Data -TrackingUri "$($i.Root)/gate.db" } }
    Case ModelExists 'an export over an existing file' '*text.safetensors' `
        { param($i) Get-CallFailure { Export-WmsModel $i.Model $i.File } }
    Case SettingUnusable 'a learning rate out of range' 'LearningRate' `
        { param($i) Get-CallFailure { Start-WmsTraining $i.Data -OutputPath "$($i.Root)/new" -LearningRate 99 } }
    Case TrainingFailed 'a folder with a run in it' '*run' `
        { param($i) Get-CallFailure { Start-WmsTraining $i.Data -OutputPath $i.Run.OutputPath -BaseChannels 4 -Stage 64x1x8 } }
    Case TrainingRunning 'a second training in the process' '*second' {
        param($i)
        # 100,000 epochs take hours, so the first is still running. It ends with the pipeline.
        $small = @{ DataPath = $i.Data; BaseChannels = 4; Stage = '32x100000x8' }
        Start-WmsTraining @small -OutputPath "$($i.Root)/long" 6>&1 | Where-Object { $_.Tags -contains 'WmsEpoch' } |
            ForEach-Object { Get-CallFailure { Start-WmsTraining @small -OutputPath "$($i.Root)/second" } } | Select-Object -First 1
    }

    Case RuntimeMissing 'a process that finds no libtorch' 'libtorch' {
        param($i)
        $environment = Get-HidingEnvironment "$($i.Root)/hiding"
        (Get-ChildFailure "Start-WmsTraining '$($i.Data)' -OutputPath '$($i.Root)/without'" -Environment $environment)[0]
    }
    Case RuntimeNotPublished 'a module without a package for this system' '*-*' `
        { param($i) (Get-ChildFailure -Module $i.Foreign 'Install-WmsRuntime -WhatIf')[0] }
    Case RuntimeSourceUnusable 'a missing source' '*nowhere' `
        { param($i) Get-CallFailure { Install-WmsRuntime "$($i.Root)/nowhere" -Path "$($i.Root)/here" } }
    Case RuntimeHashUnknown 'a module built for another libtorch' 'libtorch-cpu-*.nupkg' { param($i) $i.InDamaged[0] }
    Case RuntimeHashMismatch 'a package of another version' '*tiny.nupkg' `
        { param($i) Get-CallFailure { Install-WmsRuntime $i.Package.Path -Path "$($i.Root)/here" } }
    Case RuntimeDestinationInUse 'a folder with other files' '*errors' `
        { param($i) Get-CallFailure { Install-WmsRuntime $i.Package.Path -Path $i.Root } }
    Case FeedUnavailable 'an address without a feed' 'http*/elsewhere.json' `
        { param($i) Get-CallFailure { Install-WmsRuntime "$($i.Server.Root)/elsewhere.json" -Path "$($i.Root)/here" } }
    Case DownloadBroken 'a server that cuts off each response' 'http*.nupkg' `
        { param($i) Get-CallFailure { Install-WmsRuntime $i.Server.Index -Sha512 $i.Package.Sha512 -Path "$($i.Root)/here" } }
    Case DiskFull 'a libtorch larger than the disk' '*here' `
        { param($i) Get-CallFailure { Install-WmsRuntime "$($i.Root)/huge" -Path "$($i.Root)/here" } }

    Case TrackingNotFound 'the name of a run that does not exist' 'nowhere' `
        { param($i) Get-CallFailure { Get-WmsRun nowhere -TrackingUri "$($i.Root)/none.db" } }
    Case TrackingValueInvalid 'a name that is too long' 'name of the run' `
        { param($i) Get-CallFailure { Start-WmsTraining $i.Data -OutputPath "$($i.Root)/new" -RunName ('x' * 300) } }
    Case TrackingUnreachable 'a server that refuses the connection' 'water-meter-segmentation' {
        param($i)
        $env:MLFLOW_HTTP_REQUEST_MAX_RETRIES = '0'
        try { Get-CallFailure { Get-WmsRun -TrackingUri (Get-RefusingUri) } } finally { $env:MLFLOW_HTTP_REQUEST_MAX_RETRIES = $null }
    }
    Case TrackingDamaged 'a text file as database' '*text.db' {
        param($i)
        Set-Content "$($i.Root)/text.db" ('a text, but long enough to look at ' * 100)
        Get-CallFailure { Get-WmsRun -TrackingUri "$($i.Root)/text.db" }
    }
    Case TrackingAddressUnsupported 'a folder as store' 'file:*' `
        { param($i) Get-CallFailure { Get-WmsRun -TrackingUri 'file:///srv/mlruns' } }
    Case VersionNotFound 'a folder that was never published' '*images' {
        param($i)
        $null = New-Item -ItemType Directory -Force "$($i.Repository)/images"
        Get-CallFailure { Restore-WmsDataset "$($i.Repository)/images" }
    }
    Case VersionUnusable 'a remote that is not in the configuration' 'other' `
        { param($i) Get-CallFailure { Publish-WmsDataset "$($i.Repository)/files" -Remote other } }
    Case VersionIncomplete 'a remote that has lost its files' '*files.dvc' {
        param($i)
        $copy = "$($i.Root)/lost"
        Copy-Item $i.Repository $copy -Recurse
        Remove-Item "$copy/files", "$copy/.dvc/cache", "$copy/.dvc/tmp", "$copy/remote" -Recurse -Force
        Get-CallFailure { Restore-WmsDataset "$copy/files" }
    }
    Case RemoteAccessDenied 'a profile that does not exist' 'store' `
        { param($i) Get-CallFailure { Publish-WmsDataset "$($i.Unreachable)/files" } }
    Case RemoteUnavailable 'an S3 service that does not run' 'store' {
        param($i)
        $keys = "    endpointurl = $($i.Address)`n    access_key_id = a`n    secret_access_key = b`n"
        $null = New-DvcRepository "$($i.Root)/closed" -Url 's3://bucket' -Settings $keys
        Copy-Item "$($i.Repository)/files" "$($i.Root)/closed/files" -Recurse
        Get-CallFailure { Publish-WmsDataset "$($i.Root)/closed/files" }
    }
    if (Get-Command git -ErrorAction Ignore) {
        Case GitRepositoryMissing 'a folder in no repository' '*empty' {
            param($i)
            Push-Location "$($i.Root)/empty"
            try { Get-CallFailure { 'HEAD' + " $('1' * 40) refs/heads/main $('0' * 40)" | Invoke-WmsPrePush } } finally { Pop-Location }
        }
        Case GitFailed 'a remote that the repository does not have' 'nowhere' {
            param($i)
            $repository = New-GitRepository "$($i.Root)/pushed"
            Push-Location $repository
            try { Get-CallFailure { Invoke-WmsPrePush -Remote nowhere } } finally { Pop-Location }
        }
        Case HookUnusable 'two hooks of other tools' '*pre-push' {
            param($i)
            $hooks = "$(New-GitRepository "$($i.Root)/hooks")/.git/hooks"
            $null = New-Item -ItemType Directory -Force $hooks
            foreach ($name in 'pre-push', 'pre-push.before-wms') { Set-Content "$hooks/$name" "#!/bin/sh`n# $name" }
            Get-CallFailure { Install-WmsHook "$($i.Root)/hooks" -Method File }
        }
    }
    else {
        Case GitRepositoryMissing 'passed to the error table, because git is not installed' 'folder' `
            { param($i) Get-TableFailure ([WaterMeters.GitException]::new('NoRepository', 'folder', 'No repository. Change to one.')) }
        Case GitFailed 'passed to the error table, because git is not installed' 'origin' `
            { param($i) Get-TableFailure ([WaterMeters.GitException]::new('Failed', 'origin', 'git failed. Correct that.')) }
        Case HookUnusable 'passed to the error table, because git is not installed' 'hook' `
            { param($i) Get-TableFailure ([WaterMeters.HookException]::new('hook', 'Two hooks. Remove one.')) }
    }
    Case TerraformMissing 'a PATH without terraform' 'terraform' {
        param($i)
        Invoke-WithTerraform -Missing { Get-CallFailure { Invoke-WmsTerraform (New-TerraformFolder "$($i.Root)/terraform") } }
    }
    Case TerraformVersionUnusable 'an old terraform' '*terraform*' {
        param($i)
        $folder = New-TerraformFolder "$($i.Root)/terraform-old"
        Set-Content "$folder/version" 1.9.8
        Invoke-WithTerraform { Get-CallFailure { Invoke-WmsTerraform $folder } }
    }
    Case TerraformStateLocked 'a state that someone else works on' '*terraform-locked' {
        param($i)
        $folder = New-TerraformFolder "$($i.Root)/terraform-locked" -Fault locked
        Invoke-WithTerraform { Get-CallFailure { Invoke-WmsTerraform $folder } }
    }
    Case TerraformFailed 'files with an error' '*terraform-failed' {
        param($i)
        $folder = New-TerraformFolder "$($i.Root)/terraform-failed" -Fault failed
        Invoke-WithTerraform { Get-CallFailure { Invoke-WmsTerraform $folder } }
    }
    Case TerraformPlanStale 'a state that was changed since' '*wms.tfplan' {
        param($i)
        $folder = New-TerraformFolder "$($i.Root)/terraform-stale" -Fault stale
        $apply = @{ Apply = $true; PlanPath = "$folder/.terraform/wms.tfplan"; Confirm = $false }
        Invoke-WithTerraform { Get-CallFailure { Invoke-WmsTerraform $folder @apply } }
    }
    Case TerraformPlanUnusable 'a file that is no plan' '*damaged' {
        param($i)
        $folder = New-TerraformFolder "$($i.Root)/terraform"
        Set-Content "$folder/damaged" 'no plan'
        Invoke-WithTerraform { Get-CallFailure { Invoke-WmsTerraform $folder -Apply -PlanPath "$folder/damaged" -Confirm:$false } }
    }
    Case GitMissing 'passed to the error table' 'git' `
        { param($i) Get-TableFailure ([WaterMeters.GitException]::new('NotInstalled', 'git', 'There is no git. Install it.')) }
    Case PushLineInvalid 'a line that git does not write' 'main' { param($i) Get-CallFailure { 'main' | Invoke-WmsPrePush } }
    Case RepositoryLocked 'a repository that another program has locked' '*files' {
        param($i)
        $locks = @{ write = @{ (Join-Path $i.Repository 'files') = @{ pid = $PID; cmd = 'dvc add' } } } | ConvertTo-Json -Depth 5
        Set-Content "$($i.Repository)/.dvc/tmp/rwlock" $locks
        try { Get-CallFailure { Publish-WmsDataset "$($i.Repository)/files" } } finally { Remove-Item "$($i.Repository)/.dvc/tmp/rwlock" }
    }
    Case FileNotPublished 'a file in the way' '*a' {
        param($i)
        Set-Content "$($i.Repository)/files/a" 'mine'
        Get-CallFailure { Restore-WmsDataset "$($i.Repository)/files" }
    }

    Case GitHubAccessDenied 'a token that is refused' 'ana/meters' { param($i) Get-GitHubFailure $i ana/meters refused }
    Case GitHubRepositoryMissing 'a repository that GitHub does not have' 'ana/nowhere' { param($i) Get-GitHubFailure $i ana/nowhere }
    Case GitHubUnreachable 'a server that has stopped' 'ana/meters' { param($i) Get-GitHubFailure $i ana/meters -Stopped }
    Case GitHubRefused 'passed to the error table, as the tests of the connection provoke it' 'ana/meters' `
        { param($i) Get-TableFailure ([WaterMeters.GitHubException]::new('Refused', 'ana/meters', 'GitHub refuses it. Change the name.')) }

    # The faults of a store that no cmdlet meets in a file of this machine; the tests of the stores provoke them with real servers.
    $faults = @{
        TrackingExists = 'AlreadyExists'; TrackingDeleted = 'Deleted'; TrackingBusy = 'Busy'
        TrackingUnauthorized = 'Unauthorized'; TrackingRefused = 'Refused'; TrackingDigestWrong = 'WrongDigest'
        TrackingSchemaUnknown = 'UnknownSchema'
    }
    foreach ($fault in $faults.GetEnumerator()) {
        $command = "Get-TableFailure ([WaterMeters.TrackingException]::new('$($fault.Value)', 'target', 'The store failed. Check it.'))"
        Case $fault.Key 'passed to the error table, as the tests of the stores provoke it' 'target' `
            $ExecutionContext.SessionState.Module.NewBoundScriptBlock([scriptblock]::Create($command))
    }

    foreach ($case in @(
            , @('InfrastructureNotFound', 'no machine of this name', 'wms', '@{ TagSeconds = 1e9 }')
            , @('InfrastructureAmbiguous', 'two machines of one name', 'wms', '@{ machines = 2 }')
            , @('InfrastructureNoCapacity', 'no capacity', 'i-*', '@{ NoCapacity = 1000 }')
            , @('AwsLimitReached', 'a quota that is used up', 'wms', "@{ Every = 'VcpuLimitExceeded' }")
            , @('AwsCredentialsExpired', 'an expired token', 'wms', "@{ Every = 'ExpiredToken' }")
            , @('AwsCredentialsInvalid', 'an unknown key', 'wms', "@{ Every = 'AuthFailure' }")
            , @('AwsAccessDenied', 'a missing permission', 'wms', "@{ Denied = 'DescribeInstances' }")
            , @('AwsRegionWrong', 'a region that is not enabled', 'wms', "@{ Every = 'OptInRequired' }")
            , @('AwsRefused', 'another refusal', 'wms', "@{ Every = 'Blocked' }")
        )) {
        $id, $name, $target, $faults = $case
        $command = "Get-CloudFailure $faults { Start-WmsInfrastructure -BucketName wms-bucket }"
        Case $id $name $target $ExecutionContext.SessionState.Module.NewBoundScriptBlock([scriptblock]::Create($command))
    }
    Case LeaseUnusable 'an object that is no lease' 's3://*/lease' { param($i)
        Get-CloudFailure @{} {
            $null = Invoke-WebRequest "$env:AWS_ENDPOINT_URL/wms-bucket/machine/wms/lease" -Method Put -Body 'no lease'
            Get-WmsInfrastructure -BucketName wms-bucket
        }
    }
    Case TunnelFailed 'a plugin that ends early' 'http://127.0.0.1:*' { param($i)
        $folder = (New-Item -ItemType Directory "$($i.Root)/tunnel").FullName
        $address = Get-RefusingUri
        Set-Content "$folder/wms.yaml" "aws:`n  bucket: wms-bucket`n  registry: $address"
        $before = Enable-FakeSessionPlugin -Fault ends
        Push-Location $folder
        try { Get-CloudFailure @{} { Sync-WmsModel -TrackingUri $address -WarningAction Ignore }.GetNewClosure() }
        finally {
            Pop-Location
            Disable-FakeSessionPlugin $before
        }
    }
    Case RemoteJobUnusable 'an identifier without a job' 'none' { param($i)
        Get-CloudFailure @{} { Start-WmsTraining ./none -OutputPath ./none -Remote -Resume -RunId none -NoTracking -BucketName wms-bucket }
    }
    Case InfrastructureNotConfigured 'no bucket' 'BucketName' { param($i) Get-CallFailure { Get-WmsInfrastructure -Region eu-central-1 } }
    Case AwsUnreachable 'an address that refuses connections' 'wms' { param($i)
        Get-CloudFailure @{} { Get-WmsInfrastructure -BucketName wms-bucket -EndpointUrl (Get-RefusingUri) }
    }
    foreach ($fault in @{
            InfrastructureTimedOut = 'TimedOut'; AwsThrottled = 'Throttled'; AwsCredentialsMissing = 'CredentialsMissing'
            RemoteJobFailed = 'JobFailed'; SessionPluginMissing = 'SessionPluginMissing'
        }.GetEnumerator()) {
        $command = "Get-TableFailure ([WaterMeters.InfrastructureException]::new('$($fault.Value)', 'target', 'AWS refuses. Check it.'))"
        Case $fault.Key 'passed to the error table, because it takes minutes' 'target' `
            $ExecutionContext.SessionState.Module.NewBoundScriptBlock([scriptblock]::Create($command))
    }

    if ($IsLinux) {
        Case DiskFull 'a full disk' '*full.nupkg.partial' {
            param($i)
            # The kernel's own full disk, as a link in place of the download.
            $null = New-Item -ItemType SymbolicLink "$($i.Root)/full.nupkg.partial" -Target /dev/full
            $server = Start-PackageServer $i.Package.Path
            try { Get-CallFailure { Install-WmsRuntime $server.Index -Sha512 $i.Package.Sha512 -Path "$($i.Root)/full" } }
            finally { Stop-PackageServer $server }
        }
        Case FileAccessDenied 'a folder without read permission' '*empty' { param($i) $i.Limited[0] }
        Case FileAccessFailed 'a process at its limit of open files' '*empty' { param($i) $i.Limited[1] }
        Case OutOfMemory 'a process at its memory limit' '*large' { param($i) $i.Limited[2] }
        Case NativeFailure 'a training at its memory limit' '*data' { param($i) $i.Limited[3] }
    }
    else {
        $name = 'passed to the error table, because only Linux has these limits'
        Case FileAccessDenied $name 'target' { param($i) Get-TableFailure ([UnauthorizedAccessException]::new('Access is denied.')) }
        Case FileAccessFailed $name 'target' { param($i) Get-TableFailure ([IO.IOException]::new('The device is gone.')) }
        Case OutOfMemory $name 'target' { param($i) Get-TableFailure ([OutOfMemoryException]::new()) }
    }
    Case NativeFailure 'a damaged native library' '*drawn' { param($i) $i.InDamaged[1] }
    Case Unexpected 'a damaged assembly' '*data' { param($i) $i.InDamaged[2] }
}

# The errors of a call in this process.
function Get-CallFailure([scriptblock] $Command) { Get-Failure $Command | ConvertTo-Failure }

# A failure in a cloud of its own, with these faults.
function Get-CloudFailure([hashtable] $Faults, [scriptblock] $Command) {
    $cloud = Start-FakeCloud
    try {
        if ($Faults.Count) { Set-FakeCloud $cloud $Faults }
        Get-CallFailure $Command
    }
    finally { Stop-FakeCloud $cloud }
}

# The errors of commands, which run one after the other in a child process: an array for each.
function Get-ChildFailure([string[]] $Command, [string] $Before = '', [string] $Module = (Get-ModulePath),
    [Collections.IDictionary] $Environment = @{}) {
    $report = "'FAILURE ' + (Get-CallFailure {{ {0} }} | ConvertTo-Json -Compress -AsArray)"
    $child = Invoke-ChildPwsh -Environment $Environment @"
        $Before
        Import-Module '$Module'
        Import-Module '$PSScriptRoot/ErrorCases.psm1'
        $($Command | ForEach-Object { $report -f $_ } | Join-String -Separator "`n")
"@
    $said = @($child.Output -like 'FAILURE ?*')
    if ($said.Count -ne $Command.Count) { throw "Not every command reported an error: $($child.Output + $child.Error -join "`n")" }
    foreach ($line in $said) { , @($line -replace '^FAILURE ' | ConvertFrom-Json) }
}

# What the error table makes of an exception that this system cannot produce.
<#
.SYNOPSIS
The error of Set-WmsSecret with a server of GitHub on this machine.
#>
function Get-GitHubFailure([hashtable] $In, [string] $Repository, [string] $Token = 'token', [switch] $Stopped) {
    $server = Start-GitHubServer
    try {
        Set-GitHubEnvironment $server -CredentialPath "$($In.Root)/credentials" -ProfileName academy -Token $Token
        if ($Stopped) { $server.Listener.Stop() }
        Get-CallFailure { Set-WmsSecret $Repository -ProfileName academy }
    }
    finally { Stop-GitHubServer $server }
}

function Get-TableFailure([Exception] $Exception) {
    (Get-ErrorType WmsErrors).GetMethod('From').Invoke($null, @($Exception, 'target')) | ConvertTo-Failure
}

# Calls with tight limits in one process, each after a first call has loaded everything it needs: without read permission, at the
# limit of open files, and at the memory limit while a photo is read and in a training.
function Get-LimitedFailure([hashtable] $In) {
    $install = "Install-WmsRuntime '$($In.Package.Path)' -Sha512 '$($In.Package.Sha512)' -WarningAction Ignore -Path"
    $train = "Start-WmsTraining '$($In.Data)' -InformationAction Ignore -OutputPath"
    $cases = @(
        @{ First = "$install '$($In.Root)/first'"; Tighten = "Deny('$($In.Root)/empty')"; Command = "$install '$($In.Root)/empty'" }
        @{ First = ''; Tighten = 'Files(3)'; Command = "$install '$($In.Root)/empty'" }
        @{ First = "Get-WmsDataset '$($In.Data)'"; Tighten = 'Memory(24MB)'; Command = "Get-WmsDataset '$($In.Root)/large'" }
        @{
            First = "$train '$($In.Root)/wide' -BaseChannels 4 -Stage 64x1x8"; Tighten = 'Memory(300MB)'
            Command = "$train '$($In.Root)/tight' -BaseChannels 64 -Stage 1024x1x2"
        }
    )
    Get-ChildFailure -Before "Add-Type '$(Get-LimitSource)'" -Command @(
        foreach ($case in $cases) {
            "`$null = $($case.First ? $case.First : '0')`n`$null = Get-CallFailure { Get-WmsDataset '$($In.Root)/nowhere' }`n" +
                "[WmsTest.Limits]::$($case.Tighten)`ntry { $($case.Command) } finally { [WmsTest.Limits]::Loosen() }"
        }
    )
}

# Linux constants: RLIMIT_NOFILE is 7, RLIMIT_AS 9, the user nobody 65534.
function Get-LimitSource {
    @'
using System;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;

namespace WmsTest
{
    public struct Limit { public ulong Soft, Hard; }

    public static class Limits
    {
        private static int kind;
        private static Limit before;
        private static string denied;

        [DllImport("libc")] private static extern int getrlimit(int kind, out Limit limit);
        [DllImport("libc")] private static extern int setrlimit(int kind, ref Limit limit);
        [DllImport("libc")] private static extern int seteuid(uint user);
        [DllImport("libc")] private static extern uint geteuid();

        public static void Files(ulong most) { Tighten(7, most); }

        public static void Memory(ulong more)
        {
            string line = File.ReadLines("/proc/self/status").First(l => l.StartsWith("VmSize:"));
            Tighten(9, ulong.Parse(line.Split((char[])null, StringSplitOptions.RemoveEmptyEntries)[1]) * 1024 + more);
        }

        // Root may read everything; as nobody it may not.
        public static void Deny(string folder)
        {
            denied = folder;
            File.SetUnixFileMode(folder, UnixFileMode.None);
            if (geteuid() == 0) seteuid(65534);
        }

        public static void Loosen()
        {
            if (denied == null) { setrlimit(kind, ref before); return; }
            if (geteuid() == 65534) seteuid(0);
            File.SetUnixFileMode(denied, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            denied = null;
        }

        private static void Tighten(int which, ulong most)
        {
            kind = which;
            getrlimit(kind, out before);
            var limit = new Limit { Soft = most, Hard = before.Hard };
            if (setrlimit(kind, ref limit) != 0) throw new InvalidOperationException("The limit cannot be set.");
        }
    }
}
'@
}

filter ConvertTo-Failure {
    $id, $source = $_.FullyQualifiedErrorId -split ',', 2
    [pscustomobject]@{
        Id = $id; Source = "$source"; Category = "$($_.CategoryInfo.Category)"; Target = "$($_.TargetObject)"; Message = "$_"
    }
}

# A copy of the module for this system only. Files that match Broken are damaged; in WaterMeters.Ml.dll, read as Latin-1, matches of
# Pattern are replaced by text of the same length.
function Copy-ChangedModule([string] $Path, [string] $Pattern, [string] $Replacement, [string] $Broken) {
    $source = Get-ModulePath
    foreach ($file in Get-ChildItem -LiteralPath $source -File -Recurse) {
        $relative = [IO.Path]::GetRelativePath($source, $file.FullName)
        if ($relative -match '[\\/]runtimes[\\/](?<on>[^\\/]+)' -and $Matches.on -ne (Get-Platform)) { continue }
        $target = Join-Path $Path $relative
        $null = New-Item -ItemType Directory -Force (Split-Path $target)
        if ($file.Name -match $Broken) { Set-Content -LiteralPath $target 'damaged' }
        elseif ($file.Name -eq 'WaterMeters.Ml.dll') {
            $text = [Text.Encoding]::Latin1.GetString([IO.File]::ReadAllBytes($file.FullName))
            $other = $text -creplace $Pattern, $Replacement
            if ($other -ceq $text -or $other.Length -ne $text.Length) { throw "WaterMeters.Ml.dll does not match '$Pattern' any more." }
            [IO.File]::WriteAllBytes($target, [Text.Encoding]::Latin1.GetBytes($other))
        }
        else { Copy-Item -LiteralPath $file.FullName $target }
    }
}

Export-ModuleMember -Function Get-ErrorKind, New-ErrorInput, Remove-ErrorInput, Get-ErrorCase, Get-CallFailure
