using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using WaterMeters.Ml.Runtime;

namespace WaterMeters.Ml.Tests.Runtime;

public class RuntimeInstallerTests
{
    private static readonly string Library = RuntimePlatform.LibraryFile("torch_cpu");
    private static readonly RuntimePackage Package =
        new() { Platform = RuntimePlatform.Rid, Id = "libtorch-cpu-" + RuntimePlatform.Rid, Version = LibTorchLocator.Version };

    [Fact]
    public void Unpacks_the_libraries_and_the_licence_and_records_the_installation()
    {
        using var folder = new TempFolder();
        string file = MakePackage(folder), destination = folder["libtorch", "here"];
        var installed = Install(file, destination);
        Assert.Equal(["LICENSE-LIBTORCH.txt", RuntimePlatform.LibraryFile("c10"), Library, "watermeters.json"], Names(destination));
        Assert.Equal(
            (RuntimeInstallationStatus.Installed, 3, 3_000L, Hash(file)),
            (installed.Status, installed.Files, installed.Bytes, installed.Sha512));
        Assert.Equal(file, installed.Source);

        var there = RuntimeInstaller.Installed(destination)!;
        Assert.Equal(installed with { Status = RuntimeInstallationStatus.AlreadyThere, Duration = default }, there);
        Assert.Equal(["here"], Names(folder["libtorch"]));
    }

    [Fact]
    public void Refuses_a_package_with_another_hash_or_platform_or_a_damaged_one()
    {
        using var folder = new TempFolder();
        string file = MakePackage(folder), noZip = folder["no.zip"];
        string other = MakePackage(folder, "other.nupkg", "runtimes/plan9-x64/native");
        File.WriteAllText(noZip, "no zip");
        var mismatch = Assert.Throws<RuntimeInstallationException>(() => Install(file, folder["here"], Hash(other)));
        Assert.Equal(RuntimeInstallationFault.HashMismatch, mismatch.Fault);
        Assert.Contains(Hash(file), mismatch.Message, StringComparison.Ordinal);
        foreach (string unusable in new[] { other, noZip })
        {
            var e = Assert.Throws<RuntimeInstallationException>(() => Install(unusable, folder["here"]));
            Assert.Equal((RuntimeInstallationFault.SourceUnusable, unusable), (e.Fault, e.Target));
        }

        Assert.False(Directory.Exists(folder["here"]));
    }

    [Theory]
    [InlineData("")]
    [InlineData("lib")]
    [InlineData("runtimes/{rid}/native")]
    public void Installs_only_the_libraries_of_a_folder(string inside)
    {
        using var folder = new TempFolder();
        string source = folder["source"];
        string libraries = Path.Combine(source, inside.Replace("{rid}", RuntimePlatform.Rid, StringComparison.Ordinal));
        Directory.CreateDirectory(libraries);
        foreach (string name in new[] { Library, "libgomp.so.1", "libtorch.a", "notes.txt" })
        {
            File.WriteAllText(Path.Combine(libraries, name), name);
        }

        File.WriteAllText(Path.Combine(source, "LICENSE-LIBTORCH.txt"), "licence");

        Assert.Null(RuntimeSource.PackageFile(source, Package));
        using var opened = RuntimeSource.OpenFolder(source, Package);
        var installed = RuntimeInstaller.Install(opened, folder["here"], _ => { }, TestContext.Current.CancellationToken);
        Assert.Equal("", installed.Sha512);
        string[] licence = inside == "lib" ? [] : ["LICENSE-LIBTORCH.txt"];
        string[] expected = ["libgomp.so.1", Library, "watermeters.json", .. licence];
        Assert.Equal(expected.Order(StringComparer.Ordinal), Names(folder["here"]));
    }

    [Fact]
    public void Finds_the_package_in_a_folder_and_reports_when_there_is_none()
    {
        using var folder = new TempFolder();
        string file = MakePackage(folder, Package.FileName);
        Assert.Equal(file, RuntimeSource.PackageFile(folder.Path, Package));
        Assert.Equal(file, RuntimeSource.PackageFile(file, Package));
        Directory.CreateDirectory(folder["empty"]);
        foreach (string path in new[] { folder["empty"], folder["not there"] })
        {
            var e = Assert.Throws<RuntimeInstallationException>(() => RuntimeSource.PackageFile(path, Package));
            Assert.Equal((RuntimeInstallationFault.SourceUnusable, path), (e.Fault, e.Target));
        }
    }

    [Fact]
    public void Refuses_a_folder_with_another_version()
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder["lib"]);
        File.WriteAllText(folder["lib", Library], "");
        File.WriteAllText(folder["build-version"], "1.2.3+cpu\n");
        var error = Assert.Throws<RuntimeInstallationException>(() => RuntimeSource.OpenFolder(folder.Path, Package));
        Assert.Contains("1.2.3+cpu", error.Message, StringComparison.Ordinal);
        File.WriteAllText(folder["build-version"], LibTorchLocator.Version + "+cpu\n");
        using var source = RuntimeSource.OpenFolder(folder.Path, Package);
        Assert.Equal(0, source.Bytes);
    }

    [Fact]
    public void Keeps_the_old_installation_when_cancelled()
    {
        using var folder = new TempFolder();
        string file = MakePackage(folder), destination = folder["here"];
        Install(file, destination);
        using var stop = new CancellationTokenSource();
        using (var source = RuntimeSource.OpenPackage(file, Package, Hash(file), null, _ => { }, TestContext.Current.CancellationToken))
        {
            Assert.ThrowsAny<OperationCanceledException>(() =>
                RuntimeInstaller.Install(source, destination, _ => stop.Cancel(), stop.Token));
        }

        Assert.NotNull(RuntimeInstaller.Installed(destination));
        Assert.Equal(["here", Path.GetFileName(file)], Names(folder.Path));
    }

    [Fact]
    public void Replaces_an_installation_but_no_other_folder()
    {
        using var folder = new TempFolder();
        string file = MakePackage(folder), destination = folder["here"];
        Install(file, destination);
        File.WriteAllText(folder["here", "old.so"], "");
        Install(file, destination);
        Assert.DoesNotContain("old.so", Names(destination));

        Directory.CreateDirectory(folder["work"]);
        File.WriteAllText(folder["work", "thesis.txt"], "");
        foreach (string taken in new[] { folder["work"], folder["work", "thesis.txt"] })
        {
            var error = Assert.Throws<RuntimeInstallationException>(() => Install(file, taken));
            Assert.Equal(RuntimeInstallationFault.DestinationInUse, error.Fault);
        }

        Assert.True(File.Exists(folder["work", "thesis.txt"]));
    }

    [Fact]
    public void Replaces_an_installation_whose_library_is_loaded()
    {
        using var folder = new TempFolder();
        string file = MakePackage(folder), destination = folder["here"], loaded = folder["here", RuntimePlatform.LibraryFile("loaded")];
        Install(file, destination);
        string home = Path.GetDirectoryName(typeof(RuntimeInstallerTests).Assembly.Location)!;
        string native = Path.Combine(home, "runtimes", RuntimePlatform.Rid, "native");
        File.Copy(Path.Combine(native, RuntimePlatform.LibraryFile("onnxruntime_providers_shared")), loaded);
        nint handle = NativeLibrary.Load(loaded);
        try
        {
            for (int i = 0; i < 2; i++) Assert.Equal(RuntimeInstallationStatus.Installed, Install(file, destination).Status);
            Assert.DoesNotContain(Path.GetFileName(loaded), Names(destination));
            Assert.Equal(3, RuntimeInstaller.Installed(destination)!.Files);
        }
        finally
        {
            NativeLibrary.Free(handle);
        }
    }

    [Fact]
    public void Exchanges_folders_file_by_file_or_leaves_all_as_it_was()
    {
        using var folder = new TempFolder();
        foreach (string side in new[] { "old", "new" })
        {
            Directory.CreateDirectory(folder[side, "sub"]);
            foreach (string name in new[] { "c10", Library, "z", "watermeters.json" }) File.WriteAllText(folder[side, name], side);
        }

        // What lies where the last file goes stops the exchange after all others have moved.
        Directory.CreateDirectory(folder["away"]);
        File.WriteAllText(folder["away", "watermeters.json"], "");
        var error = Assert.Throws<IOException>(() => FolderExchange.SwapEntries(folder["new"], folder["old"], folder["away"], Library));
        Assert.Contains($"'{folder["old", "watermeters.json"]}' cannot be moved", error.Message, StringComparison.Ordinal);
        string[] all = ["c10", Library, "sub", "watermeters.json", "z"];
        foreach (string side in new[] { "old", "new" })
        {
            Assert.Equal(all.Order(StringComparer.Ordinal), Names(folder[side]));
            Assert.Equal(side, File.ReadAllText(folder[side, Library]));
        }

        File.Delete(folder["away", "watermeters.json"]);
        FolderExchange.SwapEntries(folder["new"], folder["old"], folder["away"], Library);
        Assert.Equal("new", File.ReadAllText(folder["old", Library]));
        Assert.Equal("old", File.ReadAllText(folder["away", Library]));
        Assert.Equal(all.Order(StringComparer.Ordinal), Names(folder["away"]));
        Assert.Empty(Names(folder["new"]));
    }

    [Fact]
    public void Deletes_the_folders_of_killed_installations_but_not_of_running_ones()
    {
        using var folder = new TempFolder();
        string killed = folder["here.new-" + int.MaxValue + ".tmp"], running = folder["here.new-1.tmp"], foreign = folder["here.new-x.tmp"];
        foreach (string left in new[] { killed, running, foreign }) Directory.CreateDirectory(left);
        Install(MakePackage(folder), folder["here"]);
        Assert.False(Directory.Exists(killed));
        Assert.True(!OperatingSystem.IsLinux() || Directory.Exists(running));
        Assert.True(Directory.Exists(foreign));
    }

    [Fact]
    public void Reports_that_the_disk_is_full_before_it_starts()
    {
        using var folder = new TempFolder();
        Assert.SkipUnless(DiskSpace.Free(folder.Path) is not null, "free space is unknown on this system");
        DiskSpace.Require(folder["not", "there", "yet"], 1);
        var e = Assert.Throws<RuntimeInstallationException>(() => DiskSpace.Require(folder["not", "there", "yet"], long.MaxValue));
        Assert.Equal(RuntimeInstallationFault.DiskFull, e.Fault);
        Assert.Contains("MB free", e.Message, StringComparison.Ordinal);
    }

    private static RuntimeInstallation Install(string file, string destination, string? sha512 = null)
    {
        using var source = RuntimeSource.OpenPackage(
            file, Package, sha512 ?? Hash(file), null, _ => { }, TestContext.Current.CancellationToken);
        return RuntimeInstaller.Install(source, destination, _ => { }, TestContext.Current.CancellationToken);
    }

    private static string MakePackage(TempFolder folder, string name = "package.nupkg", string? natives = null)
    {
        using var archive = ZipFile.Open(folder[name], ZipArchiveMode.Create);
        natives ??= Package.NativeFolder;
        string[] entries =
        [
            $"{natives}/{Library}", $"{natives}/{RuntimePlatform.LibraryFile("c10")}", "LICENSE-LIBTORCH.txt",
            $"{natives}/deeper/no.so", "../escape.so", "a.nuspec",
        ];
        foreach (string entry in entries)
        {
            using var stream = archive.CreateEntry(entry).Open();
            stream.Write(new byte[1000]);
        }

        return folder[name];
    }

    private static string Hash(string file) => Convert.ToBase64String(SHA512.HashData(File.ReadAllBytes(file)));

    private static string[] Names(string folder) =>
        [.. Directory.EnumerateFileSystemEntries(folder).Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal)];
}
