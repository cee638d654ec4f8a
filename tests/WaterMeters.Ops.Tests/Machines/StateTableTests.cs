using System.Text;
using WaterMeters.Tests.Cloud;

namespace WaterMeters.Ops.Tests.Machines;

/// <summary>Every state that the machine can be in, times what each cmdlet does: docs/infrastructure.md has the table.</summary>
public sealed class StateTableTests(ITestOutputHelper output)
{
    private static readonly string[] States =
        ["pending", "running", "stopping", "stopped", "shutting-down", "terminated", "none", "several", "no capacity"];

    [Fact]
    public void Every_state_times_every_cmdlet_is_as_documented()
    {
        var table = new StringBuilder("| state | Get | Start | Start -Wait | Stop | Stop, another lease | "
            + "Stop -Force, another lease | Remove -Stop | Remove -Terminate |\n");
        table.Append("|---|---|---|---|---|---|---|---|---|\n");
        foreach (string state in States)
        {
            table.Append(System.Globalization.CultureInfo.InvariantCulture, $"| {state} ");
            foreach (string action in new[] { "get", "start", "wait", "stop", "stop other", "force other", "remove stop", "terminate" })
            {
                table.Append(System.Globalization.CultureInfo.InvariantCulture, $"| {What(state, action)} ");
            }

            table.Append("|\n");
        }

        output.WriteLine(table.ToString());
        string document = File.ReadAllText(Path.Combine(RepositoryFolder(), "docs", "infrastructure.md"))
            .ReplaceLineEndings("\n");
        Assert.True(document.Contains(table.ToString(), StringComparison.Ordinal), $"The document has another table than:\n{table}");
    }

    private static string What(string state, string action)
    {
        using var machine = new CloudMachineSession();
        if (action.EndsWith("other", StringComparison.Ordinal) && state is not ("none" or "several"))
        {
            machine.Start("bo", wait: state != "no capacity");
        }

        Prepare(machine.Cloud, state);
        try
        {
            var found = action switch
            {
                "get" => machine.Get(),
                "start" => machine.Start(wait: false),
                "wait" => machine.Start(),
                "terminate" => machine.Terminate(),
                "force other" or "remove stop" => machine.Stop(force: true).Machine,
                _ => machine.Stop().Machine,
            };
            return found.IsReady ? $"{found.State}, ready" : $"{found.State}";
        }
        catch (InfrastructureException e)
        {
            return e.Fault.ToString();
        }
    }

    private static void Prepare(FakeCloud cloud, string state)
    {
        switch (state)
        {
            case "none":
                cloud.Machines.Clear();
                break;
            case "several":
                cloud.Machines.Add(new CloudMachine(cloud, "i-0000000000000000f"));
                break;
            case "no capacity":
                cloud.Machine.Set("stopped");
                cloud.Faults.NoCapacity = 1000;
                break;
            default:
                cloud.Machine.Set(state);
                break;
        }
    }

    private static string RepositoryFolder()
    {
        string? at = AppContext.BaseDirectory;
        while (at is not null && !File.Exists(Path.Combine(at, "WaterMeters.slnx"))) at = Path.GetDirectoryName(at);
        return at ?? throw new InvalidOperationException("The tests run outside of the repository.");
    }
}
