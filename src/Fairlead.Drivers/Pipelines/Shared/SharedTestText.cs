using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Fairlead.Model.Pipelines;

namespace Fairlead.Drivers.Pipelines.Shared;

/// <summary>
/// How a shared cache keeps what is known of tests. The last line signs all before it, and what is signed says under which name and in which scope, so it stands for nothing
/// else wherever it is put.
/// </summary>
/// <example><code>
/// fairlead-shared-tests 1
/// name times ci/test/unit
/// scope main
/// made 2026-11-27T15:30:00.0000000+00:00
/// time	1204000	file test/cart.test.js
/// sign MEUCIQ...
/// </code></example>
internal static class SharedTestText
{
    public const int BytesMax = 8 << 20;

    /// <summary>What is older says little of tests as they are.</summary>
    public static readonly TimeSpan AgeMax = TimeSpan.FromDays(90);

    private const string Form = "fairlead-shared-tests 1";
    private const string Sign = "sign ";
    private const int NamesMax = 20_000;
    private const int NameMax = 1_000;

    private static readonly TimeSpan TimeMax = TimeSpan.FromDays(1);

    /// <summary>Where it is kept: of each scope apart, so that none takes the place of another's.</summary>
    /// <returns>64 hex digits, as such caches name what they keep.</returns>
    public static string NameOf(string name, string scope) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{Form}\n{scope}\n{name}")));

    public static string Write(PastTests tests, (string Name, string Scope) of, DateTimeOffset made, CacheTrust trust)
    {
        var text = new StringBuilder($"{Head(of)}made {made:O}\n");
        // Programs that write reports may call a class anything.
        var times = tests.Times.Where(static one => IsPlain(one.Key)).Take(NamesMax);
        foreach (var line in TestText.Lines(tests with { Times = times.ToDictionary(StringComparer.Ordinal) }))
        {
            text.Append(line).Append('\n');
        }
        var signature = Convert.ToBase64String(trust.Sign(Encoding.UTF8.GetBytes(text.ToString())));
        return text.Append(Sign).Append(signature).Append('\n').ToString();
    }

    /// <summary>Reads what a server gave under a name in a scope.</summary>
    /// <returns>Null when it is not what one who may sign in that scope wrote there, or more than tests can be.</returns>
    public static (PastTests Tests, DateTimeOffset Made)? Read(
        string text,
        (string Name, string Scope) asked,
        CacheTrust trust
    )
    {
        var end = text.LastIndexOf($"\n{Sign}", StringComparison.Ordinal) + 1;
        var signature = new byte[256];
        if (
            end <= 0
            || !text.StartsWith(Head(asked), StringComparison.Ordinal)
            || !Convert.TryFromBase64String(text[(end + Sign.Length)..].TrimEnd('\n'), signature, out var count)
            || !trust.IsSigned(asked.Scope, Encoding.UTF8.GetBytes(text[..end]), signature.AsSpan(0, count))
        )
        {
            return null;
        }
        var lines = text[Head(asked).Length..(end - 1)].Split('\n');
        return
            lines[0].StartsWith("made ", StringComparison.Ordinal)
            && DateTimeOffset.TryParse(
                lines[0]["made ".Length..],
                CultureInfo.InvariantCulture,
                DateTimeStyles.None,
                out var made
            )
            && TestText.Read(lines.Skip(1)) is { } tests
            && IsSound(tests)
            ? (tests, made)
            : null;
    }

    private static string Head((string Name, string Scope) of) =>
        $"{Form}\nname {EntryText.Escaped(of.Name)}\nscope {EntryText.Escaped(of.Scope)}\n";

    // Who may sign in one scope may still write nonsense there.
    private static bool IsSound(PastTests tests) =>
        tests.Times.Count <= NamesMax
        && tests.Times.All(static one => IsPlain(one.Key) && one.Value <= TimeMax)
        && tests.Splits.Sum(static one => one.Shards.Sum(static shard => shard.Count)) <= NamesMax
        && tests.Splits.All(static one => one.Shards.All(static shard => shard.All(IsPlain)));

    private static bool IsPlain(string name) => name.Length <= NameMax && !name.Any(char.IsControl);
}
