using System.Globalization;
using Fairlead.Model.Problems;

namespace Fairlead.Faces.Intake;

/// <summary>Why telemetry was not taken, before any format was asked.</summary>
internal static class IntakeProblems
{
    public static Problem NoKey() =>
        new(
            "intake.no-key",
            What: "This sender is not known.",
            Why: "Telemetry needs a key that this Fairlead made, so that it can be filed under the right app.",
            Fix: "What Fairlead starts has its key in FAIRLEAD_KEY; for other senders: fairlead telemetry key APP"
        )
        {
            Trouble = Trouble.NotAllowed,
        };

    public static Problem TooLarge() =>
        new(
            "intake.too-large",
            What: "The request's body is too large.",
            Why: string.Create(
                CultureInfo.InvariantCulture,
                $"It may hold {IntakeBody.BytesMax >> 20} MiB once inflated."
            ),
            Fix: "Send smaller batches."
        );

    public static Problem Garbled(string? encoding, string why) =>
        new(
            "intake.garbled",
            What: $"The request's body cannot be inflated as {encoding}.",
            Why: why,
            Fix: "Send it again, or without compression."
        );

    public static Problem UnknownEncoding(string? encoding) =>
        new(
            "intake.unknown-encoding",
            What: $"The content encoding '{encoding}' is not known.",
            Why: "Bodies may be plain, or compressed by gzip, deflate or br.",
            Fix: "Set the sender's compression to gzip."
        );

    public static Problem Busy() =>
        new(
            "intake.busy",
            What: "Too much telemetry comes in at once.",
            Why: "What waits in memory has reached its limit, and more would take it from the server's own work.",
            Fix: "Send it again in a moment; senders that keep to the standard do so by themselves."
        )
        {
            Trouble = Trouble.Unreachable,
        };

    public static Problem WrongFrame() =>
        new(
            "intake.wrong-frame",
            What: "The call is not framed as gRPC frames messages.",
            Why: "A message is one byte for compression, four for its length, and that many bytes.",
            Fix: "Send one unary message."
        );
}
