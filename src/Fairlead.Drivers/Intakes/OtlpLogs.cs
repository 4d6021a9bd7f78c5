using Fairlead.Model.Ports;

namespace Fairlead.Drivers.Intakes;

/// <summary>Takes logs by OTLP 1.x: over HTTP as protobuf or JSON, and over gRPC.</summary>
public sealed class OtlpLogs(ILogSink sink, World world) : IIntake
{
    private const string CutRecords = "otlp.cut-records";

    private static readonly OtlpDoor Door = new(
        "logs",
        "logs.v1.LogsService",
        "rejectedLogRecords",
        Formats.Otlp.OtlpShape.Logs
    );

    public IReadOnlyList<string> Routes => Door.Routes;

    public Task<IntakeAnswer> TakeAsync(IntakeRequest request, CancellationToken stop) =>
        Door.AnswerAsync(
            request,
            async (message, cancel) =>
            {
                var now = (world.Now - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick;
                var read = new Formats.Otlp.OtlpLogs(request.Source, now);
                read.Read(message.Span);
                if (read.Records.Count == 0)
                {
                    return (0L, "");
                }
                var taken = await sink.AppendAsync(new(read.Records), cancel);
                return (
                    0L,
                    taken.Cut == 0
                        ? ""
                        : $"{taken.Cut} records were larger than a record may be, and were cut. ({CutRecords})"
                );
            },
            stop
        );
}
