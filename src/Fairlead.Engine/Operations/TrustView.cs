using Fairlead.Engine.Guarding.Access;
using Fairlead.Model.Security;

namespace Fairlead.Engine.Operations;

/// <summary>A trusted issuer, for people.</summary>
/// <param name="Claims">What a token must say.</param>
/// <param name="Grant">What it may do.</param>
public sealed record TrustView(
    string Name,
    string Issuer,
    string Audience,
    IReadOnlyList<string> Claims,
    string Grant,
    string MadeBy,
    DateTimeOffset Made
)
{
    internal static TrustView Of(Trust trust) =>
        new(
            trust.Name,
            trust.Issuer,
            trust.Audience,
            [.. trust.Claims.Select(static one => $"{one.Key}={one.Value}")],
            AccessPolicy.Text(trust.Grant),
            trust.Maker.ToString(),
            trust.CreatedAt
        );
}
