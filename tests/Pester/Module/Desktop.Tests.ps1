# The files for people without a console. The .cmd is run by cmd.exe, so only on Windows.
BeforeAll {
    Import-Module "$PSScriptRoot/../../Support/TestSupport.psm1", "$PSScriptRoot/../../Support/Wine.psm1"
    $source = (Get-Item "$PSScriptRoot/../../../desktop").FullName
    $data = New-SampleData
    $model = (New-SampleModel $data).ModelPath
    $photos = @(Get-ChildItem "$data/images")

    # A repository in a folder whose name has all that breaks scripts: letters of no common code page, and cmd's own characters.
    # Wine's cmd expands a percent sign in its own path a second time.
    $percent = (Test-Wine) ? '' : ' 50 %'
    $deskName = "Z$([char]0xe4)hler $([char]0x43c)$([char]0x438)$([char]0x440) & (2026)$percent ! [1]"
    function New-Desk([string] $Name = $deskName) {
        $desk = Join-Path (New-TestFolder) $Name
        foreach ($folder in 'models', 'photos_to_predict') { $null = New-Item -ItemType Directory (Join-Path $desk $folder) }
        Get-ChildItem $source | ForEach-Object { [IO.File]::Copy($_.FullName, (Join-Path $desk $_.Name)) }
        [IO.File]::Copy($model, (Join-Path $desk 'models' 'production.safetensors'))
        $desk
    }

    function Add-Photo([string] $Desk, [int[]] $Number, [string] $Name) {
        foreach ($i in $Number) {
            $leaf = $Name ? $Name : $photos[$i].Name
            [IO.File]::Copy($photos[$i].FullName, (Join-Path $Desk 'photos_to_predict' $leaf), $true)
        }
    }

    # A double-click, without the window.
    function Start-Desk([string] $Desk, [string] $Before = '', [string] $ModulePath = (Split-Path (Get-ModulePath))) {
        $script = (Join-Path $Desk 'Start-WaterMeters.ps1').Replace("'", "''")
        $child = Invoke-ChildPwsh "$Before; & '$script' -NoPause" -Environment @{ PSModulePath = $ModulePath } -WorkingDirectory $HOME
        $child | Add-Member -PassThru Text ($child.Output -join "`n")
    }

    function Get-Row([string] $Desk) {
        $table = Join-Path $Desk 'predicted_masks' 'windows.csv'
        $delimiter = (Get-Content -LiteralPath $table -TotalCount 1) -like '*";"*' ? ';' : ','
        Import-Csv -LiteralPath $table -Delimiter $delimiter
    }
}

Describe 'Start-WaterMeters.ps1' {
    It 'creates photos_to_predict, and says to put photos into it' {
        $desk = New-Desk
        Remove-Item -LiteralPath (Join-Path $desk 'photos_to_predict')
        $first = Start-Desk $desk
        $first.ExitCode | Should -Be 1
        $first.Text | Should -BeLike '*was missing and is there now. Put photos into it, and start again.*'
        $second = Start-Desk $desk
        $second.Text | Should -BeLike '*photos_to_predict is empty. Put photos into it, and start again.*'
        $second.ExitCode | Should -Be 1
        Get-FileName $desk | Should -Not -BeLike 'predicted_masks/*'
    }

    It 'writes masks, overlays, the table and the page, and only of new photos the next time' {
        $desk = New-Desk
        Add-Photo $desk 0, 1
        $child = Start-Desk $desk
        $child.Text | Should -BeLike "*2 new photos predicted.*The results are in $([WildcardPattern]::Escape($desk))*"
        $child.ExitCode | Should -Be 0
        $names = $photos[0, 1].BaseName
        $expected = @($names | ForEach-Object { "predicted_masks/$_.png", "predicted_masks/$_.overlay.jpg" }) +
            'predicted_masks/windows.csv', 'predicted_masks/windows.html'
        Get-FileName $desk | Where-Object { $_ -like 'predicted_masks/*' } | Should -Be ($expected | Sort-Object)
        $row = @(Get-Row $desk)
        $row.ImagePath | Split-Path -Leaf | Should -Be $photos[0, 1].Name
        $row.Confidence | ForEach-Object { [double] $_ } | Should -Not -Contain 0

        # The user corrects a mask, and adds a photo.
        $mask = Join-Path $desk 'predicted_masks' "$($names[0]).png"
        [IO.File]::WriteAllBytes($mask, [IO.File]::ReadAllBytes((Join-Path $data 'masks' "$($names[0]).png")))
        $hash = (Get-FileHash -LiteralPath $mask).Hash
        Add-Photo $desk 2
        $child = Start-Desk $desk
        $child.Text | Should -BeLike '*1 new photo predicted.*2 photos from before kept.*'
        $child.Text | Should -Not -BeLike '*newer than their masks*'
        $child.ExitCode | Should -Be 0
        (Get-FileHash -LiteralPath $mask).Hash | Should -Be $hash
        @(Get-Row $desk).ImagePath | Split-Path -Leaf | Should -Be $photos[0, 1, 2].Name
        $page = Get-Content -LiteralPath (Join-Path $desk 'predicted_masks' 'windows.html') -Raw
        foreach ($photo in $photos[0, 1, 2]) { $page | Should -Match ([regex]::Escape($photo.Name)) }

        # Nothing new: nothing is lost.
        $child = Start-Desk $desk
        $child.Text | Should -BeLike '*no new photos*3 photos from before kept.*'
        $child.ExitCode | Should -Be 0
        @(Get-Row $desk) | Should -HaveCount 3
    }

    It 'keeps the rows of photos that were taken away, of a moved folder and of another culture' {
        $desk = New-Desk
        Add-Photo $desk 0, 1
        # Portuguese: semicolons and decimal commas.
        (Start-Desk $desk '[cultureinfo]::CurrentCulture = "pt-BR"').ExitCode | Should -Be 0
        $before = @(Get-Row $desk)
        $before.Confidence | Should -Match '^0,\d+$'
        $moved = "$desk 2"
        Move-Item -LiteralPath $desk $moved
        Remove-Item -LiteralPath (Join-Path $moved 'photos_to_predict' $photos[0].Name)
        Add-Photo $moved 2
        $child = Start-Desk $moved '[cultureinfo]::CurrentCulture = "en-US"'
        $child.Text | Should -BeLike '*1 new photo predicted.*2 photos from before kept.*'
        $after = @(Get-Row $moved)
        $after.ImagePath | Should -Be ($photos[0, 1, 2].Name | ForEach-Object { Join-Path $moved 'photos_to_predict' $_ })
        $after[1].MaskPath | Should -Be (Join-Path $moved 'predicted_masks' "$($photos[1].BaseName).png")
        $after[0, 1].Confidence | Should -Be ($before.Confidence -replace ',', '.')
    }

    It 'completes the table after a window that was closed in the middle' {
        $desk = New-Desk
        Add-Photo $desk 0, 1
        $null = Start-Desk $desk
        $whole = @(Get-Row $desk)
        # Masks without rows.
        Remove-Item -LiteralPath (Join-Path $desk 'predicted_masks' 'windows.csv')
        (Start-Desk $desk).ExitCode | Should -Be 0
        $again = @(Get-Row $desk)
        $again | Should -HaveCount 2
        foreach ($name in 'ImagePath', 'MaskPath', 'OverlayPath', 'Confidence') { $again.$name | Should -Be $whole.$name }
    }

    It 'says when a photo is newer than its mask, and predicts it again when the mask is deleted' {
        $desk = New-Desk
        Add-Photo $desk 0 'IMG_0001.jpg'
        $null = Start-Desk $desk
        Add-Photo $desk 1 'IMG_0001.jpg'
        (Get-Item -LiteralPath (Join-Path $desk 'photos_to_predict' 'IMG_0001.jpg')).LastWriteTime = [datetime]::Now.AddHours(1)
        (Start-Desk $desk).Text | Should -BeLike '*newer than their masks*    IMG_0001.jpg*'
        Remove-Item -LiteralPath (Join-Path $desk 'predicted_masks' 'IMG_0001.png')
        (Start-Desk $desk).Text | Should -BeLike '*1 new photo predicted.*'
        @(Get-Row $desk) | Should -HaveCount 1
    }

    It 'predicts the good photos beside a bad one, names it, and ends with 1' {
        $desk = New-Desk
        Add-Photo $desk 0
        Set-Content -LiteralPath (Join-Path $desk 'photos_to_predict' 'broken.jpg') 'no photo'
        $child = Start-Desk $desk
        $child.Text | Should -BeLike '*1 new photo predicted.*1 error:*broken.jpg*'
        $child.ExitCode | Should -Be 1
        @(Get-Row $desk) | Should -HaveCount 1
    }

    It 'does nothing while the table is open elsewhere, or another window works' {
        $desk = New-Desk
        Add-Photo $desk 0
        $null = Start-Desk $desk
        Add-Photo $desk 1
        foreach ($case in @{ Name = 'windows.csv'; Says = '*is open in another program, such as Excel.*' },
            @{ Name = '.in-use'; Says = '*Another window is working*' }) {
            $held = [IO.File]::Open((Join-Path $desk 'predicted_masks' $case.Name), 'OpenOrCreate', 'ReadWrite', 'None')
            try { $child = Start-Desk $desk } finally { $held.Dispose() }
            $child.Text | Should -BeLike $case.Says
            $child.ExitCode | Should -Be 1
            Get-FileName (Join-Path $desk 'predicted_masks') | Should -Not -Contain "$($photos[1].BaseName).png"
        }
        (Start-Desk $desk).Text | Should -BeLike '*1 new photo predicted.*'
    }

    It 'says where a model belongs when there is none' {
        $desk = New-Desk
        Add-Photo $desk 0
        Remove-Item -LiteralPath (Join-Path $desk 'models' 'production.safetensors')
        $child = Start-Desk $desk
        $child.Text | Should -BeLike "*copy it to $([WildcardPattern]::Escape((Join-Path $desk 'models' 'production.safetensors')))*"
        $child.ExitCode | Should -Be 1
    }

    It 'says how to install the module when it is missing, and what to do when it cannot be loaded' {
        $desk = New-Desk
        $child = Start-Desk $desk -ModulePath (New-TestFolder)
        $child.Text | Should -BeLike '*WaterMeters is not installed.*Install-PSResource WaterMeters*'
        $child.ExitCode | Should -Be 1
        $broken = New-TestFolder
        $null = New-Item -ItemType Directory "$broken/WaterMeters"
        Set-Content "$broken/WaterMeters/WaterMeters.psd1" "@{ ModuleVersion = '0.1.0'; RootModule = 'Missing.dll' }"
        $child = Start-Desk $desk -ModulePath $broken
        $child.Text | Should -BeLike '*WaterMeters cannot be loaded: *Missing.dll*Unblock-File*'
        $child.ExitCode | Should -Be 1
    }

    It 'says in one sentence that PowerShell <_> is too old, and how to get 7.6' -ForEach '5.1.26100.4061', '7.5.4' {
        $child = Start-Desk (New-Desk) "`$PSVersionTable['PSVersion'] = [version] '$_'"
        $child.Text | Should -BeLike "WaterMeters needs PowerShell 7.6 or newer; this is PowerShell $_.*winget install *"
        $child.ExitCode | Should -Be 1
    }

    It 'can be read by Windows PowerShell 5.1' {
        $file = Join-Path $source 'Start-WaterMeters.ps1'
        # 5.1 reads a file without a byte order mark in the code page of the system.
        [IO.File]::ReadAllBytes($file) | Where-Object { $_ -gt 127 } | Should -BeNullOrEmpty
        $tokens = $errors = $null
        $tree = [Management.Automation.Language.Parser]::ParseFile($file, [ref] $tokens, [ref] $errors)
        $errors | Should -BeNullOrEmpty
        $newer = 'QuestionMark', 'QuestionQuestion', 'QuestionQuestionEquals', 'QuestionDot', 'QuestionLBracket', 'AndAnd', 'OrOr', 'Clean'
        $tokens | Where-Object Kind -In $newer | Should -BeNullOrEmpty
        $tree.FindAll({ $args[0].GetType().Name -in 'TernaryExpressionAst', 'PipelineChainAst' }, $true) | Should -BeNullOrEmpty
        $tree.ScriptRequirements | Should -BeNullOrEmpty
    }
}

Describe 'Start-WaterMeters.cmd' {
    It 'is ASCII with the line ends of Windows' {
        $text = [Text.Encoding]::Latin1.GetString([IO.File]::ReadAllBytes((Join-Path $source 'Start-WaterMeters.cmd')))
        $text | Should -Not -Match '[^\x00-\x7f]'
        $text | Should -Match '\r\n$'
        $text | Should -Not -Match '(?<!\r)\n'
    }

    It 'comes with the module' {
        Get-FileName (Join-Path (Get-ModulePath) 'desktop') | Should -Be 'Start-WaterMeters.cmd', 'Start-WaterMeters.ps1'
    }
}

Describe 'Start-WaterMeters.cmd in cmd.exe' -Skip:(-not $IsWindows) {
    BeforeAll {
        # Runs it as Explorer does. Places: what is installed where; a pwsh.exe without its files says which one it is.
        function Start-Cmd([string] $Desk, [Collections.IDictionary] $Environment = @{}) {
            $start = [Diagnostics.ProcessStartInfo]::new("$env:SystemRoot\system32\cmd.exe")
            $start.Arguments = "/d /c `"`"$(Join-Path $Desk 'Start-WaterMeters.cmd')`"`""
            $start.WorkingDirectory = $env:SystemRoot
            $start.RedirectStandardInput = $start.RedirectStandardOutput = $start.RedirectStandardError = $true
            $nowhere = New-TestFolder
            $all = @{
                WMS_NO_PAUSE = '1'; NO_COLOR = '1'; PSModulePath = Split-Path (Get-ModulePath); Path = "$env:SystemRoot\system32"
                ProgramFiles = $nowhere; ProgramW6432 = $nowhere; LOCALAPPDATA = $nowhere; USERPROFILE = $nowhere
            }
            foreach ($name in $Environment.Keys) { $all[$name] = $Environment[$name] }
            foreach ($name in $all.Keys) {
                if ($all[$name]) { $start.Environment[$name] = $all[$name] } else { $null = $start.Environment.Remove($name) }
            }
            $process = [Diagnostics.Process]::Start($start)
            try {
                $process.StandardInput.Close()
                $output, $errors = $process.StandardOutput.ReadToEndAsync(), $process.StandardError.ReadToEndAsync()
                if (-not $process.WaitForExit(120000)) { $process.Kill($true); throw 'The window did not close.' }
                [pscustomobject]@{ ExitCode = $process.ExitCode; Text = "$($output.Result)`n$($errors.Result)" }
            }
            finally { $process.Dispose() }
        }
    }

    It 'predicts from a folder with special characters and keeps its exit code' {
        $desk = New-Desk
        Add-Photo $desk 0
        $path = "$PSHOME;$env:SystemRoot\system32"
        $child = Start-Cmd $desk @{ Path = $path; USERPROFILE = $env:USERPROFILE; LOCALAPPDATA = $env:LOCALAPPDATA }
        $child.Text | Should -BeLike '*1 new photo predicted.*'
        $child.ExitCode | Should -Be 0
        Remove-Item -LiteralPath (Join-Path $desk 'photos_to_predict' $photos[0].Name)
        (Start-Cmd $desk @{ Path = $path }).ExitCode | Should -Be 1
    }

    It 'finds pwsh <Where>' -ForEach @(
        @{ Where = 'on the path'; Variable = 'Path'; Below = '' }
        @{ Where = 'of the installer'; Variable = 'ProgramFiles'; Below = 'PowerShell\7' }
        @{ Where = 'of the installer, from a program of 32 bits'; Variable = 'ProgramW6432'; Below = 'PowerShell\7' }
        @{ Where = 'of the Store'; Variable = 'LOCALAPPDATA'; Below = 'Microsoft\WindowsApps' }
        @{ Where = 'of dotnet tool install'; Variable = 'USERPROFILE'; Below = '.dotnet\tools' }
    ) {
        if ($Variable -eq 'ProgramFiles' -and (Test-Path 'HKCU:\Software\Wine')) {
            Set-ItResult -Skipped -Because 'Wine gives every process its own ProgramFiles'
        }
        $place = Join-Path (New-TestFolder) 'a (x86) & b'
        $folder = (New-Item -ItemType Directory -Force (Join-Path $place $Below)).FullName
        Copy-Item "$PSHOME\pwsh.exe" $folder
        $child = Start-Cmd (New-Desk) @{ $Variable = $place }
        # The program without its library names it.
        $child.Text | Should -Match ([regex]::Escape((Join-Path $folder 'pwsh.dll')))
        $child.ExitCode | Should -Not -Be 0
    }

    It 'does not start a pwsh.exe of the current folder, and says where to get one' {
        $desk = New-Desk
        Copy-Item "$PSHOME\pwsh.exe" $desk
        $child = Start-Cmd $desk
        $child.Text | Should -BeLike '*winget install Microsoft.PowerShell*https://aka.ms/powershell*'
        $child.Text | Should -Not -Match 'pwsh\.dll'
        $child.ExitCode | Should -Be 1
    }

    It 'keeps the window open, also after an error' {
        $desk = New-Desk
        $closed, $open = (Start-Cmd $desk).Text, (Start-Cmd $desk @{ WMS_NO_PAUSE = $null }).Text
        # The words of pause are those of the system's language; here its input has ended, so it does not wait.
        $open | Should -BeLike "$($closed.TrimEnd())*"
        $open.TrimEnd().Length | Should -BeGreaterThan ($closed.TrimEnd().Length + 10)
    }

    It 'works on a network path' {
        $desk = New-Desk
        Add-Photo $desk 0
        $share = "\\localhost\$($desk.Replace(':', '$'))"
        if (-not (Test-Path -LiteralPath $share)) { Set-ItResult -Skipped -Because 'this computer does not share its drives with its user' }
        $child = Start-Cmd $share @{ Path = "$PSHOME;$env:SystemRoot\system32" }
        $child.Text | Should -BeLike '*1 new photo predicted.*'
        $child.ExitCode | Should -Be 0
    }

    It 'says to extract a .zip file when the script is not beside it' {
        $desk = New-Desk
        Remove-Item -LiteralPath (Join-Path $desk 'Start-WaterMeters.ps1')
        $child = Start-Cmd $desk
        $child.Text | Should -BeLike '*extract the whole .zip file first*'
        $child.ExitCode | Should -Be 1
    }
}
