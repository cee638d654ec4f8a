using System.Text.Json;
using System.Text.Json.Serialization;
using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Training;

namespace WaterMeters.Ops.Jobs;

/// <summary>How the objects of a job are written: UTF-8, one line, names of enumerations, NaN and infinity as text.</summary>
internal static class JobJson
{
    private static readonly JsonSerializerOptions Options = new()
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        RespectNullableAnnotations = true,
        Converters = { new StageJsonConverter(), new KindConverter(), new JsonStringEnumConverter() },
    };

    /// <summary>Returns a value as one line, without its end.</summary>
    public static byte[] Bytes<T>(T value) => JsonSerializer.SerializeToUtf8Bytes(value, Options);

    /// <summary>Reads a value.</summary>
    /// <exception cref="InfrastructureException">It is not one.</exception>
    public static T Read<T>(ReadOnlySpan<byte> text, string address)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(text, Options) ?? throw new JsonException("It is empty.");
        }
        catch (JsonException e)
        {
            throw new InfrastructureException(InfrastructureFault.JobUnusable, address,
                $"'{address}' is not an object of a job, or of another version of the module. Use the same version here and on the "
                + "machine, or start another job with -RunId.", e);
        }
    }

    private sealed class KindConverter : JsonConverter<JobEventKind>
    {
        public override JobEventKind Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.String && EnumName.TryParse(reader.GetString(), out JobEventKind kind) ? kind
            : JobEventKind.Unknown;

        public override void Write(Utf8JsonWriter writer, JobEventKind value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.ToString());
    }
}
