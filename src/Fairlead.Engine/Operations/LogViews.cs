using System.Globalization;
using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Operations;

/// <summary>A record as the API shows it.</summary>
/// <param name="Time">With nine digits of the second.</param>
/// <param name="Level">trace, debug, info, warning, error or fatal; null when nobody said.</param>
/// <param name="Replica">Who wrote it, such as <c>api@42#0</c>, as far as it is known.</param>
public sealed record LogView(string Time, string? Level, string Replica, string Text)
{
    /// <summary>What else was said of it.</summary>
    public IReadOnlyDictionary<string, string>? Fields { get; init; }

    public string? Trace { get; init; }

    public string? Span { get; init; }

    /// <summary>Where it comes from.</summary>
    public required IReadOnlyDictionary<string, string> Stream { get; init; }
}

/// <summary>Makes views of records.</summary>
internal static class LogViews
{
    public static LogView Of(LogRecord record) =>
        new(TimeOf(record.At), LevelOf(record.Severity), Replica(record.Stream), record.Body)
        {
            Fields = record.Fields.Count == 0 ? null : Fields(record.Fields),
            Trace = record.TraceId,
            Span = record.SpanId,
            Stream = record.Stream.ToDictionary(label => label.Name, label => label.Value),
        };

    public static string? LevelOf(Severity severity) =>
        severity is Severity.Unset ? null : severity.ToString().ToLowerInvariant();

    public static string TimeOf(long nanoseconds)
    {
        const long Second = 1_000_000_000;
        var seconds = Math.DivRem(nanoseconds, Second, out var rest);
        if (rest < 0)
        {
            (seconds, rest) = (seconds - 1, rest + Second);
        }
        var time = DateTimeOffset.UnixEpoch.AddSeconds(seconds).UtcDateTime;
        return time.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture)
            + string.Create(CultureInfo.InvariantCulture, $".{rest:d9}Z");
    }

    private static string Replica(Labels stream)
    {
        string[] names = [Source.ServiceLabel, "service_name", "program", "job", "host", Source.AppLabel, "index"];
        var name = names.Select(label => stream[label]).FirstOrDefault(value => value.Length > 0) ?? "-";
        var (release, slot) = (stream[Source.ReleaseLabel], stream[Source.ReplicaLabel]);
        return (release.Length, slot.Length) switch
        {
            (0, _) => name,
            (_, 0) => $"{name}@{release}",
            _ => $"{name}@{release}#{slot}",
        };
    }

    // A name that comes twice keeps its last value here; the store has both.
    private static Dictionary<string, string> Fields(IReadOnlyList<LogField> fields)
    {
        var all = new Dictionary<string, string>();
        foreach (var (name, value) in fields)
        {
            all[name] = value;
        }
        return all;
    }
}
