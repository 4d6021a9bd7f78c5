using System.Security.Cryptography;
using System.Text.Json;
using Fairlead.Model.Security;

namespace Fairlead.Engine.Guarding.Audit;

/// <summary>
/// One line of a journal with what proves, to somebody who has nothing else of the journal, that it stands there: how it is hashed, and its path
/// in the Merkle tree to a root that was signed.
/// </summary>
/// <param name="PublicKey">In PEM.</param>
/// <param name="Before">The hash of the line before it.</param>
/// <param name="Path">What its hash is hashed with on the way to the root, 64 hex digits each.</param>
/// <param name="Head">The signed root, over at least this line.</param>
public sealed record JournalProof(
    string Format,
    string PublicKey,
    string Before,
    HashedLine Line,
    IReadOnlyList<string> Path,
    TreeHead Head
)
{
    public const string Known = "fairlead line 1";

    /// <summary>A proof with more lines than people's tools make of one is none.</summary>
    public const int LinesMax = 1_000;

    public string Text() => JsonSerializer.Serialize(this, JournalExport.Json);

    /// <exception cref="FormatException">It is no proof.</exception>
    public static JournalProof Read(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<JournalProof>(text, JournalExport.Json) is { Format: Known } proof
                ? proof
                : throw new FormatException($"It does not say '{Known}'.");
        }
        catch (JsonException caught)
        {
            throw new FormatException(caught.Message, caught);
        }
    }

    /// <summary>Why it proves nothing; null when the line stands in the journal that the key's owner signed.</summary>
    public string? Fault()
    {
        var number = Line.Row.Sequence;
        if (JournalChain.Hash(Before, Line.Row) != Line.Hash)
        {
            return "The line's hash does not follow from it.";
        }
        if (!JournalCheck.IsSignedBy(PublicKey, Head))
        {
            return $"The head over {Head.Size} lines is not signed by the key {Head.Key}.";
        }
        if (
            Path.Any(one =>
                one is null
                || one.Length != 2 * SHA256.HashSizeInBytes
                || one.Any(letter => !char.IsAsciiHexDigitLower(letter))
            )
        )
        {
            return "Its path is not one of hashes.";
        }
        var root = MerkleTree.RootOf(
            Convert.FromHexString(Line.Hash),
            number - 1,
            Head.Size,
            [.. Path.Select(Convert.FromHexString)]
        );
        return root is not null && Convert.ToHexStringLower(root) == Head.Root
            ? null
            : $"Its path does not lead from line {number} to what was signed of {Head.Size} lines.";
    }
}
