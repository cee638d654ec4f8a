BeforeAll {
    Import-Module "$PSScriptRoot/../../Support/TestSupport.psm1", "$PSScriptRoot/../../Support/GateCases.psm1"
    $data = New-SampleData
    $run = New-SampleModel $data
    $model = $run.ModelPath
    $everywhere, $nowhere = 'everywhere', 'nowhere' | ForEach-Object { Join-Path (Split-Path $model) "$_.safetensors" }
    Edit-Model $model $everywhere @{ 'final.weight' = 0; 'final.bias' = 1 }
    Edit-Model $model $nowhere @{ 'final.weight' = 0; 'final.bias' = -1 }
    $photos = @(Get-ChildItem "$data/images" | Select-Object -First 4)
}

Describe 'Invoke-WmsPrediction' {
    It 'returns one flat record per photo, in order, and writes nothing by default' {
        $folder = New-TestFolder
        Push-Location $folder
        try { $records = @(Invoke-WmsPrediction $photos.FullName -Model $model) } finally { Pop-Location }
        $records | Should -BeOfType WaterMeters.Prediction
        $records.ImagePath | Should -Be $photos.FullName
        @($records.MaskPath) + $records.OverlayPath | Where-Object { $_ } | Should -BeNullOrEmpty
        $records.ModelPath | Sort-Object -Unique | Should -Be $model
        $records[0].psobject.Properties.Value | Where-Object { $null -ne $_ -and $_ -isnot [string] -and $_ -isnot [valuetype] } |
            Should -BeNullOrEmpty
        Get-ChildItem $folder | Should -BeNullOrEmpty
    }

    It 'writes masks of the photos'' sizes, and overlays beside them' {
        $folder = Join-Path (New-TestFolder) 'masks'
        $records = @($photos | Invoke-WmsPrediction -Model $model -OutputPath $folder -Overlay)
        Get-FileName $folder | Should -Be ($photos.BaseName | ForEach-Object { "$_.overlay.jpg"; "$_.png" })
        $records.MaskPath + $records.OverlayPath | Should -Exist
        # As a data set, the masks must be as large as the photos, and binary.
        $set = New-TestFolder
        Copy-Item $folder "$set/masks" -Recurse
        Remove-Item "$set/masks/*.overlay.jpg"
        $null = New-Item -ItemType Directory "$set/images"
        $photos | Copy-Item -Destination "$set/images"
        (Test-WmsDataset $set -PerFinding).Check | Should -Not -Contain 'SizeMismatch'
        (Test-WmsDataset $set -PerFinding).Check | Should -Not -Contain 'MaskNotBinary'
    }

    It 'writes masks of the image size with -MaskSize Model' {
        $folder = New-TestFolder
        $null = Invoke-WmsPrediction $photos[0].FullName -Model $model -OutputPath $folder -MaskSize Model
        $header = [IO.File]::ReadAllBytes("$folder/$($photos[0].BaseName).png")
        $header[16..23] | Should -Be 0, 0, 0, 64, 0, 0, 0, 64
    }

    It 'accepts a folder of photos' {
        Invoke-WmsPrediction "$data/images" -Model $model | Should -HaveCount 24
        Get-Item "$data/images" | Invoke-WmsPrediction -Model $model | Should -HaveCount 24
    }

    It 'takes the model of a record, and the folder of a run' {
        $other = Join-Path (New-TestFolder) 'other.pth'
        $null = Export-WmsModel $model $other
        $record = $run | Invoke-WmsPrediction -Path $photos[0].FullName
        $record.ImagePath, $record.ModelPath | Should -Be $photos[0].FullName, $model
        $record.Model | Should -Be (Split-Path $run.OutputPath -Leaf)
        (Invoke-WmsPrediction $photos[0].FullName -Model $run.OutputPath).ModelPath | Should -Be $model

        # Of records with a photo and a model, each photo with its own model; -Model takes precedence.
        $models = $model, $other, $other
        $rows = 0..2 | ForEach-Object { [pscustomobject]@{ ImagePath = $photos[$_].FullName; ModelPath = $models[$_] } }
        $records = @($rows | Invoke-WmsPrediction)
        $records.ModelPath | Should -Be $model, $other, $other
        $records.ImagePath | Should -Be $photos[0..2].FullName
        ($records | Invoke-WmsPrediction -Model $model).ModelPath | Sort-Object -Unique | Should -Be $model
    }

    It 'keeps existing masks, unless -Force replaces or -SkipExisting skips them' {
        $folder = New-TestFolder
        $mask = (Invoke-WmsPrediction $photos[0].FullName -Model $model -OutputPath $folder).MaskPath
        Set-Content $mask 'drawn by hand'
        $failure = Get-Failure { Invoke-WmsPrediction $photos.FullName -Model $model -OutputPath $folder -OutVariable script:done }
        $failure.TargetObject | Should -Be $photos[0].FullName
        "$failure" | Should -BeLike '*-Force*-SkipExisting*'
        $done | Should -HaveCount 3

        Remove-Item "$folder/$($photos[3].BaseName).png"
        (Invoke-WmsPrediction $photos.FullName -Model $model -OutputPath $folder -SkipExisting).ImagePath | Should -Be $photos[3].FullName
        Get-Content $mask | Should -Be 'drawn by hand'
        Invoke-WmsPrediction $photos.FullName -Model $model -OutputPath $folder -Force | Should -HaveCount 4
        (Get-Item $mask).Length | Should -BeGreaterThan 60
    }

    It 'reports masks that exist in one error with their count' {
        $folder = New-TestFolder
        $null = Invoke-WmsPrediction $photos[0..2].FullName -Model $model -OutputPath $folder
        $quietly = @{ ErrorVariable = 'failures'; ErrorAction = 'SilentlyContinue' }
        $again = @(Invoke-WmsPrediction $photos.FullName -Model $model -OutputPath $folder @quietly)
        $again.ImagePath | Should -Be $photos[3].FullName
        $failures | Should -HaveCount 1
        "$($failures[0])" | Should -BeLike "3 of 4 photos have a mask in '$folder' already*-Force*-SkipExisting*"
        $failures[0].Exception.Masks | Should -Be @($photos[0..2] | ForEach-Object { Join-Path $folder "$($_.BaseName).png" })
    }

    It 'predicts the same photos with each model of the pipeline' {
        $two = [pscustomobject]@{ ModelPath = $everywhere }, [pscustomobject]@{ ModelPath = $nowhere }
        $found = @($two | Invoke-WmsPrediction -Path $photos[0].FullName)
        $found.ModelPath | Should -Be $everywhere, $nowhere
        $found.ImagePath | Should -Be $photos[0].FullName, $photos[0].FullName
    }

    It 'writes few masks ahead of the records, so that a stop leaves little' {
        $folder, $many = (New-TestFolder), (New-TestFolder)
        foreach ($number in 1..40) { Copy-Item $photos[0].FullName "$many/p$number.jpg" }
        @(Invoke-WmsPrediction $many -Model $model -OutputPath $folder | Select-Object -First 1) | Should -HaveCount 1
        @(Get-ChildItem $folder).Count | Should -BeIn (1..9)
    }

    It 'keeps an existing overlay, unless -Force replaces it' {
        $folder = New-TestFolder
        Set-Content "$folder/$($photos[0].BaseName).overlay.jpg" 'somebody''s photo'
        $failure = Get-Failure { Invoke-WmsPrediction $photos[0].FullName -Model $model -OutputPath $folder -Overlay }
        "$failure" | Should -BeLike '*overlay.jpg*-Force*'
        Get-FileName $folder | Should -Be "$($photos[0].BaseName).overlay.jpg"
        Invoke-WmsPrediction $photos[0].FullName -Model $model -OutputPath $folder -Overlay -Force | Should -HaveCount 1
    }

    It 'cuts out the windows as <Format>, beside nothing else, or skips and replaces them' -ForEach @(
        @{ Format = 'Jpeg'; Extension = 'jpg'; First = 0xFF, 0xD8 }, @{ Format = 'Png'; Extension = 'png'; First = 0x89, 0x50 }
    ) {
        # A model that marks every pixel: the window is the photo.
        $folder = Join-Path (New-TestFolder) 'windows'
        $records = @($photos | Invoke-WmsPrediction -Model $everywhere -CropPath $folder -CropFormat $Format)
        Get-FileName $folder | Should -Be ($photos.BaseName | ForEach-Object { "$_.window.$Extension" })
        $records.CropPath | Should -Exist
        [IO.File]::ReadAllBytes($records[0].CropPath)[0, 1] | Should -Be $First
        @($records.MaskPath) -ne $null | Should -BeNullOrEmpty

        $crops = @{ Model = $everywhere; CropPath = $folder; CropFormat = $Format }
        @(Get-Failure { $photos | Invoke-WmsPrediction @crops })[0] | Should -BeLike "*$($photos[0].BaseName).window*-Force*-SkipExisting*"
        $photos | Invoke-WmsPrediction @crops -SkipExisting | Should -BeNullOrEmpty
        $photos | Invoke-WmsPrediction @crops -Force | Should -HaveCount 4
    }

    It 'writes masks, overlays and windows into one folder, and no window where there is none' {
        $folder = New-TestFolder
        $both = @{ OutputPath = $folder; CropPath = $folder; CropFormat = 'Png'; Overlay = $true }
        $null = Invoke-WmsPrediction $photos[0].FullName -Model $everywhere @both
        $name = $photos[0].BaseName
        Get-FileName $folder | Should -Be "$name.overlay.jpg", "$name.png", "$name.window.png"
        (Invoke-WmsPrediction $photos[1].FullName -Model $nowhere -CropPath $folder).CropPath | Should -BeNullOrEmpty
        $again = @{ CropPath = $folder; Force = $true; InformationAction = 'Ignore' }
        $old = (Invoke-WmsPrediction $photos[1].FullName -Model $everywhere @again).CropPath
        $old | Should -Exist
        (Invoke-WmsPrediction $photos[1].FullName -Model $nowhere @again).CropPath | Should -BeNullOrEmpty
        $old | Should -Not -Exist -Because 'it is the window of another model'
        (Get-Failure { Invoke-WmsPrediction $photos[0].FullName -Model $model -CropFormat Png }).TargetObject | Should -Be 'CropFormat'
    }

    It 'ends a batch with one line that counts it, as an information record and not in the output' {
        $csv = Join-Path (New-TestFolder) 'windows.csv'
        Set-Content "$(Split-Path $csv)/bad.jpg" 'no photo'
        $paths = @($photos.FullName) + "$(Split-Path $csv)/bad.jpg"
        $paths | Invoke-WmsPrediction -Model $everywhere -InformationVariable said -ErrorAction SilentlyContinue 6>$null | Export-Csv $csv
        @(Import-Csv $csv) | Should -HaveCount 4
        $said | Should -HaveCount 1
        $said[0].Tags | Should -Contain 'WmsPrediction'
        $summary = $said[0].MessageData
        $summary | Should -BeOfType WaterMeters.PredictionBatch
        $summary.Photos, $summary.Found, $summary.NotFound, $summary.SeveralRegions, $summary.Failed | Should -Be 4, 4, 0, 0, 1
        "$summary" | Should -Match ('^4 photos: 4 found, 0 not found, 0 with several regions, 1 failed; ' +
            'mean confidence [01]\.\d{3}; \d+\.\d photos/s$')
        Invoke-WmsPrediction $photos[0].FullName -Model $model -InformationVariable one 6>$null | Should -HaveCount 1
        $one | Should -BeNullOrEmpty -Because 'a loop predicts photo by photo'

        # Redirected, as a program reads it: only the records, unless the line is asked for.
        $child = Invoke-ChildPwsh -ImportModule @"
            `$null = Invoke-WmsPrediction '$data/images' -Model '$nowhere'
            'next'
            `$null = Invoke-WmsPrediction '$data/images' -Model '$nowhere' -InformationAction Continue
"@
        $child.Output[0] | Should -Be 'next'
        $child.Output[1] | Should -Match '^24 photos: 0 found, 24 not found, 0 with several regions; \d+\.\d photos/s$'
    }

    It 'writes nothing with -WhatIf' {
        $folder = New-TestFolder
        Invoke-WmsPrediction $photos.FullName -Model $model -OutputPath "$folder/masks" -WhatIf | Should -BeNullOrEmpty
        $photos | Invoke-WmsPrediction -Model $model -OutputPath "$folder/masks" -Overlay -WhatIf | Should -BeNullOrEmpty
        $photos | Invoke-WmsPrediction -Model $model -CropPath "$folder/windows" -WhatIf | Should -BeNullOrEmpty
        Get-ChildItem $folder | Should -BeNullOrEmpty
    }

    It 'fails for -Overlay without -OutputPath' {
        (Get-Failure { Invoke-WmsPrediction $photos[0].FullName -Model $model -Overlay }).FullyQualifiedErrorId |
            Should -BeLike 'SettingUnusable,*'
    }

    It 'names both photos when two have the same mask name, and predicts the first' {
        $folder = New-TestFolder
        Copy-Item $photos[0].FullName "$folder/twin.jpg"
        Copy-Item $photos[1].FullName "$folder/twin.jpeg"
        $failure = Get-Failure {
            Invoke-WmsPrediction "$folder/twin.jpg", "$folder/twin.jpeg" -Model $model -OutputPath "$folder/out" -OutVariable script:done
        }
        $failure.TargetObject | Should -Be (Join-Path $folder 'twin.jpeg')
        "$failure" | Should -BeLike '*twin.jpeg*twin.jpg*'
        $done.ImagePath | Should -Be (Join-Path $folder 'twin.jpg')
        # Without masks both are predicted.
        Invoke-WmsPrediction "$folder/twin.jpg", "$folder/twin.jpeg" -Model $model | Should -HaveCount 2
    }

    It 'continues after an unreadable photo: <Kind>' -ForEach @(
        @{ Kind = 'empty'; Content = [byte[]] @() }, @{ Kind = 'text'; Content = [Text.Encoding]::UTF8.GetBytes('hello') }
    ) {
        $bad = Join-Path (New-TestFolder) 'bad.jpg'
        [IO.File]::WriteAllBytes($bad, $Content)
        $failure = Get-Failure {
            $photos[0].FullName, $bad, $photos[1].FullName | Invoke-WmsPrediction -Model $model -OutVariable script:done
        }
        $failure.FullyQualifiedErrorId |
            Should -BeExactly 'PhotoUnusable,WaterMeters.PowerShell.Commands.Prediction.InvokeWmsPredictionCommand'
        $failure.CategoryInfo.Category | Should -Be 'InvalidData'
        $failure.TargetObject | Should -Be $bad
        $failure.Exception | Should -BeOfType WaterMeters.PhotoException
        "$failure" | Should -BeLike "*$bad*"
        $done.ImagePath | Should -Be $photos[0, 1].FullName
    }
}

Describe 'Invoke-WmsPrediction without arguments' {
    BeforeEach {
        $folder = New-TestFolder
        Push-Location $folder
    }
    AfterEach { Pop-Location }

    It 'predicts photos_to_predict to predicted_masks with the nearest production model' {
        $null = New-Item -ItemType Directory "$folder/models", "$folder/work/photos_to_predict"
        Copy-Item $model "$folder/models/production.safetensors"
        $photos | Copy-Item -Destination "$folder/work/photos_to_predict"
        Set-Location "$folder/work"
        $records = @(Invoke-WmsPrediction)
        $records | Should -HaveCount 4
        $records.Model | Sort-Object -Unique | Should -Be 'production'
        Get-FileName "$folder/work/predicted_masks" | Should -Be ($photos.BaseName | ForEach-Object { "$_.png" })
    }

    It 'predicts them with the model of a training in the pipeline' {
        $null = New-Item -ItemType Directory photos_to_predict
        $photos | Copy-Item -Destination photos_to_predict
        $records = @($run | Invoke-WmsPrediction)
        $records.ModelPath | Should -Be @($model, $model, $model, $model)
        $records.MaskPath | Should -Exist
    }

    It 'explains how to get a model when there is none' {
        $failure = Get-Failure { Invoke-WmsPrediction }
        $failure.FullyQualifiedErrorId | Should -BeLike 'ModelNotFound,*'
        "$failure" | Should -BeLike '*models/production.safetensors*Start-WmsTraining*'
    }

    It 'names the missing folder' {
        $failure = Get-Failure { Invoke-WmsPrediction -Model $model }
        $failure.FullyQualifiedErrorId | Should -BeLike 'NoPhotos,*'
        "$failure" | Should -BeLike "*$folder*photos_to_predict*"
        Get-ChildItem $folder | Should -BeNullOrEmpty
    }

    It 'fails when that folder is empty' {
        $null = New-Item -ItemType Directory photos_to_predict
        (Get-Failure { Invoke-WmsPrediction -Model $model }).FullyQualifiedErrorId | Should -BeLike 'NoPhotos,*'
    }
}
