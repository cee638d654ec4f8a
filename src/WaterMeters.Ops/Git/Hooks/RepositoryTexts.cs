namespace WaterMeters.Ops.Git.Hooks;

/// <summary>What Initialize-WmsRepository writes into new files.</summary>
internal static class RepositoryTexts
{
    /// <summary>Returns a new wms.yaml.</summary>
    /// <param name="data">The data set, relative to the file.</param>
    public static string Settings(string data) =>
        $"""
        # The settings of WaterMeters: Get-Help about_WaterMeters_Settings
        dataset:
          path: {data}

        # Branches that photos come to through a branch of their own, and the least severity of a finding that refuses photos.
        # hook:
        #   protected: [main, 'release/*']
        #   refuse: error

        """.ReplaceLineEndings("\n");
}
