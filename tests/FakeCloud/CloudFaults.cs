namespace WaterMeters.Tests.Cloud;

/// <summary>What the cloud does wrong, as a test wants it.</summary>
public sealed class CloudFaults
{
    /// <summary>How many requests are refused from now on because there were too many.</summary>
    public int Throttled { get; set; }

    /// <summary>How many connections break from now on: every second one after its request was done.</summary>
    public int Lost { get; set; }

    /// <summary>How many more times the network is cut for some requests of everybody: each time that a running job uses it.</summary>
    public int Cuts { get; set; }

    /// <summary>How the name of the request begins at which the credentials of the client expire; empty: they do not.</summary>
    public string ExpiresAt { get; set; } = "";

    /// <summary>The access key that has expired.</summary>
    public string ExpiredKey { get; set; } = "";

    /// <summary>How many starts fail from now on because there is no capacity, of every type but <see cref="FreeType"/>.</summary>
    public int NoCapacity { get; set; }

    /// <summary>The type for which there is capacity all the same.</summary>
    public string FreeType { get; set; } = "";

    /// <summary>Code of the error that every request gets, such as ExpiredToken; empty: none.</summary>
    public string Every { get; set; } = "";

    /// <summary>The action that is not permitted, such as StartInstances or PutObject; empty: all are.</summary>
    public string Denied { get; set; } = "";

    /// <summary>Seconds for which EC2 still shows the state before a change.</summary>
    public double StaleSeconds { get; set; }

    /// <summary>Seconds from the beginning during which the instance has no tags.</summary>
    public double TagSeconds { get; set; }

    /// <summary>Whether the keeper on the machine moves a schedule outside.</summary>
    public bool KeepsSchedule { get; set; }

    /// <summary>Whether the keeper on the machine is dead.</summary>
    public bool NoKeeper { get; set; }

    /// <summary>Whether the machine does not reach S3.</summary>
    public bool NoMachineNetwork { get; set; }

    /// <summary>How a command that is sent to the machine ends, such as TimedOut, without being run; empty: it is run.</summary>
    public string CommandStatus { get; set; } = "";

    /// <summary>Whether the agent on the machine never connects.</summary>
    public bool NoAgent { get; set; }

    /// <summary>How many sessions are refused from now on, because the agent on the machine is not connected to that service yet.</summary>
    public int LateSessions { get; set; }

    /// <summary>Whether the machine hangs while it powers off.</summary>
    public bool Hangs { get; set; }
}
