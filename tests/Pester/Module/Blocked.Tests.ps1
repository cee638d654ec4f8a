# What keeps a PowerShell from importing the module, and what it says then: an older version, or files that Windows blocks.
BeforeAll {
    Import-Module "$PSScriptRoot/../../Support/TestSupport.psm1"

    # The files of the module that decide about an import; the libraries of deps are loaded later.
    function Copy-Module {
        $copy = Join-Path (New-TestFolder) 'WaterMeters'
        $null = New-Item -ItemType Directory $copy
        Get-ChildItem (Get-ModulePath) -File | Copy-Item -Destination $copy
        $copy
    }

    function Import-InChild([string] $Module, [string] $Before = '') {
        Invoke-ChildPwsh @"
            $Before
            try { Import-Module '$Module/WaterMeters.psd1'; "imported `$((Get-Module WaterMeters).ExportedCommands.Count)" }
            catch { "`$_" }
"@
    }
}

Describe 'An older PowerShell' {
    It 'is told which version the module needs' {
        # Every version since 3.0 compares the versions before it loads what the manifest names. Here this one is too old.
        $copy = Copy-Module
        $manifest = Get-Content "$copy/WaterMeters.psd1" -Raw
        $manifest | Should -Match "PowerShellVersion += '7\.6'"
        Set-Content "$copy/WaterMeters.psd1" ($manifest -replace "(?<=PowerShellVersion += )'7\.6'", "'99.6'")
        $child = Import-InChild $copy
        $child.Output | Should -HaveCount 1
        $child.Output[0] | Should -BeLike "*'$($PSVersionTable.PSVersion)'*requires a minimum PowerShell version of '99.6' to run.*"
    }

    It 'can read the manifest: it is data alone, in ASCII' {
        # Without a byte order mark, 5.1 reads it in the code page of the system.
        foreach ($file in Get-ChildItem (Get-ModulePath) -File | Where-Object Extension -In '.psd1', '.ps1xml') {
            [IO.File]::ReadAllBytes($file.FullName) | Where-Object { $_ -gt 127 } | Should -BeNullOrEmpty -Because $file.Name
        }
        { Import-PowerShellDataFile (Join-Path (Get-ModulePath) 'WaterMeters.psd1') } | Should -Not -Throw
    }
}

Describe 'An execution policy' -Skip:(-not $IsWindows) {
    BeforeAll {
        $mark = "[ZoneTransfer]`r`nZoneId=3"
        function Set-Policy([string] $Policy) { "Set-ExecutionPolicy -Scope Process $Policy -Force" }
    }

    It '<_> lets the module be imported' -ForEach 'RemoteSigned', 'Unrestricted', 'Bypass' {
        $child = Import-InChild (Copy-Module) (Set-Policy $_)
        $child.Output[0] | Should -Match '^imported \d\d'
    }

    It '<_>, which runs no file without a signature, is named by the error' -ForEach 'AllSigned', 'Restricted' {
        $child = Import-InChild (Copy-Module) (Set-Policy $_)
        $child.Output -join ' ' | Should -Match 'WaterMeters\.(Types|Format)\.ps1xml.*cannot be loaded'
    }

    It 'RemoteSigned refuses views that a browser downloaded, and takes them once they are unblocked' {
        foreach ($name in 'WaterMeters.Types.ps1xml', 'WaterMeters.Format.ps1xml') {
            $copy = Copy-Module
            Set-Content -LiteralPath "$copy/$name" -Stream Zone.Identifier -Value $mark
            $child = Import-InChild $copy (Set-Policy RemoteSigned)
            $child.Output -join ' ' | Should -Match "$([regex]::Escape($name)).*cannot be loaded"
            Unblock-File -LiteralPath "$copy/$name"
            $child = Import-InChild $copy (Set-Policy RemoteSigned)
            $child.Output[0] | Should -Match '^imported \d\d'
        }
    }

    It 'RemoteSigned does not look at the manifest and the libraries' {
        $copy = Copy-Module
        foreach ($file in Get-ChildItem $copy | Where-Object Extension -In '.psd1', '.dll') {
            Set-Content -LiteralPath $file.FullName -Stream Zone.Identifier -Value $mark
        }
        $child = Import-InChild $copy (Set-Policy RemoteSigned)
        $child.Output[0] | Should -Match '^imported \d\d'
    }
}
