using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;
using WaterMeters.Ops.Aws;
using WaterMeters.PowerShell.Errors;

namespace WaterMeters.PowerShell.Commands;

// Which account, region and bucket; what the machine does.
public abstract partial class WmsCmdlet
{
    /// <summary>Chooses account, region, bucket and machine. False after an error.</summary>
    /// <param name="given">What the parameters say; the session of PowerShell is added.</param>
    /// <param name="settings">The settings.</param>
    private protected bool TryAws(AwsRequest given, [NotNullWhen(true)] out AwsSettings? settings)
    {
        settings = null;
        try
        {
            settings = ReadAwsSettings(given, WriteWarning);
            return true;
        }
        catch (Exception e) when (e is SettingsException or InfrastructureException)
        {
            Fail(WmsErrors.From(e));
            return false;
        }
    }

    /// <summary>Chooses the settings; asks nobody. Call it on the pipeline's thread.</summary>
    /// <param name="given">What the parameters say; the session of PowerShell is added.</param>
    /// <param name="warn">Called with each warning about wms.yaml.</param>
    /// <exception cref="SettingsException">A value cannot be used.</exception>
    private protected AwsSettings ReadAwsSettings(AwsRequest given, Action<string> warn) => AwsSettings.Read(
        given with
        {
            SessionKeys = AwsToolsSession.Keys(name => GetVariableValue(name)),
            SessionRegion = AwsToolsSession.RegionName(name => GetVariableValue(name)),
        },
        NearestSettings(Location, warn),
        warn,
        Environment.GetEnvironmentVariable);

    /// <summary>
    /// Returns how a worker says what happens: as a verbose message that is written before the work goes on. After Ctrl+C nothing can be
    /// written to the pipeline any more, so what happens then is shown by the host.
    /// </summary>
    private protected Action<string> Reporter(PipelineWorker worker, string work) => message =>
    {
        if (worker.Stopping.IsCancellationRequested)
        {
            Host?.UI?.WriteWarningLine(message);
            return;
        }

        try
        {
            worker.VerboseFirst(message);
            worker.Report(work, message);
        }
        catch (OperationCanceledException)
        {
            Host?.UI?.WriteWarningLine(message);
        }
    };
}
