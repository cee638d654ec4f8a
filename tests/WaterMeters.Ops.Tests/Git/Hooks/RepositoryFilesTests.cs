using WaterMeters.Ops.Git.Hooks;

namespace WaterMeters.Ops.Tests.Git.Hooks;

/// <summary>The parts of a repository: what is missing is added, what is there is kept.</summary>
public sealed class RepositoryFilesTests : IDisposable
{
    private readonly TempFolder temp = new();

    private static string Workflows => Path.Combine(Path.GetDirectoryName(Path.GetDirectoryName(HookedRepository.Source))!, "workflows");

    [Fact]
    public void Are_created_once()
    {
        var created = Run();
        Assert.All(created, item => Assert.Equal(RepositoryItemOutcome.Created, item.Outcome));
        Assert.Equal(
            ["wms.yaml", "data/training/images", "data/training/masks", "models", ".gitignore", ".gitattributes",
                ".github/workflows/data-check.yml"],
            created.Select(item => item.Name));
        Assert.All(created, item => Assert.True(Path.Exists(item.Path)));
        Assert.Equal("/runs/", File.ReadAllLines(temp[".gitignore"])[1]);
        var again = Run();
        Assert.All(again, item => Assert.True(item.Outcome is RepositoryItemOutcome.Unchanged or RepositoryItemOutcome.Kept, item.Name));
        Assert.Equal("wms.yaml", Assert.Single(again, item => item.Outcome == RepositoryItemOutcome.Kept).Name);
    }

    [Fact]
    public void Keep_what_is_there()
    {
        File.WriteAllText(temp["wms.yaml"], "dataset:\n  path: dados/água\n");
        File.WriteAllText(temp[".gitignore"], "runs\r\n*.log");
        File.WriteAllText(temp[".gitattributes"], "*.jpg filter=lfs diff=lfs merge=lfs -text\n");
        string workflow = temp[".github", "workflows", "data-check.yml"];
        HookedRepository.Write(workflow, "mine\n");
        var items = Run().ToDictionary(item => item.Name);
        Assert.Equal(RepositoryItemOutcome.Kept, items["wms.yaml"].Outcome);
        Assert.True(Directory.Exists(temp["dados", "água", "masks"]));
        Assert.False(Directory.Exists(temp["data"]));
        Assert.Equal(RepositoryItemOutcome.Updated, items[".gitignore"].Outcome);
        Assert.StartsWith("runs\r\n*.log\r\n\r\n# WaterMeters\r\n/mlruns/\r\n", File.ReadAllText(temp[".gitignore"]));
        string attributes = File.ReadAllText(temp[".gitattributes"]);
        Assert.StartsWith("*.jpg filter=lfs diff=lfs merge=lfs -text\n\n# WaterMeters\n*.jpeg binary\n", attributes);
        Assert.DoesNotContain("*.jpg binary", attributes);
        Assert.Equal(RepositoryItemOutcome.Kept, items[".github/workflows/data-check.yml"].Outcome);
        Assert.Equal("mine\n", File.ReadAllText(workflow));
        Assert.Equal(RepositoryItemOutcome.Updated, Run(replaces: true)[^1].Outcome);
        Assert.NotEqual("mine\n", File.ReadAllText(workflow));
    }

    public void Dispose() => temp.Dispose();

    private List<RepositoryItem> Run(bool replaces = false)
    {
        var items = new List<RepositoryItem>();
        foreach (var step in new RepositoryFiles(temp.Path, Workflows).Steps(replaces))
        {
            step.Run?.Invoke();
            items.Add(step.Item);
        }

        return items;
    }
}
