using System.Globalization;
using System.Management.Automation;
using WaterMeters.Ops.Registry;
using WaterMeters.PowerShell.Completion;

namespace WaterMeters.PowerShell.Commands.Models;

/// <summary>Lists the versions of a registered model: which is in production, since when, by whom, and how good it is.</summary>
/// <seealso href="about_WaterMeters_Registry"/>
/// <remarks>
/// <para>Without a version, stage or alias, it lists the versions that are not archived, newest first; -All lists the archived ones too.
/// What is named and does not exist is an error. The store is that of MLflow: a database on this machine, or a server. It is only read: a
/// database that does not exist is not created.</para>
/// <para>Dice, IoU and Quality are those of the test photos, or of the validation photos if the run has no others; Split says which. Since,
/// By and Reason are those of the last change of the stage. Other software leaves no record of a change: then By is empty, and Since is the
/// version's last change.</para>
/// <para>-At returns the version that was in production at a time, or in the stage of -Stage, with the stage, user and reason of
/// then.</para>
/// <para>A version pipes into Set-WmsModelStage and Sync-WmsModel, and into the cmdlets that use a model: ModelPath is its file, or for a
/// server the name that is downloaded.</para>
/// </remarks>
/// <example><para>List the versions in use.</para><code>Get-WmsModel</code></example>
/// <example><para>Show what is in production, since when, by whom and why.</para>
/// <code>Get-WmsModel -Stage Production | Format-List Version, Since, By, Reason, Dice, Quality</code></example>
/// <example><para>Show what was in production a minute ago.</para>
/// <code>Get-WmsModel -At (Get-Date).AddMinutes(-1) -ErrorAction Ignore</code></example>
/// <example><para>Measure the version in production.</para>
/// <code>Get-WmsModel Production | Measure-WmsModel -DataPath ./meters</code></example>
/// <example><para>List all versions as a CSV file.</para><code>Get-WmsModel -All | Export-Csv versions.csv</code></example>
/// <seealso cref="PublishWmsModelCommand"/>
/// <seealso cref="SetWmsModelStageCommand"/>
/// <seealso cref="SyncWmsModelCommand"/>
[Cmdlet(VerbsCommon.Get, "WmsModel", DefaultParameterSetName = Listed)]
[OutputType(typeof(RegisteredModelVersion))]
public sealed class GetWmsModelCommand : RegistryCmdlet
{
    private const string Listed = "All", Named = "Model", Numbered = "Version", Staged = "Stage", Aliased = "Alias", Then = "At";

    /// <summary>
    /// The version: a stage (Production), an alias (champion), a number (3 or v3), a run (runs:/ID) or MLflow's own models:/NAME/VERSION.
    /// </summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = Named)]
    [PathOf("Model", "Version")]
    [ArgumentCompleter(typeof(RegisteredVersionCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Model { get; set; }

    /// <summary>The version number.</summary>
    [Parameter(Mandatory = true, ParameterSetName = Numbered)]
    [ValidateRange(1, int.MaxValue)]
    public int Version { get; set; }

    /// <summary>The registry stage: None, Staging, Production or Archived. With -At, the stage at that time.</summary>
    [Parameter(Mandatory = true, ParameterSetName = Staged)]
    [Parameter(ParameterSetName = Then)]
    [PSDefaultValue(Help = "Production, with -At")]
    [OneValue]
    public ModelStage Stage { get; set; } = ModelStage.Production;

    /// <summary>The alias, such as champion.</summary>
    [Parameter(Mandatory = true, ParameterSetName = Aliased)]
    [ValidateNotNullOrEmpty]
    public string? Alias { get; set; }

    /// <summary>A time: returns the version that was in the stage then, as it was recorded.</summary>
    [Parameter(Mandatory = true, ParameterSetName = Then)]
    public DateTime At { get; set; }

    /// <summary>Lists the archived versions too.</summary>
    [Parameter(ParameterSetName = Listed)]
    public SwitchParameter All { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (!TryRegistry(Model, out var tracking, out string name)) return;
        string location = Location;
        RunOnWorker(worker =>
        {
            try
            {
                using var store = OpenExisting(tracking, name);
                var found = Find(new ModelRegistry(store, name), worker.Stopping);
                worker.Post(() =>
                {
                    if (found.Count == 0) WriteWarning($"All versions of '{name}' are archived. Use -All to list them.");
                    WriteObject(found, enumerateCollection: true);
                });
            }
            catch (TrackingException e) when (e.Fault == TrackingFault.NotFound)
            {
                worker.Error(e); // not terminating: scripts ask with -ErrorAction Ignore whether there is one
            }
            catch (TrackingException e)
            {
                throw WithCached(e, location, tracking, name);
            }
        });
    }

    private IReadOnlyList<RegisteredModelVersion> Find(ModelRegistry registry, CancellationToken stop) => ParameterSetName switch
    {
        Named => [registry.Get(Model!, stop)],
        Numbered => [registry.Get(Version.ToString(CultureInfo.InvariantCulture), stop)],
        Aliased => [registry.Get(Alias![0] == '@' ? Alias : "@" + Alias, stop)],
        Staged => registry.InStage(Stage, stop),
        Then => [registry.At(Stage, new DateTimeOffset(At), stop)],
        _ => registry.List(All, stop),
    };
}
