namespace WaterMeters;

/// <summary>Why GitHub cannot be used.</summary>
public enum GitHubFault
{
    /// <summary>There is no token, GitHub does not accept it, or it lacks a permission.</summary>
    AccessDenied,

    /// <summary>There is no such repository, or the token does not see it.</summary>
    NotFound,

    /// <summary>GitHub does not respond, or not as GitHub does.</summary>
    Unreachable,

    /// <summary>GitHub understood the request, and refuses it.</summary>
    Refused,
}
