using Fairlead.Engine.Guarding.Secrets;
using Fairlead.Engine.Operations.Hooks;
using Fairlead.Model.Apps;
using Fairlead.Model.Git;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Security;

namespace Fairlead.Engine.Sources;

/// <summary>What deploys from git.</summary>
/// <param name="Hooks">Takes webhooks.</param>
public sealed record SourceParts(
    SourceBook Book,
    IGitMirrors Mirrors,
    IForges Forges,
    SourceKeeper Keeper,
    HookDesk Hooks
);

/// <summary>Secrets of sources: in the vault, of the app in the environment that the source deploys to.</summary>
internal static class SourceSecrets
{
    /// <exception cref="ProblemException">There is none of that name.</exception>
    public static async Task<Secret> OpenAsync(Vault vault, GitSource source, string name, CancellationToken stop)
    {
        var record = await vault.GetAsync(source.Site, name, stop);
        return record.Newest is { } newest
            ? await vault.OpenAsync(record, newest, stop)
            : throw new ProblemException(SecretProblems.Unknown(source.Site, name));
    }

    /// <summary>Names of secrets of a site that sources work with: they are of no use to a program, and go nowhere else.</summary>
    public static async Task<IReadOnlySet<string>> OwnAsync(SourceBook book, Site site, CancellationToken stop) =>
        (await book.AllAsync(stop))
            .Where(one => one.Site == site)
            .SelectMany(static one => new[] { one.HookSecret, one.TokenSecret })
            .OfType<string>()
            .ToHashSet(StringComparer.Ordinal);
}
