using System.Globalization;
using System.Management.Automation;
using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Runtime;
using WaterMeters.Ops.Feeds;
using WaterMeters.PowerShell.Errors;

namespace WaterMeters.PowerShell.Commands.Runtime;

/// <summary>Installs libtorch, which training needs, and prediction in bfloat16 or on CUDA.</summary>
/// <remarks>
/// <para>Downloads the NuGet package for this platform, compares its SHA-512 with the one this module knows, and unpacks it into the user's
/// cache, where the other cmdlets find it. They do not find an incomplete installation. -WhatIf shows the size in megabytes without
/// network access.</para>
/// <para>An interrupted download resumes by itself, and also when you run the cmdlet again: the part downloaded so far is in a file beside
/// the destination that ends in .nupkg.partial.</para>
/// <para>If libtorch is installed already, the cmdlet returns its location and does nothing; -Force installs it again.</para>
/// </remarks>
/// <example><para>Show what would be downloaded, then download it.</para>
/// <code>Install-WmsRuntime -WhatIf; Install-WmsRuntime</code></example>
/// <example><para>Install from a local package, on a machine without network access.</para>
/// <code>Install-WmsRuntime -Source ./libtorch-cpu-linux-x64.2.10.0.nupkg</code></example>
/// <example><para>Install from your own feed into a folder that several users share.</para>
/// <code>
/// $env:WMS_TORCH_PATH = (Install-WmsRuntime -Source https://packages.example.com/v3/index.json -OutputPath /opt/libtorch).Path
/// </code></example>
/// <seealso cref="TestWmsEnvironmentCommand"/>
[Cmdlet(VerbsLifecycle.Install, "WmsRuntime", SupportsShouldProcess = true)]
[OutputType(typeof(RuntimeInstallation))]
public sealed class InstallWmsRuntimeCommand : WmsCmdlet
{
    private string destination = "";

    /// <summary>
    /// The source of libtorch: a package file (.nupkg), a folder with libtorch or its package, or the address of the index.json of a NuGet
    /// v3 feed. The default is nuget.org. Loose files in a folder are not checked against a hash.
    /// </summary>
    [Parameter(Position = 0)]
    [PSDefaultValue(Help = "nuget.org")]
    [ValidateNotNullOrEmpty]
    public string? Source { get; set; }

    /// <summary>
    /// The folder to install into. The default is the user's cache; another folder is used only if the variable WMS_TORCH_PATH names it.
    /// </summary>
    [Parameter]
    [PSDefaultValue(Help = "the user's cache")]
    [Alias("Path", "Destination")]
    [ValidateNotNullOrEmpty]
    public string? OutputPath { get; set; }

    /// <summary>
    /// Expected SHA-512 of the package, in base64 or hexadecimal, instead of the one this module knows: for a package of your own.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Sha512 { get; set; }

    /// <summary>Installs even if libtorch is installed, and replaces an earlier installation in the folder.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    private protected override object ErrorTarget => destination;

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        destination = OutputPath is null ? RuntimeInstaller.DefaultDestination : ResolvePath(OutputPath);
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
            ?? throw new RuntimeInstallationException(
                RuntimeInstallationFault.NoPackage, RuntimeCatalog.Platform, RuntimeCatalog.UnsupportedReason(RuntimeCatalog.Platform));

        // The sizes of a user's own package are unknown.
        bool isOwnPackage = Sha512 is not null && PackageHash.Parse(Sha512) != package.Sha512;
        if (isOwnPackage) package = package with { PackageBytes = 0, UnpackedBytes = 0 };
        var installed = OutputPath is null ? RuntimeInstaller.Present() : RuntimeInstaller.Installed(destination);
        if (installed is not null && !Force)
        {
            if (installed.Version != package.Version)
            {
                throw new RuntimeInstallationException(
                    RuntimeInstallationFault.DestinationInUse,
                    destination,
                    $"'{destination}' contains libtorch {installed.Version}, but this module needs {package.Version}. "
                    + "Use -Force to replace it, or choose another folder with -OutputPath.");
            }

            WriteObject(installed);
            return;
        }

        if (Source is null) InstallFromFeed(PackageFeed.Default, package);
        else if (WebAddress(Source) is { } address) InstallFromFeed(address, package);
        else InstallFromDisk(ResolvePath(Source), package);
    }

    private void InstallFromFeed(Uri address, RuntimePackage package)
    {
        string hash = Hash(package), partial = destination + ".nupkg.partial";
        RuntimeInstaller.RequireReplaceable(destination);
        string download = $"{Size(package.PackageBytes)}({package.Id} {package.Version} from {address})";
        if (!ShouldProcess(destination, $"Download {download} and unpack {Size(package.UnpackedBytes)}")) return;
        RunOnWorker(worker =>
        {
            long downloaded = File.Exists(partial) ? new FileInfo(partial).Length : 0;
            DiskSpace.Require(destination, Math.Max(0, package.PackageBytes - downloaded) + package.UnpackedBytes);
            using (var feed = new PackageFeed(address)) feed.Download(package, hash, partial, p => Show(worker, p), worker.Stopping);
            Install(
                worker, () => RuntimeSource.OpenPackage(partial, package, hash, address.ToString(), p => Show(worker, p), worker.Stopping));
            File.Delete(partial);
        });
    }

    private void InstallFromDisk(string path, RuntimePackage package)
    {
        RuntimeInstaller.RequireReplaceable(destination);
        if (RuntimeSource.PackageFile(path, package) is { } file)
        {
            string hash = Hash(package);
            if (!ShouldProcess(destination, $"Check '{file}' and unpack {Size(package.UnpackedBytes)}from it, download nothing")) return;
            RunOnWorker(worker => Install(
                worker, () => RuntimeSource.OpenPackage(file, package, hash, null, p => Show(worker, p), worker.Stopping)));
            return;
        }

        using var source = RuntimeSource.OpenFolder(path, package);
        if (!ShouldProcess(destination, $"Copy {Size(source.Bytes)}from '{path}', download nothing")) return;
        RunOnWorker(worker => Install(worker, () => source));
    }

    private void Install(PipelineWorker worker, Func<RuntimeSource> open)
    {
        using var source = open();
        var installed = RuntimeInstaller.Install(source, destination, p => Show(worker, p), worker.Stopping);
        worker.Post(() =>
        {
            if (!RuntimeInstaller.IsSearched(destination))
            {
                string quoted = destination.Replace("'", "''", StringComparison.Ordinal);
                WriteWarning($"Only sessions in which WMS_TORCH_PATH names this folder use it: $env:WMS_TORCH_PATH = '{quoted}'");
            }

            WriteObject(installed);
        });
    }

    private static Uri? WebAddress(string source) =>
        Uri.TryCreate(source, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" ? address : null;

    private string Hash(RuntimePackage package)
    {
        if (Sha512 is not null)
        {
            return PackageHash.Parse(Sha512) ?? throw new SettingsException(
                nameof(Sha512),
                "-Sha512 is not a SHA-512 hash. "
                + "Give 88 characters in base64, as in a .nupkg.sha512 file, or 128 in hexadecimal, as from Get-FileHash.");
        }

        return package.Sha512 ?? throw new RuntimeInstallationException(
            RuntimeInstallationFault.HashUnknown,
            package.FileName,
            $"This module does not know the hash of {package.Id} {package.Version}. "
            + $"Give it with -Sha512; NuGet stores it in {package.FileName}.sha512 beside a restored package.");
    }

    private static string Size(long bytes) => bytes == 0 ? "libtorch " : FormattableString.Invariant($"{Megabytes.FromBytes(bytes):0} MB ");

    private static void Show(PipelineWorker worker, TransferProgress p)
    {
        string total = p.TotalBytes == 0 ? "?" : Megabytes.FromBytes(p.TotalBytes).ToString("0", CultureInfo.InvariantCulture);
        worker.Report("Installing libtorch", FormattableString.Invariant($"{p.Activity}: {Megabytes.FromBytes(p.Bytes):0} of {total} MB"),
            p.TotalBytes == 0 ? -1 : (int)Math.Min(100, 100 * p.Bytes / p.TotalBytes));
    }
}
