using System.Globalization;
using System.Text.RegularExpressions;
using Fairlead.Engine.Judging.PromQl;
using Fairlead.Engine.Manifests.Reading;
using Fairlead.Engine.Responding.Alerts;
using Fairlead.Engine.Watching.Rules.Templates;
using Fairlead.Model.Alerting;
using Fairlead.Model.Problems;
using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Manifests.Resolving;

/// <summary>Completes what a manifest says of alerts, goals and of taking releases back.</summary>
internal static partial class WatchChoice
{
    // The edge counts answers within these; in between nothing is known.
    private static readonly double[] Bounds =
    [
        1,
        2.5,
        5,
        10,
        25,
        50,
        75,
        100,
        150,
        200,
        250,
        300,
        400,
        500,
        750,
        1000,
        1500,
        2000,
        2500,
        5000,
        10000,
        30000,
        60000,
    ];

    /// <returns>Null where the manifest says nothing of it.</returns>
    public static WatchSettings? Of(ManifestFile file, EnvironmentEntry place, Node root, Findings findings)
    {
        if (file.Alerts is null && file.Slo is null && file.Runbooks is null && place.Rollback is null)
        {
            return null;
        }
        var alerts = root.At("alerts");
        CheckOff(file.Alerts?.Off ?? [], alerts, findings);
        return new()
        {
            Rules =
            [
                .. (file.Alerts?.Rules ?? [])
                    .Select((one, at) => Rule(one, alerts.At("rules", at), findings))
                    .OfType<WatchedRule>(),
            ],
            Off = file.Alerts?.Off ?? [],
            Slo = file.Slo is { } slo ? SloOf(slo, root.At("slo"), findings) : null,
            Rollback = place.Rollback ?? RollbackPolicy.Ask,
            Runbooks = RunbooksChoice.Of(file, root, findings) is { Count: > 0 } runbooks ? runbooks : null,
        };
    }

    private static void CheckOff(IReadOnlyList<string> names, Node node, Findings findings)
    {
        foreach (var name in names.Where(name => !DefaultRules.Names.Contains(name)))
        {
            findings.Add(
                node.At("off"),
                "unknown-alert",
                (
                    $"There is no usual alert '{Shown.Line(name)}'.",
                    Nearest.To(name, DefaultRules.Names) is { } near
                        ? $"Did you mean {near}?"
                        : $"There are {string.Join(", ", DefaultRules.Names)}.",
                    "See them all: fairlead rule list"
                )
            );
        }
    }

    private static WatchedRule? Rule(AlertRuleEntry entry, Node node, Findings findings)
    {
        if (entry.Expr is null)
        {
            return null; // That it is missing is said already.
        }
        if (entry.Alert is null == entry.Record is null)
        {
            Bad(findings, node, "A rule is neither or both.", "Each has one of 'alert' and 'record'.");
            return null;
        }
        if (entry.Record is not null && (entry.For ?? entry.KeepFiringFor) is not null)
        {
            Bad(
                findings,
                node,
                "A rule that records a metric waits for nothing.",
                "'for' and 'keepFiringFor' belong to alerts."
            );
        }
        try
        {
            QueryEngine.Format(entry.Expr);
        }
        catch (ProblemException caught)
        {
            Bad(findings, node.At("expr"), $"The query '{Shown.Line(entry.Expr)}' cannot be read.", caught.Problem.Why);
        }
        // A text that is left empty is said to be missing by whoever reads the file.
        foreach (
            var (name, text) in (entry.Labels ?? Empty)
                .Concat(entry.Annotations ?? Empty)
                .Where(static one => one.Value is not null)
        )
        {
            try
            {
                Template.Read(text);
            }
            catch (TemplateException caught)
            {
                Bad(findings, node, $"The template of '{Shown.Line(name)}' cannot be read.", caught.Message);
            }
        }
        if (entry.Labels?.ContainsKey(Labels.MetricName) == true)
        {
            Bad(
                findings,
                node.At("labels"),
                "A rule cannot give the label __name__.",
                "What it gives is named after it."
            );
        }
        return new(entry.Alert ?? entry.Record!, entry.Expr) // One of them is there.
        {
            IsAlerting = entry.Alert is not null,
            For = entry.For ?? TimeSpan.Zero,
            KeepFiringFor = entry.KeepFiringFor ?? TimeSpan.Zero,
            Labels = entry.Labels ?? Empty,
            Annotations = entry.Annotations ?? Empty,
        };
    }

    private static readonly Dictionary<string, string> Empty = new(StringComparer.Ordinal);

    private static Slo? SloOf(SloEntry entry, Node node, Findings findings)
    {
        double? availability = null;
        if (entry.Availability is { } text)
        {
            availability = Percent(text);
            if (availability is null)
            {
                Bad(
                    findings,
                    node.At("availability"),
                    $"'{Shown.Line(text)}' is no availability.",
                    "Write a percentage below 100, such as 99.9%."
                );
            }
        }
        var slo = new Slo(availability) { Freezes = entry.Freeze ?? false };
        if (entry.Latency is { } latency)
        {
            var read = Latency().Match(latency);
            var milliseconds = read.Success
                ? double.Parse(read.Groups["time"].Value, CultureInfo.InvariantCulture)
                    * (read.Groups["unit"].Value == "s" ? 1000 : 1)
                : 0;
            var part = read.Success ? Percent($"{read.Groups["part"].Value}%") : null;
            if (part is null || !Bounds.Contains(milliseconds))
            {
                Bad(
                    findings,
                    node.At("latency"),
                    $"'{Shown.Line(latency)}' is no goal for latency.",
                    $"Write for example 'p95 < 300ms'. The edge counts answers within {string.Join(", ", Bounds.Select(static one => one.ToString(CultureInfo.InvariantCulture)))} ms."
                );
                return slo;
            }
            slo = slo with { Fast = part, Within = TimeSpan.FromMilliseconds(milliseconds) };
        }
        return slo;
    }

    /// <summary>Reads <c>99.9%</c> as 0.999; null outside of 0 and 100.</summary>
    private static double? Percent(string text) =>
        text.Trim() is [.. var number, '%']
        && double.TryParse(number.Trim(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var percent)
        && percent is > 0 and < 100
            ? Math.Round(percent / 100, 12)
            : null;

    private static void Bad(Findings findings, Node node, string what, string why) =>
        findings.Add(node, "bad-watch", (what, why, "Mend it there, or leave it out."));

    [GeneratedRegex(
        @"^p(?<part>\d{2}(\.\d+)?)\s*<\s*(?<time>\d+(\.\d+)?)\s*(?<unit>ms|s)$",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Latency();
}
