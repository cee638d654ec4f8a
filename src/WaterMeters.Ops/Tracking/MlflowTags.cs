namespace WaterMeters.Ops.Tracking;

/// <summary>Keys of the tags that MLflow itself writes to a run.</summary>
public static class MlflowTags
{
    /// <summary>Name of the run.</summary>
    public const string RunName = "mlflow.runName";

    /// <summary>Who started the run.</summary>
    public const string User = "mlflow.user";

    /// <summary>Program that was started.</summary>
    public const string SourceName = "mlflow.source.name";

    /// <summary>Kind of program; <see cref="LocalSource"/> for a script.</summary>
    public const string SourceType = "mlflow.source.type";

    /// <summary>Commit of the working folder's git repository.</summary>
    public const string GitCommit = "mlflow.source.git.commit";

    /// <summary>Branch of the working folder's git repository.</summary>
    public const string GitBranch = "mlflow.source.git.branch";

    /// <summary>Address of the git repository.</summary>
    public const string GitRepository = "mlflow.source.git.repoURL";

    /// <summary>Text about the run, in Markdown.</summary>
    public const string Note = "mlflow.note.content";

    /// <summary>JSON list of the models that the run logged.</summary>
    public const string LoggedModels = "mlflow.log-model.history";

    /// <summary>The value of <see cref="SourceType"/> for a script or a command.</summary>
    public const string LocalSource = "LOCAL";
}
