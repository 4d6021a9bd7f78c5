namespace Fairlead.Engine.Manifests.ComposeFiles.Reading;

/// <summary>Brings what may be written in two ways into one, so that files can be laid over each other.</summary>
internal static class Canon
{
    public static Piece.Group Service(Piece.Group service) =>
        new(
            service.Place,
            [
                .. service.Entries.Select(static entry =>
                    entry with
                    {
                        Value = entry.Value.Mark == Mark.Reset ? entry.Value : Value(entry.Key, entry.Value),
                    }
                ),
            ]
        )
        {
            Mark = service.Mark,
        };

    private static Piece Value(string key, Piece value) =>
        key switch
        {
            "environment" or "labels" or "annotations" or "sysctls" => Pairs(value),
            "build" => Build(value),
            "depends_on" or "networks" => Names(value),
            "env_file" or "tmpfs" or "dns" or "dns_search" or "dns_opt" => Several(value),
            _ => value,
        };

    /// <summary>A list of <c>NAME=value</c> as a group.</summary>
    public static Piece Pairs(Piece value)
    {
        if (value is not Piece.Row row || !row.Items.All(static item => item is Piece.Word))
        {
            return value;
        }
        var entries = new OrderedDictionary<string, Piece.Entry>(StringComparer.Ordinal);
        foreach (var word in row.Items.OfType<Piece.Word>())
        {
            var equals = word.Text.IndexOf('=', StringComparison.Ordinal);
            var name = equals < 0 ? word.Text : word.Text[..equals];
            // The last one of a name holds.
            entries[name] = new(
                word.Place,
                name,
                equals < 0
                    ? new Piece.Word(word.Place, "", IsPlain: true)
                    : word with
                    {
                        Text = word.Text[(equals + 1)..],
                        IsPlain = false,
                    }
            );
        }
        return new Piece.Group(value.Place, [.. entries.Values]) { Mark = value.Mark };
    }

    private static Piece Build(Piece value)
    {
        if (value is Piece.Word word)
        {
            return new Piece.Group(value.Place, [new(value.Place, "context", word)]) { Mark = value.Mark };
        }
        return value is Piece.Group group
            ? new Piece.Group(
                group.Place,
                [
                    .. group.Entries.Select(static entry =>
                        entry.Key is "args" or "labels" ? entry with { Value = Pairs(entry.Value) } : entry
                    ),
                ]
            )
            {
                Mark = group.Mark,
            }
            : value;
    }

    private static Piece Names(Piece value)
    {
        if (value is not Piece.Row row || !row.Items.All(static item => item is Piece.Word))
        {
            return value;
        }
        return new Piece.Group(
            value.Place,
            [
                .. row
                    .Items.OfType<Piece.Word>()
                    .DistinctBy(static word => word.Text)
                    .Select(static word => new Piece.Entry(
                        word.Place,
                        word.Text,
                        new Piece.Word(word.Place, "", IsPlain: true)
                    )),
            ]
        )
        {
            Mark = value.Mark,
        };
    }

    private static Piece Several(Piece value) =>
        value is Piece.Word { IsNothing: false } or Piece.Group
            ? new Piece.Row(value.Place, [value with { Mark = Mark.None }]) { Mark = value.Mark }
            : value;
}
