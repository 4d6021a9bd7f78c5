using Fairlead.Engine.Deploying;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Microsoft.Extensions.Logging;

namespace Fairlead.Engine.Guarding.Secrets;

/// <summary>
/// Sees to it that what must be true of secrets becomes true: nodes have the values that their programs need, what is printed hides
/// every value, spent versions are retired, and everything is under the current master key. Looks again and again, so that a crash
/// in the midst of any of it only means that the next look goes on.
/// </summary>
/// <param name="shelves">Where programs run.</param>
public sealed class VaultKeeper(Vault vault, IReadOnlyList<ISecretShelf> shelves, ILogger log) : IBackgroundWork
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(2);

    // Nobody waits for these.
    private const int SettleEveryLooks = 5;

    private readonly Bell bell = new(vault.Ports.World.Clock);

    public string Name => "secrets";

    /// <summary>Lets the keeper look at once.</summary>
    public void Ring() => bell.Ring();

    public async Task RunAsync(CancellationToken stop)
    {
        await TryAsync(vault.HideAllAsync, stop);
        for (var look = 0; !stop.IsCancellationRequested; look++)
        {
            foreach (var shelf in shelves)
            {
                await TryAsync(stop => FeedAsync(shelf, stop), stop);
            }
            if (look % SettleEveryLooks == 0)
            {
                await TryAsync(SettleAsync, stop);
            }
            await bell.SleepAsync(LookEvery, stop);
        }
    }

    /// <summary>Gives a place what its programs need and it has not.</summary>
    public async Task FeedAsync(ISecretShelf shelf, CancellationToken stop)
    {
        foreach (var version in await shelf.MissingAsync(stop))
        {
            if (
                await vault.FindAsync(version.Site, version.Name, stop) is not { } record
                || record.Find(version.Number) is not { IsLive: true } kept
            )
            {
                continue;
            }
            var value = await vault.OpenAsync(record, kept, stop);
            await shelf.GiveAsync([new(version, value)], vault.Ports.Fence(), stop);
            await vault.NoteAsync(
                version.Site,
                $"{version.Label} was given again to where it runs, which had lost it",
                stop
            );
        }
    }

    /// <summary>Retires spent versions, and wraps what is under an older master key.</summary>
    public async Task SettleAsync(CancellationToken stop)
    {
        var users = await SecretUsers.FindAsync(vault.Ports.Store, site: null, stop);
        foreach (var record in await vault.ListAsync(site: null, stop))
        {
            var inUse = users
                .Where(user => user.Site == record.Site && user.Use.Secret == record.Name)
                .Select(user => user.Use.Version)
                .ToHashSet();
            foreach (var version in SecretLife.Spent(record, inUse))
            {
                await vault.RetireAsync(record, version, stop);
            }
        }
        await vault.RewrapAsync(stop);
    }

    // One that fails must not keep the others from being done.
    private async Task TryAsync(Func<CancellationToken, Task> work, CancellationToken stop)
    {
        try
        {
            await work(stop);
        }
        catch (ProblemException caught)
        {
            Log.SecretsNotKept(log, caught.Problem.Code, caught.Problem.What, caught.Problem.Why);
        }
        catch (ConflictException caught)
        {
            Log.SecretsNotKept(log, "secret.changed", caught.Message, "It is looked at again.");
        }
    }
}
