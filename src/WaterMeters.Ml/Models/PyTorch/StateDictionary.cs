using WaterMeters.Ml.Models.Tensors;

namespace WaterMeters.Ml.Models.PyTorch;

/// <summary>Finds the tensors in an unpickled object: a state_dict, a dict that contains one, or a whole module.</summary>
internal static class StateDictionary
{
    // Modules and dicts can be shared, so a short pickle can expand to any size.
    private const int MaxDepth = 32, MaxVisits = 200_000;

    // The usual keys of the state_dict in training scripts, which store it with the epoch and the optimizer.
    private static readonly string[] UsualKeys = ["state_dict", "model_state_dict", "model"];

    /// <summary>Returns the tensors by name, in the order of state_dict().</summary>
    public static IReadOnlyList<(string Name, TorchTensor Tensor)> Find(object? root)
    {
        var inner = root is PickleDictionary outer
            ? UsualKeys.Select(outer.Find).FirstOrDefault(v => v is PickleDictionary or PickleObject) ?? root
            : root;
        var tensors = new Dictionary<string, TorchTensor>(StringComparer.Ordinal);
        int visits = 0;
        switch (inner)
        {
            case PickleDictionary dictionary:
                Add(dictionary, "", null);
                break;
            case PickleObject module:
                Walk(module, "", 0);
                break;
        }

        return tensors.Count > 0
            ? [.. tensors.Select(t => (t.Key, t.Value))]
            : throw new ModelRefusedException(
                $"it contains no tensor ({Describe(inner)}). Save the network's weights with torch.save(model.state_dict(), ...).");

        void Walk(PickleObject module, string prefix, int depth)
        {
            if (depth > MaxDepth) throw new InvalidDataException($"its modules are nested deeper than {MaxDepth}");
            if (module.State is not PickleDictionary state) return;
            Visit(state.Pairs.Count);
            var unsaved = state.Find("_non_persistent_buffers_set") as PickleSet;
            Add(state.Find("_parameters") as PickleDictionary, prefix, null);
            Add(state.Find("_buffers") as PickleDictionary, prefix, unsaved);
            foreach (var (key, value) in (state.Find("_modules") as PickleDictionary)?.Pairs ?? [])
            {
                Visit(1);
                if (key is string name && value is PickleObject child) Walk(child, Name(prefix, name) + ".", depth + 1);
            }
        }

        void Add(PickleDictionary? dictionary, string prefix, PickleSet? unsaved)
        {
            Visit(unsaved?.Items.Count ?? 0);
            var excluded = unsaved?.Items.OfType<string>().ToHashSet(StringComparer.Ordinal);
            foreach (var (key, value) in dictionary?.Pairs ?? [])
            {
                Visit(1);
                if (key is not string name || value is not TorchTensor tensor || excluded?.Contains(name) == true) continue;
                tensors[Name(prefix, name)] = tensor;
                if (tensors.Count > TorchContents.MaxTensors)
                {
                    throw new InvalidDataException($"it has more than {TorchContents.MaxTensors} tensors");
                }
            }
        }

        void Visit(int count)
        {
            visits += count;
            if (visits > MaxVisits) throw new InvalidDataException($"its nested and shared modules have more than {MaxVisits} parts");
        }
    }

    private static string Name(string prefix, string name) => prefix.Length + name.Length <= MetadataText.MaxName
        ? prefix + name
        : throw new InvalidDataException(
            $"it has a name of {prefix.Length + name.Length} characters; at most {MetadataText.MaxName} are supported");

    private static string Describe(object? value) => value switch
    {
        PickleDictionary { Pairs: [] } => "an empty dict",
        PickleDictionary { Pairs: var pairs } => "a dict with the keys " +
            string.Join(", ", pairs.Take(8).Select(p => p.Key is string key ? $"'{ModelRefusedException.ForMessage(key)}'" : "?")),
        PickleObject inert => $"an object of the class '{ModelRefusedException.ForMessage(inert.Type.ToString())}'",
        TorchTensor => "a single tensor",
        null => "None",
        _ => "a " + value.GetType().Name,
    };
}
