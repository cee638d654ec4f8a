BeforeAll {
    Import-Module "$PSScriptRoot/../../Support/TestSupport.psm1", "$PSScriptRoot/../../Support/WithoutLibTorch.psm1",
        "$PSScriptRoot/../../Support/PackageServer.psm1"
    $package = New-TinyPackage (Join-Path (New-TestFolder) 'tiny.nupkg')
    $tiny = @{ Sha512 = $package.Sha512; WarningAction = 'Ignore' }
}

Describe 'Install-WmsRuntime' {
    It 'installs a package file, returns a record, and does nothing the second time' {
        $folder = Join-Path (New-TestFolder) 'deep' 'libtorch'
        $installed = Install-WmsRuntime $package.Path @tiny -Path $folder -WarningVariable warnings
        $installed | Should -BeOfType WaterMeters.RuntimeInstallation
        $installed.Status, $installed.Path, $installed.Source, $installed.Sha512 |
            Should -Be 'Installed', $folder, $package.Path, $package.Sha512
        $installed.Files, $installed.Bytes | Should -Be 3, 3000
        "$warnings" | Should -BeLike "*WMS_TORCH_PATH = '$folder'"
        @(Get-ChildItem (Split-Path $folder)).Name | Should -Be 'libtorch'

        $written = (Get-ChildItem $folder).LastWriteTimeUtc
        (Install-WmsRuntime 'not there' -Path $folder).Status | Should -Be 'AlreadyThere'
        (Get-ChildItem $folder).LastWriteTimeUtc | Should -Be $written
        (Install-WmsRuntime $package.Path @tiny -Path $folder -Force).Status | Should -Be 'Installed'
    }

    It 'installs from a folder, relative to the location of the session' {
        $folder = New-TestFolder
        Expand-Archive $package.Path "$folder/unpacked"
        Push-Location $folder
        try { $installed = Install-WmsRuntime ./unpacked -Path ./here -WarningAction Ignore } finally { Pop-Location }
        $installed.Path, $installed.Sha512 | Should -Be (Join-Path $folder 'here'), ''
        (Get-FileName (Join-Path $folder 'here')).Count | Should -Be 4
    }

    It 'returns the path of a libtorch that is already installed' {
        $there = Install-WmsRuntime
        $there.Status, $there.Version | Should -Be 'AlreadyThere', '2.10.0'
        Join-Path $there.Path ($IsWindows ? 'torch_cpu.dll' : $IsMacOS ? 'libtorch_cpu.dylib' : 'libtorch_cpu.so') | Should -Exist
    }

    It 'writes nothing with -WhatIf' {
        $folder = New-TestFolder
        Install-WmsRuntime $package.Path @tiny -Path "$folder/here" -WhatIf | Should -BeNullOrEmpty
        Get-ChildItem $folder | Should -BeNullOrEmpty
    }

    It 'fails with <Id>: <Words>' -ForEach @(
        @{
            Id = 'RuntimeHashMismatch'; Category = 'SecurityError'; Words = '*was expected*-Sha512*'
            Arguments = { @{ Source = $package.Path } }
        }
        @{
            Id = 'RuntimeSourceUnusable'; Category = 'ObjectNotFound'; Words = '*does not exist*'
            Arguments = { @{ Source = 'not there' } }
        }
        @{
            Id = 'RuntimeDestinationInUse'; Category = 'ResourceExists'; Words = '*Choose a new folder with -OutputPath*'
            Arguments = { @{ Source = $package.Path; Sha512 = $package.Sha512; Path = Split-Path $package.Path; Force = $true } }
        }
        @{
            Id = 'SettingUnusable'; Category = 'InvalidArgument'; Words = '*88 characters*'
            Arguments = { @{ Source = $package.Path; Sha512 = 'abc' } }
        }
    ) {
        $folder = New-TestFolder
        $given = @{ Path = "$folder/here" }
        $more = & $Arguments
        foreach ($name in $more.Keys) { $given[$name] = $more[$name] }
        $failure = Get-Failure { Install-WmsRuntime @given }
        $failure.FullyQualifiedErrorId | Should -BeLike "$Id,*"
        $failure.CategoryInfo.Category | Should -Be $Category
        "$failure" | Should -BeLike $Words
        $failure.TargetObject | Should -Not -BeNullOrEmpty
        Get-ChildItem $folder | Should -BeNullOrEmpty
    }
}

Describe 'Install-WmsRuntime from a feed' {
    BeforeAll {
        $server = Start-PackageServer $package.Path
        $root = $server.Root
    }
    AfterAll { Stop-PackageServer $server }

    It 'downloads the package of this platform and leaves no other file' {
        $folder = New-TestFolder
        $installed = Install-WmsRuntime $server.Index @tiny -Path "$folder/here"
        $installed.Source, $installed.Status | Should -Be $server.Index, 'Installed'
        (Get-ChildItem $folder).Name | Should -Be 'here'
    }

    It 'installs nothing when the package has another hash' {
        $folder = New-TestFolder
        $failure = Get-Failure { Install-WmsRuntime $server.Index -Path "$folder/here" }
        $failure.FullyQualifiedErrorId | Should -BeLike 'RuntimeHashMismatch,*'
        Get-ChildItem $folder | Should -BeNullOrEmpty
    }

    It 'fails for an address without a feed' {
        $failure = Get-Failure { Install-WmsRuntime "$root/elsewhere.json" -Path (Join-Path (New-TestFolder) 'here') }
        $failure.FullyQualifiedErrorId | Should -BeLike 'FeedUnavailable,*'
        $failure.CategoryInfo.Category, $failure.TargetObject | Should -Be 'ConnectionError', "$root/elsewhere.json"
    }
}
