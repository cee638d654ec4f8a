using WaterMeters.Ops.Aws;
using WaterMeters.Ops.Machines;

namespace WaterMeters.Ops.Tests.Machines;

public sealed class MachineUseTests
{
    [Theory]
    [InlineData("http://127.0.0.1:5000", "http://127.0.0.1:5000/", true)]
    [InlineData("https://mlflow.example.com/ml/", "https://ana:planted@MLflow.example.com/ml", true)]
    [InlineData("https://mlflow.example.com", "https://mlflow.example.com:443", true)]
    [InlineData("http://127.0.0.1:5000", "http://127.0.0.1:5001", false)]
    [InlineData("https://mlflow.example.com", "http://mlflow.example.com", false)]
    [InlineData("https://mlflow.example.com/ml", "https://mlflow.example.com/other", false)]
    [InlineData(null, "http://127.0.0.1:5000", false)]
    public void A_server_is_that_of_the_machine_by_its_address_without_credentials(string? registry, string server, bool expected) =>
        Assert.Equal(expected, MachineUse.IsFor(new AwsSettings { Registry = registry is null ? null : new Uri(registry) }, server));

    [Theory]
    [InlineData(8, 8)]
    [InlineData(1, 2)]
    public void Keeping_the_machine_on_keeps_the_longer_lease_of_the_user(double hours, double expected)
    {
        using var machine = new CloudMachineSession();
        var run = CloudMachineSession.Run("ana");
        var mine = machine.Start(options: new StartOptions { Run = run, Wait = true, For = TimeSpan.FromHours(hours) });
        using var use = new MachineUse(CloudMachineSession.Settings(machine.Cloud), run, "Sync-WmsModel");
        var kept = use.Keep(TimeSpan.FromHours(2), _ => { }, TestContext.Current.CancellationToken);
        Assert.Equal(mine.OwnDeadline!.Value.AddHours(expected - hours), kept.OwnDeadline!.Value, TimeSpan.FromMinutes(2));
        Assert.Equal(1, machine.Get().LeaseCount);
    }
}
