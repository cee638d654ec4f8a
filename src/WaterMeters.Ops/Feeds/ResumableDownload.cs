using System.Net;
using System.Net.Http.Headers;
using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Runtime;
using WaterMeters.Ops.Http;

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
        var download = new ResumingDownload
        {
            Options = client.Options,
            Open = Request,
            Read = (body, buffer, token) => client.Http.Read(body, buffer, token),
            Report = (bytes, total) => report(new($"Downloading {package.FileName}", bytes, total)),
        };
        try
        {
            download.Fill(file, stop);
        }
        catch (InterruptedDownloadException e)
        {
            string megabytes = FormattableString.Invariant($"{Megabytes.FromBytes(e.Bytes):0.0} MB");
            throw new RuntimeInstallationException(
                RuntimeInstallationFault.DownloadBroken,
                address.ToString(),
                $"The download of '{address}' was interrupted after {megabytes}: {e.Message}. "
                + $"Run Install-WmsRuntime again to resume it from '{path}'.");
        }
    }

    private FilePart Request(long from, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        if (from > 0) request.Headers.Range = new RangeHeaderValue(from, null);
        var response = client.Http.Send(request, stop);
        bool isAnswer = response.IsSuccessStatusCode || response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable;
        if (!isAnswer && FeedClient.Refusal(address, response.StatusCode, package) is { } refusal)
        {
            response.Dispose();
            throw refusal;
        }

        return FilePart.Of(response, from);
    }

    private static string Hash(FileStream file, Action<TransferProgress> report, CancellationToken stop)
    {
        file.Position = 0;
        return PackageHash.Compute(file, bytes => report(new("Checking the download", bytes, file.Length)), stop);
    }
}
