using System.Globalization;
using Fairlead.Engine.Responding.Routing;
using Fairlead.Model.Alerting;
using Fairlead.Model.Telemetry;

namespace Fairlead.Tests.Responding;

/// <summary>Alerts, plans and times as tests of responding write them down.</summary>
internal static class Words
{
    /// <summary>A Saturday.</summary>
    public static readonly DateTimeOffset Noon = new(2026, 11, 28, 12, 0, 0, TimeSpan.Zero);

    /// <summary>Reads <c>severity=page service=api</c>.</summary>
    public static Labels LabelsOf(string text) =>
        Labels.Of(
            text.Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .Select(static one => one.Split('=', 2))
                .Select(static one => new Label(one[0], one[1]))
        );

    /// <summary>An alert that fires since a number of seconds after noon.</summary>
    public static Alert Fires(string name, string labels = "", double since = 0) =>
        new(LabelsOf(labels).With(Alert.NameLabel, name), Labels.Of([new("summary", $"{name} is wrong")]), At(since));

    public static Alert Ended(this Alert alert, double at) => alert with { EndsAt = At(at) };

    public static DateTimeOffset At(double seconds) => Noon.AddSeconds(seconds);

    public static DateTimeOffset Utc(string text) =>
        DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    /// <summary>A plan by its file, with channels of the kinds that tests play.</summary>
    public static RoutingPlan PlanOf(string text) => AlertingFile.Read("alerting.yaml", text, PlayedChannel.Kinds);

    /// <summary>What is told, a line each: <c>ops FIRING 2: Down, Slow (shop/production)</c>.</summary>
    public static IEnumerable<string> Lines(this IEnumerable<Notification> told) =>
        told.Select(static one => $"{one.Receiver} {one.Title}");
}
