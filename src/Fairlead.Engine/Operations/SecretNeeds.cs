using Fairlead.Engine.Guarding.Secrets;
using Fairlead.Model.Apps;
using Fairlead.Model.Data;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Operations;

/// <summary>The secrets that services of a candidate need: pinned to their newest version, and missing ones found all at once.</summary>
internal sealed class SecretNeeds(ServerSide server, Site site)
{
    private readonly Dictionary<string, List<string>> missing = new(StringComparer.Ordinal);

    /// <summary>Those that the release names: the addresses of those that Fairlead is yet to make are not missing.</summary>
    public IReadOnlyList<Database>? Databases { get; init; }

    /// <summary>A service's secrets as a release made now would have them.</summary>
    /// <exception cref="ProblemException">One that is kept elsewhere cannot be read there.</exception>
    public async Task<IReadOnlyList<SecretUse>?> PinAsync(Service service, CancellationToken stop)
    {
        if (service.Secrets is null)
        {
            return null;
        }
        foreach (var name in service.Secrets.Select(use => use.Secret).Distinct())
        {
            if (await server.Vault.FindAsync(site, name, stop) is { From: not null } elsewhere)
            {
                await server.Vault.RefreshAsync(elsewhere, "a deployment", stop);
            }
        }
        List<string> absent = [];
        var pinned = await server.Vault.PinAsync(site, service.Secrets, absent, stop);
        var coming = (Databases ?? [])
            .Where(static one => one.Provided is not null)
            .Select(static one => one.Url)
            .OfType<string>();
        foreach (var name in absent.Except(coming))
        {
            if (!missing.TryGetValue(name, out var services))
            {
                missing[name] = services = [];
            }
            services.Add(service.Name);
        }
        var made = new List<SecretUse>();
        foreach (var use in service.Secrets)
        {
            var found = pinned?.FirstOrDefault(one => one.Told == use.Told);
            if (found is null && absent.Contains(use.Secret))
            {
                var record = await server.Vault.FindAsync(site, use.Secret, stop);
                found = use with { Version = record is null ? 1 : SecretLife.NextNumber(record) };
            }
            made.Add(found ?? use);
        }
        return made;
    }

    /// <exception cref="ProblemException">Some have no value.</exception>
    public void ThrowIfMissing()
    {
        if (missing.Count > 0)
        {
            throw new ProblemException([.. missing.Select(one => SecretProblems.Missing(site, one.Key, one.Value))]);
        }
    }
}
