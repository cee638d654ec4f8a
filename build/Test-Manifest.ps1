<#
.SYNOPSIS
Fails when the manifest's version, addresses or list of cmdlets differ from the sources.
.DESCRIPTION
The cmdlets are read out of the assembly's metadata: nothing is loaded into this session.
#>
$root = Split-Path $PSScriptRoot
$manifest = Import-PowerShellDataFile "$root/module/WaterMeters.psd1"

$properties = ([xml] (Get-Content "$root/Directory.Build.props" -Raw)).SelectSingleNode('/Project/PropertyGroup')
$version = $properties.SelectSingleNode('Version').InnerText
if ($manifest.ModuleVersion -ne $version) {
    throw "module/WaterMeters.psd1 says version $($manifest.ModuleVersion), Directory.Build.props says $version. Make them equal."
}
if (-not (Select-String -LiteralPath "$root/CHANGELOG.md" -SimpleMatch "## [$version]")) {
    throw "CHANGELOG.md has no section '## [$version]'. Write what this version changes."
}

# What the gallery shows beside the description.
$gallery = $manifest.PrivateData.PSData
$repository = $properties.SelectSingleNode('RepositoryUrl').InnerText
$addresses = [ordered]@{
    ProjectUri   = $repository
    LicenseUri   = "$repository/blob/main/LICENSE"
    ReleaseNotes = "*$repository/blob/main/CHANGELOG.md"
}
foreach ($name in $addresses.Keys) {
    if ($gallery[$name] -like $addresses[$name]) { continue }
    throw "$name of module/WaterMeters.psd1 is '$($gallery[$name])'; RepositoryUrl of Directory.Build.props " +
        "asks for '$($addresses[$name])'."
}

# [Cmdlet(verb, noun)]: two bytes of prologue, then the two strings.
function Get-AssemblyCmdlet([string] $Path) {
    $file = [Reflection.PortableExecutable.PEReader]::new([IO.File]::OpenRead($Path))
    try {
        $metadata = [Reflection.Metadata.PEReaderExtensions]::GetMetadataReader($file)
        foreach ($handle in $metadata.CustomAttributes) {
            $attribute = $metadata.GetCustomAttribute($handle)
            if ($attribute.Constructor.Kind -ne 'MemberReference') { continue }
            $type = $metadata.GetMemberReference([Reflection.Metadata.MemberReferenceHandle] $attribute.Constructor).Parent
            if ($type.Kind -ne 'TypeReference') { continue }
            $name = $metadata.GetTypeReference([Reflection.Metadata.TypeReferenceHandle] $type).Name
            if ($metadata.GetString($name) -ne 'CmdletAttribute') { continue }

            $blob = $metadata.GetBlobReader($attribute.Value)
            $null = $blob.ReadUInt16()
            '{0}-{1}' -f $blob.ReadSerializedString(), $blob.ReadSerializedString()
        }
    }
    finally { $file.Dispose() }
}

$present = @(Get-AssemblyCmdlet "$root/out/WaterMeters/WaterMeters.PowerShell.dll")
$listed = @($manifest.CmdletsToExport)
$missing = @($listed | Where-Object { $_ -notin $present })
$unlisted = @($present | Where-Object { $_ -notin $listed })
if ($missing -or $unlisted) {
    throw "CmdletsToExport of module/WaterMeters.psd1 and the assembly differ. " +
        "Listed but not there: $($missing -join ', '). There but not listed: $($unlisted -join ', ')."
}
