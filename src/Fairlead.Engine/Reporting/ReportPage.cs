using System.Globalization;
using System.Net;
using System.Text;

namespace Fairlead.Engine.Reporting;

/// <summary>A report as a page: Markdown, HTML or CSV. Pure.</summary>
public static class ReportPage
{
    public static string Markdown(string title, IReadOnlyList<ReportNumber> numbers, bool explains)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"# {title}\n\n| | | | |\n| --- | ---: | --- | --- |\n");
        foreach (var one in numbers)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"| {one.Name} | {Value(one)} | {one.Unit} | {one.Band ?? ""} |\n"
            );
        }
        foreach (var one in explains ? numbers : [])
        {
            text.Append(CultureInfo.InvariantCulture, $"\n## {one.Name}\n\n{one.How}\n\n");
            foreach (var line in one.Evidence)
            {
                text.Append(CultureInfo.InvariantCulture, $"- {line}\n");
            }
        }
        return text.ToString();
    }

    public static string Html(string title, IReadOnlyList<ReportNumber> numbers, bool explains)
    {
        var text = new StringBuilder();
        text.Append(
            CultureInfo.InvariantCulture,
            $$"""
            <!doctype html>
            <html lang="en">
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width">
            <title>{{Escaped(title)}}</title>
            <style>
            :root { color-scheme: light dark }
            body { font: 16px/1.5 system-ui, sans-serif; max-width: 50rem; margin: 2rem auto; padding: 0 1rem }
            table { border-collapse: collapse; width: 100% }
            th, td { text-align: left; padding: .4rem .8rem .4rem 0; border-bottom: 1px solid color-mix(in srgb, currentColor 25%, transparent) }
            td:nth-child(2) { text-align: right; font-variant-numeric: tabular-nums }
            </style>
            <h1>{{Escaped(title)}}</h1>
            <table>
            <thead><tr><th scope="col">Number</th><th scope="col">Value</th><th scope="col">Unit</th><th scope="col">Band</th></tr></thead>
            <tbody>

            """
        );
        foreach (var one in numbers)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"<tr><th scope=\"row\">{Escaped(one.Name)}</th><td>{Value(one)}</td><td>{Escaped(one.Unit)}</td><td>{Escaped(one.Band ?? "")}</td></tr>\n"
            );
        }
        text.Append("</tbody>\n</table>\n");
        foreach (var one in explains ? numbers : [])
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"<h2>{Escaped(one.Name)}</h2>\n<p>{Escaped(one.How)}</p>\n<ul>\n"
            );
            foreach (var line in one.Evidence)
            {
                text.Append(CultureInfo.InvariantCulture, $"<li>{Escaped(line)}</li>\n");
            }
            text.Append("</ul>\n");
        }
        return text.Append("</html>\n").ToString();
    }

    /// <summary>As RFC 4180 says.</summary>
    public static string Csv(IReadOnlyList<ReportNumber> numbers)
    {
        var text = new StringBuilder("name,value,unit,band,how\r\n");
        foreach (var one in numbers)
        {
            text.AppendJoin(
                    ',',
                    new[] { one.Name, one.Value is null ? "" : Value(one), one.Unit, one.Band ?? "", one.How }.Select(
                        Quoted
                    )
                )
                .Append("\r\n");
        }
        return text.ToString();
    }

    private static string Value(ReportNumber one) => one.Value?.ToString(CultureInfo.InvariantCulture) ?? "unknown";

    private static string Escaped(string text) => WebUtility.HtmlEncode(text);

    private static string Quoted(string text) => $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
