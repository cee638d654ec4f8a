using WaterMeters.Fuzz;

namespace WaterMeters.Ml.Tests.Models.PyTorch;

/// <summary>Reads a few damaged files; tests/Proofs/MutatedModels.ps1 reads 20,000 of them in separate processes.</summary>
public class MutatedModelTests
{
    [Theory]
    [InlineData("pth", 400)]
    [InlineData("pt2", 150)]
    [InlineData("safetensors", 150)]
    [InlineData("onnx", 200)]
    public void Loads_or_refuses_each_file_by_name_within_the_memory_limit(string format, int count)
    {
        using var folder = new TempFolder();
        var templates = FileTemplates.ForFormat(format);
        int loaded = 0, refused = 0;
        for (int seed = 0; seed < count; seed++)
        {
            var template = templates[seed % templates.Count];
            string path = folder[$"seed-{seed}-{template.Name}{template.Extension}"];
            File.WriteAllBytes(path, Mutation.Apply(template, seed));
            string? dataFile = template.DataFile is null ? null : folder[template.DataFile.Name];
            if (dataFile is not null) File.Delete(dataFile);
            if (Mutation.DataFile(template, seed) is { } data) File.WriteAllBytes(dataFile!, data);
            if (Trial.Run(path).Loaded) loaded++; else refused++;
            File.Delete(path);
        }

        Assert.Equal(count, loaded + refused);
        Assert.True(loaded > 0 && refused > count / 2, $"{loaded} loaded, {refused} refused: the damage is too weak or too strong for " +
            "a test");
    }

    [Fact]
    public void Loads_the_undamaged_templates()
    {
        using var folder = new TempFolder();
        foreach (var template in FileTemplates.Formats.SelectMany(FileTemplates.ForFormat))
        {
            string path = folder[template.Name + template.Extension];
            File.WriteAllBytes(path, template.Join(template.Parts));
            if (template.DataFile is { } dataFile) File.WriteAllBytes(folder[dataFile.Name], dataFile.Bytes);
            var trial = Trial.Run(path);

            // The format before PyTorch 1.6 cannot declare a width.
            Assert.True(trial.Loaded || template.Name == "pth-old", trial.Refusal);
        }
    }

    [Fact]
    public void Damages_a_file_in_the_same_way_for_the_same_seed()
    {
        var template = FileTemplates.ForFormat("pth")[0];
        Assert.Equal(Mutation.Apply(template, 5), Mutation.Apply(template, 5));
        Assert.NotEqual(Mutation.Apply(template, 5), Mutation.Apply(template, 6));
    }
}
