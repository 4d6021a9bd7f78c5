using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Fairlead.Model.Pipelines;
using Fairlead.Model.Ports;

namespace Fairlead.Drivers.Pipelines.Shared;

/// <summary>
/// How entries of a shared cache are written. The last line signs all before it, and what is signed says for which key and in which scope it was made, so it
/// stands for nothing else wherever it is put.
/// </summary>
/// <example><code>
/// fairlead-shared 1
/// key 9f86d0...
/// scope main
/// made 2026-11-27T15:30:00.0000000+00:00
/// took 1234
/// pack 60303a... 4711
/// file 2c2620... x 812 dist/app.js
/// link ../shared dist/shared
/// sign MEUCIQ...
/// </code></example>
internal static class SharedEntryText
{
    public const int BytesMax = 32 << 20;

    private const string Form = "fairlead-shared 1";
    private const string Sign = "sign ";

    /// <summary>Where an entry is kept: of each scope apart, so that none takes the place of another's.</summary>
    /// <returns>64 hex digits, as such caches name what they keep.</returns>
    public static string NameOf(string key, string scope) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{Form}\n{scope}\n{key}")));

    public static string Write(SharedTask shared, CacheTrust trust)
    {
        var (entry, text) = (shared.Task, new StringBuilder(Form).Append('\n'));
        text.Append(CultureInfo.InvariantCulture, $"key {entry.Key.Digest}\n");
        text.Append(CultureInfo.InvariantCulture, $"scope {EntryText.Escaped(entry.Scope)}\n");
        text.Append(CultureInfo.InvariantCulture, $"made {entry.Made:O}\n");
        text.Append(CultureInfo.InvariantCulture, $"took {(long)entry.Took.TotalMilliseconds}\n");
        text.Append(CultureInfo.InvariantCulture, $"pack {shared.Pack} {shared.PackBytes}\n");
        foreach (var file in entry.Outputs)
        {
            text.Append(EntryText.Written(file)).Append('\n');
        }
        var signature = Convert.ToBase64String(trust.Sign(Encoding.UTF8.GetBytes(text.ToString())));
        return text.Append(Sign).Append(signature).Append('\n').ToString();
    }

    /// <summary>Reads what a server gave as the entry of a key in a scope.</summary>
    /// <returns>Null when it is not what one who may sign in that scope wrote for that key there.</returns>
    public static SharedTask? Read(string text, (TaskKey Key, string Scope) asked, CacheTrust trust)
    {
        var end = text.LastIndexOf($"\n{Sign}", StringComparison.Ordinal) + 1;
        var signature = new byte[256];
        if (
            end <= 0
            || !text.StartsWith($"{Form}\n", StringComparison.Ordinal)
            || !Convert.TryFromBase64String(text[(end + Sign.Length)..].TrimEnd('\n'), signature, out var count)
            || !trust.IsSigned(asked.Scope, Encoding.UTF8.GetBytes(text[..end]), signature.AsSpan(0, count))
        )
        {
            return null;
        }
        var lines = text[..(end - 1)].Split('\n');
        if (
            lines.Length < 6
            || lines[1] != $"key {asked.Key.Digest}"
            || lines[2] != $"scope {EntryText.Escaped(asked.Scope)}"
        )
        {
            return null;
        }
        // Who may sign in one scope may still write nonsense there.
        var pack = Rest(lines[5], "pack ").Split(' ', 2);
        var outputs = lines[6..].Select(EntryText.FileOf).ToList();
        return
            DateTimeOffset.TryParse(Rest(lines[3], "made "), CultureInfo.InvariantCulture, out var made)
            && long.TryParse(Rest(lines[4], "took "), NumberStyles.None, CultureInfo.InvariantCulture, out var took)
            && took <= TimeSpan.FromDays(30).TotalMilliseconds
            && pack.Length == 2
            && long.TryParse(pack[1], NumberStyles.None, CultureInfo.InvariantCulture, out var packBytes)
            && outputs.TrueForAll(static one => one is not null)
            ? new(new(asked.Key, outputs!, TimeSpan.FromMilliseconds(took), made, asked.Scope), pack[0], packBytes)
            : null;
    }

    private static string Rest(string line, string word) =>
        line.StartsWith(word, StringComparison.Ordinal) ? line[word.Length..] : "";
}
