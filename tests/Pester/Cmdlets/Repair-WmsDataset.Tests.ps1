BeforeAll {
    Import-Module "$PSScriptRoot/../../Support/TestSupport.psm1", "$PSScriptRoot/../../Support/DatasetKills.psm1"
}

Describe 'Repair-WmsDataset' {
    It 'repairs <_>, after which no check reports anything' -ForEach @(
        'MaskJpeg', 'MaskAlpha', 'MaskSixteenBit', 'MaskPalette', 'PhotoOrientation', 'MaskLabels'
    ) {
        $folder = New-TestFolder
        $planted = New-WmsSampleDataset $folder -Count 1 -Size 128 -Defect $_ | Where-Object { $_ -is [WaterMeters.PlantedDefect] }
        $repair = Repair-WmsDataset $folder
        $repair | Should -BeOfType WaterMeters.DatasetRepair
        $repair.Outcome, $repair.Repairs, $repair.OldPath | Should -Be 'Repaired', $planted.Check, $planted.Path
        $repair.NewHash | Should -Be (Get-FileHash -LiteralPath $repair.Path).Hash
        $repair.BackupPath | Should -Be (Join-Path $folder 'originals' 'masks' (Split-Path $planted.Path -Leaf))
        (Get-FileHash -LiteralPath $repair.BackupPath).Hash | Should -Be $repair.OldHash
        (Test-WmsDataset $folder -Strict -PerFinding).Check | Should -Be 'PartTooSmall'
        Repair-WmsDataset $folder | Should -BeNullOrEmpty
        @(Get-FileName $folder) -notlike 'originals/*' | Should -HaveCount 4
    }

    It 'names the folder of the originals in one line, and keeps none with -NoBackup' {
        $folder = New-TestFolder
        $null = New-WmsSampleDataset $folder -Count 1 -Size 128 -Defect MaskJpeg, MaskPalette
        $null = Repair-WmsDataset $folder -InformationVariable lines 6>$null
        $lines.Tags | Should -Contain 'WmsOriginals'
        "$lines" | Should -BeLike "*$(Join-Path $folder 'originals')*: 2.*"
        $null = New-WmsSampleDataset "$folder/more" -Count 1 -Size 128 -Defect MaskJpeg
        (Repair-WmsDataset "$folder/more" -NoBackup -InformationVariable lines).BackupPath | Should -BeNullOrEmpty
        $lines | Should -BeNullOrEmpty
        "$folder/more/originals" | Should -Not -Exist
        (Get-Failure { Repair-WmsDataset $folder -NoBackup -BackupPath "$folder/b" }).FullyQualifiedErrorId |
            Should -BeLike 'SettingUnusable,*'
    }

    It 'does not touch defects that need a decision' {
        $folder = New-TestFolder
        $null = New-WmsSampleDataset $folder -Count 1 -Size 128 -Defect All
        $before = Get-FolderHash $folder
        $touched = @(
            Repair-WmsDataset $folder -NoBackup | ForEach-Object { $_.OldPath; $_.Path } |
                ForEach-Object { [IO.Path]::GetRelativePath($folder, $_).Replace('\', '/') }
        )
        $after = Get-FolderHash $folder
        foreach ($name in @($before.Keys) + @($after.Keys) | Where-Object { $_ -notin $touched }) {
            $after[$name] | Should -Be $before[$name]
        }
    }

    It 'rotates no mask while another may be upside down, except with -Force' {
        $folder = New-TestFolder
        $null = New-WmsSampleDataset $folder -Count 1 -Size 128 -Defect PhotoOrientation, PhotoUpsideDown
        $left = Repair-WmsDataset $folder
        $left.Outcome, $left.Path | Should -Be 'Left', $left.OldPath
        $left.Reason | Should -BeLike '*OrientationDiffers*-Force*'
        (Repair-WmsDataset $folder -Force).Outcome | Should -Be 'Repaired'
    }

    It 'lists each file and repair with -WhatIf, and writes nothing' {
        $folder = New-TestFolder
        $null = New-WmsSampleDataset $folder -Count 1 -Size 128 -Defect MaskJpeg, MaskPalette
        $before = Get-FolderHash $folder
        $child = Invoke-ChildPwsh -ImportModule ("Repair-WmsDataset '$folder' -BackupPath '$folder/before' -WhatIf | " +
            "ForEach-Object { `"`$(`$_.Name) `$(`$_.Outcome)`" }")
        $child.Error | Should -BeNullOrEmpty
        $child.Output | Should -HaveCount 4
        $child.Output[-2..-1] | Should -Be 'defect-mask-jpeg WouldRepair', 'defect-mask-palette WouldRepair'
        "$($child.Output)" | Should -Match 'Repair MaskJpeg and save as .defect-mask-jpeg\.png.*defect-mask-jpeg\.jpg'
        "$($child.Output)" | Should -Match 'Repair Palette.*defect-mask-palette\.png'
        $after = Get-FolderHash $folder
        foreach ($name in @($before.Keys) + @($after.Keys)) { $after[$name] | Should -Be $before[$name] }
    }

    It 'keeps the original files with -BackupPath' {
        $folder = New-TestFolder
        $null = New-WmsSampleDataset "$folder/data" -Count 1 -Size 128 -Defect MaskJpeg, MaskPalette
        $before = Get-FolderHash "$folder/data"
        $repairs = @(Repair-WmsDataset "$folder/data" -BackupPath "$folder/before")
        $kept = Get-FolderHash "$folder/before"
        $kept.Keys | Sort-Object | Should -Be 'masks/defect-mask-jpeg.jpg', 'masks/defect-mask-palette.png'
        foreach ($name in $kept.Keys) { $kept[$name] | Should -Be $before[$name] }
        foreach ($repair in $repairs) { (Get-FileHash -LiteralPath $repair.BackupPath).Hash | Should -Be $repair.OldHash }
    }

    It 'refuses a backup folder inside the data set' {
        $folder = New-TestFolder
        $null = New-WmsSampleDataset $folder -Count 1 -Size 128 -Defect MaskJpeg
        $failure = Get-Failure { Repair-WmsDataset $folder -BackupPath "$folder/masks" }
        $failure.FullyQualifiedErrorId | Should -BeLike 'SettingUnusable,*'
        $failure.TargetObject | Should -Be 'BackupPath'
    }

    It 'continues after a folder that is not a data set, and uses the current folder when none is given' {
        $folder = New-TestFolder
        $null = New-WmsSampleDataset "$folder/data" -Count 1 -Size 128 -Defect MaskJpeg
        $null = New-Item -ItemType Directory "$folder/a"
        $failure = Get-Failure { Repair-WmsDataset "$folder/a", "$folder/data" }
        $failure.FullyQualifiedErrorId | Should -BeLike 'DatasetUnusable,*'
        $failure.TargetObject | Should -Be (Join-Path $folder 'a')
        Join-Path $folder 'data' 'masks' 'defect-mask-jpeg.png' | Should -Exist
        $null = New-WmsSampleDataset "$folder/data" -Count 1 -Size 128 -Defect MaskPalette -Force
        Push-Location "$folder/data"
        try { (Repair-WmsDataset).Repairs | Should -Be 'Palette' } finally { Pop-Location }
    }

    It 'keeps a repaired photo in its part, and a merge recognizes its original file' {
        $folder = New-TestFolder
        $null = New-WmsSampleDataset "$folder/data" -Count 1 -Size 128 -Defect MaskPalette
        Copy-Item "$folder/data/masks/defect-mask-palette.png" "$folder/data/images/photo.png"
        Copy-Item "$folder/data/masks/sample_0001.png" "$folder/data/masks/photo.png"
        Copy-Item "$folder/data" "$folder/old" -Recurse
        $part = (Get-WmsDataset "$folder/data" | Where-Object Name -EQ photo).Split
        $repair = Repair-WmsDataset "$folder/data" | Where-Object { $_.Path -like '*images*' }
        $repair.OldHash | Should -Not -Be $repair.NewHash
        (Get-WmsDataset "$folder/data" | Where-Object Name -EQ photo).Split | Should -Be $part
        (Merge-WmsDataset "$folder/old" "$folder/data" | Where-Object Name -EQ photo).Outcome | Should -Be 'AlreadyThere'
    }

    It 'loses nothing when killed, and a second call finishes the work' {
        $results = @(Test-DatasetKill (New-KillData (New-TestFolder) (Get-ModulePath) -Seeds 1) Repair 2 -Backup)
        $results.Fault | Where-Object { $_ } | Should -BeNullOrEmpty
        $results.Killed | Should -Be $true, $true
    }
}
