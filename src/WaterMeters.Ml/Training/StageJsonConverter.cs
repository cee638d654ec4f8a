using System.Text.Json;
using System.Text.Json.Serialization;

namespace WaterMeters.Ml.Training;

/// <summary>Writes a stage as text, <c>256x14x8</c>: the serializer cannot choose between the record's two constructors.</summary>
internal sealed class StageJsonConverter : JsonConverter<TrainingStage>
{
    /// <inheritdoc/>
    public override TrainingStage Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.String) throw new JsonException("A stage must be a string such as 256x14x8.");
        try
        {
            return new TrainingStage(reader.GetString()!);
        }
        catch (ArgumentException e)
        {
            throw new JsonException(e.Message, e);
        }
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, TrainingStage value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}
