BeforeAll {
    Import-Module "$PSScriptRoot/../../Support/TestSupport.psm1"
    $data = New-SampleData
    $run = New-SampleModel $data
    $model = $run.ModelPath
}

Describe 'Export-WmsModel' {
    BeforeEach { $folder = New-TestFolder }

    It 'writes a .pth with the same predictions and provenance' {
        $export = Export-WmsModel $model "$folder/for-python/model.pth" -WarningVariable warnings
        $export | Should -BeOfType WaterMeters.ModelExport
        $export.ModelPath | Should -Be (Join-Path $folder 'for-python' 'model.pth')
        $export.SourcePath | Should -Be $model
        $export.Format | Should -Be 'Pth'
        $export.Bytes | Should -Be (Get-Item $export.ModelPath).Length
        $export.BaseChannels | Should -Be 4
        $export.Size | Should -Be 64
        $export.ProvenanceKnown | Should -BeTrue
        $warnings | Should -BeNullOrEmpty

        $ours, $theirs = $model, $export.ModelPath | ForEach-Object { , @(Invoke-WmsPrediction "$data/images" -Model $_) }
        $theirs.Confidence | Should -Be $ours.Confidence
        ($export | Measure-WmsModel -DataPath $data -All).SeenPhotos | Should -Be ($run | Measure-WmsModel -All).SeenPhotos
    }

    It 'writes an .onnx with the same predictions, image size and provenance' {
        $export = Export-WmsModel $model "$folder/model.onnx"
        $export.Format, $export.Size, $export.ProvenanceKnown | Should -Be 'Onnx', 64, $true
        $ours, $theirs = $model, $export.ModelPath |
            ForEach-Object { , @(Invoke-WmsPrediction "$data/images" -Model $_ -Precision Float32) }
        $theirs.Confidence | Should -Be $ours.Confidence
        ($export | Measure-WmsModel -DataPath $data -All).SeenPhotos | Should -Be ($run | Measure-WmsModel -All).SeenPhotos

        # A PNG has its width and height in bytes 16 to 23.
        $output = @{ OutputPath = "$folder/masks"; MaskSize = 'Model' }
        $mask = (Invoke-WmsPrediction (Get-ChildItem "$data/images")[0].FullName -Model $export.ModelPath @output).MaskPath
        [IO.File]::ReadAllBytes($mask)[16..23] | Should -Be 0, 0, 0, 64, 0, 0, 0, 64
    }

    It 'restores the same bytes when converted back' {
        Export-WmsModel $model "$folder/there.pth" | Export-WmsModel -Path "$folder/back.safetensors" | Should -HaveCount 1
        (Get-FileHash "$folder/back.safetensors").Hash | Should -Be (Get-FileHash $model).Hash
    }

    It 'converts the models of a folder, each under its own name' {
        Copy-Item $model "$folder/a.safetensors"
        Copy-Item $model "$folder/b.safetensors"
        $out = New-TestFolder
        $exports = @(Get-ChildItem $folder | Export-WmsModel -Path $out -Format Pth)
        $exports.Name | Should -Be 'a', 'b'
        Get-FileName $out | Should -Be 'a.pth', 'b.pth'
    }

    It 'names the models of runs by their folders' {
        foreach ($name in 'first', 'second') {
            $null = New-Item -ItemType Directory "$folder/$name"
            Copy-Item $model "$folder/$name/model.safetensors"
        }
        $out = New-TestFolder
        $exports = @(Get-Item "$folder/first", "$folder/second" | Export-WmsModel -OutputPath $out -Format Pth)
        $exports.Name | Should -Be 'first', 'second'
        Get-FileName $out | Should -Be 'first.pth', 'second.pth'
    }

    It 'continues with the next model after an unreadable one' {
        Set-Content "$folder/bad.pth" 'no model'
        Copy-Item $model "$folder/good.safetensors"
        $out = New-TestFolder
        $failure = Get-Failure { Get-ChildItem $folder | Export-WmsModel -Path $out -Format SafeTensors }
        $failure.FullyQualifiedErrorId | Should -BeLike 'ModelUnusable,*'
        $failure.TargetObject | Should -Be (Join-Path $folder 'bad.pth')
        Get-FileName $out | Should -Be 'good.safetensors'
    }

    It 'replaces a file only with -Force' {
        Set-Content "$folder/m.pth" 'mine'
        $failure = Get-Failure { Export-WmsModel $model "$folder/m.pth" }
        $failure.FullyQualifiedErrorId | Should -BeLike 'ModelExists,*'
        $failure.CategoryInfo.Category | Should -Be 'ResourceExists'
        "$failure" | Should -BeLike '*-Force*'
        Get-Content "$folder/m.pth" | Should -Be 'mine'
        (Export-WmsModel $model "$folder/m.pth" -Force).Bytes | Should -BeGreaterThan 1000
    }

    It 'names both models when two would be written to one file, even with -Force' {
        $failure = Get-Failure {
            $model, $model | ForEach-Object { [pscustomobject]@{ ModelPath = $_ } } | Export-WmsModel -Path "$folder/m.pth" -Force
        }
        $failure | Should -HaveCount 1
        "$failure" | Should -BeLike "*written twice*$model*$model*"
    }

    It 'writes nothing with -WhatIf' {
        Export-WmsModel $model "$folder/new/m.pth" -WhatIf | Should -BeNullOrEmpty
        Get-FileName $folder | Should -BeNullOrEmpty
    }

    It 'lists the formats it can write when <Path> <Format> is not one of them' -ForEach @(
        @{ Path = 'model'; Format = @{}; Says = '*.safetensors, .pth or .onnx*' }
        @{ Path = 'model.pt2'; Format = @{}; Says = '*.safetensors, .pth or .onnx*' }
        @{ Path = 'model.pth'; Format = @{ Format = 'SafeTensors' }; Says = '*ending in .safetensors*' }
        @{ Path = '.'; Format = @{}; Says = '*-Format*' }
    ) {
        Push-Location $folder
        try { $failure = Get-Failure { Export-WmsModel $model $Path @Format } } finally { Pop-Location }
        $failure.FullyQualifiedErrorId | Should -BeLike 'SettingUnusable,*'
        "$failure" | Should -BeLike $Says
        Get-FileName $folder | Should -BeNullOrEmpty
    }

    It 'uses the nearest models/production.pth when no model is given' {
        Export-WmsModel $model "$folder/models/production.pth" | Should -HaveCount 1
        Push-Location $folder
        try { (Export-WmsModel -Path copy.safetensors).SourcePath | Should -Be (Join-Path $folder 'models' 'production.pth') }
        finally { Pop-Location }
    }
}

Describe 'A model from PyTorch' {
    It 'predicts, with a warning about the metadata that <_> lacks' -ForEach @(
        'meter-unet.pth', 'meter-unet-legacy.pth', 'meter-unet-module.pth', 'meter-unet.pt2'
    ) {
        $file = Get-SharedPath "golden/models/$_"
        $photo = (Get-ChildItem (Get-SharedPath 'data/meters/images') -Filter *.jpg)[0].FullName
        $found = Invoke-WmsPrediction $photo -Model $file -WarningVariable warnings -WarningAction SilentlyContinue
        $found.Regions | Should -BeGreaterThan 0
        "$warnings" | Should -BeLike '*does not say its input size*'
    }

    It 'is compared with a note that an unseen test cannot be promised' {
        $file = Get-SharedPath 'golden/models/meter-unet.pth'
        $comparison = Compare-WmsModel $file $model $data -WarningAction SilentlyContinue
        $comparison.ProvenanceKnown | Should -BeFalse
        $comparison.Reason | Should -BeLike "*candidate does not record which photos it has seen*"
    }

    It 'is refused, with the function name, when its pickle would run a command, and does not run it' {
        $witness = '/tmp/wms-was-executed'
        Test-Path $witness | Should -BeFalse
        foreach ($name in 'refuse-command', 'refuse-eval') {
            $file = Get-SharedPath "golden/models/$name.pth"
            $failure = Get-Failure { Export-WmsModel $file "$(New-TestFolder)/m.safetensors" }
            $failure.FullyQualifiedErrorId | Should -BeLike 'ModelUnusable,*'
            "$failure" | Should -Match "'(posix\.system|__builtin__\.eval)'"
            Test-Path $witness | Should -BeFalse
        }
    }
}
