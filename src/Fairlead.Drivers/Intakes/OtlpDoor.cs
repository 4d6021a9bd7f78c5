using Fairlead.Drivers.Formats.Otlp;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Drivers.Intakes;

/// <summary>What the three signals of OTLP have in common: where they are taken, in which encodings, and how a failure is told.</summary>
/// <param name="Signal">Such as traces, as in its path.</param>
/// <param name="Service">Such as trace.v1.TraceService, as in its path over gRPC.</param>
/// <param name="Counted">What JSON calls the rejected ones, such as rejectedSpans.</param>
/// <param name="Shape">Of its request.</param>
internal sealed record OtlpDoor(string Signal, string Service, string Counted, OtlpShape Shape)
{
    /// <summary>OTLP's own path, the one that Fairlead gives its apps, and gRPC's.</summary>
    public IReadOnlyList<string> Routes { get; } =
    [$"POST /otlp/v1/{Signal}", $"POST /v1/{Signal}", $"POST /opentelemetry.proto.collector.{Service}/Export"];

    /// <summary>Reads a request and answers it.</summary>
    /// <param name="take">Reads protobuf and keeps what is in it; says how many it rejected, and what there is to say.</param>
    public async Task<IntakeAnswer> AnswerAsync(
        IntakeRequest request,
        Func<ReadOnlyMemory<byte>, CancellationToken, Task<(long Rejected, string Message)>> take,
        CancellationToken stop
    )
    {
        var type = request.Head.ContentType;
        var isGrpc = type.StartsWith(OtlpAnswer.Grpc, StringComparison.Ordinal);
        // Some senders leave the type out; protobuf is what they send.
        if (type is not ("" or OtlpAnswer.Protobuf or OtlpAnswer.Json or "application/protobuf") && !isGrpc)
        {
            return OtlpAnswer.Refused(type, 415, OtlpAnswer.InvalidArgument, WrongType(type).ToString());
        }
        try
        {
            var message = type == OtlpAnswer.Json ? OtlpJson.ToProtobuf(request.Body, Shape) : request.Body;
            var (rejected, said) = await take(message, stop);
            return OtlpAnswer.Taken(type, Counted, rejected, said);
        }
        catch (InvalidDataException caught)
        {
            var problem = Malformed(caught.Message);
            return isGrpc
                ? throw new ProblemException(problem, caught)
                : OtlpAnswer.Refused(type, 400, OtlpAnswer.InvalidArgument, Line(problem));
        }
        // A store in trouble is not the sender's fault: told so, it sends again.
        catch (ProblemException caught)
        {
            var problem = caught.Problem with { Trouble = Trouble.Unreachable };
            return isGrpc
                ? throw new ProblemException(problem, caught)
                : OtlpAnswer.Refused(type, 503, OtlpAnswer.Unavailable, Line(problem)) with
                {
                    Headers = new Dictionary<string, string> { ["Retry-After"] = "5" },
                };
        }
    }

    private static string Line(Problem problem) => $"{problem.What} {problem.Why} {problem.Fix} ({problem.Code})";

    private Problem Malformed(string why) =>
        new(
            "otlp.malformed",
            What: $"The {Signal} cannot be read.",
            Why: why,
            Fix: "Send what opentelemetry-proto describes, as protobuf or JSON."
        );

    private static Problem WrongType(string type) =>
        new(
            "otlp.wrong-type",
            What: $"The content type '{type}' is not one of OTLP's.",
            Why: "OTLP over HTTP is application/x-protobuf or application/json.",
            Fix: "Set OTEL_EXPORTER_OTLP_PROTOCOL to http/protobuf or http/json."
        );
}
