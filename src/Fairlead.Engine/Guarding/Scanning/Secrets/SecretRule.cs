using System.Text.RegularExpressions;
using Fairlead.Model.Security.Scanning;

namespace Fairlead.Engine.Guarding.Scanning.Secrets;

/// <summary>One kind of secret and how it is written.</summary>
/// <param name="Id">Such as <c>aws-access-key</c>; never renamed once shipped.</param>
/// <param name="What">What it is, for people: "An access key of AWS".</param>
/// <param name="Keywords">A line that has none of these, in any case, is not looked at.</param>
internal sealed record SecretRule(
    string Id,
    string What,
    Severity Severity,
    IReadOnlyList<string> Keywords,
    Regex Pattern
)
{
    /// <summary>Bits of surprise for each letter that the secret must at least have; 0 for a shape that is proof enough.</summary>
    public double EntropyMin { get; init; }

    /// <summary>The word before it only says that it may be a secret, so examples and references are looked for too.</summary>
    public bool IsGeneric { get; init; }
}
