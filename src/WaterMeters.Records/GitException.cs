namespace WaterMeters;

/// <summary>git is missing or fails.</summary>
public sealed class GitException : WaterMetersException
{
    /// <summary>Creates the exception. <paramref name="target"/>: the folder, the remote or the command concerned.</summary>
    public GitException(GitFault fault, string target, string message, Exception? inner = null)
        : base(message, inner) => (Fault, Target) = (fault, target);

    /// <summary>Why it fails.</summary>
    public GitFault Fault { get; }

    /// <summary>The folder, the remote or the command concerned.</summary>
    public string Target { get; }
}
