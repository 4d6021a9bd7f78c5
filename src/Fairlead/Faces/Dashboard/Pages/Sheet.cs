using Fairlead.Engine.Operations;
using Fairlead.Faces.Dashboard.Acts;
using Fairlead.Faces.Dashboard.Charts;

namespace Fairlead.Faces.Dashboard.Pages;

/// <summary>A page put together of blocks that all pages share: most are one.</summary>
/// <param name="Lead">What follows from the answer, in a sentence or two.</param>
public sealed record Sheet(string Lead, IReadOnlyList<Block> Blocks)
{
    /// <summary>A page that shows it.</summary>
    public Seen As(string answer) => Seen.Of<SheetPart>(answer, this);
}

/// <summary>A part of a page. The set is closed: <c>SheetPart</c> shows each.</summary>
public abstract record Block
{
    private Block() { }

    /// <summary>What can be done.</summary>
    public sealed record Acts(IReadOnlyList<Act> All) : Block;

    /// <param name="Id">Unlike any other of the page.</param>
    public sealed record Figure(
        Picture Of,
        string Id,
        bool IsHalf = false,
        IReadOnlyList<(string Tone, string Word)>? Keys = null
    ) : Block;

    /// <summary>Rows under columns; a column whose name begins with <c>~</c> is left out on a phone, one that begins with <c>#</c> holds numbers.</summary>
    public sealed record Table(string Title, IReadOnlyList<string> Columns, IReadOnlyList<Row> Rows) : Block
    {
        /// <summary>What is said when there are no rows.</summary>
        public string Nothing { get; init; } = "There are none.";

        /// <summary>The command by which there would be some; null for none.</summary>
        public string? Command { get; init; }

        /// <summary>What can be done with several rows at once; null for nothing.</summary>
        public Act? Several { get; init; }

        /// <summary>Where more of them are; null when these are all.</summary>
        public (string Word, string Url)? More { get; init; }
    }

    /// <summary>Names and what they are.</summary>
    public sealed record Facts(string Title, IReadOnlyList<(string Name, Cell Is)> All) : Block;

    /// <summary>What happened, the latest first.</summary>
    public sealed record Story(string Title, IReadOnlyList<Moment> All) : Block
    {
        /// <summary>What is said when nothing did.</summary>
        public string Nothing { get; init; } = "Nothing happened.";
    }

    /// <summary>Lines of logs.</summary>
    public sealed record Lines(string Title, IReadOnlyList<LogView> All) : Block
    {
        /// <summary>Where older ones are; null when there are none.</summary>
        public (string Word, string Url)? More { get; init; }
    }

    /// <summary>What the page is asked for, kept in its address.</summary>
    public sealed record Filter(string Path, IReadOnlyList<Field> All) : Block;

    /// <summary>Links to the same page as it is asked a little otherwise.</summary>
    /// <param name="Name">What they change, such as <c>Time</c>.</param>
    public sealed record Ways(string Name, IReadOnlyList<(string Word, string Url)> All) : Block;

    /// <summary>A text as it was written.</summary>
    public sealed record Text(string Title, string Words) : Block;

    /// <summary>Blocks beside each other, where there is room.</summary>
    public sealed record Beside(IReadOnlyList<Block> All) : Block;

    /// <param name="Key">Unlike any other of its table.</param>
    public sealed record Row(string Key, IReadOnlyList<Cell> Cells)
    {
        /// <summary>What can be done with it.</summary>
        public IReadOnlyList<Act> Acts { get; init; } = [];

        /// <summary>What the table's act for several takes of this row, by the operation's own names; empty when it cannot be picked.</summary>
        public IReadOnlyDictionary<string, string> Picks { get; init; } = new Dictionary<string, string>();
    }

    /// <param name="Tone">Of a story's word: good, warn, bad or mute.</param>
    public sealed record Moment(DateTimeOffset At, string Kind, string Text, string Tone = "mute");

    /// <param name="Options">What it may be; empty when anything is typed.</param>
    public sealed record Field(string Name, string Label, string? Value, IReadOnlyList<string> Options)
    {
        /// <summary>It takes the room that is left.</summary>
        public bool IsWide { get; init; }

        /// <summary>What it often is, offered while it is typed; empty for nothing.</summary>
        public IReadOnlyList<string> Often { get; init; } = [];

        /// <summary>Words of the language in which it is written, for who completes it; empty for none.</summary>
        public IReadOnlyList<string> Words { get; init; } = [];

        /// <summary>Shown while it is empty.</summary>
        public string? Hint { get; init; }
    }
}

/// <summary>A cell of a table.</summary>
public sealed record Cell(string Text)
{
    /// <summary>Where it leads; null for nowhere.</summary>
    public string? Url { get; init; }

    /// <summary>Of a state: good, warn, bad, motion or mute; null for a text.</summary>
    public string? Tone { get; init; }

    /// <summary>A time, in the place of the text.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>A part of a whole, as a gauge in the place of the text; 1 for all.</summary>
    public double? Ratio { get; init; }

    /// <summary>In letters of one width.</summary>
    public bool IsCode { get; init; }

    public static implicit operator Cell(string? text) => new(text ?? "–");

    public static Cell State(string word) => new(States.Said(word)) { Tone = States.ToneOf(word) };

    public static Cell Link(string text, string? url) => new(text) { Url = url };

    public static Cell Code(string? text) => new(text ?? "–") { IsCode = true };

    public static Cell Time(DateTimeOffset? at) => new("–") { At = at };
}
