using WaterMeters.Ml.Models.Tensors;

namespace WaterMeters.Ml.Models.PyTorch;

/// <summary>Finds the tensors in an unpickled object: a state_dict, a dict that contains one, or a whole module.</summary>
internal sealed class StateDictionary
{
    // Modules and dicts can be shared, so a short pickle can expand to any size.
    private const int MaxDepth = 32, MaxVisits = 200_000;

    // The usual keys of the state_dict in training scripts, which store it with the epoch and the optimizer.
    private static readonly string[] UsualKeys = ["state_dict", "model_state_dict", "model"];

    private readonly Dictionary<string, TorchTensor> tensors = new(StringComparer.Ordinal);
    private int visits;

    private StateDictionary()
    {
    }

    /// <summary>Returns the tensors by name, in the order of state_dict().</summary>
    /// <param name="root">The unpickled object.</param>
    /// <param name="choice">A sentence about the choice among several sets of weights; null when there is one set only.</param>
    public static IReadOnlyList<(string Name, TorchTensor Tensor)> Find(object? root, out string? choice)
    {
        var found = new StateDictionary();
        choice = null;
        object? inner = root is PickleDictionary outer ? found.Choose(outer, out choice) : root;
        switch (inner)
        {
            case PickleDictionary dictionary:
                found.Add(dictionary, "", null);
                break;
            case PickleObject module:
                found.Walk(module, "", 0);
                break;
        }

        return found.tensors.Count > 0
            ? [.. found.tensors.Select(t => (t.Key, t.Value))]
            : throw new ModelRefusedException(
                $"it contains no tensor ({Describe(inner)}). Save the network's weights with torch.save(model.state_dict(), ...).");
    }

    /// <summary>
    /// Returns the weights in a dict: the dict itself, or what is under one of the usual keys, or the only ones under any.
    /// </summary>
    private object Choose(PickleDictionary outer, out string? choice)
    {
        choice = null;
        Visit(outer.Pairs.Count);
        if (outer.Pairs.Any(p => p.Value is TorchTensor)) return outer;
        var sets = new Dictionary<string, object>(StringComparer.Ordinal);
        foreach (var (key, value) in outer.Pairs)
        {
            if (key is string name && HasTensors(value)) sets[name] = value!;
        }

        // A dict under a usual key that has no tensor is described in the error.
        string? usual = UsualKeys.FirstOrDefault(sets.ContainsKey)
            ?? UsualKeys.FirstOrDefault(k => sets.Count == 0 && outer.Find(k) is PickleDictionary or PickleObject);
        if (usual is null && sets.Count == 0) return outer;
        if (usual is null && sets.Count > 1)
        {
            throw new ModelRefusedException(
                $"it contains several sets of weights, {List(sets.Keys)}. Save one of them in Python, as in " +
                $"torch.save(checkpoint['{ModelRefusedException.ForMessage(sets.Keys.First())}'], 'model.pth').");
        }

        string chosen = usual ?? sets.Keys.First();
        string[] others = [.. sets.Keys.Where(k => k != chosen)];
        if (others.Length > 0)
        {
            choice = $"contains several sets of weights; '{chosen}' is used, and {List(others)} is not. To use another, save it in " +
                $"Python: torch.save(checkpoint['{ModelRefusedException.ForMessage(others[0])}'], 'other.pth').";
        }

        return outer.Find(chosen)!;
    }

    /// <summary>
    /// Returns whether a value is a dict with a tensor, or a module; an optimizer's state has its tensors further inside.
    /// </summary>
    private bool HasTensors(object? value)
    {
        if (value is PickleObject { State: PickleDictionary state }) return state.Find("_modules") is PickleDictionary;
        if (value is not PickleDictionary dictionary) return false;
        Visit(dictionary.Pairs.Count);
        return dictionary.Pairs.Any(p => p is (string, TorchTensor));
    }

    private void Walk(PickleObject module, string prefix, int depth)
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

    private void Add(PickleDictionary? dictionary, string prefix, PickleSet? unsaved)
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

    private void Visit(int count)
    {
        visits += count;
        if (visits > MaxVisits) throw new InvalidDataException($"its nested and shared modules have more than {MaxVisits} parts");
    }

    private static string Name(string prefix, string name) => prefix.Length + name.Length <= MetadataText.MaxName
        ? prefix + name
        : throw new InvalidDataException(
            $"it has a name of {prefix.Length + name.Length} characters; at most {MetadataText.MaxName} are supported");

    private static string List(IEnumerable<string> keys) =>
        string.Join(", ", keys.Take(8).Select(key => $"'{ModelRefusedException.ForMessage(key)}'"));

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
