# A real pwsh process that is read line by line, and killed or interrupted at a line it printed. Nothing here waits for a time.
Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'
Import-Module "$PSScriptRoot/../../build/Processes.psm1"

Add-Type -Namespace WaterMeters.Tests -Name Signals -MemberDefinition @'
[System.Runtime.InteropServices.DllImport("libc", EntryPoint = "kill", SetLastError = true)]
public static extern int Send(int process, int signal);
[System.Runtime.InteropServices.DllImport("libc", EntryPoint = "signal", SetLastError = true)]
public static extern nint Handle(int signal, nint handler);
'@

$interrupt = 2

<#
.SYNOPSIS
Starts a script in a new pwsh process with the module imported. Returns the process to read from.
.PARAMETER TempFolder
The child's folder for temporary files.
.PARAMETER AllCores
Lets libtorch use all cores where the tests' other processes have one thread.
#>
function Start-Pwsh {
    param(
        [Parameter(Mandatory)] [string] $Script,
        [Parameter(Mandatory)] [string] $ModulePath,
        [string] $TempFolder,
        [switch] $AllCores,
        [int] $TimeoutSeconds = 300
    )

    $program, [string[]] $first = Get-PwshCommand
    $start = [Diagnostics.ProcessStartInfo]::new($program)
    $text = "`$ErrorActionPreference = 'Stop'; Import-Module '$($ModulePath.Replace("'", "''"))'; $Script"
    $encoded = [Convert]::ToBase64String([Text.Encoding]::Unicode.GetBytes($text))
    foreach ($argument in @($first) + '-NoLogo', '-NoProfile', '-OutputFormat', 'Text', '-EncodedCommand', $encoded) {
        if ($argument) { $start.ArgumentList.Add($argument) }
    }
    $start.RedirectStandardInput = $start.RedirectStandardOutput = $start.RedirectStandardError = $true
    $start.StandardOutputEncoding = $start.StandardErrorEncoding = [Text.UTF8Encoding]::new($false)
    $start.Environment['NO_COLOR'] = '1'
    if ($AllCores) { $null = $start.Environment.Remove('OMP_NUM_THREADS') }
    if ($TempFolder) { foreach ($name in 'TMPDIR', 'TEMP', 'TMP') { $start.Environment[$name] = $TempFolder } }

    $process = Start-Interruptible $start
    $process.StandardInput.Close()
    [pscustomobject]@{
        Process = $process
        Output  = [Collections.Generic.List[string]]::new()
        Error   = $process.StandardError.ReadToEndAsync()
        Limit   = [Threading.CancellationTokenSource]::new([timespan]::FromSeconds($TimeoutSeconds))
    }
}

# A background job of a shell may ignore SIGINT, and its children inherit that.
function Start-Interruptible([Diagnostics.ProcessStartInfo] $Start) {
    $ignored = $IsLinux -and ([Convert]::ToUInt64(((Get-Content /proc/self/status) -match '^SigIgn:' -split '\s+')[1], 16) -band 2)
    if ($ignored) { $null = [WaterMeters.Tests.Signals]::Handle($interrupt, 0) }
    try { [Diagnostics.Process]::Start($Start) }
    finally { if ($ignored) { $null = [WaterMeters.Tests.Signals]::Handle($interrupt, 1) } }
}

<#
.SYNOPSIS
Reads the output up to the n-th line that matches. Returns that line, or nothing when the process ended before.
#>
function Wait-PwshLine {
    param([Parameter(Mandatory)] [psobject] $Pwsh, [Parameter(Mandatory)] [string] $Match, [int] $Number = 1)

    $seen = 0
    while ($null -ne ($line = Read-Line $Pwsh)) {
        if ($line -match $Match -and ++$seen -eq $Number) { return $line }
    }
}

<#
.SYNOPSIS
Sends a signal to the process: Kill (as kill -9) or Interrupt (as Ctrl+C; not on Windows, where it reaches all processes of a console).
#>
function Send-PwshSignal {
    param([Parameter(Mandatory)] [psobject] $Pwsh, [Parameter(Mandatory)] [ValidateSet('Kill', 'Interrupt')] [string] $Signal)

    if ($Signal -eq 'Kill') { $Pwsh.Process.Kill() }
    elseif ($IsWindows) { throw 'Windows has no signal that interrupts one process alone.' }
    elseif ([WaterMeters.Tests.Signals]::Send($Pwsh.Process.Id, $interrupt) -ne 0) {
        throw "The process $($Pwsh.Process.Id) could not be interrupted: error $([Runtime.InteropServices.Marshal]::GetLastPInvokeError())."
    }
}

<#
.SYNOPSIS
Waits until the process ends. Returns its ExitCode, Output and Error lines.
#>
function Wait-PwshEnd {
    param([Parameter(Mandatory)] [psobject] $Pwsh)

    try {
        while ($null -ne (Read-Line $Pwsh)) { }
        $Pwsh.Process.WaitForExit()
        [pscustomobject]@{
            ExitCode = $Pwsh.Process.ExitCode
            Output   = @($Pwsh.Output)
            Error    = @($Pwsh.Error.Result -split "`r?`n" | Where-Object { $_ } | Skip-NnpackWarning)
        }
    }
    finally {
        $Pwsh.Process.Dispose()
        $Pwsh.Limit.Dispose()
    }
}

<#
.SYNOPSIS
Runs a script in a new pwsh process and sends it a signal at the n-th line that matches.
.OUTPUTS
ExitCode, Output, Error; At: the line, or nothing when none matched; Returned: the time from the signal to the end of the process.
#>
function Invoke-PwshUntil {
    param(
        [Parameter(Mandatory)] [string] $Script,
        [Parameter(Mandatory)] [string] $ModulePath,
        [Parameter(Mandatory)] [string] $Match,
        [int] $Number = 1,
        [Parameter(Mandatory)] [ValidateSet('Kill', 'Interrupt')] [string] $Signal,
        [string] $TempFolder,
        [switch] $AllCores
    )

    $pwsh = Start-Pwsh -Script $Script -ModulePath $ModulePath -TempFolder $TempFolder -AllCores:$AllCores
    $line = Wait-PwshLine $pwsh $Match $Number
    $watch = [Diagnostics.Stopwatch]::StartNew()
    if ($line) { Send-PwshSignal $pwsh $Signal }
    $end = Wait-PwshEnd $pwsh
    $end | Add-Member -NotePropertyMembers @{ At = $line; Returned = $watch.Elapsed } -PassThru
}

function Read-Line([psobject] $Pwsh) {
    try { $line = $Pwsh.Process.StandardOutput.ReadLineAsync($Pwsh.Limit.Token).AsTask().GetAwaiter().GetResult() }
    catch [OperationCanceledException] {
        $Pwsh.Process.Kill($true)
        throw "The process did not end in time. Its last lines: $(($Pwsh.Output | Select-Object -Last 5) -join ' | ')"
    }
    if ($null -ne $line) { $Pwsh.Output.Add($line) }
    $line
}

Export-ModuleMember -Function Start-Pwsh, Wait-PwshLine, Send-PwshSignal, Wait-PwshEnd, Invoke-PwshUntil
