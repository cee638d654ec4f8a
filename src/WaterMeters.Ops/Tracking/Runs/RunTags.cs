namespace WaterMeters.Ops.Tracking.Runs;

/// <summary>Keys of the tags that this module writes to a run, besides MLflow's own (<see cref="MlflowTags"/>).</summary>
public static class RunTags
{
    /// <summary>Version of the module.</summary>
    public const string ModuleVersion = "watermeters.module_version";

    /// <summary>Version of libtorch.</summary>
    public const string LibTorch = "watermeters.libtorch";

    /// <summary>Operating system and processor.</summary>
    public const string Machine = "watermeters.machine";

    /// <summary>Name of the computer that trains.</summary>
    public const string Host = "watermeters.host";

    /// <summary>Identifier of the process that trains.</summary>
    public const string ProcessId = "watermeters.process_id";

    /// <summary>When that process started: with it, a later process with the same identifier is told apart. UTC, ISO 8601.</summary>
    public const string ProcessStart = "watermeters.process_start";

    /// <summary>Digest of the photos.</summary>
    public const string DataDigest = "watermeters.data_digest";

    /// <summary>Digest of the photos and their parts.</summary>
    public const string SplitDigest = "watermeters.split_digest";

    /// <summary>Folder of the data set.</summary>
    public const string DataPath = "watermeters.data_path";

    /// <summary>Folder of the run on the computer that trains.</summary>
    public const string OutputPath = "watermeters.output_path";

    /// <summary>Number of the attempt, from 1, and of all attempts: <c>2 of 3</c>.</summary>
    public const string Attempt = "watermeters.attempt";

    /// <summary>Whether this attempt was chosen as the best: <c>true</c> or <c>false</c>.</summary>
    public const string IsBest = "watermeters.is_best";

    /// <summary>SHA-256 of the model file.</summary>
    public const string ModelDigest = "watermeters.model_digest";

    /// <summary>Why the training ended, in a sentence.</summary>
    public const string EndReason = "watermeters.end_reason";

    /// <summary>Address of the server that this run waits to be sent to.</summary>
    public const string SendTo = "watermeters.send_to";

    /// <summary>Identifier of the run on that server.</summary>
    public const string SentAs = "watermeters.sent_as";
}
