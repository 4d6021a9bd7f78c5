using System.Runtime.InteropServices;

namespace Fairlead.Model.Telemetry;

/// <summary>One thing that was logged. Times are nanoseconds since 1970, UTC.</summary>
public sealed record LogRecord
{
    /// <summary>When it happened, as its sender says; when it was seen, if that is not known.</summary>
    public required long At { get; init; }

    /// <summary>When it was first seen by Fairlead or by whoever collected it; 0 when that is not known.</summary>
    public long Observed { get; init; }

    /// <summary>Unset when neither the sender nor the text says; whoever takes it in may then find it in the text.</summary>
    public Severity Severity { get; init; }

    /// <summary>The level in the sender's own word, such as NOTICE; null when it has none.</summary>
    public string? SeverityText { get; init; }

    /// <summary>What it says; may have several lines, such as a stack.</summary>
    public required string Body { get; init; }

    /// <summary>What else was said of it, in the sender's order. Names may come twice, nested ones are joined with dots.</summary>
    public IReadOnlyList<LogField> Fields { get; init; } = [];

    /// <summary>The trace it belongs to, as 32 hexadecimal digits in lower case; null when it belongs to none.</summary>
    public string? TraceId { get; init; }

    /// <summary>The span it belongs to, as 16 hexadecimal digits in lower case; null when it belongs to none.</summary>
    public string? SpanId { get; init; }

    /// <summary>
    /// Where it comes from: <see cref="Source.Stamp"/> (put on by <see cref="Source.On"/>) and what the sender calls its stream. Few
    /// and the same for many records; what differs from record to record is a field.
    /// </summary>
    public required Labels Stream { get; init; }
}

/// <summary>A name and its value, as text.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct LogField(string Name, string Value);

/// <summary>How grave it is. The numbers are those of OpenTelemetry (logs/data-model.md), each the least of its four.</summary>
public enum Severity
{
    /// <summary>Nobody said.</summary>
    Unset = 0,
    Trace = 1,
    Debug = 5,
    Info = 9,
    Warning = 13,
    Error = 17,
    Fatal = 21,
}

/// <summary>What a record may hold. What goes beyond is cut, marked and counted, so that one sender cannot fill what all share.</summary>
public static class LogLimits
{
    /// <summary>Characters of a body.</summary>
    public const int BodyCharsMax = 64 << 10;

    /// <summary>Fields of a record.</summary>
    public const int FieldsMax = 128;

    /// <summary>Characters of a field's name.</summary>
    public const int NameCharsMax = 256;

    /// <summary>Characters of a field's value.</summary>
    public const int ValueCharsMax = 16 << 10;

    /// <summary>Characters of all bodies and fields of one record.</summary>
    public const int RecordCharsMax = 256 << 10;

    /// <summary>Labels of a stream.</summary>
    public const int LabelsMax = 32;

    /// <summary>Characters of a label's value.</summary>
    public const int LabelCharsMax = 1024;
}
