namespace WaterMeters.Ml.Samples.Defects;

/// <summary>Plants faults beside the clean pairs of a drawn data set, so that a person sees what a check finds, and a test that it does.</summary>
public static class DefectPlanter
{
    /// <summary>Draws and writes a pair with each fault of <see cref="SampleOptions.Defects"/>: <c>images/defect-photo-truncated.jpg</c> and so on. The same seed and size give the same bytes.</summary>
    /// <param name="folder">The folder of the clean pairs, best absolute.</param>
    /// <param name="options">Which faults; size and seed of the photos.</param>
    /// <param name="cancellation">Stops between two faults.</param>
    /// <returns>What was planted, each when its files are written; nothing is drawn before the first is asked for.</returns>
    /// <exception cref="SettingsException">An option is out of its range.</exception>
    /// <exception cref="DatasetException">A file is already there and <see cref="SampleOptions.Force"/> is not set, or a file cannot be written.</exception>
    public static IEnumerable<PlantedDefect> Plant(string folder, SampleOptions options, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        string root = Path.GetFullPath(folder);
        var kinds = DefectTable.Select(options.Defects);
        if (!options.Force) RefuseExisting(root, kinds);
        return Plant(root, options, kinds, cancellation);
    }

    private static IEnumerable<PlantedDefect> Plant(string root, SampleOptions options, IReadOnlyList<DefectKind> kinds, CancellationToken cancellation)
    {
        if (kinds.Count > 0) SampleDataset.MakeFolders(root);
        foreach (var kind in kinds)
        {
            cancellation.ThrowIfCancellationRequested();
            var files = kind.Files(new DefectDraft(options, kind.Defect));
            string[] paths = [.. files.Select(file => Path.Combine(root, file.Folder, file.NameFor(kind.Name) + file.Extension))];
            foreach (var (file, path) in files.Zip(paths)) SampleDataset.WriteFile(path, file.Content, options.Force);
            yield return new PlantedDefect { Defect = kind.Defect, Check = kind.Check.ToString(), Severity = kind.Severity, Name = files[0].NameFor(kind.Name).ToLowerInvariant(), Path = paths[0] };
        }
    }

    /// <summary>Under any extension: a photo too many would be a fault that nobody planted.</summary>
    private static void RefuseExisting(string root, IReadOnlyList<DefectKind> kinds)
    {
        var files = from kind in kinds
                    from part in new[] { "images", "masks" }
                    from extension in new[] { ".jpg", ".jpeg", ".png" }
                    from name in new[] { kind.Name, kind.Name + DefectFile.SecondEnd, kind.Name.ToUpperInvariant() }
                    select Path.Combine(root, part, name + extension);
        if (files.FirstOrDefault(File.Exists) is { } there) throw SampleDataset.Existing(there);
    }
}
