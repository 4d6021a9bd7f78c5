using System.Globalization;
using System.Text;

namespace Fairlead.Model.Security;

/// <summary>
/// Says, signed, what the journal was at a moment: whoever keeps one elsewhere can prove later that nothing before it was changed, even by
/// someone who could write the whole journal anew.
/// </summary>
/// <param name="Size">How many lines it covers, from the first.</param>
/// <param name="Root">Root of the Merkle tree over the lines' hashes, as RFC 6962 (section 2.1) makes it; 64 hex digits.</param>
/// <param name="Chain">The hash of the last line.</param>
/// <param name="Key">Id of the key that signed.</param>
/// <param name="Signature">ECDSA P-256 with SHA-256 over <see cref="Message()"/>, as DER, base64.</param>
public sealed record TreeHead(long Size, string Root, string Chain, DateTimeOffset At, string Key, string Signature)
{
    /// <summary>The bytes that are signed.</summary>
    public byte[] Message() =>
        Encoding.UTF8.GetBytes(
            string.Create(
                CultureInfo.InvariantCulture,
                $"fairlead journal head 1\n{Size}\n{Root}\n{Chain}\n{At.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'}\n"
            )
        );
}
