namespace Fairlead.Faces.Dashboard.Charts;

/// <summary>
/// A picture with the two other ways in which it can be taken in: the sentence that says what it shows, and the table behind it. The
/// drawing is one of the closed set in <see cref="Drawing"/>; terminal and Markdown are made of the same.
/// </summary>
/// <param name="Title">What it is of, such as <c>Traffic</c>.</param>
/// <param name="Sentence">What it shows, whole: whoever sees no picture misses nothing that matters.</param>
public sealed record Picture(string Title, string Sentence, Grid Table, Drawing Drawing);

/// <summary>Rows of text under columns.</summary>
public sealed record Grid(IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string>> Rows)
{
    /// <summary>The time of each row; empty where rows have none.</summary>
    public IReadOnlyList<DateTimeOffset> Times { get; init; } = [];

    /// <summary>As Markdown writes tables.</summary>
    public string Markdown() =>
        string.Join(
            '\n',
            [Line(Columns), $"|{string.Concat(Columns.Select(static _ => " --- |"))}", .. Rows.Select(Line)]
        );

    private static string Line(IReadOnlyList<string> cells) =>
        $"|{string.Concat(cells.Select(static cell => $" {Clean(cell)} |"))}";

    private static string Clean(string cell) =>
        cell.Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("|", "\\|", StringComparison.Ordinal)
            .ReplaceLineEndings(" ");
}

/// <summary>How something is drawn. The set is closed: one place draws them.</summary>
public abstract record Drawing
{
    private Drawing() { }

    /// <summary>Shares of traffic over time, one part upon the other, up to now; behind it what is planned.</summary>
    /// <param name="Areas">From the bottom up.</param>
    /// <param name="Now">Null when it is over.</param>
    /// <param name="Until">Where the picture ends.</param>
    /// <param name="Planned">The lowest area's share from now on, as the steps that are left say.</param>
    public sealed record Shares(
        IReadOnlyList<Area> Areas,
        DateTimeOffset From,
        DateTimeOffset? Now,
        DateTimeOffset Until,
        IReadOnlyList<Point> Planned
    ) : Drawing;

    /// <summary>Numbers over time.</summary>
    /// <param name="Unit">Written after each number, such as <c>%</c> or <c> ms</c>.</param>
    /// <param name="Limit">What must not be passed; null for none.</param>
    public sealed record Lines(IReadOnlyList<Line> All, string Unit, double? Limit, IReadOnlyList<Mark> Marks)
        : Drawing;

    /// <summary>Amounts by time, one bar each.</summary>
    public sealed record Bars(IReadOnlyList<Bar> All, string Unit) : Drawing
    {
        /// <summary>Moments that the amounts are to be seen with, by the bar in which they are.</summary>
        public IReadOnlyList<(int Bar, string Name)> Marks { get; init; } = [];
    }

    /// <summary>How strongly evidence speaks for and against.</summary>
    public sealed record Odds(IReadOnlyList<Evidence> All) : Drawing;

    /// <summary>What happened when, in lanes.</summary>
    public sealed record Lanes(
        IReadOnlyList<string> Names,
        IReadOnlyList<Happening> All,
        DateTimeOffset From,
        DateTimeOffset Until
    ) : Drawing;

    /// <summary>What ran when, one below the other, in seconds since all of it began.</summary>
    public sealed record Spans(IReadOnlyList<Span> All) : Drawing;

    /// <summary>A field for each day, oldest first: well, or with something that was not.</summary>
    public sealed record Days(IReadOnlyList<Day> All) : Drawing;

    /// <summary>Whose turn it is when.</summary>
    public sealed record Turns(
        IReadOnlyList<string> Names,
        IReadOnlyList<Turn> All,
        DateTimeOffset From,
        DateTimeOffset Until
    ) : Drawing;

    /// <summary>How many of each kind there were, when.</summary>
    /// <param name="Rows">Names of the kinds, the least first.</param>
    /// <param name="Columns">By time, oldest first; in each a number for every row.</param>
    public sealed record Heat(
        IReadOnlyList<string> Rows,
        IReadOnlyList<IReadOnlyList<double>> Columns,
        DateTimeOffset From,
        DateTimeOffset Until,
        IReadOnlyList<Mark> Marks
    ) : Drawing;

    /// <summary>Parts of a whole.</summary>
    public sealed record Tree(IReadOnlyList<Leaf> All) : Drawing;

    /// <summary>Who calls whom, from left to right.</summary>
    public sealed record Map(IReadOnlyList<Node> Nodes, IReadOnlyList<Link> Links) : Drawing;

    /// <summary>A value at a time.</summary>
    public sealed record Point(DateTimeOffset At, double Value);

    /// <param name="Tone">stable, canary, previous or other: which colour and hatch it has everywhere.</param>
    public sealed record Area(string Name, string Tone, IReadOnlyList<Point> Steps);

    /// <param name="Low">The lower end of what may be true, beside each point; empty for none.</param>
    public sealed record Line(
        string Name,
        string Tone,
        IReadOnlyList<Point> Points,
        IReadOnlyList<double> Low,
        IReadOnlyList<double> High
    );

    /// <summary>A moment that the numbers are to be seen with, such as a deployment.</summary>
    public sealed record Mark(DateTimeOffset At, string Name);

    /// <param name="Grave">The part of the amount that is bad.</param>
    public sealed record Bar(string Name, double Amount, double Grave);

    /// <param name="Against">The odds for harm, 1 for even.</param>
    /// <param name="For">The odds for there being none that matters.</param>
    public sealed record Evidence(string Name, double Against, double For);

    /// <param name="Lane">Index of its lane.</param>
    /// <param name="Tone">bad, warn, good or plain.</param>
    public sealed record Happening(int Lane, DateTimeOffset At, DateTimeOffset? Until, string Name, string Tone);

    /// <param name="From">Seconds.</param>
    /// <param name="Length">Seconds.</param>
    /// <param name="Tone">good, bad, warn or mute.</param>
    /// <param name="IsCritical">Of the chain that made all of it as long as it was.</param>
    public sealed record Span(string Name, double From, double Length, string Tone, bool IsCritical, string Note);

    /// <param name="Bad">The part of the day that was not well; 1 for all of it, null when nothing is known.</param>
    public sealed record Day(string Name, double? Bad, string Note);

    /// <param name="Row">Index of its name.</param>
    /// <param name="Tone">Those of one number look the same; -1 for a turn that nobody has.</param>
    public sealed record Turn(int Row, DateTimeOffset From, DateTimeOffset Until, string Name, int Tone);

    /// <param name="Group">Those of one group look the same.</param>
    public sealed record Leaf(string Name, double Amount, string Note, int Group);

    /// <param name="Column">0 for who is asked first.</param>
    public sealed record Node(string Name, string Note, int Column, bool IsIll);

    /// <param name="Weight">Requests a second; the line's width follows it.</param>
    public sealed record Link(string From, string To, double Weight, double ErrorPercent);
}
