using System.Diagnostics;
using System.Globalization;
using System.Management.Automation;
using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Settings;
using WaterMeters.Ops.Registry;
using WaterMeters.Ops.Tracking;
using WaterMeters.Ops.Tracking.Stores;

namespace WaterMeters.PowerShell.Completion;

/// <summary>
/// The stages, aliases and versions of the project's registry, read on a thread of their own as a <see cref="FolderScan"/> is: Tab waits
/// briefly for a database that others have locked. A server is not asked: its names are those of its last answers.
/// </summary>
internal sealed class RegistryNames
{
    // Stages and aliases come first; the number of an old version can be typed.
    private const int MaxVersions = 10;

    private static readonly TimeSpan WaitTime = TimeSpan.FromMilliseconds(60), CacheTime = TimeSpan.FromSeconds(3);
    private static readonly Dictionary<(string Location, string? Store, string Environment), RegistryNames> Recent = [];

    private readonly long started = Stopwatch.GetTimestamp();
    private readonly Task<IReadOnlyList<Name>> task;

    private RegistryNames(string location, string? store) => task = Task.Factory.StartNew(
        () => Read(location, store), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>Starts to read the registry; null outside the file system.</summary>
    /// <param name="store">The store as it was typed; null for the one of the environment or the project.</param>
    public static RegistryNames? Start(string? store)
    {
        if (SessionPaths.Resolve(".") is not { } location) return null;
        lock (Recent)
        {
            foreach (var (old, names) in Recent.ToArray())
            {
                if (names.task.IsCompleted && Stopwatch.GetElapsedTime(names.started) > CacheTime) Recent.Remove(old);
            }

            var key = (location, store, Environment.GetEnvironmentVariable(TrackingStores.UriName) ?? "");
            if (!Recent.TryGetValue(key, out var found)) Recent.Add(key, found = new RegistryNames(location, store));
            return found;
        }
    }

    /// <summary>Returns the names that begin with a word, as far as they are known after a moment.</summary>
    public IEnumerable<CompletionResult> Matching(CompletionWord word)
    {
        var left = WaitTime - Stopwatch.GetElapsedTime(started);
        if (!task.Wait(left > TimeSpan.Zero ? left : TimeSpan.Zero)) return [];
        return from name in task.Result
               let text = name.Forms.FirstOrDefault(form => form.StartsWith(word.Value, StringComparison.OrdinalIgnoreCase))
               where text is not null
               select word.Result(text, text, CompletionResultType.ParameterValue, name.Description);
    }

    private static IReadOnlyList<Name> Read(string location, string? store)
    {
        try
        {
            var settings = TrackingSettings.Read(SettingsFile.ReadNearest(location, _ => { }, strict: false), _ => { });
            string model = settings.Model ?? TrackingStores.DefaultName;
            var place = TrackingStores.Find(
                string.IsNullOrEmpty(store) ? null : store, settings, location, Environment.GetEnvironmentVariable);
            if (place.IsServer) return OfServer(place, model, UserFolder.Cache(location));
            return File.Exists(place.DatabasePath) ? OfDatabase(place, model) : [];
        }
        catch (Exception)
        {
            // A database that is damaged, or settings with an error: the cmdlet will say so.
            return [];
        }
    }

    private static List<Name> OfDatabase(TrackingPlace place, string model)
    {
        using var opened = TrackingStores.OpenLocal(place);
        var versions = opened.ListVersions(model, CancellationToken.None);
        return
        [
            .. from stage in new[] { RegistryStage.Production, RegistryStage.Staging }
               let version = versions.FirstOrDefault(v => v.Stage == stage)
               where version is not null
               select Stage(stage, model, Describe(version)),
            .. from version in versions
               from alias in version.Aliases
               select Alias(alias, model, Describe(version)),
            .. versions.Take(MaxVersions).Select(version => Version(version.Version, model, Describe(version))),
        ];
    }

    private static List<Name> OfServer(TrackingPlace place, string model, string? cache)
    {
        if (cache is null) return [];
        using var server = TrackingStores.Open(place, Environment.GetEnvironmentVariable); // sends nothing
        return
        [
            .. from answer in new ModelCache(cache).AnswersOf(ModelCache.NameOf(server))
               let reference = ModelReference.Parse(answer.Reference)
               let version = answer.Version ?? 0
               where reference?.Model == model && version > 0
               let description = string.Create(
                   CultureInfo.InvariantCulture, $"version {version} of '{model}', as of {answer.Time.LocalDateTime:g}")
               orderby reference.Kind
               select reference.Kind switch
               {
                   ModelReferenceKind.Stage => Stage(Enum.Parse<RegistryStage>(reference.Value), model, description),
                   ModelReferenceKind.Alias => Alias(reference.Value, model, description),
                   _ => Version(version, model, description),
               },
        ];
    }

    private static Name Stage(RegistryStage stage, string model, string description) =>
        new([$"{stage}", $"models:/{model}/{stage}"], description);

    // A bare @ would be splatting, so it is quoted; without it, an alias works too.
    private static Name Alias(string alias, string model, string description) =>
        new([$"@{alias}", alias, $"models:/{model}@{alias}"], description);

    private static Name Version(int version, string model, string description)
    {
        string number = version.ToString(CultureInfo.InvariantCulture);
        return new([number, $"v{number}", $"models:/{model}/{number}"], description);
    }

    private static string Describe(ModelVersion version) => string.Create(
        CultureInfo.InvariantCulture,
        $"version {version.Version} of '{version.Name}', {version.Stage}, registered {version.Created.LocalDateTime:g}");

    /// <summary>A name of a model.</summary>
    /// <param name="Forms">The texts that mean it, the usual one first.</param>
    /// <param name="Description">The tool tip.</param>
    private sealed record Name(string[] Forms, string Description);
}
