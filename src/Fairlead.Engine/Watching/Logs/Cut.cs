using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Watching.Logs;

/// <summary>Brings a record to the size that <see cref="LogLimits"/> allows, and says so where it cut.</summary>
public static class Cut
{
    /// <summary>What stands where something was cut off.</summary>
    public const string Mark = "…[cut]";

    /// <returns>The very same when nothing had to be cut.</returns>
    public static LogRecord ToSize(LogRecord record)
    {
        var body = Shortened(record.Body, LogLimits.BodyCharsMax);
        var fields = ToSize(record.Fields, LogLimits.RecordCharsMax - body.Length);
        var word = record.SeverityText is { } text ? Shortened(text, LogLimits.NameCharsMax) : null;
        var stream = ToSize(record.Stream);
        return
            ReferenceEquals(body, record.Body)
            && ReferenceEquals(fields, record.Fields)
            && ReferenceEquals(word, record.SeverityText)
            && ReferenceEquals(stream, record.Stream)
            ? record
            : record with
            {
                Body = body,
                Fields = fields,
                SeverityText = word,
                Stream = stream,
            };
    }

    /// <summary>A text of at most so many characters.</summary>
    public static string Shortened(string text, int charsMax)
    {
        if (text.Length <= charsMax)
        {
            return text;
        }
        var end = charsMax - Mark.Length;
        // A letter of two halves is not torn apart.
        return text[..(char.IsHighSurrogate(text[end - 1]) ? end - 1 : end)] + Mark;
    }

    private static IReadOnlyList<LogField> ToSize(IReadOnlyList<LogField> fields, int charsMax)
    {
        var chars = 0;
        var fits = fields.Count <= LogLimits.FieldsMax;
        foreach (var (name, value) in fields)
        {
            fits &= name.Length <= LogLimits.NameCharsMax && value.Length <= LogLimits.ValueCharsMax;
            chars += name.Length + value.Length;
        }
        if (fits && chars <= charsMax)
        {
            return fields;
        }
        List<LogField> kept = [];
        var left = charsMax;
        foreach (var (name, value) in fields.Take(LogLimits.FieldsMax - 1))
        {
            var field = new LogField(
                Shortened(name, LogLimits.NameCharsMax),
                Shortened(value, LogLimits.ValueCharsMax)
            );
            left -= field.Name.Length + field.Value.Length;
            if (left < 0)
            {
                break;
            }
            kept.Add(field);
        }
        if (kept.Count < fields.Count)
        {
            var lost = fields.Count - kept.Count;
            kept.Add(new LogField("fields.cut", lost.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        }
        return kept;
    }

    private static Labels ToSize(Labels labels)
    {
        var fits = labels.Count <= LogLimits.LabelsMax;
        foreach (var (name, value) in labels)
        {
            fits &= name.Length <= LogLimits.NameCharsMax && value.Length <= LogLimits.LabelCharsMax;
        }
        return fits
            ? labels
            : Labels.Of(
                labels
                    // What Fairlead knows of the sender stays whatever else there is.
                    .OrderByDescending(label => IsStamp(label.Name))
                    .Take(LogLimits.LabelsMax)
                    .Select(label => new Label(
                        Shortened(label.Name, LogLimits.NameCharsMax),
                        Shortened(label.Value, LogLimits.LabelCharsMax)
                    ))
            );
    }

    private static bool IsStamp(string name) =>
        name
            is Source.AppLabel
                or Source.EnvironmentLabel
                or Source.ServiceLabel
                or Source.ReleaseLabel
                or Source.ReplicaLabel;
}
