namespace Fairlead.Engine.Manifests.ComposeFiles.Reading;

/// <summary>
/// Lays one piece over another by Compose's rules: groups are joined key by key, lists are appended, commands and tests are replaced,
/// and what has a target or port of its own comes once.
/// </summary>
internal static class Merging
{
    private static readonly string[] Replaced = ["command", "entrypoint", "test"];
    private static readonly string[] PortKeys = ["host_ip", "published", "target", "protocol"];
    private static readonly string[] Targeted = ["volumes", "secrets", "configs", "devices"];

    /// <param name="key">Under which both stand.</param>
    /// <returns>Null for what was reset.</returns>
    public static Piece? Merge(string key, Piece? under, Piece over)
    {
        if (over.Mark == Mark.Reset)
        {
            return null;
        }
        return (under, over) switch
        {
            _ when over.Mark == Mark.Override || Array.IndexOf(Replaced, key) >= 0 => Clean(over),
            (Piece.Group one, Piece.Group other) when key != "logging" || SameDriver(one, other) => Groups(one, other),
            (Piece.Row one, Piece.Row other) => Rows(key, one, other),
            // 'key:' with nothing behind it leaves what is there.
            (not null, Piece.Word { IsNothing: true }) => under,
            _ => Clean(over),
        };
    }

    /// <summary>The same without what it resets in itself.</summary>
    public static Piece Clean(Piece piece) =>
        piece is Piece.Group group ? Groups(new Piece.Group(group.Place, []), group) : piece with { Mark = Mark.None };

    private static Piece.Group Groups(Piece.Group under, Piece.Group over)
    {
        var entries = new OrderedDictionary<string, Piece.Entry>(StringComparer.Ordinal);
        foreach (var entry in under.Entries)
        {
            entries[entry.Key] = entry;
        }
        foreach (var entry in over.Entries)
        {
            if (Merge(entry.Key, entries.GetValueOrDefault(entry.Key)?.Value, entry.Value) is { } merged)
            {
                entries[entry.Key] = entry with { Value = merged };
            }
            else
            {
                entries.Remove(entry.Key);
            }
        }
        return new(over.Place, [.. entries.Values]);
    }

    private static Piece.Row Rows(string key, Piece.Row under, Piece.Row over)
    {
        var items = new OrderedDictionary<string, Piece>(StringComparer.Ordinal);
        var count = 0;
        foreach (var item in under.Items.Concat(over.Items))
        {
            count++;
            // What has no name of its own is never the same as another one.
            items[Identity(key, item) ?? $"#{count}"] = item;
        }
        return new(over.Place, [.. items.Values]);
    }

    private static string? Identity(string key, Piece item) =>
        item switch
        {
            Piece.Word word when key == "volumes" => MountTarget(word.Text),
            Piece.Word word => word.Text,
            Piece.Group group when key == "ports" => string.Join(
                '/',
                PortKeys.Select(name => (group.Find(name) as Piece.Word)?.Text)
            ),
            Piece.Group group when Array.IndexOf(Targeted, key) >= 0 => (
                group.Find("target") as Piece.Word ?? group.Find("source") as Piece.Word
            )?.Text,
            _ => null,
        };

    private static string MountTarget(string text) =>
        text.Split(':') is [_, var target, ..] && target.StartsWith('/') ? target : text;

    private static bool SameDriver(Piece.Group one, Piece.Group other) =>
        (one.Find("driver") as Piece.Word)?.Text == (other.Find("driver") as Piece.Word)?.Text
        || one.Find("driver") is null
        || other.Find("driver") is null;
}
