namespace WaterMeters.PowerShell.Completion;

/// <summary>One folder of a scan: what a completer chooses from.</summary>
/// <param name="Relative">Its path below the folder the scan began at; empty for that one itself.</param>
/// <param name="Folders">Names of the folders in it.</param>
/// <param name="Files">The files in it that have one of the extensions asked for.</param>
internal sealed record FolderContents(string Relative, IReadOnlyList<string> Folders, IReadOnlyList<FoundFile> Files);
