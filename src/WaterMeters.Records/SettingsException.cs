namespace WaterMeters;

/// <summary>A setting, in a file or a parameter, has a value that cannot be used.</summary>
public sealed class SettingsException : WaterMetersException
{
    /// <summary>Makes the exception; <paramref name="setting"/> is the file or the setting it is about.</summary>
    public SettingsException(string setting, string message, Exception? inner = null) : base(message, inner) => Setting = setting;

    /// <summary>The file or the setting it is about.</summary>
    public string Setting { get; }
}
