using System.Globalization;
using System.Text.RegularExpressions;

namespace WaterMeters.Ops.Tracking;

/// <summary>
/// What MLflow accepts. Both stores check it before they write or send anything: one bad entry makes a server refuse a whole batch, and
/// a database would accept what no server does. The limits are the lowest of all MLflow versions since 2.8. Every method throws
/// <see cref="TrackingException"/> with <see cref="TrackingFault.InvalidValue"/> that names the entry and the limit.
/// </summary>
public static partial class TrackingLimits
{
    /// <summary>Characters of a metric's, parameter's or tag's key.</summary>
    public const int Key = 250;

    /// <summary>Characters of a tag's value.</summary>
    public const int TagValue = 5000;

    /// <summary>Characters of a parameter's value.</summary>
    public const int ParameterValue = 6000;

    /// <summary>Characters of an experiment's name, a run's name and a model's name.</summary>
    public const int Name = 250;

    /// <summary>Characters of an alias.</summary>
    public const int Alias = 255;

    /// <summary>Characters of a description.</summary>
    public const int Description = 5000;

    /// <summary>Characters of a version's source.</summary>
    public const int Source = 500;

    /// <summary>Characters of the reason of a change of stage; with the rest of its record it stays below <see cref="TagValue"/>.</summary>
    public const int Reason = 2000;

    /// <summary>Metric values in one request.</summary>
    public const int MetricsPerRequest = 1000;

    /// <summary>Parameters in one request.</summary>
    public const int ParametersPerRequest = 100;

    /// <summary>Tags in one request.</summary>
    public const int TagsPerRequest = 100;

    /// <summary>Metric values, parameters and tags together in one request.</summary>
    public const int EntriesPerRequest = 1000;

    /// <summary>Bytes of one request's JSON.</summary>
    public const int BytesPerRequest = 1_000_000;

    /// <summary>Checks the name of an experiment.</summary>
    public static void CheckExperimentName(string name) => CheckName("experiment", name);

    /// <summary>Checks the name of a run.</summary>
    public static void CheckRunName(string name) => CheckName("run", name);

    /// <summary>Checks the name of a registered model: it stands between slashes in <c>models:/NAME/VERSION</c>.</summary>
    public static void CheckModelName(string name)
    {
        CheckName("model", name);
        if (name.AsSpan().IndexOfAny('/', ':', '@') >= 0)
        {
            throw Invalid(name, $"The model name '{name}' contains '/', ':' or '@'. Choose a name without them.");
        }
    }

    /// <summary>Checks a run before it is created.</summary>
    public static void Check(NewRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        CheckName("run", run.Name);
        CheckTime("start of the run", run.Start);
        CheckTags(run.Tags);
    }

    /// <summary>Checks what is logged to a run.</summary>
    public static void Check(RunBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        foreach (var metric in batch.Metrics)
        {
            CheckKey("metric", metric.Key);
            CheckTime($"metric '{metric.Key}'", metric.Time);
        }

        foreach (var (key, value) in batch.Parameters)
        {
            CheckKey("parameter", key);
            CheckLength($"value of the parameter '{key}'", value, ParameterValue);
        }

        CheckTags(batch.Tags);
    }

    /// <summary>Checks tags of a run or of a version.</summary>
    public static void CheckTags(IReadOnlyDictionary<string, string> tags)
    {
        ArgumentNullException.ThrowIfNull(tags);
        foreach (var (key, value) in tags)
        {
            CheckKey("tag", key);
            CheckLength($"value of the tag '{key}'", value, TagValue);
        }
    }

    /// <summary>Checks a version before it is created.</summary>
    public static void Check(NewModelVersion version)
    {
        ArgumentNullException.ThrowIfNull(version);
        CheckModelName(version.Name);
        if (version.Source.Length == 0)
        {
            throw Invalid(version.Name, $"A version of '{version.Name}' needs a source: the folder of its files.");
        }

        CheckLength("source of the version", version.Source, Source);
        CheckLength("description of the version", version.Description, Description);
        CheckTags(version.Tags);
    }

    /// <summary>Checks a change of stage.</summary>
    public static void Check(StageRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        CheckModelName(request.Name);
        CheckLength("user who changes the stage", request.By, Key);
        CheckLength("reason of the change", request.Reason, Reason);
        CheckTime("change of stage", request.Time);
        if (request.Alias is not null) CheckAlias(request.Alias);
    }

    /// <summary>Checks an alias: letters, digits, underscores and dashes; <c>latest</c>, <c>v1</c>, <c>v2</c>, ... are reserved.</summary>
    public static void CheckAlias(string alias)
    {
        ArgumentNullException.ThrowIfNull(alias);
        if (!AliasCharacters().IsMatch(alias))
        {
            throw Invalid(alias, $"'{alias}' is not an alias: use letters, digits, '_' and '-' only.");
        }

        CheckLength("alias", alias, Alias);
        if (alias.Equals("latest", StringComparison.OrdinalIgnoreCase) || VersionAlias().IsMatch(alias))
        {
            throw Invalid(alias, $"The alias '{alias}' is reserved: 'latest' and 'v1' are versions. Choose another alias.");
        }
    }

    /// <summary>Checks a description.</summary>
    public static void CheckDescription(string description) => CheckLength("description", description, Description);

    private static void CheckName(string what, string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (string.IsNullOrWhiteSpace(name)) throw Invalid(name, $"The name of the {what} is empty. Give it a name.");
        CheckLength($"name of the {what}", name, Name);
    }

    private static void CheckKey(string what, string key)
    {
        if (string.IsNullOrEmpty(key)) throw Invalid(key, $"A {what} has no name. Give it one.");
        CheckLength($"name of the {what}", key, Key);
        if (!KeyCharacters().IsMatch(key))
        {
            throw Invalid(key, $"The name '{key}' of a {what} may have only letters, digits, '_', '.', '-', ' ' and '/'. Rename it.");
        }

        // MLflow's older stores made files of these names, so each must be the shortest way to write its own path.
        if (key.Split('/').Any(part => part is "" or "." or ".."))
        {
            throw Invalid(key, $"No part of the name '{key}' of a {what} may be empty, '.' or '..'. Rename it.");
        }
    }

    private static void CheckTime(string what, DateTimeOffset time)
    {
        if (time < DateTimeOffset.UnixEpoch)
        {
            throw Invalid(what, FormattableString.Invariant($"The time of the {what} is before 1970: {time:O}. Correct it."));
        }
    }

    private static void CheckLength(string what, string value, int limit)
    {
        if (value is null) throw Invalid(what, $"The {what} is missing. Give it a value.");
        if (value.Length <= limit) return;
        string start = value[..Math.Min(60, value.Length)];
        string message = string.Create(
            CultureInfo.InvariantCulture,
            $"The {what} has {value.Length} characters; MLflow accepts {limit}. Shorten it: '{start}...'.");
        throw Invalid(what, message);
    }

    private static TrackingException Invalid(string target, string message) => new(TrackingFault.InvalidValue, target, message);

    [GeneratedRegex(@"^[/\w.\- ]+\z")]
    private static partial Regex KeyCharacters();

    [GeneratedRegex(@"^[\w\-]+\z")]
    private static partial Regex AliasCharacters();

    [GeneratedRegex(@"^[vV]\d+\z")]
    private static partial Regex VersionAlias();
}
