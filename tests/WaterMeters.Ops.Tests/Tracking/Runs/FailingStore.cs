using System.Reflection;
using WaterMeters.Ops.Tracking;

namespace WaterMeters.Ops.Tests.Tracking.Runs;

/// <summary>A store that fails from its n-th call on, as a server that goes away.</summary>
public class FailingStore : DispatchProxy
{
    private ITrackingStore inner = null!;
    private int left;
    private Func<string, object?[], bool> refuses = (_, _) => false;

    /// <summary>Creates it.</summary>
    /// <param name="inner">The store that answers until then.</param>
    /// <param name="calls">How many calls work.</param>
    public static ITrackingStore Create(ITrackingStore inner, int calls)
    {
        var proxy = Create<ITrackingStore, FailingStore>();
        ((FailingStore)(object)proxy).inner = inner;
        ((FailingStore)(object)proxy).left = calls;
        return proxy;
    }

    /// <summary>Creates one that refuses some calls, as a server does without the permission for them.</summary>
    /// <param name="inner">The store that answers the others.</param>
    /// <param name="refuses">Whether a call is refused, by its name and arguments.</param>
    public static ITrackingStore CreateRefusing(ITrackingStore inner, Func<string, object?[], bool> refuses)
    {
        var proxy = Create(inner, int.MaxValue);
        ((FailingStore)(object)proxy).refuses = refuses;
        return proxy;
    }

    /// <inheritdoc/>
    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        ArgumentNullException.ThrowIfNull(targetMethod);
        if (targetMethod.Name is not ("get_Address" or "get_IsLocal" or "PageOf" or "Dispose") && left-- <= 0)
        {
            throw new TrackingException(TrackingFault.Unreachable, "http://127.0.0.1", "The server does not respond.");
        }

        if (refuses(targetMethod.Name, args ?? []))
        {
            throw new TrackingException(TrackingFault.Unauthorized, "http://127.0.0.1", "The server does not allow this.");
        }

        try
        {
            return targetMethod.Invoke(inner, args);
        }
        catch (TargetInvocationException e)
        {
            throw e.InnerException!;
        }
    }
}
