using System.Management.Automation;
using WaterMeters.Ops.Git.Pushes;

namespace WaterMeters.PowerShell.Commands.Repository;

/// <summary>Judges a push before git sends it: training data go to a branch of their own.</summary>
/// <seealso cref="Datasets.TestWmsDatasetCommand"/>
/// <seealso href="about_WaterMeters_Repository"/>
/// <remarks>
/// <para>The pre-push hook calls this cmdlet with the lines that git writes to it. A push without training data passes untouched. If a
/// push has training data for a protected branch, the pairs that it adds or changes are checked as Test-WmsDataset does. If they pass,
/// they are pushed to a new branch data/DATE-TIME on top of the main branch of the remote; then the push itself is refused, because git
/// cannot refuse a part of it. The same data pushed again are found on their branch. Your branch, index and files stay as they
/// are.</para>
/// <para>Training data are photos and masks of the data set, also as pointers of Git LFS, and .dvc files. The data set is the folder of
/// dataset.path; if wms.yaml names none, it is the folder data, and every folder with images and masks. The files are taken from git, not
/// from the work tree.</para>
/// <para>The settings come from wms.yaml on the main branch of the remote, not from the push: the sections hook, checks and dataset. If
/// they cannot be read, the push is refused.</para>
/// <para>What the person who pushes should know is written as lines to the information stream. about_WaterMeters_Repository describes each
/// case.</para>
/// </remarks>
/// <example><para>Show what would become of a push of the current branch to main.</para>
/// <code>
/// $line = "refs/heads/main $(git rev-parse HEAD) refs/heads/main $(git rev-parse origin/main)"
/// $line | Invoke-WmsPrePush -Remote origin -PassThru -WhatIf
/// </code></example>
[Cmdlet(VerbsLifecycle.Invoke, "WmsPrePush", SupportsShouldProcess = true)]
[OutputType(typeof(PrePushResult), typeof(bool))]
public sealed class InvokeWmsPrePushCommand : WmsCmdlet
{
    private readonly List<string> lines = [];

    /// <summary>
    /// The lines that git writes to a pre-push hook: local ref, its object, remote ref, and the object that the remote has there.
    /// </summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [AllowNull, AllowEmptyString, AllowEmptyCollection]
    public string[]? InputObject { get; set; }

    /// <summary>The remote: the first argument of the hook. For a push by address, it is the address.</summary>
    [Parameter]
    [PSDefaultValue(Help = "origin")]
    [ValidateNotNullOrEmpty]
    public string Remote { get; set; } = "origin";

    /// <summary>The address of the remote: the second argument of the hook.</summary>
    [Parameter]
    [PSDefaultValue(Help = "the address that -Remote has for pushes")]
    [ValidateNotNullOrEmpty]
    public string? Url { get; set; }

    /// <summary>Returns a record of what was decided.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <summary>Returns only $true or $false: whether git may send the push. An error is $false.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    /// <inheritdoc/>
    private protected override bool AlwaysReturns => Quiet;

    /// <inheritdoc/>
    protected override void ProcessRecord() => lines.AddRange((InputObject ?? []).OfType<string>());

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        bool isConfirmed = ShouldProcess(Remote, "Push training data to a branch of their own");
        var options = new PrePushOptions { Folder = Location, Remote = Remote, Url = Url ?? "", IsPreview = !isConfirmed };
        PrePushResult? result = null;
        RunOnWorker(worker =>
        {
            var push = new PrePush(options)
            {
                Say = line => worker.Post(() => WriteLine(line)),
                Verbose = worker.VerboseFirst,
                Progress = (done, total) => worker.ReportCount("Checking the training data", done, total, "pairs"),
            };
            result = push.Run(lines, worker.Stopping);
        });
        if (Quiet) WriteObject(result?.IsAllowed == true);
        else if (PassThru && result is not null) WriteObject(result);
    }

    private void WriteLine(string line) =>
        WriteInformation(new HostInformationMessage { Message = line }, ["PSHOST", "WmsPrePush"]);
}
