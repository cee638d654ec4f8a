<#
.SYNOPSIS
Assembles the module in out/WaterMeters. Returns the files it changed.
.DESCRIPTION
What PowerShell itself loads is at the root: the manifest, the views, the cmdlets and the records. Everything else is
for the module's own load context and is in deps/. LICENSE is the module's own licence; those of its packages are in
licenses/.
#>
param([Parameter(Mandatory)] [string] $Configuration)

Import-Module "$PSScriptRoot/FolderMirror.psm1"

$root = Split-Path $PSScriptRoot
$binaries = Join-Path $root 'artifacts' 'bin' 'WaterMeters.PowerShell' $Configuration.ToLowerInvariant()
$platforms = 'linux-x64', 'linux-arm64', 'osx', 'osx-x64', 'osx-arm64', 'win-x64', 'win-arm64'
$atRoot = 'WaterMeters.PowerShell.dll', 'WaterMeters.Records.dll'

$files = @{ LICENSE = "$root/LICENSE" }
foreach ($source in Get-ChildItem "$root/module" -File -Recurse) {
    $files[[IO.Path]::GetRelativePath("$root/module", $source.FullName).Replace('\', '/')] = $source.FullName
}
# Files that users copy beside their photos.
foreach ($source in Get-ChildItem "$root/desktop" -File) { $files["desktop/$($source.Name)"] = $source.FullName }
# What Install-WmsHook and Initialize-WmsRepository copy into a repository.
foreach ($folder in 'hooks', 'workflows') {
    foreach ($source in Get-ChildItem "$root/$folder" -File) { $files["$folder/$($source.Name)"] = $source.FullName }
}
# What Invoke-WmsTerraform copies into a repository. Terraform's own folders appear where someone has tried the files here.
foreach ($source in Get-ChildItem "$root/infra" -File -Recurse | Where-Object FullName -NotMatch '[\\/]\.terraform') {
    $files['infra/' + [IO.Path]::GetRelativePath("$root/infra", $source.FullName).Replace('\', '/')] = $source.FullName
}
foreach ($source in Get-ChildItem "$root/artifacts/help/en-US" -File -ErrorAction Ignore) {
    $files["en-US/$($source.Name)"] = $source.FullName
}
foreach ($source in Get-ChildItem $binaries -File -Filter *.dll) {
    $files[$source.Name -in $atRoot ? $source.Name : "deps/$($source.Name)"] = $source.FullName
}
foreach ($platform in $platforms) {
    foreach ($source in Get-ChildItem "$binaries/runtimes/$platform/native" -File -ErrorAction Ignore) {
        # ONNX Runtime needs its providers_shared only for processors other than the CPU.
        if ($source.Extension -in '.so', '.dll', '.dylib' -and $source.BaseName -notlike '*onnxruntime_providers_shared') {
            # docs/decisions/private-native-library.md: why they are renamed, and why TorchSharp's is not.
            $name = $source.BaseName -like '*LibTorchSharp' ? $source.Name : "WaterMeters.$($source.Name)"
            $files["deps/runtimes/$platform/native/$name"] = $source.FullName
        }
    }
}

# Licences require that their text comes with the files they cover.
$assets = Get-Content "$root/artifacts/obj/WaterMeters.PowerShell/project.assets.json" -Raw | ConvertFrom-Json -AsHashtable
foreach ($name in $assets.libraries.Keys) {
    $library = $assets.libraries[$name]
    if ($library.type -ne 'package') { continue }
    foreach ($file in @($library.files) -match '^(LICEN[CS]E|NOTICE|THIRD-?PARTY-?NOTICES)(\.(txt|md))?$') {
        $folder = $assets.packageFolders.Keys |
            ForEach-Object { Join-Path $_ $library.path } |
            Where-Object { Test-Path -LiteralPath $_ } |
            Select-Object -First 1
        $files["licenses/$(($name -split '/')[0])/$file"] = Join-Path $folder $file
    }
}

$foreign = @($files.Keys) -match '(^|/)(WaterMeters\.)?(System\.Management\.Automation\.dll|(lib)?(torch_cpu|torch|c10)\.(so|dll|dylib))$'
if ($foreign) { throw "These do not belong into the module; look at the package references: $($foreign -join ', ')" }

# The load context searches managed assemblies only in deps/.
$managed = @(Get-ChildItem "$binaries/runtimes/*/lib" -Filter *.dll -File -Recurse -ErrorAction Ignore)
if ($managed) { throw "ModuleLoadContext does not know managed assemblies of one platform: $($managed.FullName -join ', ')" }

Update-Folder -Files $files -Destination "$root/out/WaterMeters" -Aside "$root/out/.old"
