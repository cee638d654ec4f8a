using TorchSharp;
using WaterMeters.Ml.Runtime;

namespace WaterMeters.Ml.Tests.Runtime;

public class TorchRuntimeTests
{
    [Fact]
    public void Loads_libtorch_without_copying_it()
    {
        TorchRuntime.EnsureLoaded();

        using var ones = torch.ones(3, 4);
        using var sum = ones.sum();
        Assert.Equal(12f, sum.item<float>());
        Assert.True(TorchRuntime.IsLoaded);
        Assert.True(Directory.Exists(TorchRuntime.LibTorchFolder));
        Assert.False(Directory.Exists(Path.Combine(AppContext.BaseDirectory, "cpu")), "TorchSharp's own loader copied libtorch");
    }

    [Fact]
    public void Libtorch_writes_no_warnings_to_standard_error_where_that_can_be_set()
    {
        TorchRuntime.EnsureLoaded();
        nint core = System.Runtime.InteropServices.NativeLibrary.Load(
            Path.Combine(TorchRuntime.LibTorchFolder!, RuntimePlatform.LibraryFile("c10")));
        Assert.Equal(OperatingSystem.IsWindows() ? null : 2, NativeMessages.Current(core));
    }
}
