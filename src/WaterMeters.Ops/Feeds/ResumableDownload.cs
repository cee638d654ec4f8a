using System.Net;
using System.Net.Http.Headers;
using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Runtime;

namespace WaterMeters.Ops.Feeds;

/// <summary>
/// Downloads one file and goes on where it broke (RFC 9110, section 14: range requests). What comes out is checked by its hash, so
/// bytes of an older file under the same address cannot stay unnoticed.
/// </summary>
internal sealed class ResumableDownload(FeedClient client, Uri address, RuntimePackage package, string path)
{
    /// <summary>Downloads; afterwards the file has the hash, or is gone when the address has other bytes.</summary>
    public void Run(string sha512, Action<TransferProgress> report, CancellationToken stop)
    {
        try
        {
            using var file = Open();
            Complete(file, sha512, report, stop);
        }
        catch (RuntimeInstallationException e) when (e.Fault == RuntimeInstallationFault.HashMismatch)
        {
            File.Delete(path);
            throw;
        }
        catch (IOException e) when (DiskSpace.IsFull(e))
        {
            throw new RuntimeInstallationException(RuntimeInstallationFault.DiskFull, path, $"'{path}' cannot be written: {e.Sentence()} Make room, or name a folder on another disk with -Path.", e);
        }
    }

    private void Complete(FileStream file, string sha512, Action<TransferProgress> report, CancellationToken stop)
    {
        bool goesOn = file.Length > 0;
        Fetch(file, report, stop);
        string found = Hash(file, report, stop);
        if (found != sha512 && goesOn)
        {
            // The beginning was of another download, perhaps of another file.
            file.SetLength(0);
            Fetch(file, report, stop);
            found = Hash(file, report, stop);
        }

        if (found == sha512) return;
        throw new RuntimeInstallationException(RuntimeInstallationFault.HashMismatch, address.ToString(),
            $"What '{address}' sent is not {package.Id} {package.Version}: its SHA-512 is {found}, expected is {sha512}. Nothing was installed. Name another feed, or the package's file, with -Source.");
    }

    private FileStream Open()
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RuntimeInstallationException(RuntimeInstallationFault.DestinationInUse, path, $"'{path}' cannot be written: {e.Sentence()} Wait for the other installation if there is one, or name another folder with -Path.", e);
        }
    }

    /// <summary>Appends until the file is whole; begins again where the server cannot go on.</summary>
    private void Fetch(FileStream file, Action<TransferProgress> report, CancellationToken stop)
    {
        long most = file.Length;
        for (int failures = 0; ;)
        {
            string why;
            try
            {
                if (Append(file, report, stop) is not { } status) return;
                if (FeedClient.Refusal(address, status, package) is { } refusal) throw refusal;
                why = $"the server answers {(int)status}";
            }
            catch (BrokenConnectionException e)
            {
                why = e.Message;
            }

            failures = file.Length > most ? 1 : failures + 1;
            most = Math.Max(most, file.Length);
            if (failures >= client.Options.Attempts)
            {
                throw new RuntimeInstallationException(RuntimeInstallationFault.DownloadBroken, address.ToString(), FormattableString.Invariant(
                    $"The download of '{address}' broke off after {Megabytes.FromBytes(file.Length):0.0} MB: {why.TrimEnd('.')}. They are kept in '{path}': run Install-WmsRuntime again, and it goes on from there."));
            }

            stop.WaitHandle.WaitOne(client.Options.Pause);
            stop.ThrowIfCancellationRequested();
        }
    }

    /// <summary>One request: null when the file is whole, else the status that came instead of bytes.</summary>
    private HttpStatusCode? Append(FileStream file, Action<TransferProgress> report, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        if (file.Length > 0) request.Headers.Range = new RangeHeaderValue(file.Length, null);
        using var answer = Connected(() => client.Send(request, stop));
        var range = answer.Content.Headers.ContentRange;
        if (answer.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            // All of it is here already, or it was another file.
            if (range?.Length == file.Length) return null;
            file.SetLength(0);
            return HttpStatusCode.RequestTimeout;
        }

        if (!answer.IsSuccessStatusCode) return answer.StatusCode;
        bool goesOn = answer.StatusCode == HttpStatusCode.PartialContent && range?.From == file.Length;
        if (!goesOn && file.Length > 0) file.SetLength(0);
        if (answer.StatusCode == HttpStatusCode.PartialContent && file.Length == 0 && range?.From is > 0) return HttpStatusCode.RequestTimeout;

        long total = range?.Length ?? answer.Content.Headers.ContentLength ?? 0;
        file.Position = file.Length;
        using var body = answer.Content.ReadAsStream(stop);
        byte[] buffer = new byte[1 << 17];
        while (Connected(() => client.Read(body, buffer, stop)) is > 0 and int count)
        {
            file.Write(buffer, 0, count);
            report(new($"Downloading {package.FileName}", file.Length, total));
        }

        file.Flush();
        return null;
    }

    private static string Hash(FileStream file, Action<TransferProgress> report, CancellationToken stop)
    {
        file.Position = 0;
        return PackageHash.Compute(file, bytes => report(new("Checking the download", bytes, file.Length)), stop);
    }

    // A full disk is an IOException too, and no reason to ask the server again.
    private static T Connected<T>(Func<T> ask)
    {
        try
        {
            return ask();
        }
        catch (IOException e)
        {
            throw new BrokenConnectionException(e);
        }
    }

    private sealed class BrokenConnectionException(IOException reason) : Exception(reason.Message, reason);
}
