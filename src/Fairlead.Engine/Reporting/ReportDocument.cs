namespace Fairlead.Engine.Reporting;

/// <summary>A report that is in no format yet.</summary>
/// <param name="Answer">What it comes to, in one sentence.</param>
public sealed record ReportDocument(string Title, string Answer, IReadOnlyList<ReportSection> Sections)
{
    /// <summary>What matters of it where there is only room for a few lines.</summary>
    public IReadOnlyList<string> Brief { get; init; } = [];
}

/// <summary>A part of a report: what is not there is left out.</summary>
/// <param name="Title">Empty for a part that stands by itself.</param>
public sealed record ReportSection(string Title)
{
    /// <summary>A sentence before all else.</summary>
    public string? Text { get; init; }

    public ReportTable? Table { get; init; }

    /// <summary>What it was reckoned from, a line each.</summary>
    public IReadOnlyList<string> Lines { get; init; } = [];
}

/// <param name="Rows">Each with as many texts as there are columns.</param>
public sealed record ReportTable(IReadOnlyList<ReportColumn> Columns, IReadOnlyList<IReadOnlyList<string>> Rows);

/// <param name="IsNumber">Numbers stand to the right.</param>
public sealed record ReportColumn(string Name, bool IsNumber = false);
