using WaterMeters.Ml.Runtime;
using WaterMeters.Ml.Tests.Reporting.Markup;

namespace WaterMeters.Ml.Tests.Runtime;

public class NativeLibraryTests
{
    [Fact]
    public void Marks_needs_weak_that_the_system_does_not_offer_and_changes_nothing_else()
    {
        string? library = LibTorchLocator.FindTorchSharpLibrary();
        Assert.SkipUnless(OperatingSystem.IsLinux() && library is not null, "there is no ELF file to look at");
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
    public void Refuses_what_is_no_such_file_and_what_is_cut_off()
    {
        Assert.Throws<InvalidDataException>(() => ElfVersionNeeds.Weaken(new byte[100], "GLIBCXX_", new HashSet<string>()));
        Assert.Throws<InvalidDataException>(() => ElfVersionNeeds.Weaken(new byte[10], "GLIBCXX_", new HashSet<string>()));
        string? library = LibTorchLocator.FindTorchSharpLibrary();
        Assert.SkipUnless(OperatingSystem.IsLinux() && library is not null, "there is no ELF file to cut");
        byte[] file = File.ReadAllBytes(library!);
        Assert.Throws<InvalidDataException>(() => ElfVersionNeeds.Weaken(file.AsSpan(0, file.Length - 100), "GLIBCXX_", new HashSet<string>()));
    }

    [Fact]
    public void Names_libraries_and_folders_as_this_platform_does()
    {
        Assert.Equal(OperatingSystem.IsWindows() ? "c10.dll" : OperatingSystem.IsMacOS() ? "libc10.dylib" : "libc10.so", RuntimePlatform.LibraryFile("c10"));
        Assert.Matches("^(linux|win|osx)-(x64|arm64)$", RuntimePlatform.Rid);
        Assert.EndsWith(Path.Combine(LibTorchLocator.Version, RuntimePlatform.Rid), LibTorchLocator.UserCache, StringComparison.Ordinal);
        LibTorchLocator.Find(out var asked);
        Assert.Contains(LibTorchLocator.UserCache, asked);
        Assert.All(asked, folder => Assert.True(Path.IsPathFullyQualified(folder)));
    }

    [Fact]
    public void Chooses_what_was_asked_for_and_by_itself_only_what_the_machine_has()
    {
        TorchRuntime.EnsureLoaded();
        Assert.Equal(Precision.Float32, TorchDevices.Choose(Precision.Float32));
        Assert.Equal(Precision.BFloat16, TorchDevices.Choose(Precision.BFloat16));
        Assert.Equal(ProcessorFeatures.HasBFloat16 ? Precision.BFloat16 : Precision.Float32, TorchDevices.Choose(Precision.Auto));
        Assert.Equal(ComputeDevice.Cpu, TorchDevices.Choose(ComputeDevice.Cpu).Device);
        if (TorchDevices.Choose(ComputeDevice.Auto).Device == ComputeDevice.Cuda) return;
        Assert.Contains("-Device cpu", Assert.Throws<RuntimeMissingException>(() => TorchDevices.Choose(ComputeDevice.Cuda)).Message, StringComparison.Ordinal);
    }
}
