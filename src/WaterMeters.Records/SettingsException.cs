namespace WaterMeters;

/// <summary>A setting in a file or a parameter has an invalid value.</summary>
public sealed class SettingsException : WaterMetersException
{
    /// <summary>Creates the exception. <paramref name="setting"/>: the file or setting concerned.</summary>
    public SettingsException(string setting, string message, Exception? inner = null) : base(message, inner) => Setting = setting;

    /// <summary>File or setting concerned.</summary>
    public string Setting { get; }
}
