BeforeAll {
    Import-Module "$PSScriptRoot/../../Support/TestSupport.psm1"
    $module = Get-ModulePath
    $manifestPath = Join-Path $module 'WaterMeters.psd1'
    $manifest = Import-PowerShellDataFile $manifestPath

    # One new process for all questions about an import. Every method is compiled once, when it is called; still the runtime of a busy
    # machine may load an assembly that nothing has used. Such a process is asked again: what an import needs is loaded each time.
    $deps = (Get-ChildItem (Join-Path $module 'deps') -Filter *.dll).BaseName
    foreach ($attempt in 1..3) {
        $child = Invoke-ChildPwsh -ImportModule -Environment @{ DOTNET_TieredCompilation = '0' } @'
        $said = [ordered]@{ Errors = $Error.Count }
        $said.RecordAssemblies = @([WaterMeters.Prediction], [WaterMeters.PhotoException] | ForEach-Object { $_.Assembly.GetName().Name })
        $imported = Get-Module WaterMeters
        $said.FormatFiles, $said.TypeFiles = $imported.ExportedFormatFiles.Count, $imported.ExportedTypeFiles.Count
        $said.Commands = @($imported.ExportedCommands.Values | ForEach-Object { "$($_.CommandType) $($_.Name)" })
        $null = Get-Command -Module WaterMeters -Syntax
        $said.Libraries = @([Diagnostics.Process]::GetCurrentProcess().Modules.ModuleName)
        $said.Assemblies = @([AppDomain]::CurrentDomain.GetAssemblies().GetName().Name)
        $said | ConvertTo-Json -Compress
'@
        $child.ExitCode | Should -Be 0 -Because ($child.Error -join "`n")
        $imported = $child.Output[-1] | ConvertFrom-Json
        if (-not ($imported.Assemblies | Where-Object { $_ -in $deps })) { break }
    }
}

Describe 'The manifest' {
    It 'is valid and has the requirements of the module' {
        $tested = Test-ModuleManifest $manifestPath -ErrorAction Stop
        $tested.PowerShellVersion | Should -Be ([version] '7.6')
        $tested.CompatiblePSEditions | Should -Be 'Core'
    }

    It 'says where the project, its licence and its changes are' {
        $gallery = $manifest.PrivateData.PSData
        $gallery.ProjectUri | Should -BeLike 'https://*'
        $gallery.LicenseUri | Should -Be "$($gallery.ProjectUri)/blob/main/LICENSE"
        $gallery.ReleaseNotes | Should -BeLike "*.*All changes: $($gallery.ProjectUri)/blob/main/CHANGELOG.md"
    }

    It 'comes with the licence' {
        (Get-Content (Join-Path $module 'LICENSE'))[0, 2] | Should -Be 'MIT License', 'Copyright (c) 2026 The WaterMeters authors'
    }

    It 'exports exactly the listed cmdlets' {
        $imported.Commands | Sort-Object | Should -Be ($manifest.CmdletsToExport | ForEach-Object { "Cmdlet $_" } | Sort-Object)
    }
}

Describe 'An import' {
    It 'loads the views and type data without an error' {
        $child.Error | Should -BeNullOrEmpty
        $imported.Errors, $imported.FormatFiles, $imported.TypeFiles | Should -Be 0, 1, 1
    }

    It 'makes the record types available before any cmdlet runs' {
        $imported.RecordAssemblies | Should -Be 'WaterMeters.Records', 'WaterMeters.Records'
    }

    It 'loads neither an engine nor an image library' {
        $imported.Assemblies | Should -Contain 'WaterMeters.PowerShell'
        $loaded = $imported.Assemblies + $imported.Libraries
        $loaded -match 'torch|c10|onnxruntime|skia' | Should -BeNullOrEmpty
        # Nothing else of deps/ either, which keeps the import fast.
        $loaded | Where-Object { $_ -in $deps } | Should -BeNullOrEmpty
    }
}

Describe 'The public surface' {
    BeforeAll {
        $forbidden = (Get-ChildItem (Join-Path $module 'deps') -Filter *.dll).BaseName
        $searched = Invoke-ChildPwsh -ImportModule @"
            foreach (`$name in 'WaterMeters.PowerShell', 'WaterMeters.Records') {
                `$assembly = [Reflection.Assembly]::LoadFrom((Join-Path '$module' "`$name.dll"))
                & '$PSScriptRoot/../../Support/Find-ForbiddenType.ps1' -Assembly `$assembly -Forbidden '$($forbidden -join "', '")'
                "searched `$(`$assembly.GetExportedTypes().Count) types of `$name"
            }
"@
    }

    It 'of <_> uses no type of an assembly in deps' -ForEach 'WaterMeters.PowerShell', 'WaterMeters.Records' {
        $forbidden | Should -Contain 'WaterMeters.Ml'
        $searched.ExitCode | Should -Be 0 -Because $searched.Error
        $searched.Output -match "^searched [1-9]\d* types of $_$" | Should -HaveCount 1
        $searched.Output -notmatch '^searched ' | Should -BeNullOrEmpty
    }
}

Describe 'Find-ForbiddenType.ps1' {
    BeforeAll {
        # Each line uses a forbidden type in one way; the last two are not visible outside.
        $ways = @'
            public class Base : F { }
            public interface Interface : IF { }
            public class Constraint<T> where T : F { }
            public class Field { public F A; }
            public class Property { protected F[] A { get; set; } }
            public class Indexer { public int this[F a] => 0; }
            public class Event { public event System.Action<F> A { add { } remove { } } }
            public class Method { public System.Collections.Generic.List<F[]> A() => null; }
            public class Parameter { protected internal void A(ref F a) { } }
            public class Constructor { public Constructor(F a) { } }
            public class MethodConstraint { public void A<T>() where T : IF { } }
            public unsafe class Pointer { public delegate*<int, F> A; }
            public delegate F Delegate();
            public class Nested { protected class A { public F B; } }
            [FA] public class Attribute { }
            public class MemberAttribute { [FA] public int A; }
            public class ParameterAttribute { public void A([FA] int a) { } }
            public class ReturnAttribute { [return: FA] public int A() => 0; }
            public class GenericAttribute<[FA] T> { }
            [System.Diagnostics.DebuggerTypeProxy(typeof(F))] public class AttributeArgument { }
            internal class Hidden : F { public F A; }
'@ -split '\r?\n'
        $ways += '            public class HiddenMembers { private F a; internal F B() => null; private protected F C; ' +
            'internal class D : F { } public int E => a is null ? 0 : 1; }'
    }

    It 'finds every visible use of a type, and no hidden one' {
        $folder = New-TestFolder
        $types = 'public class F { } public interface IF { } ' +
            '[System.AttributeUsage(System.AttributeTargets.All)] public class FA : System.Attribute { }'
        $options = "-CompilerOptions '-unsafe' -IgnoreWarnings -WarningAction Ignore"
        $find = "$PSScriptRoot/../../Support/Find-ForbiddenType.ps1"
        $child = Invoke-ChildPwsh @"
            Add-Type -OutputAssembly '$folder/Foreign.dll' '$types'
            Add-Type -OutputAssembly '$folder/Seen.dll' -ReferencedAssemblies '$folder/Foreign.dll', System.Collections $options @'
$($ways -join "`n")
'@
            # Add-Type names an assembly independently of its file.
            `$foreign = [Reflection.Assembly]::LoadFrom('$folder/Foreign.dll').GetName().Name
            & '$find' -Assembly ([Reflection.Assembly]::LoadFrom('$folder/Seen.dll')) -Forbidden `$foreign
"@
        $child.ExitCode | Should -Be 0 -Because ($child.Error -join "`n")
        $found = $child.Output | ForEach-Object { $_ -replace '[ .+`].*' } | Sort-Object -Unique
        $visible = $ways -notmatch 'Hidden' |
            ForEach-Object { [regex]::Match($_, '(?:class|interface|delegate F) (\w+)').Groups[1].Value } |
            Where-Object { $_ } |
            Sort-Object
        $found | Should -Be $visible
    }
}
