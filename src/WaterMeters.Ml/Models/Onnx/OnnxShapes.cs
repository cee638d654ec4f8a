using WaterMeters.Ml.Models.Tensors;

namespace WaterMeters.Ml.Models.Onnx;

/// <summary>
/// The shapes of the operations that segmentation networks are made of (ONNX operators, opset 7 to 21): known before anything runs, so that
/// a file cannot ask for more memory or work than a network for photos needs. Whole numbers that describe shapes are followed too.
/// </summary>
internal static class OnnxShapes
{
    private delegate OnnxValue Rule(OnnxNode node, OnnxValue?[] inputs);

    private static readonly Dictionary<string, Rule> Rules = new(StringComparer.Ordinal)
    {
        ["Conv"] = Convolve,
        ["ConvTranspose"] = ConvolveTransposed,
        ["MaxPool"] = Pool,
        ["AveragePool"] = Pool,
        ["Resize"] = Resize,
        ["Concat"] = Concat,
        ["Constant"] = Constant,
        ["Shape"] = ShapeOf,
        ["Gather"] = Gather,
        ["Slice"] = Slice,
        ["Unsqueeze"] = Unsqueeze,
        ["Add"] = Broadcast,
        ["Sub"] = Broadcast,
        ["Mul"] = Broadcast,
        ["Div"] = Broadcast,
        ["PRelu"] = Like,
        ["BatchNormalization"] = Like,
        ["Cast"] = Cast,
        ["Clip"] = Like,
        ["DequantizeLinear"] = Like,
        ["Dropout"] = Like,
        ["Elu"] = Like,
        ["HardSigmoid"] = Like,
        ["HardSwish"] = Like,
        ["Identity"] = (_, x) => At(x, 0),
        ["LeakyRelu"] = Like,
        ["QuantizeLinear"] = Like,
        ["Relu"] = Like,
        ["Sigmoid"] = Like,
        ["Tanh"] = Like,
    };

    /// <summary>The operations there are rules for.</summary>
    public static IReadOnlyCollection<string> Operations => Rules.Keys;

    /// <summary>What a node makes out of its inputs.</summary>
    /// <exception cref="InvalidDataException">The operation is unknown, or its inputs do not fit it.</exception>
    public static OnnxValue Infer(OnnxNode node, OnnxValue?[] inputs)
    {
        if (node.Domain is not ("" or "ai.onnx") || !Rules.TryGetValue(node.Operation, out var rule))
        {
            throw new InvalidDataException($"{node} is no operation that this module runs");
        }

        try
        {
            var value = rule(node, inputs);
            return value.Shape.All(n => n is >= 0 and <= int.MaxValue) ? value : throw Misfit(node, inputs);
        }
        catch (Exception e) when (e is IndexOutOfRangeException or OverflowException or DivideByZeroException or ArgumentException)
        {
            throw Misfit(node, inputs, e);
        }
    }

    // A value that a pooling looks at takes ONNX Runtime about as long as this many multiplications in a convolution.
    private const long PooledValue = 16;

    /// <summary>Multiplications of a convolution, and what a pooling takes as long as; 0 of everything else, whose work is that of its elements.</summary>
    public static long Multiplications(OnnxNode node, OnnxValue?[] inputs, OnnxValue output) => node.Operation switch
    {
        "Conv" => checked(output.Count * (At(inputs, 1).Count / Math.Max(1, At(inputs, 1).Shape[0]))),
        "ConvTranspose" => checked(At(inputs, 0).Count * (At(inputs, 1).Count / Math.Max(1, At(inputs, 1).Shape[0]))),
        "MaxPool" or "AveragePool" => checked(output.Count * Kernel(node).Aggregate(PooledValue, (a, b) => checked(a * b))),
        _ => 0,
    };

    private static InvalidDataException Misfit(OnnxNode node, OnnxValue?[] inputs, Exception? inner = null) =>
        new($"the inputs of {node} do not fit: {string.Join(" and ", inputs.Select(i => i is null ? "none" : WeightTensor.Describe(i.Shape)))}", inner);

    private static OnnxValue At(OnnxValue?[] inputs, int index) => inputs[index] ?? throw new ArgumentException("an input is left out");

    /// <summary>A value of the same shape whose numbers are other ones: a Clip of sizes are no longer the sizes it was given.</summary>
    private static OnnxValue Like(OnnxNode node, OnnxValue?[] x) => new(At(x, 0).Shape);

    private static OnnxValue Cast(OnnxNode node, OnnxValue?[] x) => node.Int("to", 0) == OnnxFields.Int64 ? At(x, 0) with { Floats = null } : Like(node, x);

    private static OnnxValue Convolve(OnnxNode node, OnnxValue?[] x)
    {
        long[] image = Image(x), weight = At(x, 1).Shape;
        long groups = node.Int("group", 1);
        Demand(weight.Length == 4 && groups is >= 1 and <= 4096 && weight[1] == image[1] / groups && image[1] % groups == 0 && weight[0] % groups == 0);
        if (x.Length > 2 && x[2] is { } bias) Demand(bias.Shape is [var length] && length == weight[0]);
        var (height, width) = (Window(node, image, weight[2], 0), Window(node, image, weight[3], 1));
        if (node.Ints("kernel_shape") is { } kernel) Demand(kernel is [var h, var w] && h == weight[2] && w == weight[3]);
        return new OnnxValue([image[0], weight[0], height, width]);
    }

    private static OnnxValue ConvolveTransposed(OnnxNode node, OnnxValue?[] x)
    {
        long[] image = Image(x), weight = At(x, 1).Shape;
        long groups = node.Int("group", 1);
        Demand(weight.Length == 4 && groups is >= 1 and <= 4096 && weight[0] == image[1] && node.Text("auto_pad", "NOTSET") == "NOTSET" && node.Ints("output_shape") is null);
        var size = new long[2];
        for (int axis = 0; axis < 2; axis++)
        {
            var (stride, dilation, before, after) = Steps(node, axis);
            long extra = Bounded(node.Ints("output_padding")?[axis] ?? 0, 0, 64);
            size[axis] = checked((stride * (image[2 + axis] - 1)) + extra + (dilation * (weight[2 + axis] - 1)) + 1 - before - after);
        }

        return new OnnxValue([image[0], checked(weight[1] * groups), size[0], size[1]]);
    }

    private static OnnxValue Pool(OnnxNode node, OnnxValue?[] x)
    {
        long[] image = Image(x), kernel = Kernel(node);
        Demand(kernel.Length == 2);
        return new OnnxValue([image[0], image[1], Window(node, image, kernel[0], 0), Window(node, image, kernel[1], 1)]);
    }

    private static long[] Kernel(OnnxNode node) => node.Ints("kernel_shape") ?? [];

    private static long Window(OnnxNode node, long[] image, long kernel, int axis)
    {
        var (stride, dilation, before, after) = Steps(node, axis);
        long size = image[2 + axis], reach = checked((dilation * (Bounded(kernel, 1, 1024) - 1)) + 1);
        string padding = node.Text("auto_pad", "NOTSET");
        if (padding is "SAME_UPPER" or "SAME_LOWER") return (size + stride - 1) / stride;
        Demand(padding is "NOTSET" or "VALID");
        long room = size + (padding == "VALID" ? 0 : before + after) - reach;
        Demand(room >= 0);
        return ((room + (node.Int("ceil_mode", 0) == 1 ? stride - 1 : 0)) / stride) + 1;
    }

    private static (long Stride, long Dilation, long Before, long After) Steps(OnnxNode node, int axis)
    {
        long[]? strides = node.Ints("strides"), dilations = node.Ints("dilations"), pads = node.Ints("pads");
        Demand(strides is null or { Length: 2 } && dilations is null or { Length: 2 } && pads is null or { Length: 4 });
        return (Bounded(strides?[axis] ?? 1, 1, 1024), Bounded(dilations?[axis] ?? 1, 1, 1024), Bounded(pads?[axis] ?? 0, 0, 4096), Bounded(pads?[axis + 2] ?? 0, 0, 4096));
    }

    private static OnnxValue Resize(OnnxNode node, OnnxValue?[] x)
    {
        long[] image = Image(x);
        Demand(!node.Attributes.ContainsKey("axes") && node.Text("keep_aspect_ratio_policy", "stretch") == "stretch");
        if (x.Length > 3 && x[3] is { } sizes) return new OnnxValue(sizes.Ints is { Length: 4 } given ? given : throw new ArgumentException("sizes are not known"));
        float[] scales = (x.Length > 2 ? x[2]?.Floats : null) ?? [];
        Demand(scales.Length == 4 && scales.All(s => s is > 0 and <= 64));
        return new OnnxValue([.. image.Zip(scales, (n, s) => (long)Math.Floor(n * s))]);
    }

    private static OnnxValue Concat(OnnxNode node, OnnxValue?[] x)
    {
        var first = At(x, 0);
        int axis = Axis(node.Int("axis", 0), first.Shape.Length);
        long[] shape = [.. first.Shape];
        shape[axis] = 0;
        foreach (var part in x)
        {
            Demand(part is not null && part.Shape.Length == shape.Length);
            for (int i = 0; i < shape.Length; i++) Demand(i == axis || part!.Shape[i] == shape[i]);
            shape[axis] = checked(shape[axis] + part!.Shape[axis]);
        }

        // Sizes are few; a row that doubles with every node is none.
        bool known = shape is [<= OnnxTensorParser.MostValues] && x.All(p => p!.Ints is not null);
        return new OnnxValue(shape) { Ints = known ? [.. x.SelectMany(p => p!.Ints!)] : null };
    }

    private static OnnxValue Constant(OnnxNode node, OnnxValue?[] x)
    {
        if (node.Attributes.TryGetValue("value", out var value) && value.Tensor is { External: null } tensor) return Infer(tensor);
        if (node.Ints("value_ints") is { } ints) return new OnnxValue([ints.Length]) { Ints = ints };
        if (node.Attributes.TryGetValue("value_int", out var whole) && whole.Int is { } number) return new OnnxValue([]) { Ints = [number] };
        if (node.Attributes.TryGetValue("value_float", out var real) && real.Float is { } floating) return new OnnxValue([]) { Floats = [floating] };
        throw new InvalidDataException($"{node} holds no number this module reads");
    }

    /// <summary>The value that a tensor of the file is.</summary>
    public static OnnxValue Infer(OnnxTensor tensor) => new(tensor.Shape) { Ints = tensor.Ints, Floats = tensor.Floats };

    /// <summary>The sizes of a value; from opset 15 on a part of them, whose ends are counted from the last when negative and never lie outside.</summary>
    private static OnnxValue ShapeOf(OnnxNode node, OnnxValue?[] x)
    {
        long[] sizes = At(x, 0).Shape;
        int from = Place(node.Int("start", 0)), to = Place(node.Int("end", sizes.Length));
        long[] part = sizes[from..Math.Max(from, to)];
        return new OnnxValue([part.Length]) { Ints = part };

        int Place(long i) => (int)Math.Clamp(i < 0 ? i + sizes.Length : i, 0, sizes.Length);
    }

    private static OnnxValue Gather(OnnxNode node, OnnxValue?[] x)
    {
        long[] values = Known(x, 0), places = Known(x, 1);
        Demand(At(x, 0).Shape.Length == 1 && node.Int("axis", 0) == 0);
        return new OnnxValue(At(x, 1).Shape) { Ints = [.. places.Select(i => values[Axis(i, values.Length)])] };
    }

    private static OnnxValue Slice(OnnxNode node, OnnxValue?[] x)
    {
        long[] values = Known(x, 0);
        Demand(At(x, 0).Shape.Length == 1 && Known(x, 1).Length == 1 && Known(x, 2).Length == 1);
        if (x.Length > 3 && x[3] is not null) Demand(Known(x, 3) is [0]);
        if (x.Length > 4 && x[4] is not null) Demand(Known(x, 4) is [1]);
        int from = Place(Known(x, 1)[0]), to = Place(Known(x, 2)[0]);
        long[] part = values[from..Math.Max(from, to)];
        return new OnnxValue([part.Length]) { Ints = part };

        int Place(long i) => (int)Math.Clamp(i < 0 ? i + values.Length : i, 0, values.Length);
    }

    private static OnnxValue Unsqueeze(OnnxNode node, OnnxValue?[] x)
    {
        long[] axes = node.Ints("axes") ?? Known(x, 1);
        var value = At(x, 0);
        int rank = value.Shape.Length + axes.Length;
        Demand(rank <= 8);
        var added = axes.Select(a => Axis(a, rank)).ToHashSet();
        Demand(added.Count == axes.Length);
        var rest = new Queue<long>(value.Shape);
        return value with { Shape = [.. Enumerable.Range(0, rank).Select(i => added.Contains(i) ? 1 : rest.Dequeue())] };
    }

    private static OnnxValue Broadcast(OnnxNode node, OnnxValue?[] x)
    {
        long[] a = At(x, 0).Shape, b = At(x, 1).Shape;
        var shape = new long[Math.Max(a.Length, b.Length)];
        for (int i = 1; i <= shape.Length; i++)
        {
            long left = i <= a.Length ? a[^i] : 1, right = i <= b.Length ? b[^i] : 1;
            Demand(left == right || left == 1 || right == 1);
            shape[^i] = Math.Max(left, right);
        }

        return new OnnxValue(shape);
    }

    private static long[] Image(OnnxValue?[] x) => At(x, 0).Shape is { Length: 4 } shape ? shape : throw new ArgumentException("no image");

    private static long[] Known(OnnxValue?[] x, int index) => At(x, index).Ints ?? throw new ArgumentException("numbers are not known beforehand");

    private static int Axis(long axis, int rank) => axis >= -rank && axis < rank ? (int)(axis < 0 ? axis + rank : axis) : throw new ArgumentException("an axis is out of range");

    private static long Bounded(long value, long low, long high) => value >= low && value <= high ? value : throw new ArgumentException("a number is out of range");

    private static void Demand(bool holds)
    {
        if (!holds) throw new ArgumentException("shapes differ");
    }
}
