# The program of tests/FakeTerraform, and folders it works in.
Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'

$artifacts = Join-Path (Split-Path (Split-Path $PSScriptRoot)) 'artifacts'
$program = Join-Path $artifacts 'bin' 'WaterMeters.FakeTerraform' 'release'
# Built on Linux, the program for Windows is in another folder.
if ($IsWindows -and -not (Test-Path "$program/terraform.exe")) { $program = Join-Path $artifacts 'windows' 'bin' }

# What no output may show.
$secret = 'hunter22-planted'

<#
.SYNOPSIS
Creates a folder with a plan that creates, replaces and destroys, and with outputs. Returns its path.
.PARAMETER Fault
What goes wrong: see tests/FakeTerraform/Program.cs.
#>
function New-TerraformFolder {
    param([Parameter(Mandatory)] [string] $Path, [string] $Fault)

    $null = New-Item -ItemType Directory -Force "$Path/.terraform"
    $marked = @{ user_data = $true }
    $plan = @{
        format_version   = '1.2'
        resource_changes = @(
            @{ address = 'aws_vpc.this'; type = 'aws_vpc'; change = @{ actions = @('create') } }
            @{
                address = 'aws_instance.machine'; type = 'aws_instance'; action_reason = 'replace_because_cannot_update'
                change  = @{
                    actions = @('delete', 'create'); replace_paths = @(, @('ami'))
                    after   = @{ instance_type = 't3.large'; region = 'eu-central-1'; user_data = $secret }; after_sensitive = $marked
                }
            }
            @{ address = 'aws_eip.machine[0]'; type = 'aws_eip'; change = @{ actions = @('delete') } }
        )
    } | ConvertTo-Json -Depth 9
    Set-Content "$Path/plan.json", "$Path/.terraform/wms.tfplan" $plan
    @{
        instance_id = @{ sensitive = $false; value = 'i-0abc' }
        bucket_name = @{ sensitive = $false; value = 'wms-data' }
        password    = @{ sensitive = $true; value = $secret }
    } | ConvertTo-Json | Set-Content "$Path/output.json"
    Set-Content "$Path/secret" $secret
    if ($Fault) { Set-Content "$Path/fault" $Fault }
    $Path
}

<#
.SYNOPSIS
Runs a script with the program in front of PATH, or with an empty PATH.
#>
function Invoke-WithTerraform {
    param([Parameter(Mandatory)] [scriptblock] $Script, [switch] $Missing)

    $before = $env:PATH
    $env:PATH = $Missing ? $PSScriptRoot : $program + [IO.Path]::PathSeparator + $before
    try { & $Script } finally { $env:PATH = $before }
}

<#
.SYNOPSIS
Puts the program in front of PATH for the rest of this process.
#>
function Enable-FakeTerraform { $env:PATH = $program + [IO.Path]::PathSeparator + $env:PATH }

Export-ModuleMember -Function New-TerraformFolder, Invoke-WithTerraform, Enable-FakeTerraform
