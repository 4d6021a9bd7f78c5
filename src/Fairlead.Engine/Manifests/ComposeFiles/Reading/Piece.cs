namespace Fairlead.Engine.Manifests.ComposeFiles.Reading;

/// <summary>One of the files that are read.</summary>
/// <param name="Name">Relative to the app's folder.</param>
/// <param name="Folder">Where relative paths in it begin, relative to the app's folder; <c>.</c> for that itself.</param>
internal sealed record ComposeSource(string Name, string Folder);

/// <summary>A place in one of the files, both counted from 1.</summary>
internal sealed record Place(ComposeSource Source, long Line, long Column)
{
    public override string ToString() => $"{Source.Name}:{Line}:{Column}";
}

/// <summary>What a file asks for when it is laid over another one.</summary>
internal enum Mark
{
    None,

    /// <summary><c>!reset</c>: as if it had never been said.</summary>
    Reset,

    /// <summary><c>!override</c>: instead of what is there, not in addition to it.</summary>
    Override,
}

/// <summary>A value of a Compose file: where it stands and what it says. The set is closed.</summary>
internal abstract record Piece(Place Place)
{
    /// <summary>Levels that a piece may have below it, however it came together.</summary>
    public const int DepthMax = 64;

    private Piece(Place place, bool _)
        : this(place) { }

    public Mark Mark { get; init; }

    /// <summary>How many pieces it is when every alias is written out.</summary>
    public long Size { get; private init; } = 1;

    public int Depth { get; private init; }

    /// <summary>One value, with variables filled in.</summary>
    /// <param name="IsPlain">Written without quotes, so that it may be nothing at all.</param>
    public sealed record Word(Place Place, string Text, bool IsPlain) : Piece(Place, false)
    {
        /// <summary>Variables that were filled in.</summary>
        public IReadOnlyList<string> Variables { get; init; } = [];

        /// <remarks>A variable without a value is an empty text, which is something.</remarks>
        public bool IsNothing => IsPlain && Variables.Count == 0 && Text is ("" or "~" or "null" or "Null" or "NULL");
    }

    /// <summary>Values in a row.</summary>
    public sealed record Row : Piece
    {
        public Row(Place place, IReadOnlyList<Piece> items)
            : base(place, false)
        {
            Items = items;
            (Size, Depth) = Measure(items);
        }

        public IReadOnlyList<Piece> Items { get; }
    }

    /// <summary>Values under keys, in the order of the file; no key comes twice.</summary>
    public sealed record Group : Piece
    {
        public Group(Place place, IReadOnlyList<Entry> entries)
            : base(place, false)
        {
            Entries = entries;
            (Size, Depth) = Measure(entries.Select(static entry => entry.Value));
        }

        public IReadOnlyList<Entry> Entries { get; }

        public Piece? Find(string key) => Entries.FirstOrDefault(entry => entry.Key == key)?.Value;
    }

    /// <summary>A key and what stands under it.</summary>
    /// <param name="Place">Where the key is.</param>
    public sealed record Entry(Place Place, string Key, Piece Value);

    private static (long Size, int Depth) Measure(IEnumerable<Piece> pieces)
    {
        var (size, depth) = (1L, 0);
        foreach (var piece in pieces)
        {
            // Far above what is ever taken, far below an overflow.
            size = Math.Min(size + piece.Size, 1L << 40);
            depth = Math.Max(depth, piece.Depth + 1);
        }
        return (size, depth);
    }
}
