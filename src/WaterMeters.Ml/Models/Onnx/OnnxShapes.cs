using WaterMeters.Ml.Models.Tensors;

namespace WaterMeters.Ml.Models.Onnx;

/// <summary>
/// Infers the output shapes of the operations in segmentation networks (ONNX operators, opset 7 to 21) before anything runs, so that a file
/// cannot require more memory or work than a network for photos needs. Integers that describe shapes are computed too.
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
        ["Squeeze"] = Squeeze,
        ["Reshape"] = Reshape,
        ["Max"] = Broadcast,
        ["Min"] = Broadcast,
        ["Add"] = Broadcast,
        ["Sub"] = Broadcast,
        ["Mul"] = Broadcast,
        ["Div"] = Broadcast,
        ["PRelu"] = SameShape,
        ["BatchNormalization"] = SameShape,
        ["Cast"] = Cast,
        ["Clip"] = SameShape,
        ["DequantizeLinear"] = SameShape,
        ["Dropout"] = SameShape,
        ["Elu"] = SameShape,
        ["HardSigmoid"] = SameShape,
        ["HardSwish"] = SameShape,
        ["Identity"] = (_, x) => Input(x, 0),
        ["LeakyRelu"] = SameShape,
        ["QuantizeLinear"] = SameShape,
        ["Relu"] = SameShape,
        ["Sigmoid"] = SameShape,
        ["Tanh"] = SameShape,
    };

    /// <summary>The supported operations.</summary>
    public static IReadOnlyCollection<string> Operations => Rules.Keys;

    /// <summary>Infers the output of a node from its inputs.</summary>
    /// <exception cref="InvalidDataException">The operation is not supported, or its inputs do not fit.</exception>
    public static OnnxValue Infer(OnnxNode node, OnnxValue?[] inputs)
    {
        if (node.Domain is not ("" or "ai.onnx") || !Rules.TryGetValue(node.Operation, out var rule))
        {
            throw new InvalidDataException($"{node} is not a supported operation");
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

    // Pooling one value takes ONNX Runtime about as long as this many multiplications in a convolution.
    private const long CostPerPooledValue = 16;

    /// <summary>
    /// Returns the multiplications of a convolution, or the equivalent of a pooling; 0 for other operations, whose work is proportional to
    /// their elements.
    /// </summary>
    public static long Multiplications(OnnxNode node, OnnxValue?[] inputs, OnnxValue output) => node.Operation switch
    {
        "Conv" => checked(output.Count * (Input(inputs, 1).Count / Math.Max(1, Input(inputs, 1).Shape[0]))),
        "ConvTranspose" => checked(Input(inputs, 0).Count * (Input(inputs, 1).Count / Math.Max(1, Input(inputs, 1).Shape[0]))),
        "MaxPool" or "AveragePool" => checked(output.Count * Kernel(node).Aggregate(CostPerPooledValue, (a, b) => checked(a * b))),
        _ => 0,
    };

    private static InvalidDataException Misfit(OnnxNode node, OnnxValue?[] inputs, Exception? inner = null)
    {
        var shapes = inputs.Select(i => i is null ? "none" : WeightTensor.Describe(i.Shape));
        return new($"the inputs of {node} do not fit: {string.Join(" and ", shapes)}", inner);
    }

    private static OnnxValue Input(OnnxValue?[] inputs, int index) => inputs[index] ?? throw new ArgumentException("an input is missing");

    /// <summary>Returns a value of the same shape without known numbers: a Clip of sizes changes the sizes.</summary>
    private static OnnxValue SameShape(OnnxNode node, OnnxValue?[] x) => new(Input(x, 0).Shape);

    private static OnnxValue Cast(OnnxNode node, OnnxValue?[] x) =>
        node.Int("to", 0) == OnnxFields.Int64 ? Input(x, 0) with { Floats = null } : SameShape(node, x);

    private static OnnxValue Convolve(OnnxNode node, OnnxValue?[] x)
    {
        long[] image = Image(x), weight = Input(x, 1).Shape;
        long groups = node.Int("group", 1);
        Require(weight.Length == 4 && groups is >= 1 and <= 4096);
        Require(weight[1] == image[1] / groups && image[1] % groups == 0 && weight[0] % groups == 0);
        if (x.Length > 2 && x[2] is { } bias) Require(bias.Shape is [var length] && length == weight[0]);
        var (height, width) = (Window(node, image, weight[2], 0), Window(node, image, weight[3], 1));
        if (node.Ints("kernel_shape") is { } kernel) Require(kernel is [var h, var w] && h == weight[2] && w == weight[3]);
        return new OnnxValue([image[0], weight[0], height, width]);
    }

    private static OnnxValue ConvolveTransposed(OnnxNode node, OnnxValue?[] x)
    {
        long[] image = Image(x), weight = Input(x, 1).Shape;
        long groups = node.Int("group", 1);
        Require(weight.Length == 4 && groups is >= 1 and <= 4096 && weight[0] == image[1]);
        Require(node.Text("auto_pad", "NOTSET") == "NOTSET" && node.Ints("output_shape") is null);
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
        Require(kernel.Length == 2);
        return new OnnxValue([image[0], image[1], Window(node, image, kernel[0], 0), Window(node, image, kernel[1], 1)]);
    }

    private static long[] Kernel(OnnxNode node) => node.Ints("kernel_shape") ?? [];

    private static long Window(OnnxNode node, long[] image, long kernel, int axis)
    {
        var (stride, dilation, before, after) = Steps(node, axis);
        long size = image[2 + axis], reach = checked((dilation * (Bounded(kernel, 1, 1024) - 1)) + 1);
        string padding = node.Text("auto_pad", "NOTSET");
        if (padding is "SAME_UPPER" or "SAME_LOWER") return (size + stride - 1) / stride;
        Require(padding is "NOTSET" or "VALID");
        long room = size + (padding == "VALID" ? 0 : before + after) - reach;
        Require(room >= 0);
        return ((room + (node.Int("ceil_mode", 0) == 1 ? stride - 1 : 0)) / stride) + 1;
    }

    private static (long Stride, long Dilation, long Before, long After) Steps(OnnxNode node, int axis)
    {
        long[]? strides = node.Ints("strides"), dilations = node.Ints("dilations"), pads = node.Ints("pads");
        Require(strides is null or { Length: 2 } && dilations is null or { Length: 2 } && pads is null or { Length: 4 });
        return (
            Bounded(strides?[axis] ?? 1, 1, 1024),
            Bounded(dilations?[axis] ?? 1, 1, 1024),
            Bounded(pads?[axis] ?? 0, 0, 4096),
            Bounded(pads?[axis + 2] ?? 0, 0, 4096));
    }

    private static OnnxValue Resize(OnnxNode node, OnnxValue?[] x)
    {
        long[] image = Image(x);
        Require(!node.Attributes.ContainsKey("axes") && node.Text("keep_aspect_ratio_policy", "stretch") == "stretch");
        if (x.Length > 3 && x[3] is { } sizes)
        {
            return new OnnxValue(sizes.Ints is { Length: 4 } known ? known : throw new ArgumentException("sizes are not known"));
        }

        float[] scales = (x.Length > 2 ? x[2]?.Floats : null) ?? [];
        Require(scales.Length == 4 && scales.All(s => s is > 0 and <= 64));
        return new OnnxValue([.. image.Zip(scales, (n, s) => (long)Math.Floor(n * s))]);
    }

    private static OnnxValue Concat(OnnxNode node, OnnxValue?[] x)
    {
        var first = Input(x, 0);
        int axis = Axis(node.Int("axis", 0), first.Shape.Length);
        long[] shape = [.. first.Shape];
        shape[axis] = 0;
        foreach (var part in x)
        {
            Require(part is not null && part.Shape.Length == shape.Length);
            for (int i = 0; i < shape.Length; i++) Require(i == axis || part!.Shape[i] == shape[i]);
            shape[axis] = checked(shape[axis] + part!.Shape[axis]);
        }

        // Sizes are few numbers; a list that doubles with every node is not a list of sizes.
        bool known = shape is [<= OnnxTensorParser.MaxValues] && x.All(p => p!.Ints is not null);
        return new OnnxValue(shape) { Ints = known ? [.. x.SelectMany(p => p!.Ints!)] : null };
    }

    private static OnnxValue Constant(OnnxNode node, OnnxValue?[] x)
    {
        if (node.Attributes.TryGetValue("value", out var value) && value.Tensor is { External: null } tensor) return Infer(tensor);
        if (node.Ints("value_ints") is { } ints) return new OnnxValue([ints.Length]) { Ints = ints };
        if (node.Attributes.GetValueOrDefault("value_int")?.Int is { } integer) return new OnnxValue([]) { Ints = [integer] };
        if (node.Attributes.GetValueOrDefault("value_float")?.Float is { } number) return new OnnxValue([]) { Floats = [number] };
        throw new InvalidDataException($"{node} has no value of a supported type");
    }

    /// <summary>Returns the value of a tensor in the file.</summary>
    public static OnnxValue Infer(OnnxTensor tensor) => new(tensor.Shape) { Ints = tensor.Ints, Floats = tensor.Floats };

    /// <summary>
    /// Returns the sizes of a value; from opset 15 a range of them, with negative ends counted from the last and all ends clamped.
    /// </summary>
    private static OnnxValue ShapeOf(OnnxNode node, OnnxValue?[] x)
    {
        long[] sizes = Input(x, 0).Shape;
        int from = Clamp(node.Int("start", 0)), to = Clamp(node.Int("end", sizes.Length));
        long[] part = sizes[from..Math.Max(from, to)];
        return new OnnxValue([part.Length]) { Ints = part };

        int Clamp(long i) => (int)Math.Clamp(i < 0 ? i + sizes.Length : i, 0, sizes.Length);
    }

    private static OnnxValue Gather(OnnxNode node, OnnxValue?[] x)
    {
        long[] values = Known(x, 0), indices = Known(x, 1);
        Require(Input(x, 0).Shape.Length == 1 && node.Int("axis", 0) == 0);
        return new OnnxValue(Input(x, 1).Shape) { Ints = [.. indices.Select(i => values[Axis(i, values.Length)])] };
    }

    private static OnnxValue Slice(OnnxNode node, OnnxValue?[] x)
    {
        long[] values = Known(x, 0);
        Require(Input(x, 0).Shape.Length == 1 && Known(x, 1).Length == 1 && Known(x, 2).Length == 1);
        if (x.Length > 3 && x[3] is not null) Require(Known(x, 3) is [0]);
        if (x.Length > 4 && x[4] is not null) Require(Known(x, 4) is [1]);
        int from = Clamp(Known(x, 1)[0]), to = Clamp(Known(x, 2)[0]);
        long[] part = values[from..Math.Max(from, to)];
        return new OnnxValue([part.Length]) { Ints = part };

        int Clamp(long i) => (int)Math.Clamp(i < 0 ? i + values.Length : i, 0, values.Length);
    }

    private static OnnxValue Unsqueeze(OnnxNode node, OnnxValue?[] x)
    {
        long[] axes = node.Ints("axes") ?? Known(x, 1);
        var value = Input(x, 0);
        int rank = value.Shape.Length + axes.Length;
        Require(rank <= 8);
        var added = axes.Select(a => Axis(a, rank)).ToHashSet();
        Require(added.Count == axes.Length);
        var rest = new Queue<long>(value.Shape);
        return value with { Shape = [.. Enumerable.Range(0, rank).Select(i => added.Contains(i) ? 1 : rest.Dequeue())] };
    }

    private static OnnxValue Squeeze(OnnxNode node, OnnxValue?[] x)
    {
        long[] shape = Input(x, 0).Shape;
        long[]? given = node.Ints("axes") ?? (x.Length > 1 && x[1] is not null ? Known(x, 1) : null);
        var axes = given is null
            ? [.. Enumerable.Range(0, shape.Length).Where(i => shape[i] == 1)]
            : given.Select(a => Axis(a, shape.Length)).ToHashSet();
        Require(axes.All(i => shape[i] == 1));
        return Input(x, 0) with { Shape = [.. shape.Where((_, i) => !axes.Contains(i))] };
    }

    private static OnnxValue Reshape(OnnxNode node, OnnxValue?[] x)
    {
        long[] before = Input(x, 0).Shape, wanted = Known(x, 1);
        Require(wanted.Length <= OnnxTensorParser.MaxDimensions && node.Int("allowzero", 0) == 0);
        long[] shape = [.. wanted.Select((n, i) => n == 0 && i < before.Length ? before[i] : n)];
        int open = Array.IndexOf(shape, -1L);
        Require(shape.Count(n => n < 1) == (open < 0 ? 0 : 1));
        long known = shape.Where(n => n > 0).Aggregate(1L, (a, b) => checked(a * b)), count = Input(x, 0).Count;
        Require(known > 0 && count % known == 0);
        if (open >= 0) shape[open] = count / known;
        else Require(known == count);
        return new OnnxValue(shape) { Ints = Input(x, 0).Ints, Floats = Input(x, 0).Floats };
    }

    /// <summary>Returns the common shape of all inputs: two, or any number of a Max or Min.</summary>
    private static OnnxValue Broadcast(OnnxNode node, OnnxValue?[] x)
    {
        Require(x.Length == 2 || node.Operation is "Max" or "Min");
        long[] shape = Input(x, 0).Shape;
        for (int i = 1; i < x.Length; i++) shape = Broadcast(shape, Input(x, i).Shape);
        return new OnnxValue(shape);
    }

    private static long[] Broadcast(long[] a, long[] b)
    {
        var shape = new long[Math.Max(a.Length, b.Length)];
        for (int i = 1; i <= shape.Length; i++)
        {
            long left = i <= a.Length ? a[^i] : 1, right = i <= b.Length ? b[^i] : 1;
            Require(left == right || left == 1 || right == 1);
            shape[^i] = Math.Max(left, right);
        }

        return shape;
    }

    private static long[] Image(OnnxValue?[] x) =>
        Input(x, 0).Shape is { Length: 4 } shape ? shape : throw new ArgumentException("not an image");

    private static long[] Known(OnnxValue?[] x, int index) =>
        Input(x, index).Ints ?? throw new ArgumentException("values are not known before the run");

    private static int Axis(long axis, int rank) => axis >= -rank && axis < rank
        ? (int)(axis < 0 ? axis + rank : axis)
        : throw new ArgumentException("an axis is out of range");

    private static long Bounded(long value, long low, long high) =>
        value >= low && value <= high ? value : throw new ArgumentException("a number is out of range");

    private static void Require(bool holds)
    {
        if (!holds) throw new ArgumentException("shapes differ");
    }
}
