using System.Text.Json.Serialization;
using Fairlead.Model.Telemetry;

namespace Fairlead.Model.Alerting;

/// <summary>What a receiver is told: all alerts of one group, never some of them.</summary>
public sealed record Notification
{
    /// <summary>Known by it wherever it is sent again, so that nobody is told twice: letters and digits, at most 64.</summary>
    public required string Id { get; init; }

    public required string Receiver { get; init; }

    /// <summary>Stays the same for all that is said of one group of alerts: for systems that join what belongs together.</summary>
    public required string GroupKey { get; init; }

    /// <summary>What the alerts have in common and were grouped by.</summary>
    public required Labels GroupLabels { get; init; }

    /// <summary>Those that fire first, then those that are over; at least one.</summary>
    public required IReadOnlyList<Alert> Alerts { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>Where Fairlead itself is reached, without a slash at the end.</summary>
    public required string ExternalUrl { get; init; }

    /// <summary>What can be done or seen, such as to acknowledge it.</summary>
    public IReadOnlyList<NotificationLink> Links { get; init; } = [];

    /// <summary>More to say, such as what changed just before; each a line.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Says something by itself, such as that an incident moved on, and is no news of the alerts; null for news of them.</summary>
    public string? Headline { get; init; }

    /// <summary>Is news of no alert, such as a report: the alert that it must have stands for nothing.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsBare { get; init; }

    /// <summary>All of what the headline says, for channels that take whole pages; null for none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public NotificationPage? Page { get; init; }

    /// <summary>Somebody has taken it on: for systems that know firing, acknowledged and over.</summary>
    public bool IsAcknowledged { get; init; }

    [JsonIgnore]
    public bool IsResolved => Alerts.All(static one => !one.IsFiring);

    [JsonIgnore]
    public IEnumerable<Alert> Firing => Alerts.Where(static one => one.IsFiring);

    [JsonIgnore]
    public IEnumerable<Alert> Resolved => Alerts.Where(static one => !one.IsFiring);

    /// <summary>Labels that all its alerts have with the same value.</summary>
    [JsonIgnore]
    public Labels CommonLabels => Common(static one => one.Labels);

    /// <summary>Annotations that all its alerts have with the same text.</summary>
    [JsonIgnore]
    public Labels CommonAnnotations => Common(static one => one.Annotations);

    /// <summary>The gravest of what fires; of what fired when nothing does any more.</summary>
    [JsonIgnore]
    public string Severity =>
        (IsResolved ? Alerts : Firing).Any(static one => one.Severity == Alert.Page)
            ? Alert.Page
            : Alerts.Select(static one => one.Severity).FirstOrDefault(static one => one.Length > 0) ?? Alert.Ticket;

    /// <summary>One line: <c>FIRING 2: ErrorsHigh (shop/production)</c>.</summary>
    [JsonIgnore]
    public string Title
    {
        get
        {
            if (Headline is not null)
            {
                return Headline;
            }
            var names = string.Join(
                ", ",
                Alerts.Select(static one => one.Name).Distinct(StringComparer.Ordinal).Take(3)
            );
            var site = Site is { Length: > 0 } known ? $" ({known})" : "";
            return IsResolved ? $"RESOLVED: {names}{site}" : $"FIRING {Firing.Count()}: {names}{site}";
        }
    }

    /// <summary>The whole text, plainly: each alert by a line, then notes and links.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> Lines =>
        [
            .. (IsBare ? [] : Alerts).Select(static one => $"{(one.IsFiring ? "firing" : "resolved")}: {one.Summary}"),
            .. Notes,
            .. Links.Select(static one => $"{one.Text}: {one.Url}"),
        ];

    private string Site
    {
        get
        {
            var common = CommonLabels;
            var (app, environment) = (common[Source.AppLabel], common[Source.EnvironmentLabel]);
            return app.Length > 0 && environment.Length > 0 ? $"{app}/{environment}" : app;
        }
    }

    private Labels Common(Func<Alert, Labels> of)
    {
        var first = of(Alerts[0]);
        var rest = Alerts.Skip(1).Select(of).ToList();
        return first.Where(name => rest.All(one => one[name] == first[name]));
    }
}

/// <param name="Text">What it does, such as <c>Acknowledge</c>.</param>
public sealed record NotificationLink(string Text, string Url);

/// <param name="Name">What a file of it is called, without its ending: letters, digits and hyphens.</param>
/// <param name="Text">Markdown.</param>
/// <param name="Html">A whole page.</param>
public sealed record NotificationPage(string Name, string Text, string Html);
