namespace WaterMeters;

/// <summary>Why a tracking store could not do what was asked.</summary>
public enum TrackingFault
{
    /// <summary>There is no such experiment, run, model, version, alias or artifact.</summary>
    NotFound,

    /// <summary>Something with this name exists already.</summary>
    AlreadyExists,

    /// <summary>It exists, but was deleted; the message says how to restore it.</summary>
    Deleted,

    /// <summary>A name or value that MLflow does not accept; nothing was written or sent.</summary>
    InvalidValue,

    /// <summary>Other processes kept the database locked, or the server asks to wait, for longer than the limit.</summary>
    Busy,

    /// <summary>The server does not respond, or the database cannot be opened.</summary>
    Unreachable,

    /// <summary>The server asks for other credentials.</summary>
    Unauthorized,

    /// <summary>The store understood, and refused.</summary>
    Refused,

    /// <summary>The answer, the database or a file is damaged or not what MLflow writes.</summary>
    Damaged,

    /// <summary>The bytes are not those expected: another size or another digest.</summary>
    WrongDigest,

    /// <summary>The database has a schema that this version cannot write, or cannot read.</summary>
    UnknownSchema,

    /// <summary>The address is of a kind that is not supported, for example a folder store.</summary>
    UnsupportedAddress,
}
