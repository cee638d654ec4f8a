using System.Text.Json;
using WaterMeters.Ml.Runtime;

namespace WaterMeters.Ops.Feeds;

/// <summary>
/// A NuGet v3 feed: its index.json names the services it offers, and one of them (PackageBaseAddress) has the packages.
/// Source: the NuGet Server API, "Service index" and "Package content".
/// </summary>
public sealed class PackageFeed(Uri index, DownloadOptions? options = null) : IDisposable
{
    private const string PackageService = "PackageBaseAddress/3.0.0";
    private const int MostIndexBytes = 4 << 20;

    private readonly FeedClient client = new(options ?? new DownloadOptions());

    /// <summary>The feed asked when none is named.</summary>
    public static Uri Default { get; } = new("https://api.nuget.org/v3/index.json");

    /// <summary>
    /// Downloads a package to <paramref name="file"/>, which holds it as a whole and with the right hash when this returns.
    /// Bytes that an earlier attempt has left there are kept, if the server can go on from them.
    /// </summary>
    /// <param name="package">The package.</param>
    /// <param name="sha512">The hash it must have, base64.</param>
    /// <param name="file">The file to download to. It stays when the download breaks, so that the next one can go on.</param>
    /// <param name="report">Is told how far it is.</param>
    /// <param name="stop">Ends the download.</param>
    /// <exception cref="RuntimeInstallationException">The feed does not answer, has no such package, broke off again and again, or sent other bytes.</exception>
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
            using var services = JsonDocument.Parse(Index(package, stop));
            foreach (var service in services.RootElement.GetProperty("resources").EnumerateArray())
            {
                if (service.GetProperty("@type").GetString() != PackageService) continue;
                return new Uri(new Uri(index, service.GetProperty("@id").GetString()!.TrimEnd('/') + "/"), $"{id}/{version}/{id}.{version}.nupkg");
            }
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or UriFormatException)
        {
            throw NoFeed(e);
        }

        throw NoFeed(null);
    }

    private byte[] Index(RuntimePackage package, CancellationToken stop)
    {
        for (int attempt = 1; ; attempt++)
        {
            string why;
            try
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, index);
                using var answer = client.Send(request, stop);
                if (answer.IsSuccessStatusCode) return Body(answer, stop);
                if (FeedClient.Refusal(index, answer.StatusCode, package) is { } refusal) throw refusal;
                why = $"it answers {(int)answer.StatusCode}";
            }
            catch (IOException e)
            {
                why = e.Message;
            }

            if (attempt == client.Options.Attempts) throw FeedClient.Unavailable(index, $"The feed '{index}' cannot be reached: {why.TrimEnd('.')}. Check the network and its proxy (HTTPS_PROXY), or download {package.FileName} elsewhere and name the file with -Source.");
            stop.WaitHandle.WaitOne(client.Options.Pause);
            stop.ThrowIfCancellationRequested();
        }
    }

    private byte[] Body(HttpResponseMessage answer, CancellationToken stop)
    {
        using var body = answer.Content.ReadAsStream(stop);
        using var whole = new MemoryStream();
        byte[] buffer = new byte[1 << 16];
        while (client.Read(body, buffer, stop) is > 0 and int count)
        {
            whole.Write(buffer, 0, count);
            if (whole.Length > MostIndexBytes) throw NoFeed(null);
        }

        return whole.ToArray();
    }

    private RuntimeInstallationException NoFeed(Exception? inner) =>
        FeedClient.Unavailable(index, $"'{index}' is no index of a NuGet v3 feed. Such an address ends in /v3/index.json as a rule; name it with -Source.", inner);
}
