using System.Globalization;

namespace WaterMeters.Ops.Tracking;

/// <summary>Finds the version that a <see cref="ModelReference"/> names.</summary>
public static class ModelResolver
{
    /// <summary>Returns the version of a stage, an alias, a number or a run.</summary>
    /// <param name="store">The store.</param>
    /// <param name="reference">The reference.</param>
    /// <param name="defaultModel">Name of the model if the reference has none.</param>
    /// <param name="cancellation">Stops the search.</param>
    /// <returns>The version; null only for a run that has no version, whose artifacts hold the model.</returns>
    /// <exception cref="TrackingException"><see cref="TrackingFault.NotFound"/>: the message says what there is.</exception>
    public static ModelVersion? Resolve(
        ITrackingStore store, ModelReference reference, string defaultModel, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(reference);
        string model = reference.Model ?? defaultModel;
        switch (reference.Kind)
        {
            case ModelReferenceKind.Version:
                return store.GetVersion(model, int.Parse(reference.Value, CultureInfo.InvariantCulture), cancellation);
            case ModelReferenceKind.Alias:
                return store.FindAlias(model, reference.Value, cancellation)
                    ?? throw NotFound(store, model, reference.Value, $"has no alias '{reference.Value}'", cancellation);
            case ModelReferenceKind.Run:
                string id = store.GetRun(reference.Value, cancellation).Id;
                return store.ListVersions(model, cancellation).FirstOrDefault(version => version.RunId == id);
            case ModelReferenceKind.Stage:
                var stage = Enum.Parse<RegistryStage>(reference.Value);
                return store.ListVersions(model, cancellation).FirstOrDefault(version => version.Stage == stage)
                    ?? throw NotFound(store, model, reference.Value, $"has no version in stage {stage}", cancellation);
            default:
                return store.ListVersions(model, cancellation) is [var latest, ..]
                    ? latest
                    : throw NotFound(store, model, "latest", "has no version", cancellation);
        }
    }

    private static TrackingException NotFound(
        ITrackingStore store, string model, string target, string what, CancellationToken cancellation)
    {
        var versions = store.ListVersions(model, cancellation);
        string there = versions.Count == 0
            ? "Register one with Publish-WmsModel."
            : $"There are: {string.Join(", ", versions.Take(5).Select(Describe))}. Set-WmsModelStage changes stages and aliases.";
        return new(TrackingFault.NotFound, target, $"The model '{model}' in '{store.Address}' {what}. {there}");
    }

    private static string Describe(ModelVersion version) => string.Create(
        CultureInfo.InvariantCulture,
        $"version {version.Version} ({string.Join(", ", version.Aliases.Select(alias => $"@{alias}").Prepend($"{version.Stage}"))})");
}
