using System.Text.Json;
using Amazon.SimpleSystemsManagement.Model;
using WaterMeters.Ops.Aws;

namespace WaterMeters.Ops.Machines.Tunnels;

/// <summary>A session of SSM that forwards a port, as StartSession opens it. The text of this type has no token.</summary>
internal sealed class OpenedSession
{
    private const string Document = "AWS-StartPortForwardingSession";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    private readonly AwsSession aws;

    private OpenedSession(AwsSession aws, string request, StartSessionResponse answer, string endpoint)
    {
        this.aws = aws;
        (Id, Token, StreamUrl, Request, Endpoint) = (answer.SessionId, answer.TokenValue, answer.StreamUrl, request, endpoint);
    }

    /// <summary>Its identifier.</summary>
    public string Id { get; }

    /// <summary>The secret that connects to it.</summary>
    public string Token { get; }

    /// <summary>The address that it is connected through.</summary>
    public string StreamUrl { get; }

    /// <summary>The request, as the plugin reads it.</summary>
    public string Request { get; }

    /// <summary>The answer with the token, as the plugin reads it.</summary>
    public string Response => JsonSerializer.Serialize(new Dictionary<string, string>
    {
        ["SessionId"] = Id,
        ["TokenValue"] = Token,
        ["StreamUrl"] = StreamUrl,
    });

    /// <summary>Address of SSM.</summary>
    public string Endpoint { get; }

    /// <summary>Opens a session; null while the agent on the machine is not connected.</summary>
    /// <param name="aws">The connection.</param>
    /// <param name="instanceId">The machine.</param>
    /// <param name="port">The port, on the machine and here.</param>
    /// <param name="stop">Stops the work.</param>
    /// <exception cref="InfrastructureException">AWS refuses.</exception>
    public static OpenedSession? TryOpen(AwsSession aws, string instanceId, string port, CancellationToken stop)
    {
        var request = new StartSessionRequest
        {
            Target = instanceId,
            DocumentName = Document,
            Parameters = new Dictionary<string, List<string>> { ["portNumber"] = [port], ["localPortNumber"] = [port] },
        };
        string text = JsonSerializer.Serialize(new { request.Target, request.DocumentName, request.Parameters });
        string endpoint = "";
        try
        {
            var answer = aws.Ssm(
                client =>
                {
                    endpoint = client.DetermineServiceOperationEndpoint(request).URL;
                    return client.StartSessionAsync(request, stop);
                },
                instanceId, stop, otherwise: e => e is TargetNotConnectedException ? new NotYetException() : null);
            return new OpenedSession(aws, text, answer, endpoint);
        }
        catch (NotYetException)
        {
            return null;
        }
    }

    /// <summary>
    /// Ends it within 5 seconds. One that cannot be ended is ended by AWS when nothing uses it, or when the machine goes off.
    /// </summary>
    public void Terminate()
    {
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            var request = new TerminateSessionRequest { SessionId = Id };
            aws.Ssm(client => client.TerminateSessionAsync(request, limit.Token), Id, limit.Token, isOnce: true);
        }
        catch (Exception e) when (e is InfrastructureException or OperationCanceledException)
        {
            // AWS ends it.
        }
    }

    private sealed class NotYetException : Exception;
}
