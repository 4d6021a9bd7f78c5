using Fairlead.Model.Telemetry;

namespace Fairlead.Drivers.Intakes;

/// <summary>Makes records of one stream's entries.</summary>
internal sealed class LokiStream(IEnumerable<Label> labels, Source source, long now)
{
    private static readonly string[] LevelNames = ["level", "detected_level", "severity", "severity_text"];
    private static readonly string[] TraceNames = ["trace_id", "traceID", "traceid"];

    private readonly Labels stream = source.On(Labels.Of(labels.Append(new(LogKinds.Label, LogKinds.Loki))));

    public LogRecord Record(long at, string line, IReadOnlyList<LogField> fields)
    {
        var level =
            Of(LevelNames, fields) ?? LevelNames.Select(name => stream[name]).FirstOrDefault(text => text != "");
        return new()
        {
            At = at,
            Observed = now,
            Body = line,
            // A word of the sender for a level; the line itself may say more.
            SeverityText = level,
            Fields = fields,
            TraceId = Of(TraceNames, fields) is { Length: 32 } id ? id.ToLowerInvariant() : null,
            Stream = stream,
        };
    }

    private static string? Of(string[] names, IReadOnlyList<LogField> fields) =>
        fields.Where(field => names.Contains(field.Name)).Select(field => field.Value).FirstOrDefault();
}
