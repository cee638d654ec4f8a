using FsCheck;
using FsCheck.Fluent;
using WaterMeters.Ops.Tracking;
using WaterMeters.Ops.Tracking.Sqlite;

namespace WaterMeters.Ops.Tests.Tracking.Sqlite;

public class SqliteAddressTests
{
    [Theory]
    [InlineData("sqlite:///mlflow.db", "mlflow.db")]
    [InlineData("sqlite:///./data/mlflow.db", "data/mlflow.db")]
    [InlineData("sqlite:///a b%20c.db?timeout=20", "a b%20c.db")]
    [InlineData("SQLite+pysqlite:///mlflow.db", "mlflow.db")]
    public void Relative_addresses_start_from_the_folder(string address, string expected)
    {
        using var temp = new TempFolder();
        Assert.Equal(Path.GetFullPath(expected, temp.Path), SqliteAddress.PathOf(address, temp.Path));
    }

    [Fact]
    public void Absolute_addresses_are_those_of_the_system()
    {
        using var temp = new TempFolder();
        var (address, path) = OperatingSystem.IsWindows()
            ? (@"sqlite:///C:/water/mlflow.db", @"C:\water\mlflow.db")
            : ("sqlite:////srv/water/mlflow.db", "/srv/water/mlflow.db");
        Assert.Equal(path, SqliteAddress.PathOf(address, temp.Path));
        Assert.Equal(address, SqliteAddress.Of(path));
    }

    [Theory]
    [InlineData("sqlite://")]
    [InlineData("sqlite:///")]
    [InlineData("sqlite:///:memory:")]
    [InlineData("sqlite:///file:mlflow.db?uri=true")]
    [InlineData("sqlite://host/mlflow.db")]
    [InlineData("postgresql://host/mlflow")]
    [InlineData("mlflow.db")]
    [InlineData("sqlite:///\0.db")]
    public void Everything_else_is_refused_with_an_example(string address)
    {
        var error = Assert.Throws<TrackingException>(() => SqliteAddress.PathOf(address, Path.GetTempPath()));
        Assert.Equal((TrackingFault.UnsupportedAddress, address), (error.Fault, error.Target));
        Assert.Contains("sqlite:///mlflow.db", error.Message);
    }

    [Fact]
    public void The_address_of_any_path_leads_back_to_it() => Prop.ForAll(
        ArbMap.Default.ArbFor<NonEmptyString[]>(),
        parts =>
        {
            char[] bad = ['?', '/', '\\', .. Path.GetInvalidFileNameChars()];
            var names = parts.Select(part => string.Concat(part.Get.Where(c => !bad.Contains(c))).Trim(' ', '.'))
                .Where(name => name.Length > 0);
            string path = Path.Combine([Path.GetTempPath(), .. names, "mlflow.db"]);
            return SqliteAddress.PathOf(SqliteAddress.Of(path), Path.GetPathRoot(path)!) == path;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Any_text_is_an_address_or_a_TrackingException() => Prop.ForAll(
        ArbMap.Default.ArbFor<string>(),
        text =>
        {
            foreach (string address in new[] { text ?? "", $"sqlite:///{text}", $"sqlite:{text}" })
            {
                try
                {
                    if (!Path.IsPathFullyQualified(SqliteAddress.PathOf(address, Path.GetTempPath()))) return false;
                }
                catch (TrackingException e) when (e.Fault == TrackingFault.UnsupportedAddress)
                {
                    // as it says
                }
            }

            return true;
        }).QuickCheckThrowOnFailure();
}
