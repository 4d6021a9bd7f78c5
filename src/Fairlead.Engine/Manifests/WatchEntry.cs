using System.ComponentModel;
using Fairlead.Engine.Manifests.Forms;

namespace Fairlead.Engine.Manifests;

/// <summary>Alerts of an app beside those that every app has.</summary>
[Description("Alerts beside those that every app has without a line written.")]
public sealed record AlertsEntry
{
    [Description("Names of the usual alerts that this app does not want, such as ReplicaRestarts.")]
    [Elsewhere("disable", "disabled", "without")]
    public IReadOnlyList<string>? Off { get; init; }

    [Description(
        "Rules as Prometheus has them. They see this app's numbers in this environment alone, and what they give bears its name."
    )]
    [Alone]
    public IReadOnlyList<AlertRuleEntry>? Rules { get; init; }
}

/// <summary>A rule as Prometheus has it.</summary>
[Description("A rule as Prometheus has it: an alert, or a metric that is recorded.")]
public sealed record AlertRuleEntry
{
    [Description("The alert's name, such as QueueLong.")]
    public string? Alert { get; init; }

    [Description("The metric that is recorded, in the place of an alert.")]
    public string? Record { get; init; }

    [Description("What is looked for, in PromQL.")]
    [Elsewhere("query")]
    public required string Expr { get; init; }

    [Description("How long it must be found before the alert fires; at once when left out.")]
    public TimeSpan? For { get; init; }

    [Description("How long the alert goes on firing once it is found no more.")]
    [Elsewhere("keepFiringFor", "keep_firing_for")]
    public TimeSpan? KeepFiringFor { get; init; }

    [Description(
        "Labels that the alert has beside those of its query; 'severity: page' wakes people, 'ticket' waits for the morning."
    )]
    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    [Description("Texts for people, with templates as in Prometheus: summary, description, action.")]
    public IReadOnlyDictionary<string, string>? Annotations { get; init; }
}

/// <summary>What the app's users may expect over 30 days.</summary>
[Description("What the app's users may expect over 30 days; people are told when it is used up too fast.")]
public sealed record SloEntry
{
    [Description("The part of the requests that must not fail, such as 99.9%.")]
    [Elsewhere("uptime", "success")]
    public string? Availability { get; init; }

    [Description("How fast answers must be, such as 'p95 < 300ms': 95 of 100 requests within 300 ms.")]
    public string? Latency { get; init; }

    [Description(
        "True where nothing new goes out while a goal's budget is used up, but by --break-glass; false when left out."
    )]
    public bool? Freeze { get; init; }
}
