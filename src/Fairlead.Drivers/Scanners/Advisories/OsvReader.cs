using System.Globalization;
using System.Text.Json;
using Fairlead.Model.Security.Scanning;

namespace Fairlead.Drivers.Scanners.Advisories;

/// <summary>Reads one record of the Open Source Vulnerability format (ossf.github.io/osv-schema, 1.6).</summary>
/// <param name="rate">How bad a CVSS vector is; null when it cannot be worked out.</param>
internal sealed class OsvReader(Func<string, Severity?> rate)
{
    private const int AffectedMax = 2_000;
    private const int VersionsMax = 20_000;

    private static readonly Dictionary<string, Ecosystem> Ecosystems = new(StringComparer.OrdinalIgnoreCase)
    {
        ["npm"] = Ecosystem.Npm,
        ["NuGet"] = Ecosystem.NuGet,
        ["PyPI"] = Ecosystem.PyPI,
        ["Go"] = Ecosystem.Go,
        ["crates.io"] = Ecosystem.Crates,
        ["Maven"] = Ecosystem.Maven,
        ["Packagist"] = Ecosystem.Packagist,
        ["RubyGems"] = Ecosystem.RubyGems,
        ["Debian"] = Ecosystem.Debian,
    };

    /// <summary>Null for one that was withdrawn, or is of no ecosystem that is known here.</summary>
    /// <exception cref="FormatException">It is no record of that format.</exception>
    public Advisory? Read(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new() { MaxDepth = 32 });
            return Read(document.RootElement);
        }
        catch (Exception caught) when (caught is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new FormatException(caught.Message, caught);
        }
    }

    private Advisory? Read(JsonElement root)
    {
        var id = root.GetProperty("id").GetString() is { Length: > 0 and <= 100 } text
            ? text
            : throw new FormatException("It has no id.");
        if (Word(root, "withdrawn") is not null)
        {
            return null;
        }
        List<Affected> affected = [.. Items(root, "affected").Take(AffectedMax).SelectMany(One)];
        if (affected.Count == 0)
        {
            return null;
        }
        var severity = SeverityOf(root);
        return new(id, Word(root, "summary") ?? Word(root, "details") ?? "")
        {
            Aliases = [.. Items(root, "aliases").Select(static one => one.GetString()).OfType<string>().Take(50)],
            Severity = severity ?? Severity.High,
            IsRated = severity is not null,
            Published = Time(root, "published"),
            IsMalicious = id.StartsWith("MAL-", StringComparison.Ordinal) || IsMalware(root),
            Affected = affected,
        };
    }

    private static IEnumerable<Affected> One(JsonElement affected)
    {
        if (
            !affected.TryGetProperty("package", out var package)
            || Word(package, "ecosystem") is not { } written
            || Word(package, "name") is not { } name
            // Debian:12 is a release of it.
            || !Ecosystems.TryGetValue(written.Split(':')[0], out var ecosystem)
        )
        {
            yield break;
        }
        yield return new(
            ecosystem,
            name,
            ecosystem == Ecosystem.Debian && written.Split(':') is [_, var release] ? release : null,
            [.. Items(affected, "ranges").Where(static one => Word(one, "type") != "GIT").SelectMany(Ranges)],
            [.. Items(affected, "versions").Take(VersionsMax).Select(static one => one.GetString()).OfType<string>()]
        );
    }

    // "events": [ { "introduced": "0" }, { "fixed": "1.2.3" }, { "introduced": "2.0.0" }, { "last_affected": "2.0.5" } ]
    private static List<AffectedRange> Ranges(JsonElement range)
    {
        List<AffectedRange> ranges = [];
        string? introduced = null;
        foreach (var one in Items(range, "events"))
        {
            if (Word(one, "introduced") is { } begin)
            {
                if (introduced is not null)
                {
                    ranges.Add(new(introduced, null, null));
                }
                introduced = begin;
            }
            else if (introduced is not null && Word(one, "fixed") is { } mended)
            {
                ranges.Add(new(introduced, mended, null));
                introduced = null;
            }
            else if (introduced is not null && Word(one, "last_affected") is { } last)
            {
                ranges.Add(new(introduced, null, last));
                introduced = null;
            }
        }
        if (introduced is not null)
        {
            ranges.Add(new(introduced, null, null));
        }
        return ranges;
    }

    // GitHub's word counts first: it knows CVSS 4 too, whose scores need a table of 270 rows.
    private Severity? SeverityOf(JsonElement root)
    {
        var said = root.TryGetProperty("database_specific", out var own)
            ? Word(own, "severity")?.ToUpperInvariant()
            : null;
        Severity? word = said switch
        {
            "LOW" => Severity.Low,
            "MODERATE" or "MEDIUM" => Severity.Medium,
            "HIGH" => Severity.High,
            "CRITICAL" => Severity.Critical,
            _ => null,
        };
        return word
            ?? Items(root, "severity")
                .Concat(Items(root, "affected").Take(AffectedMax).SelectMany(static one => Items(one, "severity")))
                .Select(one => Word(one, "score") is { } vector ? rate(vector) : null)
                .Max();
    }

    private static bool IsMalware(JsonElement root) =>
        root.TryGetProperty("database_specific", out var own)
        && own.ValueKind == JsonValueKind.Object
        && (
            own.TryGetProperty("malicious-packages-origins", out _)
            || Items(own, "cwe_ids")
                .Any(static one => one.ValueKind == JsonValueKind.String && one.GetString() == "CWE-506")
        );

    private static DateTimeOffset? Time(JsonElement from, string key) =>
        DateTimeOffset.TryParse(
            Word(from, key),
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal,
            out var time
        )
            ? time
            : null;

    private static string? Word(JsonElement from, string key) =>
        from.ValueKind == JsonValueKind.Object
        && from.TryGetProperty(key, out var value)
        && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    private static JsonElement.ArrayEnumerator Items(JsonElement from, string key) =>
        from.ValueKind == JsonValueKind.Object
        && from.TryGetProperty(key, out var value)
        && value.ValueKind == JsonValueKind.Array
            ? value.EnumerateArray()
            : default;
}
