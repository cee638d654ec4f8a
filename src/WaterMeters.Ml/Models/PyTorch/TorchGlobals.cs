using WaterMeters.Ml.Models.Tensors;

namespace WaterMeters.Ml.Models.PyTorch;

/// <summary>The few Python functions that this module implements itself; all others are refused by name.</summary>
internal static class TorchGlobals
{
    /// <summary>Returns the result of a call.</summary>
    public static object Call(PickleGlobal function, object?[] arguments) => (function.Module, function.Name) switch
    {
        ("collections", "OrderedDict") => Dictionary(arguments),
        ("torch._utils", "_rebuild_tensor_v2") => TorchTensor.Rebuild(arguments),
        ("torch._utils", "_rebuild_parameter") => arguments is [TorchTensor tensor, _, _] ? tensor : throw Unfit(function),
        ("__builtin__" or "builtins", "set") => arguments is [List<object?> items] ? new PickleSet(items) : throw Unfit(function),
        _ => throw new ModelRefusedException(
            $"its pickle would call '{ModelRefusedException.ForMessage(function.ToString())}', and nothing in a model file is ever " +
            "executed. If you trust its source, load it in Python and save model.state_dict() with torch.save."),
    };

    /// <summary>Returns the element type of a storage class; null when it is unsupported.</summary>
    public static ElementType? StorageType(PickleGlobal type) => type.Module != "torch" ? null : type.Name switch
    {
        "DoubleStorage" => ElementType.F64,
        "FloatStorage" => ElementType.F32,
        "HalfStorage" => ElementType.F16,
        "BFloat16Storage" => ElementType.BF16,
        "LongStorage" => ElementType.I64,
        "IntStorage" => ElementType.I32,
        "ShortStorage" => ElementType.I16,
        "CharStorage" => ElementType.I8,
        "ByteStorage" => ElementType.U8,
        "BoolStorage" => ElementType.BOOL,
        _ => null,
    };

    /// <summary>Creates an OrderedDict, empty or from a list of pairs.</summary>
    private static PickleDictionary Dictionary(object?[] arguments)
    {
        var dictionary = new PickleDictionary();
        if (arguments.Length == 0) return dictionary;
        if (arguments is not [List<object?> pairs]) throw Unfit(new PickleGlobal("collections", "OrderedDict"));
        foreach (object? pair in pairs)
        {
            switch (pair)
            {
                case object?[] and [var key, var value]: dictionary.Set(key, value); break;
                case List<object?> and [var key, var value]: dictionary.Set(key, value); break;
                default: throw Unfit(new PickleGlobal("collections", "OrderedDict"));
            }
        }

        return dictionary;
    }

    private static InvalidDataException Unfit(PickleGlobal function) => new($"its pickle gives '{function}' unexpected arguments");
}
