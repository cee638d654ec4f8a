namespace WaterMeters;

/// <summary>Why the machine cannot be found, started, stopped or removed.</summary>
public enum InfrastructureFault
{
    /// <summary>A setting is missing or cannot be used: the bucket, the region, a profile.</summary>
    NotConfigured,

    /// <summary>There is no such machine, or it has been terminated.</summary>
    NotFound,

    /// <summary>Several machines have the same name.</summary>
    Ambiguous,

    /// <summary>AWS has no capacity for this instance type in this zone now.</summary>
    NoCapacity,

    /// <summary>A quota of the account is used up.</summary>
    LimitReached,

    /// <summary>There are no credentials.</summary>
    CredentialsMissing,

    /// <summary>The credentials were valid until some time ago.</summary>
    CredentialsExpired,

    /// <summary>AWS does not know the credentials.</summary>
    CredentialsInvalid,

    /// <summary>The credentials are valid and may not do this.</summary>
    AccessDenied,

    /// <summary>The region is another one, or is not enabled for the account.</summary>
    WrongRegion,

    /// <summary>AWS refuses requests because there were too many, also after several attempts.</summary>
    Throttled,

    /// <summary>AWS cannot be reached.</summary>
    Unreachable,

    /// <summary>The machine does not get ready, or does not stop, in the time it was given.</summary>
    TimedOut,

    /// <summary>The lease object cannot be read, or is of a newer version of the module.</summary>
    LeaseUnusable,

    /// <summary>AWS refuses the request for another reason.</summary>
    Refused,

    /// <summary>A training on the machine has failed, was stopped, or ended without a result.</summary>
    JobFailed,

    /// <summary>There is no such job, it is another one, or its objects cannot be used.</summary>
    JobUnusable,

    /// <summary>The program session-manager-plugin, which forwards a port to the machine, is not installed.</summary>
    SessionPluginMissing,

    /// <summary>A port of this computer cannot be forwarded to the machine: it is in use, or the program for that has ended.</summary>
    TunnelFailed,
}
