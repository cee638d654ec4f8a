BeforeDiscovery { $hasGit = $null -ne (Get-Command git -ErrorAction Ignore) }

BeforeAll {
    Import-Module "$PSScriptRoot/../../Support/TestSupport.psm1", "$PSScriptRoot/../../Support/PrePushRepository.psm1",
        "$PSScriptRoot/../../Support/GitRepository.psm1"

    # Judges the push of HEAD to main in this process.
    function Invoke-Push([psobject] $Set, [hashtable] $More = @{}) {
        Push-Location $Set.Work
        try { Get-PushLine $Set | Invoke-WmsPrePush -Url $Set.Remote @More } finally { Pop-Location }
    }
}

Describe 'Invoke-WmsPrePush' -Skip:(-not $hasGit) {
    It 'returns a bool with -Quiet, a record with -PassThru, and otherwise nothing' {
        $set = New-PushRepository (New-TestFolder)
        $null = Add-GitCommit $set.Work code.cs
        Invoke-Push $set | Should -BeNullOrEmpty
        Invoke-Push $set @{ Quiet = $true } | Should -BeExactly $true
        $result = Invoke-Push $set @{ PassThru = $true; InformationVariable = 'lines' }
        "$($result.Outcome) $($result.IsAllowed) $($result.Remote)" | Should -BeExactly 'Passed True origin'
        $lines | Should -BeNullOrEmpty
    }

    It 'writes lines for people, first where the photos are' {
        $set = New-PushRepository (New-TestFolder)
        Add-PushedPair $set
        $before = Get-PushState $set
        $lines = @(Invoke-Push $set @{ Quiet = $true } 6>&1)
        $lines[-1] | Should -BeExactly $false
        $branch = Get-DataBranch $set
        $branch | Should -Match '^data/\d{8}-\d{6}$'
        "$($lines[0])" | Should -BeExactly "Your training data (2 photos and 2 masks) are on the new branch $branch of origin."
        $lines[0].Tags | Should -Contain 'WmsPrePush'
        Get-PushState $set | Should -BeExactly $before
        Get-DataBranchFault $set $branch | Should -BeNullOrEmpty
    }

    It 'sends nothing with -WhatIf' {
        $set = New-PushRepository (New-TestFolder)
        Add-PushedPair $set
        $before = Get-PushState $set
        $result = Invoke-Push $set @{ PassThru = $true; WhatIf = $true }
        "$($result.Outcome) $($result.PhotoCount) $($result.DataBranch)" | Should -BeExactly 'WouldPush 2 '
        Get-DataBranch $set | Should -BeNullOrEmpty
        Get-PushState $set | Should -BeExactly $before
    }

    It 'lists the findings that refuse a push' {
        $set = New-PushRepository (New-TestFolder)
        Add-PushedPair $set
        Invoke-Git -C $set.Work rm --quiet data/training/masks/sample_0002.png
        Invoke-Git -C $set.Work commit --quiet -m 'Remove a mask'
        $said = @(Invoke-Push $set @{ PassThru = $true } 6>&1)
        "$($said[0])" | Should -BeLike 'data/training/images/sample_0002.jpg: PhotoWithoutMask: *'
        "$($said[-1].Outcome) $($said[-1].ErrorCount)" | Should -BeExactly 'ChecksFailed 1'
        $said[-1].Findings.ToString() | Should -BeLike '1 error, *'
        $said[-1].Findings[0].Path | Should -BeExactly 'data/training/images/sample_0002.jpg'
    }

    It 'refuses input that git does not write, with an error and $false' {
        $set = New-PushRepository (New-TestFolder)
        Push-Location $set.Work
        try {
            $answer = 'main' | Invoke-WmsPrePush -Quiet -ErrorVariable failure -ErrorAction SilentlyContinue
            $answer | Should -BeExactly $false
            $failure[0].FullyQualifiedErrorId | Should -BeLike 'PushLineInvalid,*'
            $null | Invoke-WmsPrePush -Quiet | Should -BeExactly $true
        }
        finally { Pop-Location }
    }
}

Describe 'git push with the hook' -Skip:(-not $hasGit -or $IsWindows) {
    BeforeAll {
        # Runs git push as a user does, and returns its exit code and what it said.
        function Invoke-GitPush([string] $Work, [string[]] $Arguments = @('origin', 'HEAD:main')) {
            $said = @(git -C $Work push @Arguments 2>&1 | ForEach-Object { "$_" })
            [pscustomobject]@{ ExitCode = $LASTEXITCODE; Said = $said }
        }
    }

    It 'sends photos to their branch from a linked worktree, and lets the rest through after the merge' {
        $set = New-PushRepository (New-TestFolder)
        $null = Install-WmsHook $set.Work
        $linked = "$($set.Root)/linked tree ä"
        Invoke-Git -C $set.Work worktree add --quiet -b side $linked
        $null = Add-GitCommit $linked 'src/code.cs'
        $null = New-WmsSampleDataset "$linked/data/training" -Count 2 -Size 160
        Invoke-Git -C $linked add --all
        Invoke-Git -C $linked commit --quiet -m 'Photos'
        $before = Get-PushState $set $linked

        $push = Invoke-GitPush $linked
        $push.ExitCode | Should -Not -Be 0
        $branch = Get-DataBranch $set
        $branch | Should -HaveCount 1
        @($push.Said -match '^(Your|Push)')[0] |
            Should -BeExactly "Your training data (2 photos and 2 masks) are on the new branch $branch of origin."
        $push.Said[0] | Should -Match '^(To |Your training data)'
        Get-PushState $set $linked | Should -BeExactly $before

        $push = Invoke-GitPush $linked
        "$($push.Said)" | Should -BeLike "*were on the branch $branch of origin already*"
        Get-DataBranch $set | Should -BeExactly $branch

        Invoke-Git --git-dir $set.Remote update-ref refs/heads/main $branch
        Invoke-Git -C $linked pull --quiet --no-rebase --no-edit origin main
        (Invoke-GitPush $linked).ExitCode | Should -Be 0
        Invoke-Git --git-dir $set.Remote show main:src/code.cs | Should -Not -BeNullOrEmpty
        (Invoke-GitPush $linked 'origin', ':main').ExitCode | Should -Not -BeNullOrEmpty
    }

    It 'sends nothing if git has ended while PowerShell started, as after Ctrl+C' {
        $set = New-PushRepository (New-TestFolder)
        Add-PushedPair $set
        $ended = Start-Process true -PassThru
        $ended.WaitForExit()
        Import-Module "$PSScriptRoot/../../../build/Processes.psm1"
        $null = (Get-Content (Join-Path (Get-ModulePath) hooks/pre-push) -Raw) -match "(?s)\ncommand='(.+?)'\n"
        $run = { param($Caller) Get-ModulePath; ''; $Caller; 'origin'; $set.Remote; Get-PushLine $set }
        $program, [string[]] $first = Get-PwshCommand
        Push-Location $set.Work
        try {
            & $run $ended.Id | & $program @first -NoLogo -NoProfile -NonInteractive -InputFormat None -Command $Matches[1]
            $LASTEXITCODE | Should -Be 130
            Get-DataBranch $set | Should -BeNullOrEmpty
            $null = & $run $PID | & $program @first -NoLogo -NoProfile -NonInteractive -InputFormat None -Command $Matches[1]
            $LASTEXITCODE | Should -Be 1
            Get-DataBranch $set | Should -HaveCount 1
        }
        finally { Pop-Location }
    }

    It 'ends with Ctrl+C and leaves nothing behind: at <_>' -ForEach 'are on no data branch yet', '^Pushing the branch' {
        Import-Module "$PSScriptRoot/../../Support/PrePushKills.psm1"
        $stopped = Test-PrePushInterrupt (New-TestFolder) (Get-ModulePath) $_
        $stopped.Fault | Should -BeNullOrEmpty
        $stopped.Seconds | Should -BeLessThan 60
    }

    It 'leaves nothing behind when it is killed: <Mode> at call <Call> of git' -ForEach @(
        @{ Mode = 'During'; Call = 14 }
        @{ Mode = 'Git'; Call = 10 }
    ) {
        Import-Module "$PSScriptRoot/../../Support/PrePushKills.psm1"
        $killed = Test-PrePushKill (New-TestFolder) (Get-ModulePath) $Call $Mode
        $killed.Fault | Should -BeNullOrEmpty
    }
}
