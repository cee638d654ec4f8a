using WaterMeters.Ops.Versioning;

namespace WaterMeters.PowerShell.Commands.Datasets;

// -Publish: the destination is a published version.
public sealed partial class MergeWmsDatasetCommand
{
    /// <summary>Restores what was published of the images and masks of the destination.</summary>
    private void RestorePublished(string destination)
    {
        string[] published = [.. PartsOf(destination).Where(part => File.Exists(part + ".dvc"))];
        if (published.Length == 0 || !TryProjectRemote(out string? remote)) return;
        bool isPreview = IsWhatIf;
        RunOnWorker(worker =>
        {
            var options = new RestoreOptions { Paths = published, ProjectRemote = remote, IsPreview = isPreview };
            var restorer = new DatasetRestorer(options, VersionCmdlet.Reporter(worker)) { Warn = worker.Warn };
            foreach (var part in restorer.Restore(worker.Stopping))
            {
                if (part.Outcome != DatasetVersionOutcome.WouldRestore) continue;
                worker.Warn($"{part.WrittenCount} files of the published version of '{part.Path}' are not here, so -WhatIf cannot "
                    + "compare them.");
            }
        });
    }

    /// <summary>Publishes the images and masks of the destination.</summary>
    private void PublishMerged(string destination)
    {
        if (IsWhatIf || !TryProjectRemote(out string? remote)) return;
        string[] parts = [.. PartsOf(destination).Where(Directory.Exists)];
        RunOnWorker(worker =>
        {
            var options = new PublishOptions { Paths = parts, ProjectRemote = remote };
            var publisher = new DatasetPublisher(options, VersionCmdlet.Reporter(worker)) { Warn = worker.Warn };
            foreach (var version in publisher.Publish(worker.Stopping))
            {
                string line = FormattableString.Invariant($"{version.Outcome} '{version.Path}': {version.FileCount} files, ")
                    + FormattableString.Invariant($"{version.SentCount} sent, version {version.Version}. Commit '{version.DvcPath}'.");
                worker.Post(() => WriteLine(line, "WmsVersion"));
            }
        });
    }

    private static string[] PartsOf(string destination) =>
        [System.IO.Path.Combine(destination, "images"), System.IO.Path.Combine(destination, "masks")];
}
