using System.Text.Json;
using System.Text.Json.Serialization;
using Fairlead.Model.Security;

namespace Fairlead.Engine.Guarding.Audit;

/// <summary>
/// A journal as a file that proves itself, one JSON object a line: first what it is and the public key, then the journal's lines as they
/// are hashed, then the signed heads, of which the last covers all lines.
/// </summary>
public static class JournalExport
{
    private const string Format = "fairlead journal 1";

    /// <summary>An export with more on one line than the journal ever holds is none.</summary>
    public const int LineLettersMax = 64 << 20;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        PropertyNameCaseInsensitive = false,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
    };

    /// <summary>One of its lines; exactly one of these is there.</summary>
    private sealed record Entry
    {
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public string? Format { get; init; }

        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public string? PublicKey { get; init; }

        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public HashedLine? Line { get; init; }

        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public TreeHead? Head { get; init; }
    }

    public static string First(string publicPem) =>
        JsonSerializer.Serialize(new Entry { Format = Format, PublicKey = publicPem }, Json);

    public static string Of(HashedLine line) => JsonSerializer.Serialize(new Entry { Line = line }, Json);

    public static string Of(TreeHead head) => JsonSerializer.Serialize(new Entry { Head = head }, Json);

    /// <summary>Checks a whole export.</summary>
    /// <exception cref="FormatException">It is no export.</exception>
    /// <returns>What was found, and the public key that it was signed with.</returns>
    public static (JournalCheck Check, string PublicKey) Check(IEnumerable<string> lines)
    {
        var (key, rows, heads, number) = ("", new List<HashedLine>(), new List<TreeHead>(), 0);
        foreach (var text in lines)
        {
            number++;
            var entry = Read(text, number);
            if (number == 1)
            {
                key = entry is { Format: Format, PublicKey: { } pem }
                    ? pem
                    : throw new FormatException($"Its first line does not say '{Format}'.");
            }
            else if (entry is { Line: { } row, Head: null, Format: null, PublicKey: null } && heads.Count == 0)
            {
                rows.Add(row);
            }
            else if (entry is { Head: { } head, Line: null, Format: null, PublicKey: null })
            {
                heads.Add(head);
            }
            else
            {
                throw new FormatException($"Line {number} is neither a line of the journal nor a head behind them.");
            }
        }
        if (number == 0)
        {
            throw new FormatException("It is empty.");
        }
        var check = new JournalCheck(heads, head => JournalCheck.IsSignedBy(key, head));
        rows.ForEach(check.Take);
        check.Finish();
        return (check, key);
    }

    private static Entry Read(string text, int number)
    {
        try
        {
            return JsonSerializer.Deserialize<Entry>(text, Json)
                ?? throw new FormatException($"Line {number} says nothing.");
        }
        catch (JsonException caught)
        {
            throw new FormatException($"Line {number} cannot be read: {caught.Message}", caught);
        }
    }
}
