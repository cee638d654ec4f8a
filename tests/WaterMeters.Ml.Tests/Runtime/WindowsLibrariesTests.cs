using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;
using WaterMeters.Ml.Runtime;

namespace WaterMeters.Ml.Tests.Runtime;

public class WindowsLibrariesTests
{
    // 16 letters, as VCRUNTIME140.dll, whose place it takes in the file.
    private const string Needed = "missing-lib1.dll";

    /// <summary>Whether this is Windows.</summary>
    public static bool IsWindows => OperatingSystem.IsWindows();

    // A library of a few kilobytes that needs the Visual C++ runtime and nothing else that is not Windows.
    private static string Small => Native("onnxruntime_providers_shared.dll");

    [Fact]
    public void Reads_what_a_library_imports()
    {
        Assert.Equal(["VCRUNTIME140.dll", "api-ms-win-crt-runtime-l1-1-0.dll", "KERNEL32.dll"], WindowsImports.Of(Small));
        Assert.Superset(new HashSet<string> { "c10.dll", "torch_cpu.dll" }, WindowsImports.Of(Native("LibTorchSharp.dll")).ToHashSet());
        Assert.InRange(WindowsImports.Tools(Small), new Version(14, 0), new Version(15, 0));
    }

    [Fact]
    public void Refuses_files_that_are_no_library_or_are_truncated()
    {
        using var folder = new TempFolder();
        byte[] whole = File.ReadAllBytes(Small);
        foreach (byte[] content in new[] { [], new byte[100], whole[..500], whole[..whole.AsSpan().IndexOf("VCRUNTIME140.dll"u8)] })
        {
            File.WriteAllBytes(folder["no.dll"], content);
            Assert.Throws<BadImageFormatException>(() => WindowsImports.Of(folder["no.dll"]));
        }
    }

    [Fact]
    public void Finds_the_order_to_load_in_and_what_is_missing()
    {
        using var folder = new TempFolder();
        Copy(folder["first.dll"], Needed);
        Copy(folder[Needed], "missing-lib2.dll");
        Assert.Equal([folder[Needed], folder["first.dll"]], WindowsLibraries.LoadOrder(folder.Path, ["first.dll", Needed, "none.dll"]));
        Assert.Contains("missing-lib2.dll", WindowsLibraries.Missing(folder["first.dll"]));
        Assert.DoesNotContain(Needed, WindowsLibraries.Missing(folder["first.dll"]));
        Assert.Contains("none.dll", WindowsLibraries.Missing(folder["none.dll"]));

        Directory.CreateDirectory(folder["apart"]);
        Copy(folder["apart", "second.dll"], Needed);
        Assert.Contains(Needed, WindowsLibraries.Missing(folder["apart", "second.dll"]));
        Assert.DoesNotContain(Needed, WindowsLibraries.Missing(folder["apart", "second.dll"], folder.Path));
    }

    [Theory]
    [InlineData(126, "MSVCP140.dll", "winget install Microsoft.VCRedist.2015+.")]
    [InlineData(126, "libiomp5md.dll", "Install-WmsRuntime -Force")]
    [InlineData(127, "", "this module needs libtorch ")]
    [InlineData(193, "", "made for another processor")]
    [InlineData(1114, "", "Visual C++ Redistributable")]
    [InlineData(1455, "", "paging file")]
    [InlineData(1260, "", "virus scanner")]
    [InlineData(87, "", "Install-WmsRuntime -Force")]
    public void Says_which_file_what_Windows_said_and_what_to_do(int code, string missing, string remedy)
    {
        var fault = WindowsLoadFault.Of(@"C:\Users\José\c10.dll", code, missing.Length == 0 ? [] : [missing]);
        Assert.StartsWith(@"Cannot load 'C:\Users\José\c10.dll': ", fault.Message, StringComparison.Ordinal);
        Assert.Contains($"(Windows error {code}).", fault.Message, StringComparison.Ordinal);
        Assert.Contains(remedy, fault.Message, StringComparison.Ordinal);
        Assert.Equal(missing.Length > 0, fault.Message.Contains($"Not found: {missing}.", StringComparison.Ordinal));
        Assert.EndsWith(".", fault.Message, StringComparison.Ordinal);
    }

    [Fact(Skip = "the loader of Windows", SkipUnless = nameof(IsWindows))]
    [SupportedOSPlatform("windows")]
    public void Names_the_file_and_the_library_it_needs_and_takes_none_from_PATH()
    {
        using var folder = new LibraryFolder();
        Directory.CreateDirectory(folder["own"]);
        Directory.CreateDirectory(folder["on path"]);
        CopyRuntime(folder["on path", Needed]);
        string file = folder["own", "needs.dll"];
        Copy(file, Needed);
        string? path = Environment.GetEnvironmentVariable("PATH");
        Environment.SetEnvironmentVariable("PATH", folder["on path"] + ';' + path);
        LibraryLoadException fault;
        try
        {
            fault = Assert.Throws<LibraryLoadException>(() => WindowsLibraries.Load(file));
        }
        finally
        {
            Environment.SetEnvironmentVariable("PATH", path);
        }

        Assert.Equal([Needed], fault.Missing);
        Assert.Contains($"'{file}'", fault.Message, StringComparison.Ordinal);
        Assert.Contains($"(Windows error 126). Not found: {Needed}.", fault.Message, StringComparison.Ordinal);

        // From its own folder it does.
        CopyRuntime(folder["own", Needed]);
        NativeLibrary.Free(WindowsLibraries.Load(file));

        File.WriteAllText(folder["own", "text.dll"], "no library");
        fault = Assert.Throws<LibraryLoadException>(() => WindowsLibraries.Load(folder["own", "text.dll"]));
        Assert.Contains("(Windows error 193)", fault.Message, StringComparison.Ordinal);
    }

    [Fact(Skip = "the loader of Windows", SkipUnless = nameof(IsWindows))]
    [SupportedOSPlatform("windows")]
    public void Loads_from_long_paths_with_letters_of_other_alphabets()
    {
        using var folder = new LibraryFolder();
        string deep = folder[[.. Enumerable.Repeat("José Łódź 水表 счётчик", 14)]];
        Directory.CreateDirectory(deep);
        Assert.True(deep.Length > 260);
        Copy(Path.Combine(deep, "deep-first.dll"), Needed);
        CopyRuntime(Path.Combine(deep, Needed));
        nint[] handles = [.. WindowsLibraries.LoadOrder(deep, ["deep-first.dll"]).Select(WindowsLibraries.Load)];
        Assert.Equal(2, handles.Length);
        Array.ForEach(handles, NativeLibrary.Free);
    }

    [Fact(Skip = "the loader of Windows", SkipUnless = nameof(IsWindows))]
    [SupportedOSPlatform("windows")]
    public void Refuses_a_second_library_of_one_name_and_says_where_the_first_is()
    {
        using var folder = new LibraryFolder();
        foreach (string name in new[] { "one", "two" })
        {
            Directory.CreateDirectory(folder[name]);
            File.Copy(Small, folder[name, "twice.dll"]);
        }

        nint first = WindowsLibraries.Load(folder["one", "twice.dll"]);
        Assert.Equal(first, WindowsLibraries.Load(folder["one", "twice.dll"]));
        var fault = Assert.Throws<LibraryLoadException>(() => WindowsLibraries.Load(folder["two", "twice.dll"]));
        Assert.Contains(folder["one", "twice.dll"], fault.Message, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("Start a new PowerShell", fault.Message, StringComparison.Ordinal);
        for (int i = 0; i < 2; i++) NativeLibrary.Free(first);
    }

    // A library that was refused, or is still loaded, may be kept by the loader for as long as the process runs.
    private sealed class LibraryFolder : IDisposable
    {
        private readonly string path = Directory.CreateTempSubdirectory("wms-test-").FullName;

        public string this[params string[] parts] => Path.Combine([path, .. parts]);

        public void Dispose()
        {
            try
            {
                Directory.Delete(path, recursive: true);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                TestContext.Current.SendDiagnosticMessage("left: {0}", path);
            }
        }
    }

    private static string Native(string name)
    {
        string home = Path.GetDirectoryName(typeof(WindowsLibrariesTests).Assembly.Location)!;
        string file = Path.Combine(home, "runtimes", OperatingSystem.IsWindows() ? RuntimePlatform.Rid : "win-x64", "native", name);
        Assert.SkipUnless(File.Exists(file), $"no {name} for Windows beside the tests");
        return file;
    }

    // What the small library needs, under another name. Wine takes only its own files for parts of itself: a copy is not marked as one.
    private static void CopyRuntime(string to)
    {
        byte[] content = File.ReadAllBytes(Path.Combine(Environment.SystemDirectory, "vcruntime140.dll"));
        var mark = content.AsSpan(0x40, 32);
        if (mark.StartsWith("Wine"u8)) mark.Clear();
        File.WriteAllBytes(to, content);
    }

    // The small library, needing another one instead of the Visual C++ runtime.
    private static void Copy(string to, string needed)
    {
        byte[] content = File.ReadAllBytes(Small), name = Encoding.ASCII.GetBytes("VCRUNTIME140.dll");
        int at = content.AsSpan().IndexOf(name);
        Assert.Equal(name.Length, Encoding.ASCII.GetBytes(needed, content.AsSpan(at)));
        File.WriteAllBytes(to, content);
    }
}
