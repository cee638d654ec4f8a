using System.Diagnostics;
using System.Net.Sockets;
using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Imaging;

namespace WaterMeters.Ml.Tests.Foundation;

public class RegularFileTests
{
    public static bool IsUnix => !OperatingSystem.IsWindows();

    [Fact(SkipUnless = nameof(IsUnix), Skip = "Windows has no files of these kinds in folders.")]
    public void Pipes_sockets_and_devices_are_refused_without_opening_them()
    {
        using var folder = new TempFolder();
        string pipe = folder["pipe.jpg"], socketFile = folder["socket.jpg"], device = folder["device.jpg"], link = folder["link.jpg"];
        using (var make = Process.Start("mkfifo", [pipe])) make.WaitForExit();
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(socketFile));
        File.CreateSymbolicLink(device, "/dev/zero"); // read, it would never end
        File.CreateSymbolicLink(link, pipe);

        // A read that opened the pipe would block here for ever.
        Refused(pipe, "a named pipe");
        Refused(link, "a named pipe");
        Refused(socketFile, "a socket");
        Refused(device, "a device");
    }

    [Fact]
    public void Files_folders_links_to_them_and_missing_files_are_nothing_special()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["a"], "");

        Assert.All(new[] { folder["a"], folder.Path, folder["none"], "" }, path => Assert.Null(RegularFile.Describe(path)));
    }

    private static void Refused(string path, string kind)
    {
        Assert.Equal(kind, RegularFile.Describe(path));
        Func<object>[] reads =
        [
            () => ImageReader.ReadHeader(path), () => ImageReader.ReadPhoto(path), () => ImageReader.ReadMask(path),
            () => FileHash.Compute(path),
        ];
        foreach (var read in reads)
        {
            Assert.Contains($"'{path}' is {kind}", Assert.Throws<PhotoException>(() => { read(); }).Message, StringComparison.Ordinal);
        }
    }
}
