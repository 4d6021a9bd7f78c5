using Fairlead.Engine.Deploying;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Guarding.Identity;
using Fairlead.Model.Ports;
using Fairlead.Model.Security;

namespace Fairlead.Engine.Guarding.Detecting;

/// <summary>Finds whoever may govern and could not before, by whatever way they came to it: each is to be known to somebody.</summary>
public sealed class NewOwners(IStore store, TokenDesk tokens, Func<Fence> fence) : IDetector
{
    private const string Collection = "detection";
    private const string Key = "owners";

    // Found and not remembered yet.
    private List<string>? seen;

    public string Name => "owners";

    public TimeSpan Every { get; } = TimeSpan.FromSeconds(10);

    public async Task<IReadOnlyList<Finding>> LookAsync(CancellationToken stop)
    {
        var document = await store.ReadAsync(Collection, Key, stop);
        var known = document is null ? null : Records.Read<List<string>>(document);
        var owners = await OwnersAsync(stop);
        var now = owners.Keys.Order().ToList();
        seen = known is not null && known.SequenceEqual(now) ? null : now;
        return
        [
            .. owners.Where(one => known is not null && !known.Contains(one.Key)).Select(one => Of(one.Key, one.Value)),
        ];
    }

    public async Task RememberAsync(CancellationToken stop)
    {
        if (seen is not null)
        {
            var write = new Write(Collection, Key, Records.Body(seen));
            await store.CommitAsync(new Change(fence()) { Writes = [write] }, stop);
            seen = null;
        }
    }

    private async Task<Dictionary<string, string>> OwnersAsync(CancellationToken stop)
    {
        var policy = await AccessBook.PolicyAsync(store, stop);
        bool Governs(IEnumerable<Grant> grants) =>
            grants.Any(grant => policy.Find(grant.Role)?.Permissions.Contains(Permission.Govern) == true);
        var people = (await new People(store, fence).AllAsync(stop)).Where(one =>
            !one.IsDisabled && Governs(one.Grants)
        );
        var programs = (await tokens.AllAsync(stop)).Where(one => Governs(one.Grants));
        return people
            .Select(one => ($"person {one.Id}", one.ToString()))
            .Concat(programs.Select(one => ($"token {one.Id}", $"token {one.Id} ({one.Name}) of {one.Maker}")))
            .ToDictionary();
    }

    private static Finding Of(string id, string name) =>
        FindingBook.New(
            "new-owner",
            id,
            Gravity.Medium,
            $"{name} may govern now, which means everything",
            "If you know of it, close this: fairlead finding close ID --reason ... If not: fairlead grant remove WHO --role owner"
        ) with
        {
            Evidence = [name],
        };
}
