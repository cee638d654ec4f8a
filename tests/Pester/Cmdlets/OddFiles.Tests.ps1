# Files that lie in the folders of photos and are no usual photos, through the cmdlets that list or read them.
BeforeAll {
    Import-Module "$PSScriptRoot/../../Support/TestSupport.psm1"
    $data = New-SampleData
    $model = (New-SampleModel $data).ModelPath
    $photos = @(Get-ChildItem "$data/images" | Select-Object -First 4)

    # A copy of a JPEG without a tenth of its pixel data.
    function Copy-Damaged([string] $From, [string] $To) {
        $bytes = [IO.File]::ReadAllBytes($From)
        $at, $count = [int]($bytes.Length * 0.7), [int]($bytes.Length / 10)
        [IO.File]::WriteAllBytes($To, $bytes[0..($at - 1)] + $bytes[($at + $count)..($bytes.Length - 1)])
    }
}

Describe 'Hidden files and other formats' {
    BeforeAll {
        $set = New-TestFolder
        $null = New-Item -ItemType Directory "$set/images", "$set/masks"
        Copy-Item "$data/masks/*.png" "$set/masks"
        Copy-Item $photos.FullName "$set/images"
        Get-ChildItem "$set/masks" | Where-Object BaseName -NotIn $photos.BaseName | Remove-Item
        Rename-Item "$set/images/$($photos[1].Name)" "$($photos[1].BaseName).jfif"
        $hidden = '._a.jpg', '.trashed-1-a.jpg', '~$a.jpg', 'Thumbs.db', '.DS_Store'
        foreach ($name in $hidden + @('c.heic', 'd.tif', 'e.HEIC')) { Set-Content -LiteralPath "$set/images/$name" 'x' }
    }

    It 'are left out by the prediction of a folder, with one line that counts them' {
        $records = @(Invoke-WmsPrediction "$set/images" -Model $model -WarningVariable said 3>$null)
        $names = @($photos[0].Name, "$($photos[1].BaseName).jfif", $photos[2].Name, $photos[3].Name)
        Split-Path -Leaf $records.ImagePath | Should -Be $names
        @($said) -match 'Left out' | Should -HaveCount 1
        "$said" | Should -BeLike '*3 images of formats*.heic: 2, .tif: 1*c.heic*Left out 3 hidden or temporary files*'
    }

    It 'are left out of wildcards, and taken when they are named' {
        $records = @(Invoke-WmsPrediction "$set/images/*.jpg" -Model $model -WarningVariable said -ErrorAction Stop 3>$null)
        $records | Should -HaveCount 3
        Copy-Item $photos[0].FullName "$set/.named.jpg"
        (Invoke-WmsPrediction "$set/.named.jpg" -Model $model).ImagePath | Should -Be (Join-Path $set '.named.jpg')
    }

    It 'are counted by <_>' -ForEach 'Get', 'Repair', 'Split', 'Merge' {
        $into = New-TestFolder
        $said = switch ($_) {
            'Get' { Get-WmsDataset $set 3>&1 }
            'Repair' { Repair-WmsDataset $set -WhatIf 3>&1 }
            'Split' { Split-WmsDataset $set -WhatIf 3>&1 }
            'Merge' { Merge-WmsDataset $set -Destination "$into/all" 3>&1 }
        }
        @($said | Where-Object { $_ -is [Management.Automation.WarningRecord] -and "$_" -like '*Left out 3 hidden*' }) | Should -HaveCount 1
        if ($_ -eq 'Merge') { Get-ChildItem "$into/all/images" -Force | Should -HaveCount 4 }
        if ($_ -eq 'Get') { @($said | Where-Object { $_ -is [WaterMeters.DatasetSample] }) | Should -HaveCount 4 }
    }

    It 'are a finding of the check, which counts and names them' {
        $report = Test-WmsDataset $set -WarningVariable said 3>$null
        $report.Status | Should -Be 'Pass'
        $report.ImageCount | Should -Be 4
        $finding = @($report.Findings | Where-Object Check -eq 'OtherFormat')
        $finding | Should -HaveCount 1
        $finding.Message | Should -BeLike '*3 images*.heic: 2, .tif: 1*'
        "$said" | Should -BeLike '*Left out 3 hidden or temporary files*'
    }
}

Describe 'Damaged and incomplete files' {
    BeforeAll {
        $odd = New-TestFolder
        Copy-Damaged $photos[0].FullName "$odd/damaged.jpg"
        $bytes = [IO.File]::ReadAllBytes($photos[1].FullName)
        [IO.File]::WriteAllBytes("$odd/end.jpg", $bytes[0..($bytes.Length - 3)])
        [IO.File]::WriteAllBytes("$odd/extra.jpg", $bytes[0..($bytes.Length - 3)] + [byte[]](1..60) + [byte[]](0xff, 0xd9))
        Set-Content "$odd/pointer.jpg" "version https://git-lfs.github.com/spec/v1`noid sha256:12`nsize 4`n" -NoNewline
    }

    It 'are predicted with a warning that names them' {
        $records = @(Invoke-WmsPrediction "$odd/damaged.jpg", "$odd/end.jpg", "$odd/extra.jpg" -Model $model -WarningVariable said 3>$null)
        $records | Should -HaveCount 3
        $said | Should -HaveCount 2
        "$($said[0])" | Should -BeLike '*damaged.jpg*is damaged*Copy it again*'
        "$($said[1])" | Should -BeLike '*end.jpg*no end marker*can be used*'
    }

    It 'are findings of the check and warnings of training and measuring' {
        $set = New-SampleData
        Copy-Damaged $photos[0].FullName "$set/images/$($photos[0].Name)"
        [IO.File]::WriteAllBytes("$set/images/$($photos[1].Name)", $bytes[0..($bytes.Length - 3)])
        $findings = @(Test-WmsDataset $set -PerFinding)
        $findings | ForEach-Object { "$($_.Check) $($_.Severity) $($_.Name)" } |
            Should -Be "PhotoScanDamaged Error $($photos[0].BaseName)", "EndMissing Warning $($photos[1].BaseName)"
        $null = Measure-WmsModel $model $set -All -WarningVariable said -WarningAction SilentlyContinue
        @($said) -match 'is damaged' | Should -HaveCount 1
        "$said" | Should -BeLike "*$($photos[0].Name)*"
    }

    It 'are told apart from Git LFS pointers' {
        "$(Get-Failure { Invoke-WmsPrediction "$odd/pointer.jpg" -Model $model })" | Should -BeLike '*pointer.jpg*git lfs pull*'
    }
}

Describe 'Paths' {
    It 'that are given twice count once' {
        $folder = New-TestFolder
        $one = $photos[0].FullName
        $records = @($one, $one, "$data/images", $one | Invoke-WmsPrediction -Model $model -OutputPath $folder -ErrorAction Stop)
        $records | Should -HaveCount 24
        (Test-WmsDataset $data, $data, "$data/").ImageCount | Should -Be 24
        Get-WmsDataset $data, $data | Should -HaveCount 24
    }

    It 'to pipes are refused without opening them' {
        if ($IsWindows) { Set-ItResult -Skipped -Because 'Windows has no pipes in folders' }
        $folder = New-TestFolder
        mkfifo "$folder/pipe.jpg"
        "$(Get-Failure { Invoke-WmsPrediction "$folder/pipe.jpg" -Model $model })" | Should -BeLike '*pipe.jpg*is a named pipe*'
        "$(Get-Failure { Invoke-WmsPrediction $folder -Model $model })" | Should -BeLike '*pipe.jpg*is a named pipe*'
    }
}
