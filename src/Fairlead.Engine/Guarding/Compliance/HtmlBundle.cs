using System.Globalization;
using System.Net;
using System.Text;

namespace Fairlead.Engine.Guarding.Compliance;

/// <summary>A bundle as one page that needs nothing else: no script, no picture, no font, nothing fetched.</summary>
public static class HtmlBundle
{
    private const string Style = """
        body{font:15px/1.5 system-ui,sans-serif;max-width:72rem;margin:2rem auto;padding:0 1rem;color:#1b1f24;background:#fff}
        h1{font-size:1.6rem}h2{font-size:1.2rem;margin-top:2.5rem}table{border-collapse:collapse;width:100%}
        th,td{text-align:left;vertical-align:top;padding:.4rem .6rem;border-top:1px solid #d0d7de}
        code{font-size:.85em;overflow-wrap:anywhere}td.s{white-space:nowrap;font-weight:600}
        .failing{color:#b42318}.unknown,.manual{color:#7a5600}.stale{color:#7a5600}.fresh{color:#116329}
        small{color:#57606a}@media print{body{margin:0}}
        """;

    public static string Of(Bundle bundle)
    {
        var text = new StringBuilder();
        text.Append("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
        text.Append(
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        );
        text.Append("<title>Evidence of controls</title>\n<style>\n")
            .Append(Style)
            .Append("\n</style>\n</head>\n<body>\n");
        text.Append(CultureInfo.InvariantCulture, $"<h1>Evidence of controls</h1>\n<p>Measured at {Time(bundle.At)}. ");
        text.Append(
            "Each control is as good as the worst of its evidence. What nobody measured is <b>unknown</b>; what only a person can "
        );
        text.Append(
            "state is <b>manual</b> until somebody states it. This is evidence for an auditor, not an auditor's opinion.</p>\n"
        );
        foreach (var assessment in bundle.Assessments)
        {
            Append(text, assessment);
        }
        AppendEvidence(text, bundle.Evidence);
        AppendHead(text, bundle);
        text.Append("</body>\n</html>\n");
        return text.ToString();
    }

    private static void Append(StringBuilder text, Assessment assessment)
    {
        text.Append(CultureInfo.InvariantCulture, $"<h2>{Safe(assessment.Catalogue.Title)}</h2>\n");
        text.Append(
            CultureInfo.InvariantCulture,
            $"<p>{Safe(assessment.Summary)}. {Safe(assessment.Reach)}<br><small>{Safe(assessment.Catalogue.About)}</small></p>\n"
        );
        text.Append("<table>\n<tr><th>Control</th><th>State</th><th>Why, and what to do</th><th>Evidence</th></tr>\n");
        foreach (var one in assessment.Controls)
        {
            var state = one.State.ToString().ToLowerInvariant();
            text.Append(
                CultureInfo.InvariantCulture,
                $"<tr><td><b>{Safe(one.Control.Id)}</b><br>{Safe(one.Control.Title)}</td>"
            );
            text.Append(CultureInfo.InvariantCulture, $"<td class=\"s {state}\">{state}</td><td>{Safe(one.Why)}");
            if (one.Todo.Length > 0)
            {
                text.Append(CultureInfo.InvariantCulture, $"<br><small>To do: {Safe(one.Todo)}</small>");
            }
            if (one.Attestation is { } stated && one.State is not ControlState.Manual)
            {
                text.Append(
                    CultureInfo.InvariantCulture,
                    $"<br><small>Stated by {Safe(stated.By)} at {Time(stated.At)}, good until {Time(stated.Until)}: {Safe(stated.Statement)}</small>"
                );
            }
            text.Append("</td><td>");
            text.AppendJoin(
                ", ",
                one.Evidence.Select(evidence => $"<a href=\"#{Safe(evidence.Query)}\">{Safe(evidence.Query)}</a>")
            );
            text.Append("</td></tr>\n");
        }
        text.Append("</table>\n");
    }

    private static void AppendEvidence(StringBuilder text, IReadOnlyList<Evidence> all)
    {
        text.Append("<h2>Evidence</h2>\n<table>\n<tr><th>Question</th><th>Answer</th><th>Digest (SHA-256)</th></tr>\n");
        foreach (var one in all)
        {
            var (state, at) = one.Answer switch
            {
                Measured.Holds holds => (one.IsStale ? "stale" : "holds", Time(holds.At)),
                Measured.Fails fails => ("fails", Time(fails.At)),
                _ => ("unknown", "never"),
            };
            text.Append(
                CultureInfo.InvariantCulture,
                $"<tr id=\"{Safe(one.Query)}\"><td><b>{Safe(one.Query)}</b><br>{Safe(one.About)}</td>"
            );
            text.Append(
                CultureInfo.InvariantCulture,
                $"<td>{state}: {Safe(one.Answer.Text)}<br><small>{at}</small></td><td><code>{Safe(one.Digest)}</code></td></tr>\n"
            );
        }
        text.Append("</table>\n");
    }

    private static void AppendHead(StringBuilder text, Bundle bundle)
    {
        text.Append("<h2>The journal</h2>\n");
        if (bundle.Head is not { } head)
        {
            text.Append("<p>The journal is empty, so nothing is signed.</p>\n");
            return;
        }
        text.Append(
            CultureInfo.InvariantCulture,
            $"<p>Signed at {Time(head.At)} over {head.Size} lines. Whoever keeps this head can prove later that no line before it was changed: <code>fairlead audit export</code>, then <code>fairlead audit check FILE</code>.</p>\n"
        );
        text.Append(
            CultureInfo.InvariantCulture,
            $"<p><code>{Safe(bundle.HeadText)}</code></p>\n<pre><code>{Safe(bundle.PublicKey)}</code></pre>\n"
        );
    }

    private static string Time(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string Safe(string text) => WebUtility.HtmlEncode(text);
}
