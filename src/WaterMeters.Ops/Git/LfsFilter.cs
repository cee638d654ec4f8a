using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace WaterMeters.Ops.Git;

/// <summary>
/// Turns the pointers of Git LFS into the files they stand for, all through one <c>git lfs filter-process</c> (gitattributes, long running
/// filter process, version 2). It downloads what is not here.
/// </summary>
internal sealed class LfsFilter : IDisposable
{
    private const int MaxPacket = 65516;

    private readonly Process process;
    private readonly CancellationTokenRegistration stop;
    private readonly PipeReader error;
    private readonly Stream input, output;

    /// <summary>Starts git-lfs.</summary>
    /// <exception cref="GitException">It is not installed, or does not start.</exception>
    public LfsFilter(GitProcess git, CancellationToken cancellation)
    {
        process = git.Start(["lfs", "filter-process"]);
        stop = cancellation.Register(() => GitProcess.Kill(process));
        error = new PipeReader(process.StandardError.BaseStream);
        input = process.StandardInput.BaseStream;
        output = new BufferedStream(process.StandardOutput.BaseStream, 1 << 16);
        try
        {
            WriteLines("git-filter-client", "version=2");
            ReadLines();
            // git-lfs insists on both, though only one is used.
            WriteLines("capability=clean", "capability=smudge");
            ReadLines();
        }
        catch (IOException e)
        {
            string reason = Reason();
            Dispose();
            throw new GitException(
                GitFault.NotInstalled, "git-lfs",
                $"Photos are stored with Git LFS, but git-lfs does not start: {GitProcess.Sentence(reason)} Install git-lfs.", e);
        }
    }

    /// <summary>Returns the file that a pointer stands for.</summary>
    /// <param name="path">Its path in the repository.</param>
    /// <param name="pointer">The content of the pointer.</param>
    /// <exception cref="GitException">It is neither here nor to be downloaded.</exception>
    public byte[] Smudge(string path, byte[] pointer)
    {
        try
        {
            WriteLines("command=smudge", "pathname=" + path);
            for (int at = 0; at < pointer.Length; at += MaxPacket) Write(pointer.AsSpan(at, Math.Min(MaxPacket, pointer.Length - at)));
            Flush();
            if (Status(ReadLines()) is "success" or null)
            {
                using var content = new MemoryStream();
                while (ReadPacket() is { } packet) content.Write(packet);
                if (Status(ReadLines()) is null or "success") return content.ToArray();
            }

            throw Missing(path, "git-lfs reports an error", null);
        }
        catch (IOException e)
        {
            throw Missing(path, Reason(), e);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        stop.Dispose();
        try
        {
            input.Close();
        }
        catch (IOException)
        {
            // It has ended.
        }

        if (!process.WaitForExit(5000)) GitProcess.Kill(process);
        _ = error.ReadMessages();
        process.Dispose();
    }

    private static GitException Missing(string path, string reason, Exception? inner) => new(
        GitFault.Failed, path, $"Git LFS cannot read '{path}': {GitProcess.Sentence(reason)} Run 'git lfs fetch', and push again.", inner);

    private static string? Status(IReadOnlyList<string> lines) =>
        lines.LastOrDefault(line => line.StartsWith("status=", StringComparison.Ordinal))?["status=".Length..];

    private string Reason()
    {
        if (!process.WaitForExit(5000)) GitProcess.Kill(process);
        return new GitOutput(1, [], Encoding.UTF8.GetString(error.ReadMessages())).Reason;
    }

    private void WriteLines(params string[] lines)
    {
        foreach (string line in lines) Write(Encoding.UTF8.GetBytes(line + "\n"));
        Flush();
    }

    private void Write(ReadOnlySpan<byte> packet)
    {
        input.Write(Encoding.ASCII.GetBytes((packet.Length + 4).ToString("x4", CultureInfo.InvariantCulture)));
        input.Write(packet);
    }

    private void Flush()
    {
        input.Write("0000"u8);
        input.Flush();
    }

    private List<string> ReadLines()
    {
        var lines = new List<string>();
        while (ReadPacket() is { } packet) lines.Add(Encoding.UTF8.GetString(packet).TrimEnd('\n'));
        return lines;
    }

    private byte[]? ReadPacket()
    {
        Span<byte> head = stackalloc byte[4];
        output.ReadExactly(head);
        if (!int.TryParse(Encoding.ASCII.GetString(head), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out int length))
        {
            throw new IOException("The answer is not one of a filter process.");
        }

        if (length < 4) return null;
        byte[] packet = new byte[length - 4];
        output.ReadExactly(packet);
        return packet;
    }
}
