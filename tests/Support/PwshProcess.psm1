# A real pwsh process that is read line by line, and killed or interrupted at a line it printed. Nothing here waits for a time.
# On Windows each has a console of its own, so that Ctrl+C reaches it alone.
Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'
Import-Module "$PSScriptRoot/../../build/Processes.psm1", "$PSScriptRoot/Wine.psm1"

Add-Type -Namespace WaterMeters.Tests -Name Signals -MemberDefinition @'
[System.Runtime.InteropServices.DllImport("libc", EntryPoint = "kill", SetLastError = true)]
public static extern int Send(int process, int signal);
[System.Runtime.InteropServices.DllImport("libc", EntryPoint = "signal", SetLastError = true)]
public static extern nint Handle(int signal, nint handler);
'@

$hangup = 1
$interrupt = 2

# Windows: the process that sends events to the consoles of the others.
$sender = $null
$ExecutionContext.SessionState.Module.OnRemove = { if ($sender) { $sender.StandardInput.Close(); $sender.Dispose() } }

<#
.SYNOPSIS
Starts a script in a new pwsh process with the module imported. Returns the process to read from.
.PARAMETER TempFolder
The child's folder for temporary files.
.PARAMETER AllCores
Lets libtorch use all cores where the tests' other processes have one thread.
.PARAMETER NonInteractive
Starts it with -NonInteractive.
#>
function Start-Pwsh {
    param(
        [Parameter(Mandatory)] [string] $Script,
        [Parameter(Mandatory)] [string] $ModulePath,
        [string] $TempFolder,
        [switch] $AllCores,
        [switch] $NonInteractive,
        [int] $TimeoutSeconds = 300
    )

    $program, [string[]] $first = Get-PwshCommand
    $start = [Diagnostics.ProcessStartInfo]::new($program)
    $text = "`$ErrorActionPreference = 'Stop'; Import-Module '$($ModulePath.Replace("'", "''"))'; $Script"
    $encoded = [Convert]::ToBase64String([Text.Encoding]::Unicode.GetBytes($text))
    $prompts = $NonInteractive ? '-NonInteractive' : $null
    foreach ($argument in @($first) + '-NoLogo', '-NoProfile', $prompts, '-OutputFormat', 'Text', '-EncodedCommand', $encoded) {
        if ($argument) { $start.ArgumentList.Add($argument) }
    }
    $start.RedirectStandardInput = $start.RedirectStandardOutput = $start.RedirectStandardError = $true
    $start.StandardOutputEncoding = $start.StandardErrorEncoding = [Text.UTF8Encoding]::new($false)
    $start.CreateNoWindow = $true
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

# A background job of a shell may ignore SIGINT, and a command under nohup SIGHUP; children inherit that.
function Start-Interruptible([Diagnostics.ProcessStartInfo] $Start) {
    $mask = $IsLinux ? [Convert]::ToUInt64(((Get-Content /proc/self/status) -match '^SigIgn:' -split '\s+')[1], 16) : 0
    $ignored = @($hangup, $interrupt | Where-Object { $mask -band (1 -shl ($_ - 1)) })
    foreach ($signal in $ignored) { $null = [WaterMeters.Tests.Signals]::Handle($signal, 0) }
    try { [Diagnostics.Process]::Start($Start) }
    finally { foreach ($signal in $ignored) { $null = [WaterMeters.Tests.Signals]::Handle($signal, 1) } }
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
Sends a signal to the process: Kill (as kill -9, or TerminateProcess), Interrupt (Ctrl+C), Close (its terminal is closed), or on Windows
Break (Ctrl+Break).
#>
function Send-PwshSignal {
    param(
        [Parameter(Mandatory)] [psobject] $Pwsh,
        [Parameter(Mandatory)] [ValidateSet('Kill', 'Interrupt', 'Break', 'Close')] [string] $Signal
    )

    if ($Signal -eq 'Kill') { $Pwsh.Process.Kill() }
    elseif ($IsWindows) { Send-ConsoleEvent $Pwsh.Process.Id $Signal }
    elseif ($Signal -eq 'Break') { throw 'Only Windows has Ctrl+Break.' }
    elseif ([WaterMeters.Tests.Signals]::Send($Pwsh.Process.Id, $Signal -eq 'Close' ? $hangup : $interrupt) -ne 0) {
        throw "The process $($Pwsh.Process.Id) could not be interrupted: error $([Runtime.InteropServices.Marshal]::GetLastPInvokeError())."
    }
}

# Starts the process that sends events to consoles, and waits until it can: an event must not be late.
function Start-ConsoleSender {
    if ($sender) { return }
    $program, [string[]] $first = Get-PwshCommand
    $start = [Diagnostics.ProcessStartInfo]::new($program)
    foreach ($argument in @($first) + '-NoLogo', '-NoProfile', '-NonInteractive', '-File', "$PSScriptRoot/Send-ConsoleEvent.ps1") {
        if ($argument) { $start.ArgumentList.Add($argument) }
    }
    $start.RedirectStandardInput = $start.RedirectStandardOutput = $start.CreateNoWindow = $true
    $process = [Diagnostics.Process]::Start($start)
    if ($process.StandardOutput.ReadLine() -ne 'ready') { throw 'Send-ConsoleEvent.ps1 did not start.' }
    $script:sender = $process
}

function Send-ConsoleEvent([int] $Process, [string] $Signal) {
    $event = @{ Interrupt = 0; Break = 1; Close = 2 }[$Signal]
    # No function generates the event of a closed window, and Wine's generates no Ctrl+Break: for both, what follows the event.
    $method = $Signal -eq 'Close' -or ($Signal -eq 'Break' -and (Test-Wine)) ? 'Start' : 'Generate'
    Start-ConsoleSender
    $sender.StandardInput.WriteLine("$method $Process $event")
    $answer = $sender.StandardOutput.ReadLine()
    if ($answer -ne 'ok') { throw "$Signal could not be sent to the process ${Process}: $answer" }
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
            Error    = @($Pwsh.Error.Result -split "`r?`n" | Where-Object { $_ } | Skip-NativeWarning)
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
        [Parameter(Mandatory)] [ValidateSet('Kill', 'Interrupt', 'Break', 'Close')] [string] $Signal,
        [string] $TempFolder,
        [switch] $AllCores
    )

    if ($IsWindows -and $Signal -ne 'Kill') { Start-ConsoleSender }
    $pwsh = Start-Pwsh -Script $Script -ModulePath $ModulePath -TempFolder $TempFolder -AllCores:$AllCores -NonInteractive:(
        $Signal -eq 'Break') # in a session with prompts, Ctrl+Break opens the debugger
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
