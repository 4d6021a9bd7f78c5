using System.Globalization;
using System.Text;
using System.Text.Json;
using Fairlead.Drivers.Formats.Protobuf;
using Fairlead.Model.Ports;

namespace Fairlead.Drivers.Formats.Otlp;

/// <summary>What is answered, in the clothes in which the request came. https://opentelemetry.io/docs/specs/otlp/#otlphttp-response</summary>
internal static class OtlpAnswer
{
    public const string Protobuf = "application/x-protobuf";
    public const string Json = "application/json";
    public const string Grpc = "application/grpc";

    /// <summary>google.rpc.Code: the sender is at fault and need not try again.</summary>
    public const int InvalidArgument = 3;

    /// <summary>google.rpc.Code: it is worth trying again.</summary>
    public const int Unavailable = 14;

    /// <param name="counted">What JSON calls the rejected ones, such as rejectedSpans.</param>
    /// <param name="message">Empty when there is nothing to say. With none rejected it is a warning, which the protocol allows for.</param>
    public static IntakeAnswer Taken(string contentType, string counted, long rejected, string message)
    {
        var hasPart = rejected > 0 || message.Length > 0;
        if (contentType == Json)
        {
            return IntakeAnswer.Json(200, hasPart ? PartialJson(counted, rejected, message) : "{}");
        }
        var writer = new ProtobufWriter();
        if (hasPart)
        {
            writer.Message(
                1,
                part =>
                {
                    part.Varint(1, (ulong)rejected);
                    part.Text(2, message);
                }
            );
        }
        return new(200, Protobuf, writer.WrittenMemory);
    }

    /// <summary>A google.rpc.Status.</summary>
    public static IntakeAnswer Refused(string contentType, int status, int code, string message)
    {
        if (contentType == Json)
        {
            using var json = new MemoryStream();
            using (var body = new Utf8JsonWriter(json))
            {
                body.WriteStartObject();
                body.WriteNumber("code", code);
                body.WriteString("message", message);
                body.WriteEndObject();
            }
            return new(status, Json, json.ToArray());
        }
        var writer = new ProtobufWriter();
        writer.Varint(1, (ulong)code);
        writer.Text(2, message);
        return new(status, Protobuf, writer.WrittenMemory);
    }

    private static string PartialJson(string counted, long rejected, string message)
    {
        using var json = new MemoryStream();
        using (var body = new Utf8JsonWriter(json))
        {
            body.WriteStartObject();
            body.WriteStartObject("partialSuccess");
            // Whole numbers of 64 bits are texts in protobuf's JSON.
            body.WriteString(counted, rejected.ToString(CultureInfo.InvariantCulture));
            body.WriteString("errorMessage", message);
            body.WriteEndObject();
            body.WriteEndObject();
        }
        return Encoding.UTF8.GetString(json.GetBuffer(), 0, (int)json.Length);
    }
}
