BeforeDiscovery { $hasGit = [bool] (Get-Command git -ErrorAction Ignore) }

BeforeAll {
    Import-Module "$PSScriptRoot/../../Support/TestSupport.psm1", "$PSScriptRoot/../../Support/GitRepository.psm1"
}

Describe 'Uninstall-WmsHook' -Skip:(-not $hasGit) {
    It 'leaves the repository as it was before Install-WmsHook, byte for byte' {
        $root = New-GitRepository (New-TestFolder)
        Set-Content "$root/.git/hooks/pre-push" "#!/bin/sh`r`nexit 0" -NoNewline
        $files = Get-ChildItem $root -Recurse -File -Force
        $before = $files | Get-FileHash | ForEach-Object { "$($_.Path) $($_.Hash)" }
        $installed = Install-WmsHook $root -Method File
        $installed.EarlierHookPath | Should -Exist

        $removed = Uninstall-WmsHook $root
        $removed | Should -BeOfType WaterMeters.HookInstallation
        $removed.Outcome | Should -Be Removed
        $removed.EarlierHookPath, $removed.PwshPath | Should -Be $null, $null
        Get-ChildItem $root -Recurse -File -Force | Get-FileHash | ForEach-Object { "$($_.Path) $($_.Hash)" } | Should -Be $before
        Get-ChildItem "$root/.git" -Directory -Force | ForEach-Object Name | Should -Not -Contain 'watermeters'
        (Uninstall-WmsHook $root).Outcome | Should -Be NotInstalled
    }

    It 'leaves the hook of another tool alone, and names the one it keeps' {
        $root = New-GitRepository (New-TestFolder)
        Set-Content "$root/.git/hooks/pre-push" "#!/bin/sh`n# first"
        $null = Install-WmsHook $root -Method File
        Set-Content "$root/.git/hooks/pre-push" "#!/bin/sh`n# second"
        $removed = Uninstall-WmsHook $root -WarningVariable warnings -WarningAction SilentlyContinue
        $removed.EarlierHookPath | Should -Be (Join-Path $root '.git' 'hooks' 'pre-push.before-wms')
        "$warnings" | Should -BeLike "*pre-push' is the hook of another tool and stays.*pre-push.before-wms'."
        Get-Content "$root/.git/hooks/pre-push" | Should -Be '#!/bin/sh', '# second'
        Invoke-Git -C $root config --get-regexp '^core\.|^watermeters\.' | Should -Not -Match '^watermeters'
    }

    It 'changes nothing with -WhatIf' {
        $root = New-GitRepository (New-TestFolder)
        $null = Install-WmsHook $root
        $child = Invoke-ChildPwsh -ImportModule "Uninstall-WmsHook '$root' -WhatIf"
        $child.Output -join ' ' | Should -BeLike 'What if:*Remove the pre-push hook*'
        (Install-WmsHook $root).Outcome | Should -Be Unchanged
    }
}
