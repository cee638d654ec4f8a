using WaterMeters.Ml.Foundation;

namespace WaterMeters.Ops.Git.Hooks;

/// <summary>Installs the pre-push hook in a repository, and removes it.</summary>
/// <param name="repository">The repository.</param>
/// <param name="source">The hook's script.</param>
public sealed class HookInstaller(HookRepository repository, HookSource source)
{
    /// <summary>What the name of the hook that was there before ends with.</summary>
    private const string EarlierSuffix = ".before-wms";

    /// <summary>The name of the hook in the settings of git.</summary>
    private const string ConfigName = HookRepository.Section;

    private const string
        PwshKey = HookRepository.Section + ".pwsh",
        DotnetKey = HookRepository.Section + ".dotnet",
        ModuleKey = HookRepository.Section + ".module",
        PrefixKey = HookRepository.Section + ".dataPrefix";

    /// <summary>The shell finds the file from wherever the repository has been moved to. git adds the hook's arguments.</summary>
    private const string ConfigCommand =
        "\"$(git rev-parse --git-common-dir)/" + HookRepository.Section + "/" + HookRepository.HookName + "\"";

    private static readonly string[] ConfigKeys = [$"hook.{ConfigName}.event", $"hook.{ConfigName}.command"];
    private static readonly string[] Keys = [PwshKey, DotnetKey, ModuleKey, PrefixKey];

    private string OwnFile => Path.Combine(repository.OwnFolder, HookRepository.HookName);

    private string EarlierFile => repository.HookFile + EarlierSuffix;

    /// <summary>
    /// The hook that git runs now, and the one in the usual folder: core.hooksPath may have been set after it was installed there.
    /// </summary>
    private IEnumerable<string> HookFiles => new[]
    {
        repository.HookFile, Path.Combine(repository.CommonFolder, "hooks", HookRepository.HookName),
    }.Distinct(SystemPaths.Comparer);

    /// <summary>Returns where the hook would be, and how git would find it.</summary>
    /// <param name="method">The way that was asked for.</param>
    /// <exception cref="GitException">This git runs no hooks from its settings, but that way was asked for.</exception>
    public HookPlan Plan(HookMethod method)
    {
        bool hasConfigHooks = method != HookMethod.File && repository.HasConfigHooks;
        if (method == HookMethod.Config && !hasConfigHooks)
        {
            throw new GitException(
                GitFault.Failed, repository.Path,
                "This git runs no hooks from its settings: version 2.54 and later do. Update git, or use -Method File.");
        }

        if (method == HookMethod.Auto) method = hasConfigHooks && IsBetterAsConfig ? HookMethod.Config : HookMethod.File;
        return new HookPlan(method, method == HookMethod.Config ? OwnFile : repository.HookFile);
    }

    /// <summary>Installs the hook, or brings it up to date. Run again, it changes nothing.</summary>
    /// <param name="method">How git finds it.</param>
    /// <param name="places">Where the hook finds PowerShell and the module.</param>
    /// <exception cref="HookException">A file is in the way, or cannot be written.</exception>
    /// <exception cref="GitException">git fails.</exception>
    /// <exception cref="SettingsException">The wms.yaml of the repository cannot be used.</exception>
    public HookInstallation Install(HookMethod method, HookPlaces places)
    {
        ArgumentNullException.ThrowIfNull(places);
        var (way, file) = Plan(method);
        if (way == HookMethod.File) RequireOneEarlier();
        bool isNew = !IsInstalled;

        // First what the hook reads, then the hook. Where something fails in between, nothing calls it yet.
        bool changed = repository.Set(PwshKey, places.Pwsh);
        changed |= repository.Set(DotnetKey, places.Dotnet is { } dotnet ? [dotnet] : []);
        changed |= repository.Set(ModuleKey, places.Module);
        changed |= repository.Set(PrefixKey, DataPrefixes.Read(repository.Path));
        if (!Directory.Exists(repository.OwnFolder)) Directory.CreateDirectory(repository.OwnFolder);
        if (!source.IsCurrent(file))
        {
            if (way == HookMethod.File && Exists(file) && !HookSource.IsHook(file)) KeepEarlier();
            source.Write(file);
            changed = true;
        }

        // Installed in one way only: a push would be checked twice.
        if (way == HookMethod.Config)
        {
            changed |= repository.Set(ConfigKeys[1], [ConfigCommand]) | repository.Set(ConfigKeys[0], [HookRepository.HookName]);
            changed |= RemoveFiles();
        }
        else
        {
            changed |= RemoveConfig();
        }

        RemoveTemporary();
        return new HookInstallation
        {
            Outcome = isNew ? HookOutcome.Installed : changed ? HookOutcome.Updated : HookOutcome.Unchanged,
            Method = way,
            Path = repository.Path,
            HookPath = file,
            EarlierHookPath = way == HookMethod.File && Exists(EarlierFile) ? EarlierFile : null,
            PwshPath = places.Pwsh[0],
            ModulePath = places.Module[0],
        };
    }

    /// <summary>Removes the hook and its settings, and restores the hook that was there before.</summary>
    /// <exception cref="HookException">A file cannot be moved or removed.</exception>
    /// <exception cref="GitException">git fails.</exception>
    public HookInstallation Uninstall()
    {
        bool isConfig = HasConfigEntry;
        string file = isConfig ? OwnFile : repository.HookFile;
        bool removed = RemoveFiles() | RemoveConfig();
        foreach (string key in Keys) removed |= repository.Unset(key);
        if (removed) repository.RemoveEmptySection(HookRepository.Section);
        RemoveTemporary();
        RemoveOwnFiles();

        return new HookInstallation
        {
            Outcome = removed ? HookOutcome.Removed : HookOutcome.NotInstalled,
            Method = isConfig ? HookMethod.Config : HookMethod.File,
            Path = repository.Path,
            HookPath = file,
            EarlierHookPath = Exists(EarlierFile) ? EarlierFile : null,
        };
    }

    /// <summary>Returns whether the hook that this git runs before a push is this one, and if not, why.</summary>
    public HookState Inspect()
    {
        bool isConfigured = repository.Values(PwshKey, isLocal: true).Count > 0;
        bool byConfig = repository.RunsConfigHook(ConfigName) && HookSource.IsExecutable(OwnFile);
        bool byFile = HookSource.IsHook(repository.HookFile) && HookSource.IsExecutable(repository.HookFile);
        string file = byConfig ? OwnFile : repository.HookFile;
        return new HookState
        {
            Path = file,
            IsInstalled = isConfigured,
            IsEffective = byConfig || byFile,
            IsCurrent = (byConfig || byFile) && source.IsCurrent(file),
            IsOwnFileIgnored = !byFile && HookSource.IsHook(repository.HookFile),
            IsOtherInPlace = Exists(repository.HookFile) && !HookSource.IsHook(repository.HookFile),
            HooksPath = repository.HooksPath,
            HooksPathOrigin = repository.HooksPathOrigin,
            Pwsh = repository.Values(PwshKey),
            HasDotnet = repository.Values(DotnetKey).All(File.Exists),
            Module = repository.Values(ModuleKey),
        };
    }

    /// <summary>
    /// Whether a setting leaves alone what another tool has. A hook that is installed stays as it is: an older git may run it too.
    /// </summary>
    private bool IsBetterAsConfig => !HookSource.IsHook(repository.HookFile)
        && (HasConfigEntry || repository.HooksPath is not null || Exists(repository.HookFile));

    private bool HasConfigEntry => repository.Values(ConfigKeys[0], isLocal: true).Count > 0;

    private bool IsInstalled => HookSource.IsHook(repository.HookFile)
        || (HookSource.IsHook(OwnFile) && HasConfigEntry);

    /// <summary>
    /// Another tool may have written its hook over this one, while the one that was there before is still kept. Both are someone's.
    /// </summary>
    private void RequireOneEarlier()
    {
        string hook = repository.HookFile;
        if (!Exists(hook) || HookSource.IsHook(hook) || !Exists(EarlierFile) || IsSame(hook, EarlierFile)) return;
        throw new HookException(
            hook,
            $"'{hook}' is the hook of another tool, and '{EarlierFile}' is an earlier one that was kept. Remove the one that is no "
                + "longer needed, or put the content of both into the first; then run Install-WmsHook again.");
    }

    /// <summary>
    /// Keeps the hook of another tool under another name. It is copied and then replaced, so git finds a hook at every moment; a link stays
    /// a link to the same file.
    /// </summary>
    private void KeepEarlier()
    {
        string hook = repository.HookFile;
        if (Exists(EarlierFile)) return; // an interrupted call has kept it
        try
        {
            if (new FileInfo(hook).LinkTarget is { } target)
            {
                File.CreateSymbolicLink(EarlierFile, target);
                return;
            }

            string temporary = HookSource.Temporary(EarlierFile);
            File.Copy(hook, temporary, overwrite: true);
            File.SetLastWriteTimeUtc(temporary, File.GetLastWriteTimeUtc(hook));
            HeldFile.Move(temporary, EarlierFile, overwrite: false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new HookException(hook, $"Cannot keep '{hook}' as '{EarlierFile}': {e.Sentence()} Check the permissions.", e);
        }
    }

    /// <summary>Removes the hook's files and restores the earlier ones. A hook of another tool is left alone.</summary>
    private bool RemoveFiles()
    {
        bool removed = false;
        foreach (string hook in HookFiles.Where(HookSource.IsHook))
        {
            try
            {
                string earlier = hook + EarlierSuffix;
                if (Exists(earlier)) HeldFile.Move(earlier, hook, overwrite: true);
                else HeldFile.Delete(hook);
                removed = true;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new HookException(hook, $"Cannot remove the hook '{hook}': {e.Sentence()} Check the permissions of its folder.", e);
            }
        }

        return removed;
    }

    private void RemoveTemporary()
    {
        foreach (string file in HookFiles) HookSource.RemoveTemporary(file);
        HookSource.RemoveTemporary(EarlierFile);
        HookSource.RemoveTemporary(OwnFile);
    }

    /// <summary>Removes what judged pushes left. The log of pushes that were not checked stays.</summary>
    private void RemoveOwnFiles()
    {
        string folder = repository.OwnFolder;
        if (!Directory.Exists(folder)) return;
        try
        {
            repository.RemovePushFiles();
            if (!Directory.EnumerateFileSystemEntries(folder).Any()) Directory.Delete(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new HookException(folder, $"Cannot remove the files in '{folder}': {e.Sentence()} Check the permissions.", e);
        }
    }

    private bool RemoveConfig()
    {
        // First the event: a command that is called and not there would refuse every push.
        bool removed = false;
        foreach (string key in ConfigKeys) removed |= repository.Unset(key);
        if (removed) repository.RemoveEmptySection($"hook.{ConfigName}");
        if (!HookSource.IsHook(OwnFile)) return removed;
        HeldFile.Delete(OwnFile);
        return true;
    }

    /// <summary>Returns whether a file is there, also a link that leads nowhere.</summary>
    private static bool Exists(string file) => new FileInfo(file) is { } info && (info.Exists || info.LinkTarget is not null);

    private static bool IsSame(string one, string other) => new FileInfo(one).LinkTarget == new FileInfo(other).LinkTarget
        && File.Exists(one) && File.Exists(other)
        && HeldFile.ReadAllBytes(one).AsSpan().SequenceEqual(HeldFile.ReadAllBytes(other));
}
