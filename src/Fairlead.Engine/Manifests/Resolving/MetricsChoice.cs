using Fairlead.Engine.Manifests.Reading;
using Fairlead.Model.Apps;

namespace Fairlead.Engine.Manifests.Resolving;

/// <summary>Where a service shows its own metrics. Only where that is said: a path that is only guessed could be a page of the app.</summary>
internal static class MetricsChoice
{
    private static readonly TimeSpan EveryMin = TimeSpan.FromSeconds(1);

    public static MetricsSettings? Of(Draft draft, Findings findings)
    {
        if (draft.Entry.Metrics is not { } entry || draft.IsStatic)
        {
            return null;
        }
        var node = draft.Node.At("metrics");
        if (entry.Every < EveryMin)
        {
            findings.Add(
                node.At("every"),
                "metrics-often",
                (
                    $"The metrics of '{draft.Name}' would be asked for more than once a second.",
                    "What is shown then costs the service more than it tells; the edge measures each of its requests anyway.",
                    "Write at least: every: 1s"
                )
            );
        }
        if (draft.Routes.Count == 0 && entry.Port is null)
        {
            findings.Add(
                node,
                "metrics-port",
                (
                    $"Nothing says on which port '{draft.Name}' shows its metrics.",
                    "It takes no requests, so Fairlead gives it no port that it could be asked on.",
                    $"Add the port it listens on, for example: metrics: {{ path: {entry.Path ?? "/metrics"}, port: 9100 }}"
                )
            );
        }
        var settings = new MetricsSettings { Path = entry.Path ?? "/metrics", Port = entry.Port };
        return entry.Every is { } every ? settings with { Every = every } : settings;
    }
}
