namespace WaterMeters.Ml.Runtime;

/// <summary>A file to install.</summary>
/// <param name="Name">Its name, without a folder.</param>
/// <param name="Length">Bytes.</param>
/// <param name="Open">Opens its content for reading.</param>
internal sealed record RuntimeFile(string Name, long Length, Func<Stream> Open);
