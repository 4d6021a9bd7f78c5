using Fairlead.Engine.Deploying;
using Fairlead.Model.Ports;
using Fairlead.Model.Security;

namespace Fairlead.Engine.Guarding.Access;

/// <summary>Issuers whose tokens are let in, as the store keeps them.</summary>
public static class TrustBook
{
    public const string Collection = "trusts";
    public const int TrustsMax = 200;

    /// <summary>How long a token is good that was made with one of another issuer, at most.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    /// <summary>How long it is when nothing is said.</summary>
    public static readonly TimeSpan Usual = TimeSpan.FromMinutes(15);

    private const string Prefix = "trust-";
    private const int SubjectLettersMax = 200;

    public static string NewId(World world) => Prefix + world.NewId();

    /// <summary>Whether a principal came with another issuer's token.</summary>
    public static bool IsFederated(Principal principal) =>
        principal.Kind is PrincipalKind.Service && principal.Id.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>In the order of their names.</summary>
    public static async Task<IReadOnlyList<Trust>> AllAsync(IStore store, CancellationToken stop) =>
        [
            .. (await store.ListAsync(Collection, "", stop))
                .Select(Records.Read<Trust>)
                .OrderBy(static one => one.Name, StringComparer.Ordinal),
        ];

    /// <summary>Who shows a token with this subject: without grants, which <see cref="TokenDesk.FederatedAsync"/> looks up.</summary>
    public static Principal PrincipalOf(Trust trust, string subject)
    {
        var shown = string.Concat(subject.Where(static letter => !char.IsControl(letter)));
        return new(
            PrincipalKind.Service,
            trust.Id,
            $"{trust.Name}: {shown[..Math.Min(shown.Length, SubjectLettersMax)]}"
        );
    }
}
