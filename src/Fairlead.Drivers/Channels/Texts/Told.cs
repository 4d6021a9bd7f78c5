using System.Globalization;
using System.Text;
using Fairlead.Model.Alerting;
using Fairlead.Model.Telemetry;

namespace Fairlead.Drivers.Channels.Texts;

/// <summary>What people are told, in plain lines that are in no service's words yet.</summary>
internal sealed record Told
{
    private const int TitleCharsMax = 200;
    private const int LineCharsMax = 400;
    private const int UrlCharsMax = 1000;
    private const int LinksMax = 5;

    public required string Title { get; init; }

    /// <summary>Each alert by a line, with the labels by which it differs from the others.</summary>
    public required IReadOnlyList<string> Alerts { get; init; }

    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>Only what can be opened in a browser, and no more than five.</summary>
    public required IReadOnlyList<NotificationLink> Links { get; init; }

    public required Urgency Urgency { get; init; }

    public required bool IsResolved { get; init; }

    /// <summary>Where it leads: to the first link, else to Fairlead itself; null when that is no address.</summary>
    public required string? Url { get; init; }

    public static Told Of(Notification notification)
    {
        var known = KnownOf(notification);
        List<NotificationLink> links =
        [
            .. notification
                .Links.Where(static one => IsLink(one.Url))
                .Take(LinksMax)
                .Select(static one => new NotificationLink(Text(one.Text, 60), new Uri(one.Url).AbsoluteUri)),
        ];
        return new()
        {
            Title = Text(notification.Title, TitleCharsMax),
            Alerts = notification.IsBare ? [] : [.. notification.Alerts.Select(one => LineOf(one, known))],
            Notes =
            [
                .. notification.Notes.Select(static one => Text(one, LineCharsMax)).Where(static one => one.Length > 0),
            ],
            Links = links,
            Urgency = Urgencies.Of(notification),
            IsResolved = notification.IsResolved,
            Url =
                links is [var first, ..] ? first.Url
                : IsLink(notification.ExternalUrl) ? new Uri(notification.ExternalUrl).AbsoluteUri
                : null,
        };
    }

    public static bool IsLink(string url) =>
        url.Length <= UrlCharsMax
        && Uri.TryCreate(url, UriKind.Absolute, out var address)
        && address.Scheme is "http" or "https";

    // What the title says, and what all have: it would stand in each line again.
    private static HashSet<string> KnownOf(Notification notification)
    {
        IEnumerable<string> known =
            notification.Alerts.Count > 1
                ? notification.CommonLabels.Select(static one => one.Name)
                : [Alert.NameLabel, Alert.SeverityLabel, Source.AppLabel, Source.EnvironmentLabel];
        return [.. known, .. notification.GroupLabels.Select(static one => one.Name)];
    }

    private static string LineOf(Alert alert, HashSet<string> known)
    {
        var line = new StringBuilder(alert.IsFiring ? "firing: " : "resolved: ");
        if (!known.Contains(Alert.NameLabel) && alert.Summary != alert.Name)
        {
            line.Append(Text(alert.Name, LineCharsMax)).Append(": ");
        }
        line.Append(Text(alert.Summary, LineCharsMax));
        var mark = " (";
        foreach (
            var (name, value) in alert.Labels.Where(one => one.Name is not Alert.NameLabel && !known.Contains(one.Name))
        )
        {
            // What is longer is not seen, and need not be put together.
            if (line.Length > LineCharsMax)
            {
                break;
            }
            line.Append(mark).Append(name).Append('=').Append(Text(value, LineCharsMax));
            mark = ", ";
        }
        return Text(mark == ", " ? line.Append(')').ToString() : line.ToString(), LineCharsMax);
    }

    // Labels can be long, and there may be thousands: only what can be seen of one is looked through.
    private static string Text(string text, int charsMax) =>
        Fitting.Clip(Fitting.Line(text.Length > charsMax * 4 ? text[..(charsMax * 4)] : text), charsMax);
}

/// <summary>How grave something is, of the words that rules use for it.</summary>
internal enum Urgency
{
    /// <summary>For the record.</summary>
    Low,

    /// <summary>In working hours.</summary>
    Warning,

    /// <summary>Something is wrong, and nobody said how grave it is.</summary>
    Error,

    /// <summary>Now.</summary>
    Critical,
}

/// <summary>Reads severities: Fairlead's own words, and those that rules of others are full of.</summary>
internal static class Urgencies
{
    public static Urgency Of(Notification notification) => Of(notification.Severity);

    public static Urgency Of(string severity) =>
        severity.ToLower(CultureInfo.InvariantCulture) switch
        {
            Alert.Page or "critical" or "emergency" or "fatal" or "disaster" or "p1" or "sev1" => Urgency.Critical,
            Alert.Ticket or "warning" or "warn" or "medium" or "moderate" or "p3" or "sev3" => Urgency.Warning,
            "info" or "information" or "low" or "none" or "notice" or "debug" or "p4" or "p5" => Urgency.Low,
            _ => Urgency.Error,
        };

    /// <summary>A colour as #rrggbb: red, orange, blue, and green for what is over.</summary>
    public static string Colour(this Told told) =>
        told.IsResolved ? "#2eb67d"
        : told.Urgency is Urgency.Warning ? "#e8912d"
        : told.Urgency is Urgency.Low ? "#2f80ed"
        : "#d32f2f";
}
