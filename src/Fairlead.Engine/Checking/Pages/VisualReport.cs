using System.Globalization;
using System.Net;
using System.Text;

namespace Fairlead.Engine.Checking.Pages;

/// <summary>How a page looked.</summary>
/// <param name="State">same, changed or new.</param>
internal sealed record Look(PageView View, string State, double Share);

/// <summary>A page for people with all that changed: before, after, and what differs. It runs no script and loads nothing from elsewhere.</summary>
internal static class VisualReport
{
    public static string Html(Uri site, IReadOnlyList<Look> looks)
    {
        var text = new StringBuilder();
        var changed = looks.Count(static one => one.State != "same");
        _ = text.Append(
            CultureInfo.InvariantCulture,
            $$"""
            <!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
            <title>Pages of {{Safe(site.ToString())}}</title>
            <style>
            body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem; color: #1b1f24; background: #f6f7f9 }
            h1 { font-size: 1.4rem } h2 { font-size: 1.1rem; margin: 2rem 0 .5rem } .row { display: flex; gap: 1rem; flex-wrap: wrap }
            figure { margin: 0; flex: 1 1 16rem; max-width: 40rem } img { width: 100%; border: 1px solid #c5cad1; background: #fff }
            .changed { color: #b3261e } .new { color: #8a5a00 } .same { color: #0b6e4f } code { background: #e8eaed; padding: .1rem .3rem }
            </style><h1>{{changed}} of {{looks.Count}} pages of {{Safe(site.ToString())}} look different</h1>
            <p>What is meant to be so is approved: <code>fairlead check visual --approve NAME</code></p>

            """
        );
        foreach (
            var look in looks
                .OrderBy(static one => one.State == "same")
                .ThenBy(static one => one.View.Name, StringComparer.Ordinal)
        )
        {
            var name = Safe(look.View.Name);
            _ = text.Append(
                CultureInfo.InvariantCulture,
                $"<h2><span class=\"{look.State}\">{look.State}</span> {Safe(look.View.ToString())} <code>{name}</code>{(look.State == "changed" ? string.Create(CultureInfo.InvariantCulture, $", {look.Share:0.###}% of it") : "")}</h2>\n"
            );
            if (look.State == "same")
            {
                continue;
            }
            _ = text.Append("<div class=\"row\">");
            IReadOnlyList<(string Kind, string Words)> kinds =
                look.State == "new"
                    ? [("after", "now")]
                    : [("before", "approved"), ("after", "now"), ("difference", "what differs")];
            foreach (var (kind, words) in kinds)
            {
                _ = text.Append(
                    CultureInfo.InvariantCulture,
                    $"<figure><figcaption>{words}</figcaption><a href=\"{name}.{kind}.png\"><img src=\"{name}.{kind}.png\" alt=\"{Safe(look.View.ToString())}, {words}\"></a></figure>"
                );
            }
            _ = text.Append("</div>\n");
        }
        return text.Append("</html>\n").ToString();
    }

    private static string Safe(string text) => WebUtility.HtmlEncode(text);
}
