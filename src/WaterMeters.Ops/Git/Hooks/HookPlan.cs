namespace WaterMeters.Ops.Git.Hooks;

/// <summary>Where the hook is installed.</summary>
/// <param name="Method">How git finds it: File or Config.</param>
/// <param name="Path">Absolute path of its file.</param>
public sealed record HookPlan(HookMethod Method, string Path);
