using System.ComponentModel;
using System.Globalization;
using Fairlead.Engine.Watching.Logs;
using Fairlead.Model.Problems;
using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Operations;

/// <summary>Which logs are meant, as people ask.</summary>
public abstract record LogQuestion
{
    [Description(
        "Words that stand one behind another, in any case; whole ones, unless a star lets them go on: 'connection refus*'."
    )]
    [Positional]
    public string? Text { get; init; }

    [Description("A regular expression that fits somewhere in the text.")]
    public string? Regex { get; init; }

    [Description("A field and its value: status=502. May come often; all must fit.")]
    public IReadOnlyList<string> Field { get; init; } = [];

    [Description("At least as grave: trace, debug, info, warning, error or fatal.")]
    public string? Level { get; init; }

    [Description("Not before: a time (2026-01-02T03:04:05Z) or how long ago (90s, 15m, 2h, 7d).")]
    public string? Since { get; init; }

    [Description("Before: a time, or how long ago.")]
    public string? Until { get; init; }

    [Description("Only of this app.")]
    [Names("app")]
    public string? App { get; init; }

    [Description("Only of this environment.")]
    public string? Environment { get; init; }

    [Description("Only of this service.")]
    [Names("service")]
    public string? Service { get; init; }

    [Description("Only of this release's number.")]
    public int? Release { get; init; }

    [Description("Only of this replica's number.")]
    public int? Replica { get; init; }

    [Description("Only what came this way: output, access, otlp, syslog, loki or elastic.")]
    public string? Kind { get; init; }

    [Description("Only of this trace: 32 hexadecimal digits.")]
    public string? Trace { get; init; }

    /// <exception cref="ProblemException">Something of it cannot be read: all findings at once.</exception>
    internal LogFilter Filter(DateTimeOffset now, TimeSpan? reach = null)
    {
        List<Problem> findings = [];
        var filter = new LogFilter
        {
            Text = Text,
            Regex = Regex,
            Fields = [.. Field.Select(text => FieldOf(text, findings)).OfType<LogField>()],
            Severity = LevelOf(findings),
            From =
                TimeOf("since", Since, now, findings) ?? (reach is { } back ? LogReception.Nanoseconds(now - back) : 0),
            To = TimeOf("until", Until, now, findings) ?? long.MaxValue,
            Stream = [.. Matchers()],
            TraceId = Trace?.ToLowerInvariant(),
        };
        if (Trace is { } trace && (trace.Length != 32 || !trace.All(char.IsAsciiHexDigit)))
        {
            findings.Add(Wrong("trace", trace, "A trace's id has 32 hexadecimal digits."));
        }
        return findings.Count == 0 ? filter : throw new ProblemException(findings);
    }

    private IEnumerable<Matcher> Matchers()
    {
        (string Name, string? Value)[] wanted =
        [
            (Source.AppLabel, App),
            (Source.EnvironmentLabel, Environment),
            (Source.ServiceLabel, Service),
            (Source.ReleaseLabel, Release?.ToString(CultureInfo.InvariantCulture)),
            (Source.ReplicaLabel, Replica?.ToString(CultureInfo.InvariantCulture)),
            (LogKinds.Label, Kind),
        ];
        return wanted
            .Where(one => one.Value is not null)
            .Select(one => new Matcher(MatchKind.Equal, one.Name, one.Value!));
    }

    private Severity LevelOf(List<Problem> findings)
    {
        if (Level is null)
        {
            return Severity.Unset;
        }
        var level = Levels.OfWord(Level);
        if (level is Severity.Unset)
        {
            findings.Add(Wrong("level", Level, "Levels are trace, debug, info, warning, error and fatal."));
        }
        return level;
    }

    private static LogField? FieldOf(string text, List<Problem> findings)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        if (equals > 0)
        {
            return new LogField(text[..equals], text[(equals + 1)..]);
        }
        findings.Add(Wrong("field", text, "A field is a name, an equals sign and a value: status=502."));
        return null;
    }

    private static long? TimeOf(string name, string? text, DateTimeOffset now, List<Problem> findings)
    {
        if (text is null)
        {
            return null;
        }
        if (Ago(text) is { } ago)
        {
            return LogReception.Nanoseconds(now - ago);
        }
        const DateTimeStyles Universal = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, Universal, out var time))
        {
            return LogReception.Nanoseconds(time);
        }
        findings.Add(Wrong(name, text, "It is a time such as 2026-01-02T03:04:05Z, or how long ago, such as 15m."));
        return null;
    }

    private static TimeSpan? Ago(string text)
    {
        const int DaysMax = 10_000;
        if (
            text.Length < 2
            || !int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        )
        {
            return null;
        }
        TimeSpan? ago = text[^1] switch
        {
            's' => TimeSpan.FromSeconds(number),
            'm' => TimeSpan.FromMinutes(number),
            'h' => TimeSpan.FromHours(number),
            'd' when number <= DaysMax => TimeSpan.FromDays(number),
            _ => null,
        };
        return ago?.TotalDays <= DaysMax ? ago : null;
    }

    private static Problem Wrong(string name, string text, string why) =>
        new(
            "logs.wrong-question",
            What: $"--{name} '{text}' cannot be read.",
            Why: why,
            Fix: "See what can be asked: fairlead help log search"
        )
        {
            Trouble = Trouble.WrongUse,
        };
}
