using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using Fairlead.Engine.Operations;
using Fairlead.Model.Monitoring;

namespace Fairlead.Faces.Status;

/// <summary>A status page as HTML: one file without scripts, fonts or pictures from anywhere, so that it comes also when little else does.</summary>
internal static class StatusHtml
{
    private const int BarWidth = 8;
    private const int BarGap = 2;
    private const int BarHeight = 34;

    private static readonly HtmlEncoder Encoder = HtmlEncoder.Default;

    /// <summary>Nothing but the style within may be used: what somebody wrote into a title stays a text.</summary>
    public static string Policy { get; } =
        $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style)))}'; "
        + "frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

    public static string Of(StatusPageView view, DateTimeOffset now)
    {
        var page = new StringBuilder();
        page.Append(
            $"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>{Safe(Sentence(view.State))} · {Safe(view.Title)}</title>
            <link rel="alternate" type="application/rss+xml" title="{Safe(view.Title)}" href="/status/{Safe(
                view.Name
            )}.rss">
            <style>{Style}</style>
            </head>
            <body>
            <a class="skip" href="#main">Skip to content</a>
            <header><h1>{Safe(view.Title)}</h1>{(view.About is { } about ? $"<p>{Safe(about)}</p>" : "")}</header>
            <main id="main">
            <p class="overall {Safe(view.State)}" role="status">{Mark(view.State)}<span>{Safe(
                Sentence(view.State)
            )}</span></p>

            """
        );
        Incidents(page, "Now", [.. view.Incidents.Where(one => one.State is not StatusStage.Resolved)]);
        Planned(page, view.Maintenance);
        foreach (var group in view.Groups)
        {
            Group(page, group);
        }
        Incidents(page, "Before", [.. view.Incidents.Where(one => one.State is StatusStage.Resolved)]);
        page.Append(
            CultureInfo.InvariantCulture,
            $"""
            </main>
            <footer><p>As of <time datetime="{now.UtcDateTime:yyyy-MM-ddTHH:mmZ}">{now.UtcDateTime:yyyy-MM-dd HH:mm} UTC</time>. All days are UTC. Be told: <a href="/status/{Safe(
                view.Name
            )}.rss">RSS</a>{(view.TakesSubscribers ? $", <a href=\"/status/{Safe(view.Name)}{SubscribeFace.Part}\">mail</a>" : "")} · for programs: <a href="/status/{Safe(view.Name)}.json">JSON</a></p></footer>
            </body>
            </html>

            """
        );
        return page.ToString();
    }

    private static void Group(StringBuilder page, StatusGroupView group)
    {
        page.Append("<section>");
        page.Append(group.Title.Length > 0 ? $"<h2>{Safe(group.Title)}</h2>" : "<h2 class=\"sr\">Components</h2>");
        page.Append("<ul class=\"components\">\n");
        foreach (var one in group.Components)
        {
            page.Append(
                $"""
                <li><div class="line"><h3>{Safe(one.Label)}</h3><span class="state {Safe(one.State)}">{Mark(
                    one.State
                )}{Safe(Word(one.State))}</span></div>
                {Bars(one)}
                <div class="scale"><span>90 days ago</span><span>{(
                    one.Uptime is { } up ? $"{Safe(up)} up" : "nothing known yet"
                )}</span><span>today</span></div></li>

                """
            );
        }
        page.Append("</ul></section>\n");
    }

    /// <summary>A bar for each day: the higher its dark part, the longer it was down; an outline where nothing is known.</summary>
    private static string Bars(ComponentView component)
    {
        var bars = new StringBuilder();
        var width = (component.Days.Count * (BarWidth + BarGap)) - BarGap;
        bars.Append(
            CultureInfo.InvariantCulture,
            $"<svg class=\"bars\" viewBox=\"0 0 {width} {BarHeight}\" role=\"img\" preserveAspectRatio=\"none\" aria-label=\"{Safe(Words(component))}\">"
        );
        for (var (at, x) = (0, 0); at < component.Days.Count; (at, x) = (at + 1, x + BarWidth + BarGap))
        {
            var day = component.Days[at];
            var title = Safe(Day(day));
            if (day.KnownSeconds == 0)
            {
                bars.Append(
                    CultureInfo.InvariantCulture,
                    $"<rect class=\"none\" x=\"{x}\" y=\"{BarHeight - 6}\" width=\"{BarWidth}\" height=\"6\"><title>{title}</title></rect>"
                );
                continue;
            }
            bars.Append(
                CultureInfo.InvariantCulture,
                $"<rect class=\"up\" x=\"{x}\" y=\"0\" width=\"{BarWidth}\" height=\"{BarHeight}\"><title>{title}</title></rect>"
            );
            if (day.DownSeconds > 0)
            {
                // An hour is seen as well as a day; a second is seen at all.
                var part = Math.Pow(Math.Min(1, (double)day.DownSeconds / day.KnownSeconds), 0.4);
                var height = Math.Clamp(part * BarHeight, 7, BarHeight);
                bars.Append(
                    CultureInfo.InvariantCulture,
                    $"<rect class=\"bad\" x=\"{x}\" y=\"{BarHeight - height:0.#}\" width=\"{BarWidth}\" height=\"{height:0.#}\"><title>{title}</title></rect>"
                );
            }
        }
        return bars.Append("</svg>").ToString();
    }

    private static void Incidents(StringBuilder page, string heading, IReadOnlyList<PublicIncident> incidents)
    {
        if (incidents.Count == 0)
        {
            return;
        }
        page.Append($"<section><h2>{heading}</h2>\n");
        foreach (var one in incidents)
        {
            var about = one.Components.Count > 0 ? $" It concerns {Safe(string.Join(", ", one.Components))}." : "";
            page.Append(
                $"<article class=\"incident\"><h3>{Safe(one.Title)}</h3><p class=\"mute\">Impact: {one.Impact.ToString().ToLowerInvariant()}.{about}</p><ol>"
            );
            foreach (var update in one.Updates)
            {
                page.Append(
                    CultureInfo.InvariantCulture,
                    $"<li><strong>{update.State}</strong> <time datetime=\"{update.At.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}\">{update.At.UtcDateTime:yyyy-MM-dd HH:mm} UTC</time><p>{Safe(update.Text)}</p></li>"
                );
            }
            page.Append("</ol></article>\n");
        }
        page.Append("</section>\n");
    }

    private static void Planned(StringBuilder page, IReadOnlyList<PlannedView> all)
    {
        if (all.Count == 0)
        {
            return;
        }
        page.Append("<section><h2>Maintenance</h2><ul class=\"planned\">\n");
        foreach (var one in all)
        {
            page.Append(
                CultureInfo.InvariantCulture,
                $"<li><strong>{(one.GoesOn ? "Going on" : "Planned")}</strong> <time datetime=\"{one.From.UtcDateTime:yyyy-MM-ddTHH:mmZ}\">{one.From.UtcDateTime:yyyy-MM-dd HH:mm}</time> to <time datetime=\"{one.To.UtcDateTime:yyyy-MM-ddTHH:mmZ}\">{one.To.UtcDateTime:yyyy-MM-dd HH:mm} UTC</time><p>{Safe(one.Text)}</p><p class=\"mute\">It concerns {Safe(string.Join(", ", one.Components))}.</p></li>\n"
            );
        }
        page.Append("</ul></section>\n");
    }

    /// <summary>What the bars show, for whoever does not see them.</summary>
    private static string Words(ComponentView one)
    {
        const int shown = 5;
        var known = one.Days.Count(day => day.KnownSeconds > 0);
        var down = one.Days.Where(day => day.DownSeconds > 0).Reverse().ToList();
        return known == 0 ? $"{one.Label}: nothing is known of the last 90 days."
            : down.Count == 0
                ? string.Create(CultureInfo.InvariantCulture, $"{one.Label}: never down in the last {known} days.")
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{one.Label}: down on {down.Count} of the last {known} days. "
            ) + string.Join(" ", down.Take(shown).Select(Day));
    }

    private static string Day(StatusDay day) =>
        day.KnownSeconds == 0 ? string.Create(CultureInfo.InvariantCulture, $"{day.Date:yyyy-MM-dd}: nothing known.")
        : day.DownSeconds == 0 ? string.Create(CultureInfo.InvariantCulture, $"{day.Date:yyyy-MM-dd}: never down.")
        : string.Create(CultureInfo.InvariantCulture, $"{day.Date:yyyy-MM-dd}: down for {Time(day.DownSeconds)}.");

    private static string Time(long seconds) =>
        seconds < 60 ? string.Create(CultureInfo.InvariantCulture, $"{seconds} s")
        : seconds < 3600 ? string.Create(CultureInfo.InvariantCulture, $"{seconds / 60} min")
        : string.Create(CultureInfo.InvariantCulture, $"{seconds / 3600} h {seconds % 3600 / 60} min");

    private static string Sentence(string state) =>
        state switch
        {
            "operational" => "All systems are operational",
            "degraded" => "Some systems have trouble",
            "down" => "Everything is down",
            "maintenance" => "Maintenance goes on",
            _ => "Nothing is known at this moment",
        };

    private static string Word(string state) =>
        state switch
        {
            "operational" => "Operational",
            "down" => "Down",
            "maintenance" => "Maintenance",
            _ => "Unknown",
        };

    // Told apart by their form, not by their colour alone.
    private static string Mark(string state) =>
        state switch
        {
            "operational" =>
                "<svg class=\"mark\" viewBox=\"0 0 16 16\" aria-hidden=\"true\"><path d=\"M2.5 8.5l3.5 3.5 7.5-8\"/></svg>",
            "down" =>
                "<svg class=\"mark\" viewBox=\"0 0 16 16\" aria-hidden=\"true\"><path d=\"M3.5 3.5l9 9M12.5 3.5l-9 9\"/></svg>",
            "degraded" =>
                "<svg class=\"mark\" viewBox=\"0 0 16 16\" aria-hidden=\"true\"><path d=\"M8 2.5v7M8 12.5v1.5\"/></svg>",
            "maintenance" =>
                "<svg class=\"mark\" viewBox=\"0 0 16 16\" aria-hidden=\"true\"><path d=\"M8 2.5v5.5l3.5 3\"/><circle cx=\"8\" cy=\"8\" r=\"6\"/></svg>",
            _ => "<svg class=\"mark\" viewBox=\"0 0 16 16\" aria-hidden=\"true\"><path d=\"M3 8h10\"/></svg>",
        };

    private static string Safe(string text) => Encoder.Encode(text);

    private const string Style = """
        :root{color-scheme:light dark;--bg:light-dark(#F4F6F7,#10171C);--panel:light-dark(#FFFFFF,#172128);--line:light-dark(#D3DBDF,#2C3A43);--ink:light-dark(#14222B,#E6EDF0);--mute:light-dark(#4C5F6B,#9DB0BB);--accent:light-dark(#0B5C7A,#6CC3E3);--good:light-dark(#0B6E4F,#5CD1A4);--warn:light-dark(#8A5A00,#F2BE3A);--bad:light-dark(#B3261E,#FF8A80);--up:light-dark(#9AD3BC,#2F6B57)}
        *{box-sizing:border-box}html{font:16px/1.5 system-ui,sans-serif;background:var(--bg);color:var(--ink)}body{margin:0 auto;max-width:52rem;padding:0 1rem}
        h1{font-size:1.75rem;line-height:1.2;margin:2rem 0 .25rem}h2{font-size:1.1rem;margin:0 0 .75rem}h3{font-size:1rem;margin:0}header p{margin:0;color:var(--mute)}
        .sr,.skip{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}.skip:focus{width:auto;height:auto;clip-path:none;background:var(--panel);padding:.5rem}
        .overall{display:flex;gap:.75rem;align-items:center;font-size:1.2rem;font-weight:650;padding:1rem 1.25rem;margin:1.25rem 0;border-radius:10px;background:var(--panel);border:1px solid var(--line);border-left:6px solid currentColor}.overall span{color:var(--ink)}
        .operational{color:var(--good)}.down{color:var(--bad)}.degraded,.maintenance{color:var(--warn)}.unknown{color:var(--mute)}
        .mark{width:1em;height:1em;flex:none;fill:none;stroke:currentColor;stroke-width:2.4;stroke-linecap:round}
        section{background:var(--panel);border:1px solid var(--line);border-radius:10px;padding:1.1rem 1.25rem;margin:1rem 0}ul,ol{list-style:none;margin:0;padding:0}
        .components li{padding:.75rem 0;border-top:1px solid var(--line)}.components li:first-child{border:0;padding-top:0}.components li:last-child{padding-bottom:0}
        .line{display:flex;justify-content:space-between;gap:1rem;align-items:baseline}.state{display:inline-flex;gap:.4rem;align-items:center;font-weight:600;white-space:nowrap}
        .bars{display:block;width:100%;height:34px;margin:.5rem 0 .25rem}.bars .up{fill:var(--up)}.bars .bad{fill:var(--bad)}.bars .none{fill:var(--line)}
        .scale{display:flex;justify-content:space-between;font-size:.85rem;color:var(--mute)}.mute,time{color:var(--mute)}time{font-size:.9rem}
        .incident+.incident,.planned li+li{border-top:1px solid var(--line);margin-top:.9rem;padding-top:.9rem}.incident p,.planned p{margin:.15rem 0 .5rem}.incident li p{overflow-wrap:anywhere}
        a{color:var(--accent)}:focus-visible{outline:3px solid var(--accent);outline-offset:2px}footer{font-size:.9rem;color:var(--mute);padding:.5rem 0 2rem}
        """;
}
