namespace WaterMeters.Ml.Tests;

/// <summary>Temporary folder of one test, deleted at its end.</summary>
internal sealed class TempFolder : IDisposable
{
    public TempFolder() => Path = Directory.CreateTempSubdirectory("wms-test-").FullName;

    public string Path { get; }

    public string this[params string[] parts] => System.IO.Path.Combine([Path, .. parts]);

    public void Dispose()
    {
        if (OperatingSystem.IsWindows()) ClearReadOnly();
        Directory.Delete(Path, recursive: true);
    }

    /// <summary>A copy of a read-only file is read-only too, and Windows does not delete it.</summary>
    private void ClearReadOnly()
    {
        var readOnly = new EnumerationOptions
        {
            RecurseSubdirectories = true,
            AttributesToSkip = FileAttributes.ReparsePoint, // what a link leads to belongs to others
        };
        foreach (string file in Directory.EnumerateFiles(Path, "*", readOnly))
        {
            var attributes = File.GetAttributes(file);
            if (attributes.HasFlag(FileAttributes.ReadOnly)) File.SetAttributes(file, attributes & ~FileAttributes.ReadOnly);
        }
    }
}
