using System.Security.Cryptography;
using WaterMeters.Ml.Runtime;
using WaterMeters.Ml.Tests.Reporting.Markup;

namespace WaterMeters.Ml.Tests.Runtime;

public class RuntimeCatalogTests
{
    /// <summary>Whether this is Linux.</summary>
    public static bool IsLinux => OperatingSystem.IsLinux();

    [Theory]
    [InlineData("linux-x64")]
    [InlineData("win-x64")]
    [InlineData("win-arm64")]
    [InlineData("osx-arm64")]
    public void Has_the_package_hash_and_sizes_of_each_supported_platform(string platform)
    {
        var package = RuntimeCatalog.Find(platform, "2.10.0")!;
        Assert.Equal("libtorch-cpu-" + platform, package.Id);
        Assert.Equal(package.Sha512, PackageHash.Parse(package.Sha512!));
        Assert.InRange(package.PackageBytes, 30_000_000, package.UnpackedBytes);
    }

    [Fact]
    public void Has_no_hash_for_another_version()
    {
        var package = RuntimeCatalog.Find("win-x64", "2.7.1")!;
        Assert.Equal(("libtorch-cpu-win-x64.2.7.1.nupkg", null, 0L), (package.FileName, package.Sha512, package.UnpackedBytes));
    }

    [Theory]
    [InlineData("linux-arm64", "Linux on arm64")]
    [InlineData("linux-musl-x64", "musl")]
    [InlineData("linux-musl-arm64", "musl")]
    [InlineData("osx-x64", "Intel")]
    [InlineData("win-x86", "win-x86")]
    public void Says_in_one_sentence_why_a_platform_is_unsupported_and_where_to_train(string platform, string why)
    {
        Assert.Null(RuntimeCatalog.Find(platform, "2.10.0"));
        string sentence = RuntimeCatalog.UnsupportedReason(platform);
        Assert.Contains(why, sentence, StringComparison.Ordinal);
        Assert.Contains(": train ", sentence, StringComparison.Ordinal);
        Assert.EndsWith(".", sentence, StringComparison.Ordinal);
        Assert.DoesNotContain(". ", sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Has_the_hash_of_the_restored_package()
    {
        var package = RuntimeCatalog.Current;
        string packages = Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } named
            ? named
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        string file = package is null ? "" : Path.Combine(packages, package.Id, package.Version, package.FileName + ".sha512");
        Assert.SkipUnless(File.Exists(file) && package?.Sha512 is not null, "no package of libtorch with a known hash is restored on " +
            "this machine");
        Assert.Equal(package!.Sha512, File.ReadAllText(file).Trim());
        Assert.Equal(package.PackageBytes, new FileInfo(file[..^".sha512".Length]).Length);
    }

    [Theory(Skip = "musl is a library of Linux", SkipUnless = nameof(IsLinux))]
    [InlineData("linux-musl-x64", true)]
    [InlineData("alpine.3.22-x64", true)]
    [InlineData("linux-x64", false)]
    [InlineData("debian.12-x64", false)]
    public void Detects_musl_from_the_runtime_identifier(string runtime, bool musl)
    {
        Assert.Equal(musl ? "linux-musl" : "linux", RuntimePlatform.OperatingSystemName(runtime));
    }

    [Fact]
    public void Parses_hashes_of_NuGet_and_PowerShell()
    {
        byte[] hash = SHA512.HashData("x"u8);
        string base64 = Convert.ToBase64String(hash);
        Assert.Equal(base64, PackageHash.Parse(base64 + "\n"));
        Assert.Equal(base64, PackageHash.Parse(Convert.ToHexString(hash)));
        Assert.Equal(base64, PackageHash.Parse(Convert.ToHexStringLower(hash)));
        string[] invalid = ["", "abc", new string('x', 128), Convert.ToBase64String(hash.AsSpan(0, 32)), Convert.ToHexString(hash)[..64]];
        Assert.All(invalid, text => Assert.Null(PackageHash.Parse(text)));
    }

    [Fact]
    public void Checks_this_machine_and_gives_a_remedy_for_each_problem()
    {
        var checks = EnvironmentInspector.Inspect();
        Assert.Equal(["libtorch", "TorchSharp", "ONNX Runtime", "Processor", "Memory", "Disk"], checks.Select(c => c.Name));
        Assert.All(checks, c => Assert.NotEqual("", c.Detail));
        Assert.All(checks, c => Assert.Equal(c.Status == EnvironmentStatus.Ok, c.Remedy.Length == 0));
    }
}
