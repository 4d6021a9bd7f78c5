using System.Globalization;
using System.Text.RegularExpressions;
using Fairlead.Model.Incidents;
using Fairlead.Model.Monitoring;

namespace Fairlead.Engine.Responding.Incidents;

/// <summary>What the public is told of incidents again and again, with blanks such as <c>{services}</c>.</summary>
/// <param name="State">How far those who mend it are when they say so.</param>
public sealed partial record UpdateTemplate(string Name, StatusStage State, string Text)
{
    /// <summary>Those that there are without a line written, called as their states.</summary>
    public static IReadOnlyDictionary<string, UpdateTemplate> Usual { get; } =
        new[]
        {
            new UpdateTemplate(
                "investigating",
                StatusStage.Investigating,
                "Some requests to {services} fail. We are looking into it."
            ),
            new UpdateTemplate(
                "identified",
                StatusStage.Identified,
                "We know what makes {services} fail, and are mending it."
            ),
            new UpdateTemplate("monitoring", StatusStage.Monitoring, "{services} works again. We keep looking at it."),
            new UpdateTemplate("resolved", StatusStage.Resolved, "It is over. It lasted {lasted}."),
        }.ToDictionary(static one => one.Name, StringComparer.Ordinal);

    /// <summary>What a blank can be; what changed and which query found it is nobody's business outside.</summary>
    public static IReadOnlyList<string> Blanks { get; } =
    ["app", "environment", "services", "incident", "severity", "began", "lasted"];

    /// <summary>Blanks of a text that there are not.</summary>
    public static IReadOnlyList<string> UnknownIn(string text) =>
        [
            .. Blank()
                .Matches(text)
                .Select(static one => one.Groups["name"].Value)
                .Where(static one => !Blanks.Contains(one))
                .Distinct(StringComparer.Ordinal),
        ];

    /// <summary>A text with its blanks filled in.</summary>
    public static string Fill(string text, Incident incident, DateTimeOffset now) =>
        Blank().Replace(text, one => ValueOf(one.Groups["name"].Value, incident, now) ?? one.Value);

    private static string? ValueOf(string name, Incident incident, DateTimeOffset now) =>
        name switch
        {
            "app" => incident.Site?.App ?? "the platform",
            "environment" => incident.Site?.Environment ?? "",
            "services" => incident.Services.Count > 0
                ? string.Join(", ", incident.Services)
                : incident.Site?.App ?? "the platform",
            "incident" => incident.Number.ToString(CultureInfo.InvariantCulture),
            "severity" => incident.Severity.ToString().ToLowerInvariant(),
            "began" => Moment(incident.StartedAt),
            "lasted" => Lasted((incident.MitigatedAt ?? incident.ResolvedAt ?? now) - incident.StartedAt),
            _ => null,
        };

    internal static string Moment(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);

    private static string Lasted(TimeSpan span) =>
        span < TimeSpan.FromMinutes(1) ? "less than a minute"
        : span < TimeSpan.FromHours(2)
            ? string.Create(CultureInfo.InvariantCulture, $"{Math.Round(span.TotalMinutes)} minutes")
        : string.Create(CultureInfo.InvariantCulture, $"{span.TotalHours:0.#} hours");

    [GeneratedRegex(
        @"\{(?<name>[a-z_]{1,30})\}",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Blank();
}
