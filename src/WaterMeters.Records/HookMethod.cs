namespace WaterMeters;

/// <summary>How git finds the pre-push hook.</summary>
public enum HookMethod
{
    /// <summary>As a setting if that leaves a hook or a folder of another tool alone and git knows such hooks, else as a file.</summary>
    Auto,

    /// <summary>As a file in the folder that git runs hooks from. Every version of git runs it.</summary>
    File,

    /// <summary>As a setting of the repository (hook.watermeters), beside any other hook. Git 2.54 and later run it.</summary>
    Config,
}
