using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;

// Takes the arguments of session-manager-plugin, and forwards a port of this computer to another one that stands for that of the machine.
// Variables say what happens:
//   FAKE_PLUGIN_PORT     the port that stands for the one on the machine
//   FAKE_PLUGIN_VERSION  its version; 1.2.707.0 if there is none
//   FAKE_PLUGIN_FAULT    ends: the connection to AWS fails; leaks: it prints the token, and ends
//   FAKE_PLUGIN_LOG      a file that gets a line for each session: process, where the answer of StartSession was, its token's length, port
// It prints what the real one prints, and ends with 0 whatever fails, as that does.
if (args is ["--version"])
{
    Console.WriteLine(Environment.GetEnvironmentVariable("FAKE_PLUGIN_VERSION") is { Length: > 0 } version ? version : "1.2.707.0");
    return;
}

const string Variable = "AWS_SSM_START_SESSION_RESPONSE";
bool isVariable = args[0] == Variable;
var session = JsonNode.Parse(isVariable ? Environment.GetEnvironmentVariable(Variable)! : args[0])!;
string id = (string)session["SessionId"]!, token = (string)session["TokenValue"]!;
Require(((string)session["StreamUrl"]!).StartsWith("wss://", StringComparison.Ordinal), "StreamUrl");
Require(args is [_, "eu-central-1", "StartSession", "", _, _], "arguments");
Require(new Uri(args[5]).IsAbsoluteUri, "endpoint");
var request = JsonNode.Parse(args[4])!;
Require((string?)request["DocumentName"] == "AWS-StartPortForwardingSession" && (string?)request["Target"] is { Length: > 0 }, "request");
int port = int.Parse((string)request["Parameters"]!["localPortNumber"]![0]!, System.Globalization.CultureInfo.InvariantCulture);
if (Environment.GetEnvironmentVariable("FAKE_PLUGIN_LOG") is { Length: > 0 } log)
{
    File.AppendAllText(log, $"{Environment.ProcessId} {(isVariable ? "variable" : "argument")} {token.Length} {port}\n");
}

Console.WriteLine($"\nStarting session with SessionId: {id}");
switch (Environment.GetEnvironmentVariable("FAKE_PLUGIN_FAULT"))
{
    case "ends":
        Console.WriteLine("Cannot perform start session: EOF");
        return;
    case "leaks":
        Console.Error.WriteLine($"Cannot open a channel with {token}");
        return;
}

int target = int.Parse(Environment.GetEnvironmentVariable("FAKE_PLUGIN_PORT")!, System.Globalization.CultureInfo.InvariantCulture);
using var listener = new TcpListener(IPAddress.Loopback, port);
try
{
    listener.Start();
}
catch (SocketException e)
{
    Console.WriteLine($"Cannot perform start session: listen tcp 127.0.0.1:{port}: {e.Message}");
    return;
}

Console.WriteLine($"Port {port} opened for sessionId {id}.\nWaiting for connections...");

// The real one does not end with the program that started it; this one never outlives a test.
_ = Task.Run(() =>
{
    while (Console.Read() >= 0)
    {
    }

    Environment.Exit(0);
});
while (true)
{
    var client = await listener.AcceptTcpClientAsync();
    _ = Forward(client);
}

async Task Forward(TcpClient client)
{
    using (client)
    using (var service = new TcpClient())
    {
        try
        {
            await service.ConnectAsync(IPAddress.Loopback, target);
            var (near, far) = (client.GetStream(), service.GetStream());
            var outward = near.CopyToAsync(far);
            await far.CopyToAsync(near);
            client.Client.Shutdown(SocketShutdown.Send);
            await outward;
        }
        catch (Exception e) when (e is SocketException or IOException or ObjectDisposedException)
        {
            Console.WriteLine("Connection to destination port failed, check SSM Agent logs.");
        }
    }
}

static void Require(bool holds, string what)
{
    if (!holds) throw new InvalidOperationException($"not as the AWS CLI passes it: {what}");
}
