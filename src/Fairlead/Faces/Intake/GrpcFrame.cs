using System.Buffers.Binary;
using System.Globalization;
using Fairlead.Faces.Http;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Faces.Intake;

/// <summary>
/// One message each way, as gRPC frames it in HTTP/2 (its PROTOCOL-HTTP2.md). Ours because that is all an intake needs of gRPC: no
/// code made from .proto files, and the same limits as any other body.
/// </summary>
internal static class GrpcFrame
{
    public const string ContentType = "application/grpc";

    private const int HeadBytes = 5;

    public static bool Is(HttpRequest request) =>
        request.ContentType?.StartsWith(ContentType, StringComparison.OrdinalIgnoreCase) == true;

    /// <summary>What is inside; inflated with the same limit as any body.</summary>
    public static async Task<IntakeBody?> UnwrapAsync(
        ReadOnlyMemory<byte> framed,
        string? encoding,
        IntakeMemory memory,
        CancellationToken stop
    )
    {
        if (
            framed.Length < HeadBytes
            || BinaryPrimitives.ReadUInt32BigEndian(framed.Span[1..]) != (uint)(framed.Length - HeadBytes)
        )
        {
            throw new Refused(StatusCodes.Status400BadRequest, IntakeProblems.WrongFrame());
        }
        if (framed.Span[0] == 0)
        {
            return null;
        }
        using var packed = new MemoryStream(framed[HeadBytes..].ToArray(), writable: false);
        return await IntakeBody.ReadAsync(packed, encoding, memory, stop);
    }

    public static ReadOnlyMemory<byte> Inside(ReadOnlyMemory<byte> framed) => framed[HeadBytes..];

    public static async Task AnswerAsync(HttpResponse response, IntakeAnswer answer, CancellationToken stop)
    {
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = ContentType;
        var head = new byte[HeadBytes];
        BinaryPrimitives.WriteUInt32BigEndian(head.AsSpan(1), (uint)answer.Body.Length);
        await response.Body.WriteAsync(head, stop);
        await response.Body.WriteAsync(answer.Body, stop);
        response.AppendTrailer("grpc-status", "0");
    }

    /// <summary>A failure has no message, only a status; a client then reads it from the head.</summary>
    public static void Refuse(HttpResponse response, int status, Problem problem)
    {
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = ContentType;
        response.Headers["grpc-status"] = Code(status).ToString(CultureInfo.InvariantCulture);
        response.Headers["grpc-message"] = Uri.EscapeDataString($"{problem.What} {problem.Why}");
    }

    // https://grpc.io/docs/guides/status-codes; which of them a sender tries again is in OTLP's specification.
    private static int Code(int status) =>
        status switch
        {
            StatusCodes.Status400BadRequest => 3,
            StatusCodes.Status404NotFound => 12,
            StatusCodes.Status401Unauthorized => 16,
            StatusCodes.Status403Forbidden => 7,
            StatusCodes.Status413PayloadTooLarge => 3,
            StatusCodes.Status415UnsupportedMediaType => 12,
            StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable => 14,
            _ => 13,
        };
}
