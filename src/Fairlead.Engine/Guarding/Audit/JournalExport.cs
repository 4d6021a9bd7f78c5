using System.Text.Json;
using System.Text.Json.Serialization;
using Fairlead.Model.Security;

namespace Fairlead.Engine.Guarding.Audit;

/// <summary>
/// A journal as a file that proves itself, one JSON object a line: first what it is and the public key, then the journal's lines as they
/// are hashed, then the signed heads, of which the last covers all lines. What stands for lines that were removed before comes ahead of the lines;
/// what stands for these lines themselves, once they were removed, comes last.
/// </summary>
public static class JournalExport
{
    private const string Format = "fairlead journal 1";

    /// <summary>An export with more on one line than the journal ever holds is none.</summary>
    public const int LineLettersMax = 64 << 20;

    internal static JsonSerializerOptions Json { get; } =
        new(JsonSerializerDefaults.Web)
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

        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public Removal? Removal { get; init; }
    }

    /// <summary>Whether a file that begins so is to be read as an export.</summary>
    public static bool IsOne(string first) =>
        first.StartsWith("{\"format\":\"fairlead journal", StringComparison.Ordinal);

    public static string First(string publicPem) =>
        JsonSerializer.Serialize(new Entry { Format = Format, PublicKey = publicPem }, Json);

    public static string Of(HashedLine line) => JsonSerializer.Serialize(new Entry { Line = line }, Json);

    public static string Of(TreeHead head) => JsonSerializer.Serialize(new Entry { Head = head }, Json);

    public static string Of(Removal removal) => JsonSerializer.Serialize(new Entry { Removal = removal }, Json);

    /// <summary>Checks a whole export.</summary>
    /// <exception cref="FormatException">It is no export.</exception>
    /// <returns>What was found, the public key that it was signed with, and what stands for its lines if they were removed.</returns>
    public static (JournalCheck Check, string PublicKey, Removal? Removal) Check(IEnumerable<string> lines)
    {
        var (key, rows, heads, number) = ("", new List<HashedLine>(), new List<TreeHead>(), 0);
        var (before, own) = (new List<Removal>(), (Removal?)null);
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
            else if (own is not null || entry is not { Format: null, PublicKey: null })
            {
                throw new FormatException($"Line {number} comes behind the end.");
            }
            else if (entry is { Removal: { } earlier, Line: null, Head: null } && rows.Count == 0 && heads.Count == 0)
            {
                before.Add(earlier);
            }
            else if (entry is { Line: { } row, Head: null, Removal: null } && heads.Count == 0)
            {
                rows.Add(row);
            }
            else if (entry is { Head: { } head, Line: null, Removal: null })
            {
                heads.Add(head);
            }
            else if (entry is { Removal: { } removal, Line: null, Head: null } && heads.Count > 0)
            {
                own = removal;
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
        var check = new JournalCheck(heads, before, key);
        rows.ForEach(check.Take);
        check.Finish(isPart: own is not null);
        if (own is not null)
        {
            check.Compare(own, rows.FirstOrDefault()?.Row.Sequence);
        }
        return (check, key, own);
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
