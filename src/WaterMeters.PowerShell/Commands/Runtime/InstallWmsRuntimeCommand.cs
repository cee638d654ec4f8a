using System.Management.Automation;
using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Runtime;
using WaterMeters.Ops.Feeds;
using WaterMeters.PowerShell.Errors;

namespace WaterMeters.PowerShell.Commands.Runtime;

/// <summary>Installs libtorch, which training needs, and predicting in bfloat16 or on CUDA.</summary>
/// <remarks>
/// <para>Downloads the NuGet package of this platform, checks its SHA-512 against the one this module knows, and unpacks it into the user's own cache, where the other cmdlets find it. Nothing is found there before it is complete. -WhatIf says how many megabytes it takes and asks no network.</para>
/// <para>A download that breaks goes on by itself, and when the cmdlet is run again: what has come so far lies beside the destination in a file that ends in .nupkg.partial.</para>
/// <para>Where libtorch is found already, the cmdlet says where and does nothing; -Force installs it all the same.</para>
/// </remarks>
/// <example><para>Says what it would download, then does it.</para><code>Install-WmsRuntime -WhatIf; Install-WmsRuntime</code></example>
/// <example><para>Installs on a machine without network, from the package that was brought there.</para><code>Install-WmsRuntime -Source ./libtorch-cpu-linux-x64.2.10.0.nupkg</code></example>
/// <example><para>Installs from a feed of one's own into a folder that several users share.</para><code>$env:WMS_TORCH_PATH = (Install-WmsRuntime -Source https://packages.example.com/v3/index.json -Path /opt/libtorch).Path</code></example>
/// <seealso cref="TestWmsEnvironmentCommand"/>
[Cmdlet(VerbsLifecycle.Install, "WmsRuntime", SupportsShouldProcess = true)]
[OutputType(typeof(RuntimeInstallation))]
public sealed class InstallWmsRuntimeCommand : WmsCmdlet
{
    private string destination = "";

    /// <summary>Where libtorch comes from: a package file (.nupkg), a folder that holds it or the package, or the address of a NuGet v3 feed's index.json. The feed of nuget.org when not given. A folder's loose files are taken as they are, without a hash.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    public string? Source { get; set; }

    /// <summary>The folder to install into; the user's cache when not given. Another one is used only when the variable WMS_TORCH_PATH names it.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    /// <summary>SHA-512 that the package must have, in base64 or hexadecimal, instead of the one this module knows: for a package of one's own.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Sha512 { get; set; }

    /// <summary>Installs although libtorch is there, and replaces what an earlier installation put into the folder.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    private protected override object WorksOn => destination;

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        destination = Path is null ? RuntimeInstaller.DefaultDestination : Absolute(Path);
        try
        {
            Install();
        }
        catch (Exception e) when (e is WaterMetersException or IOException or UnauthorizedAccessException)
        {
            Fail(WmsErrors.From(e, destination));
        }
    }

    private void Install()
    {
        var package = RuntimeCatalog.Current
            ?? throw new RuntimeInstallationException(RuntimeInstallationFault.NoPackage, RuntimeCatalog.Platform, RuntimeCatalog.UnsupportedReason(RuntimeCatalog.Platform));

        // A package of one's own has a size that nobody here knows.
        if (Sha512 is not null && PackageHash.Parse(Sha512) != package.Sha512) package = package with { PackageBytes = 0, UnpackedBytes = 0 };
        var there = Path is null ? RuntimeInstaller.Present() : RuntimeInstaller.Installed(destination);
        if (there is not null && !Force)
        {
            if (there.Version != package.Version) throw new RuntimeInstallationException(RuntimeInstallationFault.DestinationInUse, destination, $"'{destination}' holds libtorch {there.Version}, and this module belongs to {package.Version}. Replace it with -Force, or name another folder with -Path.");
            WriteObject(there);
            return;
        }

        if (RuntimeCatalog.CurrentFault is { } fault) WriteWarning(fault);
        Uri? feed = Source is null ? PackageFeed.Default : Uri.TryCreate(Source, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" ? address : null;
        if (feed is not null) FromFeed(feed, package);
        else FromDisk(Absolute(Source!), package);
    }

    private void FromFeed(Uri address, RuntimePackage package)
    {
        string hash = Hash(package), partial = destination + ".nupkg.partial";
        RuntimeInstaller.RequireReplaceable(destination);
        if (!ShouldProcess(destination, $"Download {Size(package.PackageBytes)}({package.Id} {package.Version} from {address}) and unpack {Size(package.UnpackedBytes)}")) return;
        RunOnWorker(worker =>
        {
            long here = File.Exists(partial) ? new FileInfo(partial).Length : 0;
            DiskSpace.Require(destination, Math.Max(0, package.PackageBytes - here) + package.UnpackedBytes);
            using (var feed = new PackageFeed(address)) feed.Download(package, hash, partial, p => Show(worker, p), worker.Stopping);
            Install(worker, () => RuntimeSource.OpenPackage(partial, package, hash, address.ToString(), p => Show(worker, p), worker.Stopping));
            File.Delete(partial);
        });
    }

    private void FromDisk(string path, RuntimePackage package)
    {
        RuntimeInstaller.RequireReplaceable(destination);
        if (RuntimeSource.PackageFile(path, package) is { } file)
        {
            string hash = Hash(package);
            if (!ShouldProcess(destination, $"Check '{file}' and unpack {Size(package.UnpackedBytes)}from it, download nothing")) return;
            RunOnWorker(worker => Install(worker, () => RuntimeSource.OpenPackage(file, package, hash, null, p => Show(worker, p), worker.Stopping)));
            return;
        }

        using var source = RuntimeSource.OpenFolder(path, package);
        if (ShouldProcess(destination, $"Copy {Size(source.Bytes)}from '{path}', download nothing")) RunOnWorker(worker => Install(worker, () => source));
    }

    private void Install(PipelineWorker worker, Func<RuntimeSource> open)
    {
        using var source = open();
        var installed = RuntimeInstaller.Install(source, destination, p => Show(worker, p), worker.Stopping);
        worker.Post(() =>
        {
            if (!RuntimeInstaller.IsSearched(destination)) WriteWarning($"'{destination}' is used only by sessions in which WMS_TORCH_PATH names it: $env:WMS_TORCH_PATH = '{destination.Replace("'", "''", StringComparison.Ordinal)}'");
            WriteObject(installed);
        });
    }

    private string Hash(RuntimePackage package)
    {
        if (Sha512 is not null)
        {
            return PackageHash.Parse(Sha512) ?? throw new SettingsException(nameof(Sha512), "-Sha512 is no SHA-512. Give its 88 characters in base64, as in a file .nupkg.sha512, or 128 in hexadecimal, as Get-FileHash -Algorithm SHA512 writes it.");
        }

        return package.Sha512 ?? throw new RuntimeInstallationException(RuntimeInstallationFault.HashUnknown, package.FileName,
            $"This module knows no hash of {package.Id} {package.Version}. Give it with -Sha512: NuGet keeps it in {package.FileName}.sha512 beside a restored package.");
    }

    private static string Size(long bytes) => bytes == 0 ? "libtorch " : FormattableString.Invariant($"{Megabytes.FromBytes(bytes):0} MB ");

    private static void Show(PipelineWorker worker, TransferProgress p)
    {
        string total = p.TotalBytes == 0 ? "?" : Megabytes.FromBytes(p.TotalBytes).ToString("0", System.Globalization.CultureInfo.InvariantCulture);
        worker.Report("Installing libtorch", FormattableString.Invariant($"{p.Activity}: {Megabytes.FromBytes(p.Bytes):0} of {total} MB"),
            p.TotalBytes == 0 ? -1 : (int)Math.Min(100, 100 * p.Bytes / p.TotalBytes));
    }
}
