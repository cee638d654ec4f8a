using System.Net;
using System.Net.Http.Headers;
using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Runtime;

namespace WaterMeters.Ops.Feeds;

/// <summary>
/// Downloads one file and resumes after interruptions (RFC 9110, section 14: range requests). The hash of the result is checked, which also
/// detects bytes of an older file at the same address.
/// </summary>
internal sealed class ResumableDownload(FeedClient client, Uri address, RuntimePackage package, string path)
{
    /// <summary>Downloads the file and checks its hash; deletes the file if the address has other bytes.</summary>
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
            throw new RuntimeInstallationException(
                RuntimeInstallationFault.DiskFull,
                path,
                $"Cannot write '{path}': {e.Sentence()} Choose a folder on another disk with -OutputPath, or free disk space.",
                e);
        }
    }

    private void Complete(FileStream file, string sha512, Action<TransferProgress> report, CancellationToken stop)
    {
        bool resumed = file.Length > 0;
        Fetch(file, report, stop);
        string found = Hash(file, report, stop);
        if (found != sha512 && resumed)
        {
            // The existing bytes were of another download, perhaps of another file.
            file.SetLength(0);
            Fetch(file, report, stop);
            found = Hash(file, report, stop);
        }

        if (found == sha512) return;
        throw new RuntimeInstallationException(RuntimeInstallationFault.HashMismatch, address.ToString(),
            $"The file from '{address}' is not {package.Id} {package.Version}: its SHA-512 is {found}, expected is {sha512}. "
            + "Nothing was installed. Name another feed, or the package file, with -Source.");
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
            throw new RuntimeInstallationException(
                RuntimeInstallationFault.DestinationInUse,
                path,
                $"Cannot write '{path}': {e.Sentence()} Wait until no other installation is running, "
                    + "or choose another folder with -OutputPath.",
                e);
        }
    }

    /// <summary>Appends until the file is complete; starts again if the server cannot resume.</summary>
    private void Fetch(FileStream file, Action<TransferProgress> report, CancellationToken stop)
    {
        long longest = file.Length;
        for (int failures = 0; ;)
        {
            string reason;
            try
            {
                if (Append(file, report, stop) is not { } status) return;
                if (FeedClient.Refusal(address, status, package) is { } refusal) throw refusal;
                reason = $"HTTP {(int)status}";
            }
            catch (BrokenConnectionException e)
            {
                reason = e.Message;
            }

            failures = file.Length > longest ? 1 : failures + 1;
            longest = Math.Max(longest, file.Length);
            if (failures >= client.Options.Attempts)
            {
                string megabytes = FormattableString.Invariant($"{Megabytes.FromBytes(file.Length):0.0} MB");
                throw new RuntimeInstallationException(
                    RuntimeInstallationFault.DownloadBroken,
                    address.ToString(),
                    $"The download of '{address}' was interrupted after {megabytes}: {reason.TrimEnd('.')}. "
                    + $"Run Install-WmsRuntime again to resume it from '{path}'.");
            }

            stop.WaitHandle.WaitOne(client.Options.RetryDelay);
            stop.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Makes one request. Returns null once the file is complete, or the status code received instead of bytes.</summary>
    private HttpStatusCode? Append(FileStream file, Action<TransferProgress> report, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        if (file.Length > 0) request.Headers.Range = new RangeHeaderValue(file.Length, null);
        using var response = Connected(() => client.Send(request, stop));
        var range = response.Content.Headers.ContentRange;
        if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            // The file is complete already, or it is of another download.
            if (range?.Length == file.Length) return null;
            file.SetLength(0);
            return HttpStatusCode.RequestTimeout;
        }

        if (!response.IsSuccessStatusCode) return response.StatusCode;
        bool resumes = response.StatusCode == HttpStatusCode.PartialContent && range?.From == file.Length;
        if (!resumes && file.Length > 0) file.SetLength(0);
        bool isOtherPart = response.StatusCode == HttpStatusCode.PartialContent && file.Length == 0 && range?.From is > 0;
        if (isOtherPart) return HttpStatusCode.RequestTimeout;

        long total = range?.Length ?? response.Content.Headers.ContentLength ?? 0;
        file.Position = file.Length;
        using var body = response.Content.ReadAsStream(stop);
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

    // Separates connection errors, which are retried, from those of a full disk, which is an IOException too.
    private static T Connected<T>(Func<T> request)
    {
        try
        {
            return request();
        }
        catch (IOException e)
        {
            throw new BrokenConnectionException(e);
        }
    }

    private sealed class BrokenConnectionException(IOException reason) : Exception(reason.Message, reason);
}
