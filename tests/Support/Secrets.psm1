# Everything that a call says, to search it for the secrets that tests plant.
Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'

<#
.SYNOPSIS
Matches every planted secret, also in base64: of AWS, of GitHub, of Terraform. Identifiers of keys (AKIA...) are no secrets.
#>
function Get-PlantedPattern {
    $secrets = 'PLANTED-SECRET', 'PLANTED-TOKEN', 'plantedSecret', 'plantedSession', 'ghp_planted', 'planted_refused', 'hunter22-planted'
    $encoded = $secrets | ForEach-Object { [Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes($_)) }
    ($secrets + $encoded | ForEach-Object { [regex]::Escape($_) }) -join '|'
}

<#
.SYNOPSIS
Runs a call and returns all that it has said: every stream, every property of its records and errors, and a transcript.
.PARAMETER Call
The call; $all in it is -Verbose -Debug -ErrorAction Continue, and -WarningAction Continue, since -Debug alone asks after each warning.
#>
function Get-SaidText {
    param([Parameter(Mandatory)] [scriptblock] $Call)

    $path = [IO.Path]::GetTempFileName()
    $null = Start-Transcript $path -Force
    $variables = @([psvariable]::new('all', @{
                Verbose = $true; Debug = $true; ErrorAction = 'Continue'; WarningAction = 'Continue'
            }))
    try { $said = @(& { $Call.InvokeWithContext($null, $variables) } *>&1) }
    catch { $said = @($_; $_.Exception.InnerException) }
    finally { $null = Stop-Transcript }
    try {
        $errors = @($said | Where-Object { $_ -is [Management.Automation.ErrorRecord] } | ForEach-Object {
                $_.Exception.ToString(); $_ | Format-List * -Force | Out-String -Width 400
            })
        @(
            $said | Out-String -Width 400
            $said | Format-List * -Force | Out-String -Width 400
            $errors
            Get-Content -LiteralPath $path -Raw
        ) -join "`n"
    }
    finally { Remove-Item -LiteralPath $path }
}

Export-ModuleMember -Function Get-PlantedPattern, Get-SaidText
