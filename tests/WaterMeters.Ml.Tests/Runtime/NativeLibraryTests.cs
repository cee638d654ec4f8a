using WaterMeters.Ml.Runtime;
using WaterMeters.Ml.Tests.Reporting.Markup;

namespace WaterMeters.Ml.Tests.Runtime;

public class NativeLibraryTests
{
    /// <summary>Whether this is Linux.</summary>
    public static bool IsLinux => OperatingSystem.IsLinux();

    [Fact(Skip = "no ELF file to inspect", SkipUnless = nameof(IsLinux))]
    public void Marks_only_the_missing_symbol_versions_as_weak()
    {
        string? library = LibTorchLocator.FindTorchSharpLibrary();
        Assert.SkipUnless(library is not null, "no ELF file to inspect");
        byte[] original = File.ReadAllBytes(library!), file = [.. original];
        var offered = ElfVersionNeeds.VersionNames(original, "GLIBCXX_");
        Assert.NotEmpty(offered);
        Assert.Empty(ElfVersionNeeds.Weaken(file, "GLIBCXX_", offered));
        Assert.Equal(original, file);

        string one = offered.Order(StringComparer.Ordinal).Last();
        var marked = ElfVersionNeeds.Weaken(file, "GLIBCXX_", offered.Where(n => n != one).ToHashSet());
        Assert.Equal([one], marked);
        int[] changed = [.. Enumerable.Range(0, file.Length).Where(i => file[i] != original[i])];
        Assert.Single(changed);
        Assert.Equal(original[changed[0]] | 2, file[changed[0]]);
    }

    [Fact]
    public void Refuses_files_that_are_not_ELF_or_are_truncated()
    {
        Assert.Throws<InvalidDataException>(() => ElfVersionNeeds.Weaken(new byte[100], "GLIBCXX_", new HashSet<string>()));
        Assert.Throws<InvalidDataException>(() => ElfVersionNeeds.Weaken(new byte[10], "GLIBCXX_", new HashSet<string>()));
        string? library = LibTorchLocator.FindTorchSharpLibrary();
        if (!OperatingSystem.IsLinux() || library is null) return; // no ELF file to truncate
        byte[] file = File.ReadAllBytes(library!);
        Assert.Throws<InvalidDataException>(() =>
            ElfVersionNeeds.Weaken(file.AsSpan(0, file.Length - 100), "GLIBCXX_", new HashSet<string>()));
    }

    [Fact]
    public void Uses_the_library_and_folder_names_of_this_platform()
    {
        string expected = OperatingSystem.IsWindows() ? "c10.dll" : OperatingSystem.IsMacOS() ? "libc10.dylib" : "libc10.so";
        Assert.Equal(expected, RuntimePlatform.LibraryFile("c10"));
        Assert.Matches("^(linux|win|osx)-(x64|arm64)$", RuntimePlatform.Rid);
        Assert.EndsWith(Path.Combine(LibTorchLocator.Version, RuntimePlatform.Rid), LibTorchLocator.UserCache, StringComparison.Ordinal);
        LibTorchLocator.Find(out var searched);
        Assert.Contains(LibTorchLocator.UserCache, searched);
        Assert.All(searched, folder => Assert.True(Path.IsPathFullyQualified(folder)));
    }

    [Fact]
    public void Uses_the_requested_precision_and_device_and_for_auto_what_the_machine_has()
    {
        TorchRuntime.EnsureLoaded();
        Assert.Equal(Precision.Float32, TorchDevices.Choose(Precision.Float32));
        Assert.Equal(Precision.BFloat16, TorchDevices.Choose(Precision.BFloat16));
        Assert.Equal(ProcessorFeatures.HasBFloat16 ? Precision.BFloat16 : Precision.Float32, TorchDevices.Choose(Precision.Auto));
        Assert.Equal(ComputeDevice.Cpu, TorchDevices.Choose(ComputeDevice.Cpu).Device);
        if (TorchDevices.Choose(ComputeDevice.Auto).Device == ComputeDevice.Cuda) return;
        var error = Assert.Throws<RuntimeMissingException>(() => TorchDevices.Choose(ComputeDevice.Cuda));
        Assert.Contains("-Device Cpu", error.Message, StringComparison.Ordinal);
    }
}
