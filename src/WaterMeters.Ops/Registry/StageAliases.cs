using WaterMeters.Ops.Tracking;

namespace WaterMeters.Ops.Registry;

/// <summary>The aliases that follow the stages: newer MLflow recommends aliases, and its programs look for these.</summary>
public static class StageAliases
{
    /// <summary>The alias of the version in production.</summary>
    public const string Champion = "champion";

    /// <summary>The alias of the version that is to replace it.</summary>
    public const string Challenger = "challenger";

    /// <summary>Returns the alias of a stage; null if it has none.</summary>
    public static string? Of(RegistryStage stage) => stage switch
    {
        RegistryStage.Production => Champion,
        RegistryStage.Staging => Challenger,
        _ => null,
    };

    /// <summary>Returns the aliases of stages that a version has and its stage does not deserve.</summary>
    public static IEnumerable<string> Outdated(ModelVersion version)
    {
        ArgumentNullException.ThrowIfNull(version);
        return version.Aliases.Where(alias => alias is Champion or Challenger && alias != Of(version.Stage));
    }
}
