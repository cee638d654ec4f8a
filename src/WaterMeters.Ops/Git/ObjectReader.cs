using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace WaterMeters.Ops.Git;

/// <summary>Reads the content of objects, all through one <c>git cat-file --batch</c>.</summary>
internal sealed class ObjectReader : IDisposable
{
    private readonly Process git;
    private readonly CancellationTokenRegistration stop;
    private readonly PipeReader error;
    private readonly Stream output;

    /// <summary>Starts git.</summary>
    public ObjectReader(GitProcess git, CancellationToken cancellation)
    {
        this.git = git.Start(["cat-file", "--batch"]);
        stop = cancellation.Register(() => GitProcess.Kill(this.git));
        error = new PipeReader(this.git.StandardError.BaseStream);
        output = new BufferedStream(this.git.StandardOutput.BaseStream, 1 << 16);
    }

    /// <summary>Returns the content of an object; null if it is missing or git ended.</summary>
    public byte[]? Read(string id)
    {
        try
        {
            git.StandardInput.Write(id + "\n");
            git.StandardInput.Flush();

            // ID TYPE SIZE, or ID missing
            string[] head = ReadLine().Split(' ');
            if (head.Length != 3 || !int.TryParse(head[2], NumberStyles.None, CultureInfo.InvariantCulture, out int size)) return null;
            byte[] content = new byte[size];
            output.ReadExactly(content);
            _ = output.ReadByte();
            return content;
        }
        catch (Exception e) when (e is IOException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        stop.Dispose();
        try
        {
            git.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has ended.
        }

        if (!git.WaitForExit(5000)) GitProcess.Kill(git);
        _ = error.ReadMessages();
        git.Dispose();
    }

    private string ReadLine()
    {
        var line = new StringBuilder();
        for (int next = output.ReadByte(); next != '\n'; next = output.ReadByte())
        {
            if (next < 0) throw new EndOfStreamException();
            line.Append((char)next);
        }

        return line.ToString();
    }
}
