namespace WaterMeters.Ml.Samples.Defects;

/// <summary>Plants defects beside the clean pairs of a sample data set, to show what each check finds and to test it.</summary>
public static class DefectPlanter
{
    /// <summary>
    /// Draws and writes a pair with each of <see cref="SampleOptions.Defects"/>: <c>images/defect-photo-truncated.jpg</c> and so on. The
    /// same seed and size give the same bytes.
    /// </summary>
    /// <param name="folder">The folder of the clean pairs, preferably absolute.</param>
    /// <param name="options">The defects; size and seed of the photos.</param>
    /// <param name="cancellation">Stops between two defects.</param>
    /// <returns>The planted defects, each after its files are written; drawing starts with the enumeration.</returns>
    /// <exception cref="SettingsException">An option is out of range.</exception>
    /// <exception cref="DatasetException">
    /// A file already exists and <see cref="SampleOptions.Force"/> is not set, or a file cannot be written.
    /// </exception>
    public static IEnumerable<PlantedDefect> Plant(string folder, SampleOptions options, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        string root = Path.GetFullPath(folder);
        var kinds = DefectTable.Select(options.Defects);
        if (!options.Force) ThrowIfAnyExists(root, kinds);
        return Plant(root, options, kinds, cancellation);
    }

    private static IEnumerable<PlantedDefect> Plant(
        string root, SampleOptions options, IReadOnlyList<DefectKind> kinds, CancellationToken cancellation)
    {
        if (kinds.Count > 0) SampleDataset.CreateFolders(root);
        foreach (var kind in kinds)
        {
            cancellation.ThrowIfCancellationRequested();
            var files = kind.Files(new CleanPair(options, kind.Defect));
            string[] paths = [.. files.Select(file => Path.Combine(root, file.Folder, file.NameFor(kind.Name) + file.Extension))];
            foreach (var (file, path) in files.Zip(paths)) SampleDataset.WriteFile(path, file.Content, options.Force);
            yield return new PlantedDefect
            {
                Defect = kind.Defect,
                Check = kind.Check.ToString(),
                Severity = kind.Severity,
                Name = files[0].NameFor(kind.Name).ToLowerInvariant(),
                Path = paths[0],
            };
        }
    }

    /// <summary>Rejects existing files with any image extension: an additional photo would be an unintended defect.</summary>
    private static void ThrowIfAnyExists(string root, IReadOnlyList<DefectKind> kinds)
    {
        var files = from kind in kinds
                    from subfolder in new[] { "images", "masks" }
                    from extension in new[] { ".jpg", ".jpeg", ".png" }
                    from name in new[] { kind.Name, kind.Name + DefectFile.SecondPairSuffix, kind.Name.ToUpperInvariant() }
                    select Path.Combine(root, subfolder, name + extension);
        if (files.FirstOrDefault(File.Exists) is { } existing) throw SampleDataset.AlreadyExists(existing);
    }
}
