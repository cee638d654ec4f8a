using System.Text.Json;
using WaterMeters.Ml.Runtime;
using WaterMeters.Ops.Http;

namespace WaterMeters.Ops.Feeds;

/// <summary>
/// A NuGet v3 feed: its index.json lists its services, and one of them (PackageBaseAddress) has the packages.
/// Source: the NuGet Server API, "Service index" and "Package content".
/// </summary>
public sealed class PackageFeed(Uri index, DownloadOptions? options = null) : IDisposable
{
    private const string PackageService = "PackageBaseAddress/3.0.0";
    private const int MaxIndexBytes = 4 << 20;

    private readonly FeedClient client = new(options ?? new DownloadOptions());

    /// <summary>The default feed.</summary>
    public static Uri Default { get; } = new("https://api.nuget.org/v3/index.json");

    /// <summary>
    /// Downloads a package to <paramref name="file"/>. When it returns, the file is complete and has the right hash. Resumes from the bytes
    /// of an earlier attempt, if the server can.
    /// </summary>
    /// <param name="package">The package.</param>
    /// <param name="sha512">The expected hash, base64.</param>
    /// <param name="file">The file to download to. It is kept when the download is interrupted, so that the next one can resume.</param>
    /// <param name="report">Called with the progress.</param>
    /// <param name="stop">Stops the download.</param>
    /// <exception cref="RuntimeInstallationException">
    /// The feed does not respond or does not have the package, the download was interrupted repeatedly, or the package has another hash.
    /// </exception>
    public void Download(RuntimePackage package, string sha512, string file, Action<TransferProgress> report, CancellationToken stop)
    {
        var address = PackageAddress(package, stop);
        new ResumableDownload(client, address, package, file).Run(sha512, report, stop);
    }

    /// <inheritdoc/>
    public void Dispose() => client.Dispose();

    private Uri PackageAddress(RuntimePackage package, CancellationToken stop)
    {
        string id = package.Id.ToLowerInvariant(), version = package.Version.ToLowerInvariant();
        try
        {
            using var services = JsonDocument.Parse(ReadIndex(package, stop));
            foreach (var service in services.RootElement.GetProperty("resources").EnumerateArray())
            {
                if (service.GetProperty("@type").GetString() != PackageService) continue;
                var packages = new Uri(index, service.GetProperty("@id").GetString()!.TrimEnd('/') + "/");
                return new Uri(packages, $"{id}/{version}/{id}.{version}.nupkg");
            }
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or UriFormatException)
        {
            throw NotAFeed(e);
        }

        throw NotAFeed(null);
    }

    private byte[] ReadIndex(RuntimePackage package, CancellationToken stop)
    {
        for (int attempt = 1; ; attempt++)
        {
            string reason;
            try
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, index);
                using var response = client.Http.Send(request, stop);
                if (response.IsSuccessStatusCode) return client.Http.ReadAll(response, MaxIndexBytes, stop) ?? throw NotAFeed(null);
                if (FeedClient.Refusal(index, response.StatusCode, package) is { } refusal) throw refusal;
                reason = $"HTTP {(int)response.StatusCode}";
            }
            catch (IOException e)
            {
                reason = e.Message;
            }

            if (attempt == client.Options.Attempts)
            {
                throw FeedClient.Unavailable(
                    index,
                    $"Cannot reach the feed '{index}': {reason.TrimEnd('.')}. "
                    + $"Check the network and the proxy (HTTPS_PROXY), or name a downloaded {package.FileName} with -Source.");
            }

            stop.WaitHandle.WaitOne(client.Options.RetryDelay);
            stop.ThrowIfCancellationRequested();
        }
    }

    private RuntimeInstallationException NotAFeed(Exception? inner) =>
        FeedClient.Unavailable(
            index,
            $"'{index}' is not the index of a NuGet v3 feed. Name an address with -Source that ends in /v3/index.json, as most do.",
            inner);
}
