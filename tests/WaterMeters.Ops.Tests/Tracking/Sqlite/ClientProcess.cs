using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using WaterMeters.TrackingClient;

namespace WaterMeters.Ops.Tests.Tracking.Sqlite;

/// <summary>A process that uses a store at the same time; see the program TrackingClient.</summary>
internal sealed class ClientProcess : IDisposable
{
    private readonly Process process;

    public ClientProcess(params string[] arguments)
    {
        string host = Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet";
        var start = new ProcessStartInfo(host)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add(Path.ChangeExtension(typeof(Marker).Assembly.Location, ".dll"));
        foreach (string argument in arguments) start.ArgumentList.Add(argument);
        try
        {
            process = Process.Start(start)!;
        }
        catch (Win32Exception)
        {
            Assert.Skip("there is no command dotnet to start another process with");
            throw;
        }

        Assert.Equal("ready", process.StandardOutput.ReadLine() ?? process.StandardError.ReadToEnd());
    }

    /// <summary>Lets the process start its work.</summary>
    public ClientProcess Go()
    {
        process.StandardInput.WriteLine();
        process.StandardInput.Flush();
        return this;
    }

    /// <summary>Reads lines up to one; null if the process ended before.</summary>
    public string? WaitFor(string line)
    {
        while (process.StandardOutput.ReadLine() is { } read)
        {
            if (read == line) return read;
        }

        return null;
    }

    /// <summary>Ends the process at once, without a chance to clean up.</summary>
    public void Kill()
    {
        process.Kill();
        process.WaitForExit();
    }

    /// <summary>Waits for the end, and demands that it was a good one; returns the longest time of a call in milliseconds.</summary>
    public int Finish()
    {
        var errors = process.StandardError.ReadToEndAsync();
        string[] lines = process.StandardOutput.ReadToEnd().Trim().ReplaceLineEndings("\n").Split('\n');
        process.WaitForExit();
        Assert.Equal("", errors.GetAwaiter().GetResult());
        Assert.Equal(0, process.ExitCode);
        Assert.StartsWith("longest ", lines[^1]);
        return int.Parse(lines[^1].AsSpan(8), CultureInfo.InvariantCulture);
    }

    public void Dispose()
    {
        if (!process.HasExited) Kill();
        process.Dispose();
    }
}
