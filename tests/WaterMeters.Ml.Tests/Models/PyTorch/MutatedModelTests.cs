using WaterMeters.Fuzz;

namespace WaterMeters.Ml.Tests.Models.PyTorch;

/// <summary>Damaged files in small; tests/Proofs/MutatedModels.ps1 reads 20,000 of them, in processes of their own.</summary>
public class MutatedModelTests
{
    [Theory]
    [InlineData("pth", 400)]
    [InlineData("pt2", 150)]
    [InlineData("safetensors", 150)]
    [InlineData("onnx", 200)]
    public void Each_is_loaded_or_refused_with_its_name_within_the_memory_it_may_cost(string format, int count)
    {
        using var folder = new TempFolder();
        var templates = FileTemplates.Of(format);
        int loaded = 0, refused = 0;
        for (int seed = 0; seed < count; seed++)
        {
            var template = templates[seed % templates.Count];
            string path = folder[$"seed-{seed}-{template.Name}{template.Extension}"];
            File.WriteAllBytes(path, Mutation.Of(template, seed));
            string? beside = template.Beside is null ? null : folder[template.Beside.Name];
            if (beside is not null) File.Delete(beside);
            if (Mutation.Beside(template, seed) is { } data) File.WriteAllBytes(beside!, data);
            if (Trial.Of(path).Loaded) loaded++; else refused++;
            File.Delete(path);
        }

        Assert.Equal(count, loaded + refused);
        Assert.True(loaded > 0 && refused > count / 2, $"{loaded} loaded, {refused} refused: these are no damages worth a test");
    }

    [Fact]
    public void What_is_damaged_is_sound_before()
    {
        using var folder = new TempFolder();
        foreach (var template in FileTemplates.Formats.SelectMany(FileTemplates.Of))
        {
            string path = folder[template.Name + template.Extension];
            File.WriteAllBytes(path, template.Join(template.Parts));
            if (template.Beside is { } beside) File.WriteAllBytes(folder[beside.Name], beside.Bytes);
            var trial = Trial.Of(path);

            // The old format cannot declare a width.
            Assert.True(trial.Loaded || template.Name == "pth-old", trial.Refusal);
        }
    }

    [Fact]
    public void The_same_seed_damages_in_the_same_way()
    {
        var template = FileTemplates.Of("pth")[0];
        Assert.Equal(Mutation.Of(template, 5), Mutation.Of(template, 5));
        Assert.NotEqual(Mutation.Of(template, 5), Mutation.Of(template, 6));
    }
}
