# Windows: makes Ctrl+C, Ctrl+Break or the end of the console window happen in the console of another process. Says "ready", then
# reads lines "METHOD PROCESS EVENT" until its input ends, and answers each with "ok" or with what went wrong.
Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'

Add-Type -TypeDefinition @'
using System;
using System.Runtime.InteropServices;
using System.Threading;

public static class ConsoleEvents
{
    private const int CreateThreadsReadAndWrite = 0x2 | 0x8 | 0x10 | 0x20 | 0x400;
    private static readonly AutoResetEvent Arrived = new(false);
    private static readonly Handler Own = _ => { Arrived.Set(); return true; };

    private delegate bool Handler(int code);

    // All processes of a console get its events, and a process has one console: this one leaves its own and joins the other. The system
    // forgets its handler when it leaves again, so it first waits until the event has arrived here too.
    public static void Generate(int process, int code)
    {
        FreeConsole();
        Check(AttachConsole(process), "AttachConsole");
        Check(SetConsoleCtrlHandler(Own, true), "SetConsoleCtrlHandler");
        bool generated = GenerateConsoleCtrlEvent(code, 0);
        int error = Marshal.GetLastPInvokeError();
        if (generated && !Arrived.WaitOne(30_000)) throw new TimeoutException("The event did not arrive.");
        FreeConsole();
        if (!generated) throw new InvalidOperationException($"GenerateConsoleCtrlEvent failed with {error}.");
    }

    // What the system does in each process of the console when an event arrives: it starts a thread at this function.
    public static void Start(int process, int code)
    {
        nint routine = NativeLibrary.GetExport(NativeLibrary.Load("kernelbase.dll"), "CtrlRoutine");
        nint target = OpenProcess(CreateThreadsReadAndWrite, false, process);
        Check(target != 0, "OpenProcess");
        nint thread = CreateRemoteThread(target, 0, 0, routine, code, 0, out _);
        Check(thread != 0, "CreateRemoteThread");
        CloseHandle(thread);
        CloseHandle(target);
    }

    private static void Check(bool done, string what)
    {
        if (!done) throw new InvalidOperationException($"{what} failed with {Marshal.GetLastPInvokeError()}.");
    }

    [DllImport("kernel32", SetLastError = true)] private static extern bool FreeConsole();
    [DllImport("kernel32", SetLastError = true)] private static extern bool AttachConsole(int process);
    [DllImport("kernel32", SetLastError = true)] private static extern bool SetConsoleCtrlHandler(Handler handler, bool add);
    [DllImport("kernel32", SetLastError = true)] private static extern bool GenerateConsoleCtrlEvent(int code, int group);
    [DllImport("kernel32", SetLastError = true)] private static extern nint OpenProcess(int access, bool inherit, int process);
    [DllImport("kernel32")] private static extern bool CloseHandle(nint handle);
    [DllImport("kernel32", SetLastError = true)]
    private static extern nint CreateRemoteThread(
        nint process, nint security, nint stack, nint start, nint argument, int flags, out int thread);
}
'@
[Console]::Out.WriteLine('ready')
while ($line = [Console]::In.ReadLine()) {
    $method, $process, $code = $line -split ' '
    $answer = try { [ConsoleEvents]::$method($process, $code); 'ok' } catch { $_.Exception.GetBaseException().Message }
    [Console]::Out.WriteLine($answer)
}
