using System.Text;
using Octokit;
using Sodium;

namespace WaterMeters.Ops.GitHub;

/// <summary>
/// The secrets of a repository's workflows. A value is encrypted for the repository before it is sent, with the sealed box of libsodium
/// that GitHub requires (https://docs.github.com/rest/actions/secrets); GitHub returns no values.
/// </summary>
/// <param name="connection">The repository.</param>
public sealed class RepositorySecrets(GitHubConnection connection)
{
    private const string Permission = "the permission 'Secrets: write', or the scope 'repo' of a classic token";

    private readonly string owner = connection.Repository.Owner;
    private readonly string name = connection.Repository.Name;
    private SecretsPublicKey? known;

    /// <summary>Returns whether there is a secret.</summary>
    /// <exception cref="GitHubException">GitHub refuses, or does not respond.</exception>
    public bool Contains(string secret, CancellationToken stop)
    {
        // Of a repository that GitHub does not show, it says the same as of a secret that is not there. This request tells them apart.
        RequireKey(stop);
        return Ask(async client =>
        {
            try
            {
                await client.Get(owner, name, secret).ConfigureAwait(false);
                return true;
            }
            catch (NotFoundException)
            {
                return false;
            }
        }, stop);
    }

    /// <summary>Creates a secret, or gives it a new value.</summary>
    /// <param name="secret">Name of the secret.</param>
    /// <param name="value">Its value.</param>
    /// <param name="stop">Stops waiting.</param>
    /// <exception cref="GitHubException">GitHub refuses, or does not respond.</exception>
    public void Set(string secret, string value, CancellationToken stop)
    {
        var key = RequireKey(stop);
        byte[] sealedValue = SealedPublicKeyBox.Create(Encoding.UTF8.GetBytes(value), Convert.FromBase64String(key.Key));
        var request = new UpsertRepositorySecret { EncryptedValue = Convert.ToBase64String(sealedValue), KeyId = key.KeyId };
        Ask(client => client.CreateOrUpdate(owner, name, secret, request), stop);
    }

    /// <summary>Deletes a secret.</summary>
    /// <exception cref="GitHubException">GitHub refuses, or does not respond.</exception>
    public void Remove(string secret, CancellationToken stop) => Ask(async client =>
    {
        await client.Delete(owner, name, secret).ConfigureAwait(false);
        return true;
    }, stop);

    /// <summary>Checks that the token may read which secrets there are. Whether it may write them, only the first writing shows.</summary>
    /// <exception cref="GitHubException">It may not, or GitHub does not respond.</exception>
    internal void CheckAccess(CancellationToken stop) => RequireKey(stop);

    private SecretsPublicKey RequireKey(CancellationToken stop) =>
        known ??= Ask(client => client.GetPublicKey(owner, name), stop);

    private T Ask<T>(Func<IRepositorySecretsClient, Task<T>> request, CancellationToken stop) =>
        connection.Ask(client => request(client.Repository.Actions.Secrets), Permission, stop);
}
