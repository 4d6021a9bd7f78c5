using System.Globalization;
using System.Net;
using System.Text;

namespace Fairlead.Engine.Reporting;

/// <summary>A report as a page: Markdown, HTML that also prints well, or CSV. What others named breaks none of them. Pure.</summary>
public static class ReportPage
{
    private const string Style = """
        :root { color-scheme: light dark }
        body { font: 16px/1.5 system-ui, sans-serif; max-width: 64rem; margin: 2rem auto; padding: 0 1rem }
        table { border-collapse: collapse; width: 100% }
        th, td { text-align: left; vertical-align: top; padding: .4rem .8rem .4rem 0; border-bottom: 1px solid color-mix(in srgb, currentColor 25%, transparent) }
        .n { text-align: right; font-variant-numeric: tabular-nums }
        @page { margin: 1.5cm }
        @media print { body { font-size: 10pt; max-width: none; margin: 0 } tr, li { break-inside: avoid } h2 { break-after: avoid } thead { display: table-header-group } }
        """;

    /// <summary>The same of numbers, with how each was reckoned where that is asked for.</summary>
    public static ReportDocument Document(
        string title,
        IReadOnlyList<ReportNumber> numbers,
        bool explains,
        IReadOnlyList<ReportSection>? more = null
    ) =>
        new(
            title,
            "",
            [
                new("")
                {
                    Table = new(
                        [new("Number"), new("Value", IsNumber: true), new("Unit"), new("Band")],
                        [
                            .. numbers.Select(static one =>
                                (IReadOnlyList<string>)[one.Name, Value(one), one.Unit, one.Band ?? ""]
                            ),
                        ]
                    ),
                },
                .. more ?? [],
                .. explains
                    ? numbers.Select(static one => new ReportSection(one.Name) { Text = one.How, Lines = one.Evidence })
                    : [],
            ]
        )
        {
            Brief =
            [
                .. numbers.Select(static one =>
                    $"{one.Name}: {Value(one)}{(one.Value is null ? "" : $" {one.Unit}")}{(one.Band is null ? "" : $", {one.Band}")}"
                ),
            ],
        };

    public static string Markdown(ReportDocument report)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"# {Line(report.Title)}\n");
        if (report.Answer.Length > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n{Line(report.Answer)}\n");
        }
        foreach (var section in report.Sections)
        {
            if (section.Title.Length > 0)
            {
                text.Append(CultureInfo.InvariantCulture, $"\n## {Line(section.Title)}\n");
            }
            if (section.Text is { } said)
            {
                text.Append(CultureInfo.InvariantCulture, $"\n{Line(said)}\n");
            }
            if (section.Table is { } table)
            {
                text.Append(CultureInfo.InvariantCulture, $"\n| {string.Join(" | ", table.Columns.Select(Head))} |\n");
                text.Append(
                    CultureInfo.InvariantCulture,
                    $"| {string.Join(" | ", table.Columns.Select(static one => one.IsNumber ? "---:" : "---"))} |\n"
                );
                foreach (var row in table.Rows)
                {
                    text.Append(CultureInfo.InvariantCulture, $"| {string.Join(" | ", row.Select(Cell))} |\n");
                }
            }
            text.Append(section.Lines.Count > 0 ? "\n" : "");
            foreach (var line in section.Lines)
            {
                text.Append(CultureInfo.InvariantCulture, $"- {Line(line)}\n");
            }
        }
        return text.ToString();
    }

    public static string Html(ReportDocument report)
    {
        var text = new StringBuilder();
        text.Append(
            CultureInfo.InvariantCulture,
            $"""
            <!doctype html>
            <html lang="en">
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width">
            <title>{Escaped(report.Title)}</title>
            <style>
            {Style}
            </style>
            <h1>{Escaped(report.Title)}</h1>

            """
        );
        Paragraph(text, report.Answer);
        foreach (var section in report.Sections)
        {
            if (section.Title.Length > 0)
            {
                text.Append(CultureInfo.InvariantCulture, $"<h2>{Escaped(section.Title)}</h2>\n");
            }
            Paragraph(text, section.Text ?? "");
            if (section.Table is { } table)
            {
                Table(text, table);
            }
            if (section.Lines.Count > 0)
            {
                text.Append("<ul>\n");
                foreach (var line in section.Lines)
                {
                    text.Append(CultureInfo.InvariantCulture, $"<li>{Escaped(line)}</li>\n");
                }
                text.Append("</ul>\n");
            }
        }
        return text.Append("</html>\n").ToString();
    }

    /// <summary>As RFC 4180 says.</summary>
    public static string Csv(IReadOnlyList<ReportNumber> numbers) =>
        Csv(
            new ReportTable(
                [new("name"), new("value", IsNumber: true), new("unit"), new("band"), new("how")],
                [
                    .. numbers.Select(static one =>
                        (IReadOnlyList<string>)
                            [one.Name, one.Value is null ? "" : Value(one), one.Unit, one.Band ?? "", one.How]
                    ),
                ]
            )
        );

    /// <summary>As RFC 4180 says; a text that a spreadsheet would reckon begins with an apostrophe.</summary>
    public static string Csv(ReportTable table)
    {
        var text = new StringBuilder();
        text.AppendJoin(',', table.Columns.Select(static one => one.Name)).Append("\r\n");
        foreach (var row in table.Rows)
        {
            text.AppendJoin(',', row.Zip(table.Columns, static (one, column) => Quoted(one, column.IsNumber)))
                .Append("\r\n");
        }
        return text.ToString();
    }

    private static void Paragraph(StringBuilder text, string said) =>
        text.Append(said.Length > 0 ? $"<p>{Escaped(said)}</p>\n" : "");

    private static void Table(StringBuilder text, ReportTable table)
    {
        text.Append("<table>\n<thead><tr>");
        foreach (var column in table.Columns)
        {
            text.Append(CultureInfo.InvariantCulture, $"<th scope=\"col\"{Side(column)}>{Escaped(column.Name)}</th>");
        }
        text.Append("</tr></thead>\n<tbody>\n");
        foreach (var row in table.Rows)
        {
            text.Append("<tr>");
            for (var place = 0; place < row.Count; place++)
            {
                text.Append(
                    place == 0
                        ? $"<th scope=\"row\">{Escaped(row[place])}</th>"
                        : $"<td{Side(table.Columns[place])}>{Escaped(row[place])}</td>"
                );
            }
            text.Append("</tr>\n");
        }
        text.Append("</tbody>\n</table>\n");
    }

    private static string Side(ReportColumn column) => column.IsNumber ? " class=\"n\"" : "";

    private static string Value(ReportNumber one) => one.Value?.ToString(CultureInfo.InvariantCulture) ?? "unknown";

    private static string Escaped(string text) => WebUtility.HtmlEncode(text);

    private static string Head(ReportColumn column) => Cell(column.Name);

    private static string Line(string text) =>
        string.Concat(text.Select(static letter => char.IsControl(letter) ? ' ' : letter))
            .Replace("<", "&lt;", StringComparison.Ordinal)
            .Replace("[", "\\[", StringComparison.Ordinal)
            .Trim();

    private static string Cell(string text) => Line(text).Replace("|", "\\|", StringComparison.Ordinal);

    private static string Quoted(string text, bool isNumber)
    {
        var safe = !isNumber && text is ['=' or '+' or '-' or '@' or '\t' or '\r', ..] ? $"'{text}" : text;
        return $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
