BeforeDiscovery {
    $hasGit = [bool] (Get-Command git -ErrorAction Ignore)
    $hasConfigHooks = $hasGit -and [version] ((git version) -replace '^git version (\d+\.\d+).*', '$1') -ge [version] '2.54'
    # In its own git, Windows has the shell for hooks; Wine has neither.
    $runsHooks = $hasGit
}

BeforeAll {
    Import-Module "$PSScriptRoot/../../Support/TestSupport.psm1", "$PSScriptRoot/../../Support/GitRepository.psm1"

    # A repository with a bare remote, and the first commit on both.
    function New-Repository([string] $Name = "água d'hoje") {
        $folder = Join-Path (New-TestFolder) $Name
        $null = New-Item -ItemType Directory $folder
        $root = New-GitRepository (Join-Path $folder 'repo')
        Invoke-Git init --quiet --bare --initial-branch=main (Join-Path $folder 'remote.git')
        Invoke-Git -C $root remote add origin (Join-Path $folder 'remote.git')
        $null = Add-GitCommit $root 'src/a.txt'
        Invoke-Git -C $root push --quiet --no-verify origin main
        $root
    }

    # What git said, and its exit code.
    function Invoke-Push([string] $Root) {
        $PSNativeCommandUseErrorActionPreference = $false
        $said = @(& git -C $Root push origin @args 2>&1 | ForEach-Object { "$_" })
        [pscustomobject]@{ ExitCode = $LASTEXITCODE; Said = $said }
    }
}

Describe 'Install-WmsHook' -Skip:(-not $hasGit) {
    It 'installs the hook of the module, once, and says where everything is' {
        $root = New-Repository
        $installed = Install-WmsHook $root
        $installed | Should -BeOfType WaterMeters.HookInstallation
        $installed.Outcome, $installed.Method | Should -Be Installed, File
        $installed.HookPath | Should -Exist
        [IO.File]::ReadAllBytes($installed.HookPath) | Should -Be ([IO.File]::ReadAllBytes((Join-Path (Get-ModulePath) hooks/pre-push)))
        $installed.ModulePath | Should -Be (Get-ModulePath).Replace('\', '/')
        $installed.PwshPath | Should -Not -BeNullOrEmpty
        (Install-WmsHook -LiteralPath $root).Outcome | Should -Be Unchanged
        (Get-Item $root/src | Install-WmsHook).Outcome | Should -Be Unchanged
        Push-Location $root
        try {
            (Install-WmsHook).Outcome | Should -Be Unchanged
            (Test-WmsEnvironment | Where-Object Name -EQ 'Git hook').Status | Should -Be Ok
        }
        finally { Pop-Location }
    }

    It 'writes nothing with -WhatIf' {
        $root = New-Repository
        $before = Get-FileName $root
        $config = Get-Content "$root/.git/config" -Raw
        $child = Invoke-ChildPwsh -ImportModule "Install-WmsHook -LiteralPath '$($root.Replace("'", "''"))' -WhatIf"
        $child.Output -join ' ' | Should -BeLike "What if:*Install the pre-push hook*pre-push*"
        Get-FileName $root | Should -Be $before
        Get-Content "$root/.git/config" -Raw | Should -BeExactly $config
    }

    It 'continues after a folder that is in no repository' {
        $one, $two = (New-Repository), (New-Repository)
        $failures = $null
        $installed = @($one, (New-TestFolder), $two | Install-WmsHook -ErrorVariable failures -ErrorAction SilentlyContinue)
        $installed.Path | Should -HaveCount 2
        $failures | Should -HaveCount 1
        $failures.FullyQualifiedErrorId | Should -BeLike 'GitRepositoryMissing,*'
    }

    It 'leaves a complete hook when it is killed: <Cmdlet> <Point>' -Skip:$IsWindows -ForEach @(
        @{ Cmdlet = 'Install-WmsHook'; Point = 'at a setting'; Kill = @{ Call = 6; Mode = 'Git' } }
        @{ Cmdlet = 'Install-WmsHook'; Point = 'when it has kept the other hook'; Kill = @{ File = 'pre-push.before-wms' } }
        @{ Cmdlet = 'Uninstall-WmsHook'; Point = 'at a setting'; Kill = @{ Call = 8; Mode = 'During' } }
    ) {
        Import-Module "$PSScriptRoot/../../Support/HookKills.psm1"
        (Test-HookKill (New-TestFolder) (Get-ModulePath) $Cmdlet @Kill).Fault | Should -BeNullOrEmpty
    }

    It 'refuses a setting of git where git has none' -Skip:$hasConfigHooks {
        (Get-Failure { Install-WmsHook (New-Repository) -Method Config }).FullyQualifiedErrorId | Should -BeLike 'GitFailed,*'
    }

    It 'keeps the hook of another tool beside it as a setting of git' -Skip:(-not $hasConfigHooks) {
        $root = New-Repository
        Set-Content "$root/.git/hooks/pre-push" "#!/bin/sh`necho other >> .git/other" -NoNewline
        if (-not $IsWindows) { chmod +x "$root/.git/hooks/pre-push" }
        $installed = Install-WmsHook $root
        $installed.Method | Should -Be Config
        $installed.EarlierHookPath | Should -BeNullOrEmpty
        Invoke-Git -C $root hook list pre-push | Should -Be 'watermeters', 'hook from hookdir'
        Push-Location $root
        try { (Test-WmsEnvironment | Where-Object Name -EQ 'Git hook').Status | Should -Be Ok } finally { Pop-Location }
        (Install-WmsHook $root).Outcome | Should -Be Unchanged
        $null = New-WmsSampleDataset "$root/data/training" -Count 1 -Size 96 -Defect MaskEmpty
        $null = Add-GitCommit $root 'src/b.txt'
        (Invoke-Push $root main).ExitCode | Should -Not -Be 0
        Invoke-Git -C $root reset --quiet --hard origin/main
        $null = Add-GitCommit $root 'src/b.txt'
        (Invoke-Push $root main).ExitCode | Should -Be 0
        Get-Content "$root/.git/other" | Should -Contain 'other'

        # As a file, it is not checked twice.
        (Install-WmsHook $root -Method File).EarlierHookPath | Should -Exist
        Invoke-Git -C $root hook list pre-push | Should -Be 'hook from hookdir'
        (Uninstall-WmsHook $root).Outcome | Should -Be Removed
        Get-Content "$root/.git/hooks/pre-push" | Should -Contain 'echo other >> .git/other'
    }
}

Describe 'The installed hook' -Skip:(-not $runsHooks) {
    BeforeAll {
        $root = New-Repository
        $null = Install-WmsHook $root
        $null = New-WmsSampleDataset "$root/data/training" -Count 3 -Size 128
    }

    It 'sends photos to a branch of their own and refuses the push' {
        $photos = Add-GitCommit $root 'src/with photos.txt'
        $pushed = Invoke-Push $root main
        $pushed.ExitCode | Should -Not -Be 0
        $pushed.Said -join "`n" | Should -Match 'data/\d{8}-\d{6}'
        $branches = @(Invoke-Git -C $root ls-remote --heads origin)
        $branches -match 'refs/heads/data/' | Should -HaveCount 1
        $branches -match "^$photos" | Should -BeNullOrEmpty
        Invoke-Git -C $root rev-parse HEAD | Should -Be $photos
        Invoke-Git -C $root status --porcelain | Should -BeNullOrEmpty
    }

    It 'finds PowerShell and the module without HOME, PSModulePath and a PATH with more than git' -Skip:$IsWindows {
        $short = New-TestFolder
        $null = New-Item -ItemType SymbolicLink "$short/git" -Target (Get-Command git).Source
        $PSNativeCommandUseErrorActionPreference = $false
        $said = @(& env -i "PATH=$short" (Get-Command git).Source -C $root push origin main 2>&1 | ForEach-Object { "$_" })
        $LASTEXITCODE | Should -Not -Be 0
        $said -join "`n" | Should -Match 'data/\d{8}-\d{6}'
        @(Invoke-Git -C $root ls-remote --heads origin) -match 'refs/heads/data/' | Should -HaveCount 1
    }

    It 'lets the push through with WMS_SKIP_HOOK=1 and logs it' {
        $env:WMS_SKIP_HOOK = '1'
        try { $pushed = Invoke-Push $root main:unchecked } finally { $env:WMS_SKIP_HOOK = $null }
        $pushed.ExitCode | Should -Be 0
        $pushed.Said -join "`n" | Should -Match 'is not checked'
        Get-Content "$root/.git/watermeters/skipped.log" | Should -Match 'refs/heads/unchecked'
    }

    It 'says that the module is missing, and refuses photos but not code' {
        $other = New-Repository
        $null = Install-WmsHook $other
        Invoke-Git -C $other config watermeters.module '/nowhere/WaterMeters'
        $null = Add-GitCommit $other 'docs/a.png'
        $pushed = Invoke-Push $other main
        $pushed.ExitCode | Should -Be 0 -Because ($pushed.Said -join "`n")
        $pushed.Said -join "`n" | Should -Match 'the module WaterMeters cannot be imported'
        $null = Add-GitCommit $other 'data/images/a.png'
        (Invoke-Push $other main).ExitCode | Should -Not -Be 0
    }
}
