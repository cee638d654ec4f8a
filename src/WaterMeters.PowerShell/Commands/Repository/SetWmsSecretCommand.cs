using System.Management.Automation;
using WaterMeters.Ops.Aws;
using WaterMeters.Ops.Git;
using WaterMeters.Ops.GitHub;
using WaterMeters.PowerShell.Commands.Runtime;
using WaterMeters.PowerShell.Errors;

namespace WaterMeters.PowerShell.Commands.Repository;

/// <summary>Stores the AWS credentials of a profile as secrets of a GitHub repository, for its workflows.</summary>
/// <seealso cref="InitializeWmsRepositoryCommand"/>
/// <seealso cref="TestWmsEnvironmentCommand"/>
/// <seealso href="about_WaterMeters_Repository"/>
/// <remarks>
/// <para>Writes the secrets AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN of the repository, and returns a record for
/// each. If the profile has no session token, a token that the repository still has is deleted, because AWS refuses new keys with an old
/// token. A value is encrypted for the repository before it is sent, and is never printed.</para>
/// <para>Before anything is written, the values are checked with AWS (STS): values that are wrong or have expired are one error, and
/// the secrets stay as they are. If STS cannot be reached from here, a warning says so and the values are stored unchecked: GitHub's
/// workflows may reach it. AWS_ENDPOINT_URL names another address.</para>
/// <para>Temporary credentials expire after some hours: run the cmdlet again after each log-in. Where the account can create roles, let
/// GitHub's workflows log in with OpenID Connect instead; then no secret is needed.</para>
/// <para>The token for GitHub is read from GH_TOKEN or GITHUB_TOKEN; `gh auth token` prints one. It needs the permission 'Secrets:
/// write' (classic: the scope 'repo'). GITHUB_API_URL names the API of a GitHub Enterprise server; without it, the host of the remote
/// decides.</para>
/// </remarks>
/// <example><para>Renew the credentials of a repository's workflows after logging in.</para>
/// <code>Set-WmsSecret ana/water-meters -ProfileName academy</code></example>
/// <example><para>Show what would be written.</para>
/// <code>Set-WmsSecret ana/water-meters -ProfileName academy -WhatIf</code></example>
[Cmdlet(VerbsCommon.Set, "WmsSecret", SupportsShouldProcess = true)]
[OutputType(typeof(RepositorySecret))]
public sealed class SetWmsSecretCommand : WmsCmdlet
{
    private const string AccessKey = "AWS_ACCESS_KEY_ID", SecretKey = "AWS_SECRET_ACCESS_KEY", SessionToken = "AWS_SESSION_TOKEN";

    /// <summary>The repository, as owner/name or as an address that git uses for it.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [PSDefaultValue(Help = "the remote origin of the repository in the current location")]
    [ValidateNotNullOrEmpty]
    public string? Repository { get; set; }

    /// <summary>Name of a profile in the AWS configuration of this user.</summary>
    [Parameter]
    [PSDefaultValue(Help = "AWS_PROFILE, or default")]
    [ValidateNotNullOrEmpty]
    public string? ProfileName { get; set; }

    /// <inheritdoc/>
    private protected override bool FailureTerminates => false;

    /// <inheritdoc/>
    private protected override object ErrorTarget => Repository ?? base.ErrorTarget;

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        string location = Location;
        AwsSettings settings;
        try
        {
            // Always a profile: keys of the environment or of a session are often those of another job.
            string? named = ProfileName ?? Environment.GetEnvironmentVariable("AWS_PROFILE");
            settings = ReadAwsSettings(
                new AwsRequest { ProfileName = string.IsNullOrWhiteSpace(named) ? AwsSettings.DefaultProfile : named }, _ => { });
        }
        catch (SettingsException e)
        {
            Fail(WmsErrors.From(e));
            return;
        }

        RunOnWorker(worker => Write(worker, settings, Find(location, worker.Stopping)));
    }

    private void Write(PipelineWorker worker, AwsSettings settings, GitHubRepository repository)
    {
        string profile = settings.ProfileName!;
        var keys = AwsAccount.ReadProfile(settings);
        Identify(worker, settings with { ProfileName = null, Keys = keys });
        var connection = GitHubConnection.Open(repository, Environment.GetEnvironmentVariable);
        var secrets = new RepositorySecrets(connection);
        (string, string?)[] all = [(AccessKey, keys.AccessKey), (SecretKey, keys.SecretKey), (SessionToken, keys.SessionToken)];
        foreach (var (name, value) in all)
        {
            bool isThere = secrets.Contains(name, worker.Stopping);
            if (value is null && !isThere) continue;
            string action = value is null ? $"Delete the secret {name}" : $"Set the secret {name} from the profile '{profile}'";
            if (!Confirm(worker, repository.ToString(), action)) continue;
            if (value is null) secrets.Remove(name, worker.Stopping);
            else secrets.Set(name, value, worker.Stopping);
            var written = new RepositorySecret
            {
                Repository = repository.ToString(),
                Name = name,
                Outcome = value is null ? SecretOutcome.Removed : isThere ? SecretOutcome.Updated : SecretOutcome.Created,
            };
            worker.Post(() => WriteObject(written));
        }
    }

    /// <summary>Has STS check the very keys that are stored. Unreachable, it says nothing about them.</summary>
    private static void Identify(PipelineWorker worker, AwsSettings settings)
    {
        try
        {
            var identity = AwsAccount.Identify(settings, worker.Stopping);
            worker.Verbose($"The credentials are those of '{identity.Arn}'"
                + $"{(identity.Expires is { } end ? FormattableString.Invariant($", valid until {end:u}") : "")}.");
        }
        catch (InfrastructureException e) when (e.Fault is InfrastructureFault.Unreachable or InfrastructureFault.Throttled)
        {
            worker.Warn($"The credentials were not checked. {e.Message}");
        }
    }

    private GitHubRepository Find(string location, CancellationToken stop)
    {
        if (Repository is not null)
        {
            return GitHubRepository.TryParse(Repository) ?? throw new SettingsException(nameof(Repository),
                $"'{Repository}' is not a repository of GitHub. Use owner/name, such as ana/water-meters.");
        }

        const string remote = "origin";
        string? url = RemoteAddress.Find(location, remote, stop);
        return (url is null ? null : GitHubRepository.TryParse(url)) ?? throw new SettingsException(nameof(Repository),
            $"The remote '{remote}' of the repository in '{location}' is not on GitHub, or is missing. Name the repository with "
            + "-Repository, as owner/name.");
    }
}
