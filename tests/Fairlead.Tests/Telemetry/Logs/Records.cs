using System.Globalization;
using Fairlead.Model.Ports;
using Fairlead.Model.Telemetry;

namespace Fairlead.Tests.Telemetry.Logs;

/// <summary>Records for tests, and how they are written down to be compared.</summary>
internal static class Records
{
    public const long Second = 1_000_000_000;

    /// <summary>2026-01-01T00:00:00Z, in nanoseconds.</summary>
    public const long Start = 1_767_225_600 * Second;

    public static readonly Labels Api = Stream("api");

    public static Labels Stream(string service, string app = "shop") =>
        Labels.Of([new("app", app), new("service", service)]);

    /// <param name="second">After <see cref="Start"/>.</param>
    public static LogRecord At(double second, string body, Severity severity = Severity.Info, Labels? stream = null) =>
        new()
        {
            At = Start + (long)(second * Second),
            Body = body,
            Severity = severity,
            Stream = stream ?? Api,
        };

    public static LogBatch Batch(params LogRecord[] records) => new(records);

    public static LogSearch Search(LogFilter? filter = null, int limit = 100, string? cursor = null) =>
        new(filter ?? new(), limit, Cursor: cursor);

    public static IEnumerable<string> Bodies(this LogsFound found) => found.Records.Select(record => record.Body);

    /// <summary>Everything of a record, in a line.</summary>
    public static string Line(this LogRecord record) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{record.At} {record.Observed} {record.Severity} {record.SeverityText} {record.TraceId} {record.SpanId} {record.Stream} {record.Body} {string.Join(',', record.Fields.Select(field => $"{field.Name}={field.Value}"))}"
        );
}
