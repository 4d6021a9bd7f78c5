using Fairlead.Model.Problems;
using Fairlead.Model.Telemetry;

namespace Fairlead.Drivers.Telemetry.Scraping;

/// <summary>Why a target's numbers could not be read. No address is shown with what is secret in it.</summary>
internal static class ScrapeProblems
{
    public static Problem UnknownScheme(string scheme, IReadOnlyList<string> known) =>
        new(
            "scrape.unknown-scheme",
            What: $"Nothing can be asked at an address that begins with '{scheme}:'.",
            Why: $"These are known: {string.Join(", ", known)}.",
            Fix: "Write for example: http://127.0.0.1:9100/metrics"
        )
        {
            Trouble = Trouble.WrongUse,
        };

    public static Problem TooSlow(ScrapeTarget target) =>
        new(
            "scrape.too-slow",
            What: $"{Name(target)} did not answer in time.",
            Why: $"It has {target.Timeout.TotalSeconds:0.###} s.",
            Fix: $"See how long it takes: curl -w '%{{time_total}}' {Address(target.Url)}"
        )
        {
            Trouble = Trouble.TimedOut,
        };

    public static Problem Unreachable(ScrapeTarget target, string why) =>
        new(
            "scrape.unreachable",
            What: $"{Name(target)} cannot be reached.",
            Why: why,
            Fix: $"See whether it runs, and whether it listens there: curl {Address(target.Url)}"
        )
        {
            Trouble = Trouble.Unreachable,
        };

    public static Problem Refused(ScrapeTarget target, int status) =>
        new(
            "scrape.refused",
            What: $"{Name(target)} did not show its metrics.",
            Why: $"It answered with the status {status}.",
            Fix: status is 401 or 403
                ? "Name what it wants to know: http://USER:${VARIABLE}@HOST/..., or http://:${VARIABLE}@HOST/... for a bearer's token."
                : $"Look at what it says: curl -i {Address(target.Url)}"
        );

    public static Problem NotMetrics(ScrapeTarget target, string? type) =>
        new(
            "scrape.not-metrics",
            What: $"{Name(target)} shows something, but no metrics.",
            Why: $"It answered as '{type}'; Prometheus's text format and OpenMetrics are known.",
            Fix: "See under which path it has them, and write that path."
        );

    public static Problem Unreadable(ScrapeTarget target, string why) =>
        new(
            "scrape.unreadable",
            What: $"The metrics of {Name(target)} cannot be read, so none of them is kept.",
            Why: why,
            Fix: $"See what is wrong there: curl -s {Address(target.Url)} | promtool check metrics"
        );

    public static Problem MissingVariable(string name) =>
        new(
            "scrape.missing-variable",
            What: "An address cannot be completed.",
            Why: $"It names the variable {name}, and the server's environment has none of that name.",
            Fix: $"Set it where Fairlead is started: {name}=... fairlead up"
        )
        {
            Trouble = Trouble.WrongUse,
        };

    public static Problem NoAddress(string url) =>
        new(
            "scrape.no-address",
            What: $"'{Address(url)}' is no address that can be asked.",
            Why: "It needs a scheme, a host and, where it is not the usual one, a port.",
            Fix: "Write for example: http://127.0.0.1:9100/metrics or postgres://user:${PGPASSWORD}@127.0.0.1/shop"
        )
        {
            Trouble = Trouble.WrongUse,
        };

    /// <summary>An address without what stands before the host.</summary>
    public static string Address(string url)
    {
        var begin = url.IndexOf("://", StringComparison.Ordinal) + 3;
        var end = begin > 2 ? url.IndexOfAny(['/', '?', '#'], begin) : -1;
        var at = begin > 2 ? url.LastIndexOf('@', (end < 0 ? url.Length : end) - 1) : -1;
        return at < begin ? url : url[..begin] + "***@" + url[(at + 1)..];
    }

    private static string Name(ScrapeTarget target) => $"{target.Job} {target.Instance}";
}
