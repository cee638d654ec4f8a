# Faulty files, and the error that each cmdlet must give for them: tests/Proofs/BadInput.ps1 and BadInput.Tests.ps1.
Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'
Import-Module "$PSScriptRoot/PngFile.psm1", "$PSScriptRoot/DvcRepository.psm1"

<#
.SYNOPSIS
Writes valid and faulty photos, data sets and models into a folder. Returns their paths.
#>
function New-BadInput {
    param([Parameter(Mandatory)] [string] $Path)

    $in = @{ Root = $Path; Data = "$Path/data"; Bad = "$Path/bad"; Photos = "$Path/photos"; Models = "$Path/models"; File = "$Path/file" }
    Set-Content -LiteralPath $in.File 'a file where a folder should be'
    $null = New-WmsSampleDataset $in.Data -Size 128 -Count 24
    $in.Model = (Start-WmsTraining $in.Data -OutputPath "$Path/run" -BaseChannels 4 -Stage 64x1x8 -InformationAction Ignore).ModelPath
    $photos = @(Get-ChildItem "$($in.Data)/images")

    $null = New-Item -ItemType Directory $in.Photos, $in.Models, "$Path/no photos", "$Path/taken/02.png"
    $names = '01.jpg', '02.jpg', 'IMG[1].jpg', 'with space.jpg',
        "za$([char]0x17c)$([char]0xf3)$([char]0x142)$([char]0x107) $([char]0x6c34)$([char]0x8868).jpg"
    foreach ($i in 0..($names.Count - 1)) { [IO.File]::Copy($photos[$i].FullName, "$($in.Photos)/$($names[$i])") }
    $in.GoodPhotos = $names
    Write-BadPhoto $in.Photos $photos[0].FullName
    [IO.File]::Copy($photos[0].FullName, "$($in.Photos)/twin.jpg")
    [IO.File]::Copy($photos[1].FullName, "$($in.Photos)/twin.jpeg")

    Copy-Item $in.Data $in.Bad -Recurse
    Write-BadPhoto "$($in.Bad)/images" $photos[0].FullName
    foreach ($name in 'empty', 'text', 'cut', 'one', 'huge') { Copy-Item "$($in.Bad)/masks/sample_0001.png" "$($in.Bad)/masks/$name.png" }
    [IO.File]::WriteAllBytes("$($in.Bad)/masks/one.png", (New-Png 1 1))
    Copy-Item "$($in.Bad)/masks/sample_0001.png" "$($in.Bad)/masks/sample_0002.png"
    [IO.File]::WriteAllBytes("$($in.Bad)/masks/sample_0003.png", @())
    Copy-Item $photos[3].FullName "$($in.Bad)/images/sample_0004.jpeg"
    Remove-Item "$($in.Bad)/masks/sample_0005.png", "$($in.Bad)/images/sample_0006.jpg"

    $bytes = [IO.File]::ReadAllBytes($in.Model)
    [IO.File]::WriteAllBytes("$($in.Models)/cut.safetensors", $bytes[0..($bytes.Length / 2)])
    Set-Content "$($in.Models)/text.safetensors" 'no model at all'
    $header = [Text.Encoding]::ASCII.GetBytes('{"weight":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}')
    [IO.File]::WriteAllBytes("$($in.Models)/foreign.safetensors",
        [BitConverter]::GetBytes([long] $header.Length) + $header + [byte[]]::new(4))
    $latin = [Text.Encoding]::Latin1
    [IO.File]::WriteAllBytes("$($in.Models)/liar.safetensors",
        $latin.GetBytes($latin.GetString($bytes).Replace('"watermeters.base_channels":"4"', '"watermeters.base_channels":"8"')))
    Set-Content "$($in.Models)/weights.pth" 'another format'
    $pickle = [Text.Encoding]::Latin1.GetBytes("`u{80}`u{2}cos`nsystem`nU`u{4}exit`u{85}R.")
    [IO.File]::WriteAllBytes("$($in.Models)/command.pth", $pickle)
    Set-Content "$($in.Models)/weights.pt2" 'another format'

    # A damaged .dvc file, and a listing from elsewhere that leads out of its folder.
    $in.Repository = New-DvcRepository "$Path/repository"
    Set-Content "$($in.Repository)/broken.dvc" 'outs: ['
    $listing = [Text.Encoding]::ASCII.GetBytes('[{"md5": "d41d8cd98f00b204e9800998ecf8427e", "relpath": "../../escaped"}]')
    $hash = [Convert]::ToHexString([Security.Cryptography.MD5]::HashData($listing)).ToLowerInvariant() + '.dir'
    $object = Get-DvcObjectPath "$($in.Repository)/remote" $hash
    $null = New-Item -ItemType Directory (Split-Path $object)
    [IO.File]::WriteAllBytes($object, $listing)
    Set-Content "$($in.Repository)/hostile.dvc" "outs:`n- md5: $hash`n  hash: md5`n  path: hostile"

    # Whether this user is stopped by a folder without write permission: root is not, and Windows uses access control lists.
    $in.ReadOnly = "$Path/read-only"
    $null = New-Item -ItemType Directory $in.ReadOnly
    if (-not $IsWindows) {
        [IO.File]::SetUnixFileMode($in.ReadOnly, [IO.UnixFileMode] 'UserRead, UserExecute')
        try { [IO.File]::WriteAllText("$($in.ReadOnly)/probe", ''); $in.ReadOnly = $null } catch [UnauthorizedAccessException] { }
    }
    else { $in.ReadOnly = $null }

    # Folders of the kernel refuse files even from root.
    if ($IsLinux -and $null -eq $in.ReadOnly -and (Test-Path '/sys/kernel')) { $in.ReadOnly = '/sys/kernel' }
    $in
}

function Write-BadPhoto([string] $Folder, [string] $Good) {
    $bytes = [IO.File]::ReadAllBytes($Good)
    [IO.File]::WriteAllBytes("$Folder/empty.jpg", @())
    [IO.File]::WriteAllBytes("$Folder/cut.jpg", $bytes[0..($bytes.Length * 2 / 3)])
    Set-Content "$Folder/text.jpg" 'a text with the name of a photo'
    [IO.File]::WriteAllBytes("$Folder/one.png", (New-Png 1 1))
    [IO.File]::WriteAllBytes("$Folder/huge.png", (New-Png 60000 60000))
}

<#
.SYNOPSIS
The cases: a command, the errors it must give (id and the end of the target's path), and the number of records that must come too.
.DESCRIPTION
The error message must contain every string of Names; the default is the target's file name.
#>
function Get-BadInputCase {
    param([Parameter(Mandatory)] [hashtable] $In)

    $i = $In
    function Case([string] $Name, [scriptblock] $Command, [string[]] $Errors, [int] $Rest = 0, [string[]] $Names = @()) {
        [pscustomobject]@{ Name = $Name; Command = $Command; Errors = $Errors; Rest = $Rest; Names = $Names }
    }

    Case 'Restore-WmsDataset: a damaged .dvc file' { Restore-WmsDataset "$($i.Repository)/broken.dvc" }.GetNewClosure() `
        'VersionUnusable broken.dvc'
    Case 'Restore-WmsDataset: a listing that leads out of its folder' { Restore-WmsDataset "$($i.Repository)/hostile" }.GetNewClosure() `
        'VersionUnusable .dir' 0 'escaped', 'Nothing was written'
    Case 'Publish-WmsDataset: a folder in no repository' { Publish-WmsDataset "$($i.Data)/images" }.GetNewClosure() `
        'VersionNotFound images'
    Case 'Compare-WmsDataset: a folder that was never published' `
        { $null = New-Item -ItemType Directory -Force "$($i.Repository)/new"; Compare-WmsDataset "$($i.Repository)/new" }.GetNewClosure() `
        'VersionNotFound new'

    # Wine has no git.
    $none = (Get-Command git -ErrorAction Ignore) ? 'GitRepositoryMissing photos' : 'GitMissing git'
    Case 'Install-WmsHook: a folder in no repository' { Install-WmsHook $i.Photos }.GetNewClosure() $none 0 @('')
    Case 'Uninstall-WmsHook: a folder in no repository' { Uninstall-WmsHook $i.Photos }.GetNewClosure() $none 0 @('')
    Case 'Install-WmsHook: a missing folder' { Install-WmsHook "$($i.Root)/nowhere" }.GetNewClosure() 'PathNotFound nowhere'

    Case 'Invoke-WmsTerraform: a folder that is missing' { Invoke-WmsTerraform "$($i.Root)/nowhere" }.GetNewClosure() `
        'PathNotFound nowhere'

    # The cloud of the first cases is one that is not there: nothing is sent before the settings are complete.
    $at = @{ Region = 'eu-central-1'; EndpointUrl = 'http://127.0.0.1:9' }
    foreach ($verb in 'Get', 'Start', 'Stop', 'Remove') {
        $more = $verb -eq 'Remove' ? @{ Terminate = $true } : @{}
        $cmdlet = "$verb-WmsInfrastructure"
        Case "${cmdlet}: no bucket" { & $cmdlet @at @more }.GetNewClosure() 'InfrastructureNotConfigured BucketName'
        Case "${cmdlet}: a profile that does not exist" { & $cmdlet -ProfileName nowhere -BucketName b @at @more }.GetNewClosure() `
            'InfrastructureNotConfigured nowhere'
        Case "${cmdlet}: an endpoint that is not an address" `
            { & $cmdlet -BucketName b -Region eu-central-1 -EndpointUrl nowhere @more }.GetNewClosure() 'SettingUnusable EndpointUrl'
    }
    Case 'Remove-WmsInfrastructure: nothing chosen' { Remove-WmsInfrastructure -BucketName b @at }.GetNewClosure() `
        'SettingUnusable Terminate'
    Case 'Set-WmsSecret: a repository that is none' { Set-WmsSecret nowhere -ProfileName nobody } 'SettingUnusable Repository' 0 `
        'nowhere', 'owner/name'
    Case 'Set-WmsSecret: a profile that does not exist' { Set-WmsSecret ana/meters -ProfileName nobody } `
        'InfrastructureNotConfigured nobody'
    Case 'Sync-WmsModel: -Keep with -Stop' { Sync-WmsModel -Keep -Stop } 'SettingUnusable Keep'
    Case 'Test-WmsEnvironment: an endpoint that is not an address' { Test-WmsEnvironment -EndpointUrl nowhere }.GetNewClosure() `
        'SettingUnusable EndpointUrl' 10

    $photos = 'empty.jpg', 'cut.jpg', 'text.jpg', 'huge.png'
    foreach ($file in $photos) {
        Case "Invoke-WmsPrediction: $file among valid photos" {
            '01.jpg', $file, '02.jpg' | ForEach-Object { "$($i.Photos)/$_" } | Invoke-WmsPrediction -Model $i.Model
        }.GetNewClosure() "PhotoUnusable $file" 2
    }
    Case 'Invoke-WmsPrediction: a folder of valid and faulty photos' {
        Invoke-WmsPrediction $i.Photos -Model $i.Model -OutputPath "$($i.Root)/out1" -Overlay
    }.GetNewClosure() (@($photos | ForEach-Object { "PhotoUnusable $_" }) + 'PhotoUnusable twin.jpg') 7 @('')
    Case 'Invoke-WmsPrediction: two photos with one name' {
        Invoke-WmsPrediction "$($i.Photos)/twin.jpg", "$($i.Photos)/twin.jpeg" -Model $i.Model -OutputPath "$($i.Root)/out2"
    }.GetNewClosure() 'PhotoUnusable twin.jpeg' 1 'twin.jpg', 'twin.jpeg'
    Case 'Invoke-WmsPrediction: brackets, spaces, non-ASCII letters' {
        Get-ChildItem $i.Photos | Where-Object Name -in $i.GoodPhotos | Invoke-WmsPrediction -Model $i.Model -OutputPath "$($i.Root)/out3"
    }.GetNewClosure() @() 5
    Case 'Invoke-WmsPrediction: a photo of one pixel' `
        { Invoke-WmsPrediction "$($i.Photos)/one.png" -Model $i.Model -OutputPath "$($i.Root)/out4" -Overlay }.GetNewClosure() @() 1
    Case 'Invoke-WmsPrediction: a missing photo' {
        'nothing.jpg', '01.jpg' | ForEach-Object { "$($i.Photos)/$_" } | Invoke-WmsPrediction -Model $i.Model
    }.GetNewClosure() 'PathNotFound nothing.jpg' 1
    Case 'Invoke-WmsPrediction: a missing file as -LiteralPath' {
        Invoke-WmsPrediction -LiteralPath "$($i.Photos)/no[1].jpg", "$($i.Photos)/01.jpg" -Model $i.Model
    }.GetNewClosure() 'PhotoUnusable no[1].jpg' 1
    Case 'Invoke-WmsPrediction: a missing drive' {
        Invoke-WmsPrediction -LiteralPath 'nodrive:/01.jpg', "$($i.Photos)/01.jpg" -Model $i.Model
    }.GetNewClosure() 'DriveNotFound nodrive:/01.jpg' 1
    Case 'Invoke-WmsPrediction: a folder without photos' `
        { Invoke-WmsPrediction "$($i.Root)/no photos", "$($i.Photos)/01.jpg" -Model $i.Model }.GetNewClosure() 'NoPhotos no photos' 1
    Case 'Invoke-WmsPrediction: a folder with the mask''s name' {
        Invoke-WmsPrediction "$($i.Photos)/01.jpg", "$($i.Photos)/02.jpg" -Model $i.Model -OutputPath "$($i.Root)/taken"
    }.GetNewClosure() 'PhotoUnusable 02.png' 1
    Case 'Invoke-WmsPrediction: an existing mask' {
        foreach ($names in '01.jpg', '0?.jpg') { Invoke-WmsPrediction "$($i.Photos)/$names" -Model $i.Model -OutputPath "$($i.Root)/out5" }
    }.GetNewClosure() 'MaskExists 01.jpg' 2 '01.png'
    Case 'Invoke-WmsPrediction: a file as output folder' `
        { Invoke-WmsPrediction "$($i.Photos)/01.jpg" -Model $i.Model -OutputPath $i.File }.GetNewClosure() 'SettingUnusable file' 0
    if ($null -ne $i.ReadOnly) {
        $readOnly = $i.ReadOnly ? (Split-Path $i.ReadOnly -Leaf) : ""
        Case 'Invoke-WmsPrediction: a read-only output folder' `
            { Invoke-WmsPrediction "$($i.Photos)/01.jpg" -Model $i.Model -OutputPath $i.ReadOnly }.GetNewClosure() 'PhotoUnusable 01.png'
        Case 'Start-WmsTraining: a read-only output folder' `
            { Start-WmsTraining $i.Data -OutputPath $i.ReadOnly -BaseChannels 4 -Stage 64x1x8 }.GetNewClosure() "TrainingFailed $readOnly"
        Case 'New-WmsSampleDataset: a read-only folder' `
            { New-WmsSampleDataset $i.ReadOnly -Count 1 }.GetNewClosure() "DatasetUnusable $readOnly"
        Case 'Test-WmsDataset: a report in a read-only folder' `
            { Test-WmsDataset $i.Data -ReportPath "$($i.ReadOnly)/report.json" }.GetNewClosure() 'DatasetUnusable report.json' 1
    }
    foreach ($file in 'cut.safetensors', 'text.safetensors', 'foreign.safetensors', 'liar.safetensors',
        'weights.pth', 'command.pth', 'weights.pt2') {
        Case "Invoke-WmsPrediction: the model $file" `
            { Invoke-WmsPrediction "$($i.Photos)/01.jpg" -Model "$($i.Models)/$file" }.GetNewClosure() "ModelUnusable $file"
        Case "Measure-WmsModel: $file before a valid model" {
            "$($i.Models)/$file", $i.Model | ForEach-Object { [pscustomobject]@{ ModelPath = $_ } } | Measure-WmsModel -DataPath $i.Data
        }.GetNewClosure() "ModelUnusable $file" 1
        Case "Compare-WmsModel: the baseline $file" `
            { Compare-WmsModel $i.Model "$($i.Models)/$file" $i.Data }.GetNewClosure() "ModelUnusable $file"
        Case "Compare-WmsModel -Quiet: the candidate $file" `
            { Compare-WmsModel "$($i.Models)/$file" $i.Model $i.Data -Quiet }.GetNewClosure() "ModelUnusable $file" 1
    }
    Case 'Invoke-WmsPrediction: a missing model' {
        Invoke-WmsPrediction "$($i.Photos)/01.jpg" -Model "$($i.Models)/none.safetensors"
    }.GetNewClosure() 'ModelNotFound none.safetensors'
    Case 'Measure-WmsModel: a folder as model' { Measure-WmsModel $i.Models $i.Data }.GetNewClosure() 'ModelUnusable models'

    Case 'Get-WmsDataset: a missing folder beside a data set' `
        { Get-WmsDataset "$($i.Root)/nowhere", $i.Data }.GetNewClosure() 'PathNotFound nowhere' 24
    Case 'Get-WmsDataset: a folder that is not a data set beside one that is' `
        { Get-WmsDataset $i.Photos, $i.Data }.GetNewClosure() 'DatasetUnusable photos' 24
    $unusable = 'empty.jpg', 'text.jpg', 'huge.png', 'sample_0003.png' | ForEach-Object { "PhotoUnusable $_" }
    Case 'Get-WmsDataset: unreadable pairs' { Get-WmsDataset $i.Bad }.GetNewClosure() $unusable 23 @('')
    Case 'Get-WmsDataset: a missing split file' `
        { Get-WmsDataset $i.Data -SplitPath "$($i.Root)/split.json" }.GetNewClosure() 'DatasetUnusable split.json'
    Case 'Get-WmsDataset: an invalid split file' { Get-WmsDataset $i.Data -SplitPath $i.File }.GetNewClosure() 'DatasetUnusable file'
    $unusable = 'empty.jpg', 'text.jpg', 'huge.png', 'cut.jpg', 'sample_0002.png', 'sample_0003.png' |
        ForEach-Object { "PhotoUnusable $_" }
    Case 'Measure-WmsModel: unreadable pairs' `
        { Measure-WmsModel $i.Model $i.Bad -All -PerImage }.GetNewClosure() $unusable 21 @('')
    Case 'Measure-WmsModel: a missing folder' { Measure-WmsModel $i.Model "$($i.Root)/nowhere" }.GetNewClosure() 'DatasetUnusable nowhere'
    Case 'Compare-WmsModel: a missing folder' `
        { Compare-WmsModel $i.Model $i.Model "$($i.Root)/nowhere" }.GetNewClosure() 'DatasetUnusable nowhere'
    $remote = @{ Remote = $true; BucketName = 'bucket'; Region = 'eu-central-1'; NoTracking = $true; OutputPath = "$($i.Root)/remote" }
    Case 'Start-WmsTraining -Remote: a data set in no repository' { Start-WmsTraining $i.Data @remote }.GetNewClosure() `
        'VersionNotFound data'
    Case 'Start-WmsTraining -Remote: a damaged .dvc file' { Start-WmsTraining "$($i.Repository)/broken" @remote }.GetNewClosure() `
        'VersionUnusable broken.dvc'
    Case 'Start-WmsTraining -Remote: a remote that the machine does not reach' `
        { Start-WmsTraining "$($i.Repository)/hostile" @remote }.GetNewClosure() 'VersionUnusable store' 0 'hostile', '-Remote'
    Case 'Start-WmsTraining: a missing folder before a data set' {
        "$($i.Root)/nowhere", $i.Data | Start-WmsTraining -OutputPath "$($i.Root)/run2" -BaseChannels 4 -Stage 64x1x8
    }.GetNewClosure() 'DatasetUnusable nowhere' 1
    Case 'Start-WmsTraining: unreadable photos' `
        { Start-WmsTraining $i.Bad -OutputPath "$($i.Root)/run3" -BaseChannels 4 -Stage 64x1x8 }.GetNewClosure() 'DatasetUnusable bad'
    Case 'Start-WmsTraining: a file as output folder' `
        { Start-WmsTraining $i.Data -OutputPath $i.File -BaseChannels 4 -Stage 64x1x8 }.GetNewClosure() 'TrainingFailed file'
    Case 'Start-WmsTraining: an existing run' `
        { Start-WmsTraining $i.Data -OutputPath "$($i.Root)/run" -BaseChannels 4 -Stage 64x1x8 }.GetNewClosure() 'TrainingFailed run'
    Case 'Start-WmsTraining: a value out of range' `
        { Start-WmsTraining $i.Data -OutputPath "$($i.Root)/run4" -LearningRate -1 }.GetNewClosure() 'SettingUnusable LearningRate'
    Case 'Start-WmsTraining: a missing train.yaml' {
        Start-WmsTraining $i.Data -OutputPath "$($i.Root)/run4" -ConfigPath "$($i.Root)/train.yaml"
    }.GetNewClosure() 'SettingUnusable train.yaml'
    Case 'Start-WmsTraining: a folder as tracking store' {
        Start-WmsTraining $i.Data -OutputPath "$($i.Root)/run4" -TrackingUri $i.Photos
    }.GetNewClosure() 'TrackingAddressUnsupported photos'
    Case 'Get-WmsRun: a file without an address' { Get-WmsRun -TrackingUri $i.File }.GetNewClosure() 'TrackingAddressUnsupported file'
    Case 'Get-WmsRun: the name of a run that does not exist' `
        { Get-WmsRun nowhere -TrackingUri "$($i.Root)/none.db" }.GetNewClosure() 'TrackingNotFound nowhere'
    Case 'Sync-WmsRun: a database in the place of a server' `
        { Sync-WmsRun -TrackingUri "$($i.Root)/none.db" }.GetNewClosure() 'SettingUnusable TrackingUri' 0 'none.db'
    Case 'Merge-WmsDataset: a missing folder beside a data set' `
        { Merge-WmsDataset "$($i.Root)/nowhere", $i.Data "$($i.Root)/merged" }.GetNewClosure() 'PathNotFound nowhere' 24
    Case 'Merge-WmsDataset: a folder that is not a data set beside one that is' `
        { Merge-WmsDataset $i.Photos, $i.Data "$($i.Root)/merged2" }.GetNewClosure() 'DatasetUnusable photos' 24
    Case 'Merge-WmsDataset: a file as destination' { Merge-WmsDataset $i.Data $i.File }.GetNewClosure() 'DatasetUnusable file'
    Case 'Repair-WmsDataset: a missing folder' { Repair-WmsDataset "$($i.Root)/nowhere" }.GetNewClosure() 'PathNotFound nowhere'
    Case 'Repair-WmsDataset: a folder that is not a data set beside one that is' `
        { Repair-WmsDataset $i.Photos, $i.Data }.GetNewClosure() 'DatasetUnusable photos'
    Case 'Repair-WmsDataset: a backup folder inside the data set' `
        { Repair-WmsDataset $i.Data -BackupPath $i.Data }.GetNewClosure() 'SettingUnusable BackupPath'
    Case 'New-WmsSampleDataset: a file as folder' { New-WmsSampleDataset $i.File -Count 1 }.GetNewClosure() 'DatasetUnusable file'
    Case 'New-WmsSampleDataset: existing photos' { New-WmsSampleDataset $i.Data -Count 1 }.GetNewClosure() 'DatasetUnusable sample_0001.jpg'
    Case 'Test-WmsDataset: a report below a file' `
        { Test-WmsDataset $i.Data -ReportPath "$($i.File)/report.json" }.GetNewClosure() 'DatasetUnusable report.json' 1

    $findings = 'PhotoUnreadable empty.jpg', 'PhotoUnreadable text.jpg', 'PhotoUnreadable cut.jpg', 'PhotoUnreadable huge.png',
        'MaskNearlyEmpty one.png', 'SizeMismatch sample_0002.png', 'MaskUnreadable sample_0003.png', 'DuplicateName sample_0004.jpg',
        'PhotoWithoutMask sample_0005.jpg', 'MaskWithoutPhoto sample_0006.png'
    foreach ($finding in $findings) {
        $check, $file = $finding -split ' '
        Case "Test-WmsDataset: $check $file" {
            Test-WmsDataset $i.Bad -PerFinding |
                Where-Object { $_.Check -eq $check -and (Split-Path $_.Path -Leaf) -eq $file -and $_.Message -match '\. \S' }
        }.GetNewClosure() @() 1
    }
    Case 'Test-WmsDataset: valid pairs beside faulty ones' `
        { (Test-WmsDataset $i.Bad) | Where-Object ValidPairs -eq 20 }.GetNewClosure() @() 1
    Case 'Test-WmsDataset: a folder that is not a data set' {
        Test-WmsDataset $i.Photos, $i.Data -PerFinding |
            Where-Object { $_.Check -eq 'NoDataset' -and $_.Message -like '*photos*' }
    }.GetNewClosure() @() 1
    Case 'Test-WmsDataset: a missing folder beside a data set' `
        { Test-WmsDataset "$($i.Root)/nowhere", $i.Data }.GetNewClosure() 'PathNotFound nowhere' 1
    Case 'Test-WmsDataset: a missing drive' { Test-WmsDataset 'nodrive:/data', $i.Data }.GetNewClosure() 'DriveNotFound nodrive:/data' 1
}

<#
.SYNOPSIS
Runs a case and returns the differences from what it expects, or nothing.
#>
function Test-BadInputCase {
    param([Parameter(Mandatory)] [pscustomobject] $Case)

    $records, $errors = @(), @()
    # The command reads the preference of the scope it was written in, then the session's.
    $preference = $global:ErrorActionPreference
    $global:ErrorActionPreference = 'Continue'
    try { & $Case.Command 2>&1 6>$null | ForEach-Object { $records += $_ } }
    catch { $errors = @($_) }
    finally { $global:ErrorActionPreference = $preference }
    $errors += @($records | Where-Object { $_ -is [Management.Automation.ErrorRecord] })
    $records = @($records | Where-Object { $_ -isnot [Management.Automation.ErrorRecord] })

    if ($records.Count -ne $Case.Rest) { "$($records.Count) records came, not $($Case.Rest)" }
    if ($errors.Count -ne $Case.Errors.Count) { "$($errors.Count) errors came, not $($Case.Errors.Count): $($errors -join ' | ')" }
    foreach ($expected in $Case.Errors) {
        $id, $target = $expected -split ' ', 2
        $found = @(
            $errors | Where-Object {
                $_.FullyQualifiedErrorId -like "$id,*" -and ($target -eq '*' -or "$($_.TargetObject)".Replace('\', '/').EndsWith($target))
            }
        )
        if (-not $found) {
            "no error '$id' with a target '$target': $($errors | ForEach-Object { "$($_.FullyQualifiedErrorId) ($($_.TargetObject)) $_" })"
            continue
        }
        foreach ($name in $Case.Names ? $Case.Names : @($target -eq '*' ? "$($found[0].TargetObject)" : $target)) {
            if (-not "$($found[0])".Contains($name)) { "the error does not name '$name': $($found[0])" }
        }
        if ("$($found[0])" -notmatch '[.;)] [-\p{L}].*\.$') { "the error names no next step: $($found[0])" }
    }
}

Export-ModuleMember -Function New-BadInput, Get-BadInputCase, Test-BadInputCase
