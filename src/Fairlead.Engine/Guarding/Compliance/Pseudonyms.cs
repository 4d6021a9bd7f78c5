using System.Security.Cryptography;
using System.Text;
using Fairlead.Engine.Watching.Errors;

namespace Fairlead.Engine.Guarding.Compliance;

/// <summary>What a person is called where their name may not stand. The same person has the same one, and only this Fairlead can make it.</summary>
/// <param name="secret">Known to this Fairlead alone: without it a list of addresses cannot be tried out.</param>
public sealed class Pseudonyms(byte[] secret)
{
    private const int HashBytes = 8;

    /// <summary>Such as <c>subject-0f3c9a5be17d2264</c>; upper and lower case make no difference.</summary>
    public string Of(string subject)
    {
        var text = "pseudonym\n" + subject.Trim().ToLowerInvariant();
        return "subject-"
            + Convert.ToHexStringLower(HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes(text)).AsSpan(0, HashBytes));
    }

    /// <summary>As errors keep a user.</summary>
    public string UserHash(string user) => Scrubber.HashOf(secret, user);
}
