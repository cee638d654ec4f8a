<#
.SYNOPSIS
The groups of tests that run as Windows programs: the xunit classes of one room, or a few Pester files, for each process. Run it after
the build. Names select classes and files as in Test.ps1; without names, those classes are left out that touch no path, file, process,
console or native library, or that train for minutes (tests/Proofs/WindowsTests.ps1 runs them all).
#>
param(
    [Parameter(Mandatory)] [psobject] $System,
    [Parameter(Mandatory)] [string] $Configuration,
    [string[]] $Names = @()
)

Import-Module "$PSScriptRoot/../TestReports.psm1"
$root = Split-Path (Split-Path $PSScriptRoot)
$filesInProcess = 4
$computed = 'Architecture', 'Evaluation', 'Reporting', 'Samples', 'Training'
$needsGit = 'Git' # Wine has none: of about 120 tests 7 would run
$needsLinux = 'Infrastructure' # the scripts of the machine
$onlySends = 'Machines' # requests to EC2 and S3, each thirty times as slow in Wine; the Pester files of the cmdlets send them too

# The files with the longest tests begin, so that two cores end at about the same time.
$files = @(Get-ChildItem "$root/tests/Pester/Module", "$root/tests/Pester/Cmdlets" -Filter *.Tests.ps1 |
    Where-Object { Test-TestName $_.Name $Names -Suffix '.Tests.ps1' })
$groups = [Math]::Ceiling($files.Count / $filesInProcess)
for ($group = 0; $group -lt $groups; $group++) {
    $those = for ($i = $group; $i -lt $files.Count; $i += $groups) { $files[$i].FullName }
    @{ Runner = 'Windows'; Arguments = @{ System = $System; Name = "Pester-$($group + 1)"; Sources = @($those) } }
}

foreach ($project in Get-ChildItem "$root/tests/*/*.Tests.csproj") {
    $assembly = Join-Path $root 'artifacts' 'bin' $project.BaseName $Configuration.ToLowerInvariant() "$($project.BaseName).dll"
    $all = @(& dotnet $assembly -noColor -list classes | Where-Object { $_ -like "$($project.BaseName).*" })
    if ($LASTEXITCODE -ne 0 -or -not $all) { throw "$($project.BaseName) does not list its classes; it ended with $LASTEXITCODE." }
    $classes = @($all | Where-Object { Test-TestName $_ $Names })
    foreach ($room in $classes | Group-Object { ($_.Substring($project.BaseName.Length + 1) -split '\.')[0] }) {
        if (-not $Names -and $room.Name -in ($computed + $needsGit + $needsLinux + $onlySends)) { continue }
        $arguments = @{
            System = $System; Name = "$($project.BaseName)-$($room.Name)"; Sources = @($room.Group); Project = $project.BaseName
            Configuration = $Configuration
        }
        @{ Runner = 'Windows'; Arguments = $arguments }
    }
}
