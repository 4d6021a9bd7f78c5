using Fairlead.Drivers.Formats.Otlp;
using Fairlead.Model.Ports;

namespace Fairlead.Drivers.Intakes;

/// <summary>Takes traces by OTLP 1.x: over HTTP as protobuf or JSON, and over gRPC.</summary>
public sealed class OtlpTraces(ISpanIntake spans) : IIntake
{
    private const string BadSpan = "otlp.bad-span";

    private static readonly OtlpDoor Door = new("traces", "trace.v1.TraceService", "rejectedSpans", OtlpShape.Traces);

    public IReadOnlyList<string> Routes => Door.Routes;

    public Task<IntakeAnswer> TakeAsync(IntakeRequest request, CancellationToken stop) =>
        Door.AnswerAsync(
            request,
            (message, _) =>
            {
                var read = new OtlpSpans(request.Source);
                read.Read(message.Span);
                spans.Take(read.Spans);
                return Task.FromResult(
                    (
                        (long)read.Refused,
                        read.Refused == 0
                            ? ""
                            : $"Some spans have no trace id, no id, no start, or last longer than 30 days. ({BadSpan})"
                    )
                );
            },
            stop
        );
}
