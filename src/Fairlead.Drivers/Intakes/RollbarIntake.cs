using System.Text.Json;
using Fairlead.Drivers.Formats;
using Fairlead.Drivers.Formats.Rollbar;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Telemetry;

namespace Fairlead.Drivers.Intakes;

/// <summary>Takes what Rollbar's libraries send.</summary>
public sealed class RollbarIntake(IErrorInbox inbox, World world) : IIntake
{
    private const string TokenHeader = "X-Rollbar-Access-Token";

    public IReadOnlyList<string> Routes => ["POST /api/1/item/"];

    public bool IsForPages => true;

    public bool HasKeyInBody => true;

    public string? KeyIn(IntakeHead head) => head.Header(TokenHeader) ?? head.Query("access_token");

    public string? KeyIn(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var json = Loose.Parse(body);
            return json.RootElement.Text("access_token", 512);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public async Task<IntakeAnswer> TakeAsync(IntakeRequest request, CancellationToken stop)
    {
        if (request.Body.Length > ErrorBounds.EventBytesMax)
        {
            return Refused(413, "Request entity too large");
        }
        var one = Read(request.Body);
        var original = new Original(
            "rollbar",
            request.Head.Path,
            new Dictionary<string, string> { ["Content-Type"] = "application/json" },
            request.Body
        );
        var taken = await inbox.TakeAsync(request.Source, new() { Events = [one], Original = original }, stop);
        return taken.Wait is null
            ? IntakeAnswer.Json(
                200,
                JsonSerializer.Serialize(new { err = 0, result = new { id = (long?)null, uuid = one.Id } })
            )
            : Refused(429, "Over the rate limit");
    }

    private ErrorEvent Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var json = Loose.Parse(body);
            return
                json.RootElement.At("data") is { ValueKind: JsonValueKind.Object } data && data.At("body") is not null
                ? RollbarItem.Read(data, world.NewId, world.Now)
                : throw new ProblemException(Garbled("It has no data with a body."));
        }
        catch (JsonException caught)
        {
            throw new ProblemException(Garbled(caught.Message), caught);
        }
    }

    private static IntakeAnswer Refused(int status, string message) =>
        IntakeAnswer.Json(status, JsonSerializer.Serialize(new { err = 1, message }));

    private static Problem Garbled(string why) =>
        new(
            "rollbar.garbled",
            What: "The item cannot be read.",
            Why: why,
            Fix: "Send what a Rollbar library makes: {\"data\":{\"body\":{...}}}."
        );
}
