using System.Globalization;
using System.Net;
using System.Text;
using Fairlead.Engine.Reporting;
using Fairlead.Model.Incidents;

namespace Fairlead.Engine.Responding.Incidents;

/// <summary>A drafted post-mortem as a page that needs nothing else: the text as it is to be edited, and pictures within. Pure.</summary>
public static class PostMortemPage
{
    public static string Of(Incident incident, IReadOnlyList<Graph> graphs, DateTimeOffset now)
    {
        var title = Escaped($"Incident {incident.Number}: {incident.Title}");
        var page = new StringBuilder();
        page.Append(
            $$"""
            <!doctype html>
            <html lang="en">
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width">
            <title>{{title}}</title>
            <style>
            :root { color-scheme: light dark }
            body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
            table { border-collapse: collapse } th, td { text-align: left; padding: .2rem 1rem .2rem 0 }
            figure { margin: 1.5rem 0; break-inside: avoid } svg { width: 100%; height: auto }
            pre { white-space: pre-wrap; overflow-wrap: anywhere }
            </style>
            <h1>{{title}}</h1>

            """
        );
        foreach (var graph in graphs)
        {
            page.Append("<figure>\n").Append(GraphSvg.Of(graph));
            page.Append(
                CultureInfo.InvariantCulture,
                $"<figcaption>{Escaped(graph.Sentence)}</figcaption>\n<details><summary>Numbers</summary>\n<table><thead><tr><th scope=\"col\">Time (UTC)</th><th scope=\"col\">{Escaped(graph.Heading)}</th></tr></thead><tbody>\n"
            );
            foreach (var row in graph.Rows)
            {
                page.Append(
                    CultureInfo.InvariantCulture,
                    $"<tr><td>{row.At.UtcDateTime:yyyy-MM-dd HH:mm:ss}</td><td>{GraphSvg.Number(row.Value)}</td></tr>\n"
                );
            }
            page.Append("</tbody></table></details>\n</figure>\n");
        }
        // What people add is Markdown, so the draft stays what they copy.
        return page.Append("<pre>")
            .Append(Escaped(PostMortem.Of(incident, now)))
            .Append("</pre>\n</html>\n")
            .ToString();
    }

    private static string Escaped(string text) => WebUtility.HtmlEncode(text);
}
