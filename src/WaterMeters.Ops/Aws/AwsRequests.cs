using Polly;
using Polly.Retry;

namespace WaterMeters.Ops.Aws;

/// <summary>
/// Requests through one of Amazon's clients: repeated with growing pauses, and with new credentials when the old ones expire in the middle
/// of the work.
/// </summary>
/// <param name="connect">Creates a client, with the credentials of now.</param>
/// <param name="repetitions">How often a request is repeated at most.</param>
/// <param name="delay">The pause before the first repetition; each further one is twice as long.</param>
/// <param name="time">The clock of the pauses; null: that of the system.</param>
internal sealed class AwsRequests<TClient>(Func<TClient> connect, int repetitions, TimeSpan delay, TimeProvider? time = null) : IDisposable
    where TClient : class, IDisposable
{
    private readonly ResiliencePipeline retries = repetitions == 0 ? ResiliencePipeline.Empty
        : new ResiliencePipelineBuilder { TimeProvider = time }.AddRetry(new RetryStrategyOptions
        {
            MaxRetryAttempts = repetitions,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            Delay = delay,
            MaxDelay = TimeSpan.FromSeconds(30),
            ShouldHandle = static args => ValueTask.FromResult(
                args.Outcome.Exception is { } e && AwsFailures.IsTransient(e, args.Context.CancellationToken)),
        }).Build();

    private readonly Lock renewing = new();
    private readonly List<TClient> clients = [];

    /// <summary>Sends a request, and repeats it if need be.</summary>
    /// <param name="request">Sends the request; called once for each attempt.</param>
    /// <param name="translate">Returns the exception to throw for a failure at last.</param>
    /// <param name="stop">Stops the work.</param>
    /// <param name="isOnce">Whether it is sent once only: another attempt would not be the same request.</param>
    public T Ask<T>(Func<TClient, Task<T>> request, Func<Exception, Exception> translate, CancellationToken stop, bool isOnce = false)
    {
        int renewals = 0;
        while (true)
        {
            TClient? client = null;
            try
            {
                client = Current();
                return isOnce ? request(client).GetAwaiter().GetResult()
                    : retries.Execute(_ => request(client).GetAwaiter().GetResult(), stop);
            }
            catch (Exception e) when (client is not null && AwsFailures.IsExpired(e) && renewals++ == 0)
            {
                Renew(client);
            }
            catch (Exception e) when (!stop.IsCancellationRequested && AwsFailures.IsFailure(e))
            {
                throw translate(e);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var client in clients) client.Dispose();
    }

    private TClient Current()
    {
        lock (renewing)
        {
            if (clients.Count == 0) clients.Add(connect());
            return clients[^1];
        }
    }

    /// <summary>
    /// Reads the credentials again: a profile, a role or a variable may have new ones. Older requests end with the old client.
    /// </summary>
    private void Renew(TClient expired)
    {
        lock (renewing)
        {
            if (ReferenceEquals(clients[^1], expired)) clients.Add(connect());
        }
    }
}
