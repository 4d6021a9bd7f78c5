using System.Security.Cryptography;
using System.Text;

namespace Fairlead.Faces.Dashboard.Acts;

/// <summary>
/// Shows that a form comes from a page of ours: it is made of the session, which no other page can read. Beside what browsers say of where a
/// form comes from, so neither alone has to be trusted.
/// </summary>
internal sealed class FormProof
{
    private const int MarkLetters = 16;

    // Forms that were open when the server began anew are refused, and say so; nothing of a proof is kept.
    private readonly byte[] key = RandomNumberGenerator.GetBytes(32);

    /// <param name="session">What the browser holds of a session; null for callers that have none.</param>
    public string Of(string? session) =>
        session is null ? "" : Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(session)));

    /// <summary>Goes back in the address after an act, so that no link of others' can say that something was done.</summary>
    public string MarkOf(string? session, string operation) =>
        session is null ? "" : Of($"{session} {operation}")[..MarkLetters];

    public bool Holds(string? session, string proof) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(Of(session)), Encoding.UTF8.GetBytes(proof));
}
