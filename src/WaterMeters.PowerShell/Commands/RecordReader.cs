using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Reflection;

namespace WaterMeters.PowerShell.Commands;

/// <summary>
/// Makes records of objects that have their properties: from a job, an Export-Clixml file, Import-Csv or Select-Object. Additional
/// properties are ignored; missing and empty ones keep their default.
/// </summary>
internal static class RecordReader
{
    /// <summary>Returns the value of a property as text; null when it is missing or empty.</summary>
    public static string? Text(PSObject source, string property) =>
        source.Properties[property]?.Value?.ToString() is { Length: > 0 } text ? text : null;

    /// <summary>Reads a record.</summary>
    /// <param name="source">The object.</param>
    /// <param name="record">The record.</param>
    /// <returns>Name and value of a property that cannot be converted; null if all could.</returns>
    public static string? Read<T>(PSObject source, out T record)
        where T : class
    {
        // Not with new(): the properties that a constructor requires are set here.
        record = (T)System.Runtime.CompilerServices.RuntimeHelpers.GetUninitializedObject(typeof(T));
        foreach (var property in typeof(T).GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            if (!property.CanWrite) continue;
            object? value = source.Properties[property.Name]?.Value;
            if (value is PSObject wrapped && wrapped.BaseObject is not PSCustomObject) value = wrapped.BaseObject;
            if (value is null or "")
            {
                // A text that a record always has is never null.
                bool isRequired = property.GetCustomAttributes().Any(a => a.GetType().Name == "RequiredMemberAttribute");
                if (isRequired && property.PropertyType == typeof(string)) property.SetValue(record, "");
                continue;
            }

            if (property.PropertyType == typeof(FindingList)) value = Findings(value);
            if (!TryConvert(value, property.PropertyType, out object? converted))
            {
                return $"{property.Name} '{value}'";
            }

            property.SetValue(record, converted);
        }

        return null;
    }

    /// <summary>
    /// Converts a value. Text is that of a CSV: numbers have the decimal separator of the culture that wrote it, which is unknown here, and
    /// no group separators; PowerShell's own conversion would take 0,867 for 867, and the text False for true.
    /// </summary>
    private static bool TryConvert(object value, Type type, out object? converted)
    {
        converted = null;
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        if (value is not string text || (plain != typeof(double) && plain != typeof(bool)))
        {
            return LanguagePrimitives.TryConvertTo(value, type, CultureInfo.InvariantCulture, out converted);
        }

        if (plain == typeof(bool))
        {
            bool isBool = bool.TryParse(text, out bool flag);
            converted = flag;
            return isBool;
        }

        string number = text.Replace(',', '.').Replace('\u2212', '-'); // some cultures have a minus sign of their own
        bool isNumber = double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out double parsed);
        converted = parsed;
        return isNumber;
    }

    private static FindingList Findings(object value)
    {
        var findings = new List<DatasetFinding>();
        foreach (object item in value as IEnumerable ?? Array.Empty<object>())
        {
            if (item is DatasetFinding finding) findings.Add(finding);
            else if (Read(PSObject.AsPSObject(item), out DatasetFinding read) is null) findings.Add(read);
        }

        return new FindingList(findings);
    }
}
