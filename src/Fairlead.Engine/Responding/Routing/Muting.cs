using Fairlead.Model.Alerting;
using Fairlead.Model.Monitoring;
using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Responding.Routing;

/// <summary>Why nobody is told of alerts that fire. It is a pure function of what is remembered, so a restart changes nothing of it.</summary>
/// <param name="firing">All alerts that fire.</param>
/// <param name="silences">Those that hold now.</param>
/// <param name="works">Announced work that goes on now.</param>
public sealed class Muting(
    IReadOnlyList<InhibitRule> rules,
    IReadOnlyCollection<Alert> firing,
    IReadOnlyList<Silence> silences,
    IReadOnlyList<Maintenance>? works = null
)
{
    // Each rule's sources once: thousands of alerts must not be compared each with each.
    private readonly IReadOnlyList<(InhibitRule Rule, ILookup<string, Alert> Sources)> known =
    [
        .. rules.Select(rule =>
            (
                rule,
                firing
                    .Where(one => rule.Source.Fits(one.Labels))
                    .ToLookup(one => KeyOf(rule, one), StringComparer.Ordinal)
            )
        ),
    ];

    /// <summary>Why nobody is told of it, in words; null when somebody is.</summary>
    public string? Of(Alert alert) => Why(alert)?.Words;

    /// <summary>The same with what it is.</summary>
    public Mute? Why(Alert alert) =>
        MaintainedBy(alert) is { } work
            ? new(MuteKind.Maintenance, work.Id, $"maintenance until {work.To:yyyy-MM-dd HH:mm}Z: {work.Text}")
        : silences.FirstOrDefault(one => one.Matchers.Fits(alert.Labels)) is { } silence
            ? new(
                MuteKind.Silence,
                silence.Id,
                $"silenced until {silence.Until:yyyy-MM-dd HH:mm}Z by {silence.By}: {silence.Reason}"
            )
        : InhibitedBy(alert) is { } source
            ? new(MuteKind.Inhibition, source.Fingerprint, $"inhibited by {source.Name} {source.Fingerprint}")
        : null;

    private Maintenance? MaintainedBy(Alert alert) =>
        works?.FirstOrDefault(one =>
            one.Covers(
                alert.Labels[Source.AppLabel],
                alert.Labels[Source.EnvironmentLabel],
                alert.Labels[Source.ServiceLabel],
                alert.Labels["monitor"]
            )
        );

    private Alert? InhibitedBy(Alert alert)
    {
        foreach (var (rule, sources) in known)
        {
            if (!rule.Target.Fits(alert.Labels))
            {
                continue;
            }
            // What is a source as well cannot be silenced by others of its kind: they would silence each other.
            var isSource = rule.Source.Fits(alert.Labels);
            var found = sources[KeyOf(rule, alert)].FirstOrDefault(one => !isSource || !rule.Target.Fits(one.Labels));
            if (found is not null)
            {
                return found;
            }
        }
        return null;
    }

    private static string KeyOf(InhibitRule rule, Alert alert) =>
        string.Join('\u0001', rule.Equal.Select(name => alert.Labels[name]));
}

/// <summary>Why nobody is told of an alert.</summary>
/// <param name="By">Id of the silence or of the announced work, or fingerprint of the alert that stands before it.</param>
/// <param name="Words">In a sentence's part.</param>
public sealed record Mute(MuteKind Kind, string By, string Words);

/// <summary>What keeps an alert from being told.</summary>
public enum MuteKind
{
    Silence,
    Inhibition,
    Maintenance,
}
