using System.Globalization;
using System.Text;
using Fairlead.Engine.Watching.Rules;
using Fairlead.Model.Alerting;
using Fairlead.Model.Apps;

namespace Fairlead.Engine.Responding.Objectives;

/// <summary>Writes goals of apps as OpenSLO v1, every text in double quotes, so nothing in it means something else. Pure.</summary>
public static class OpenSloWriter
{
    /// <summary>All goals of some sites, an object after the other; empty where there is none.</summary>
    public static string Write(IReadOnlyList<(Site Site, Slo Slo)> all)
    {
        var text = new StringBuilder();
        foreach (var (site, slo) in all)
        {
            var scope = $"{{app=\"{site.App}\",environment=\"{site.Environment}\"}}";
            Service(text, site);
            if (slo.Availability is { } availability)
            {
                Slo(
                    text,
                    (site, "availability", availability, "Requests that are answered without a fault of the server."),
                    (
                        "bad",
                        $"sum(fairlead_requests_failed_total{scope}) + sum(fairlead_requests_lost_total{scope})",
                        $"sum(fairlead_requests_ended_total{scope})"
                    )
                );
            }
            if (slo.Fast is { } fast)
            {
                var bound = slo.Within.TotalSeconds.ToString(CultureInfo.InvariantCulture);
                Slo(
                    text,
                    (site, "latency", fast, $"Requests that are answered within {bound} s."),
                    (
                        "good",
                        $"sum(fairlead_request_duration_seconds_bucket{scope[..^1]},le=\"{bound}\"}})",
                        $"sum(fairlead_request_duration_seconds_count{scope})"
                    )
                );
            }
        }
        return text.ToString();
    }

    private static void Service(StringBuilder text, Site site) =>
        text.Append(
            CultureInfo.InvariantCulture,
            $"""
            ---
            apiVersion: openslo/v1
            kind: Service
            metadata:
              name: {site.App}-{site.Environment}
              displayName: {Quoted($"{site.App} in {site.Environment}")}
            spec: {"{}"}

            """
        );

    private static void Slo(
        StringBuilder text,
        (Site Site, string Name, double Target, string Says) what,
        (string Part, string Query, string Total) counts
    )
    {
        var (site, name, target, says) = what;
        text.Append(
            CultureInfo.InvariantCulture,
            $"""
            ---
            apiVersion: openslo/v1
            kind: SLO
            metadata:
              name: {site.App}-{site.Environment}-{name}
            spec:
              description: {Quoted(says)}
              service: {site.App}-{site.Environment}
              indicator:
                metadata:
                  name: {site.App}-{site.Environment}-{name}
                spec:
                  ratioMetric:
                    counter: true
                    {counts.Part}:
                      metricSource:
                        type: Prometheus
                        spec:
                          query: {Quoted(counts.Query)}
                    total:
                      metricSource:
                        type: Prometheus
                        spec:
                          query: {Quoted(counts.Total)}
              timeWindow:
                - duration: 30d
                  isRolling: true
              budgetingMethod: Occurrences
              objectives:
                - displayName: {Quoted($"{name} of {site}")}
                  target: {target}
              alertPolicies:

            """
        );
        Policies(text, $"{site.App}-{site.Environment}-{name}");
    }

    private static void Policies(StringBuilder text, string of)
    {
        foreach (var (condition, severity, threshold, window) in Conditions)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"""
                    - kind: AlertPolicy
                      metadata:
                        name: {of}-{condition}
                      spec:
                        alertWhenBreaching: true
                        alertWhenResolved: true
                        alertWhenNoData: false
                        conditions:
                          - kind: AlertCondition
                            metadata:
                              name: {condition}
                            spec:
                              severity: {severity}
                              condition:
                                kind: burnrate
                                threshold: {threshold}
                                lookbackWindow: {window}
                                alertAfter: 0m
                        notificationTargets: []

                """
            );
        }
    }

    // OpenSLO has one window for a condition; the short one that says whether it still goes on has no word there.
    private static readonly (string Name, string Severity, double Threshold, string Window)[] Conditions =
    [
        ("burns-in-two-days", Alert.Page, 14.4, "1h"),
        ("burns-in-five-days", Alert.Page, 6, "6h"),
        ("burns-in-ten-days", Alert.Ticket, 3, "1d"),
        ("burns", Alert.Ticket, 1, "3d"),
    ];

    private static string Quoted(string text) => RuleFileWriter.Quoted(text);
}
