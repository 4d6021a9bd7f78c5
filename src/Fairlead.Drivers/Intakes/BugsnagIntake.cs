using System.Text.Json;
using Fairlead.Drivers.Formats;
using Fairlead.Drivers.Formats.Bugsnag;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Telemetry;

namespace Fairlead.Drivers.Intakes;

/// <summary>Takes what BugSnag's libraries send: with <c>endpoints: { notify: URL/notify, sessions: URL/sessions }</c>.</summary>
public sealed class BugsnagIntake(IErrorInbox inbox, World world) : IIntake
{
    private const int EventsMax = 100;

    public IReadOnlyList<string> Routes =>
        ["POST /notify", "POST /sessions", "POST /bugsnag/notify", "POST /bugsnag/sessions"];

    public bool IsForPages => true;

    public bool HasKeyInBody => true;

    public string? KeyIn(IntakeHead head) => head.Header("Bugsnag-Api-Key");

    public string? KeyIn(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var json = Loose.Parse(body);
            return json.RootElement.Text("apiKey", 512);
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
            return IntakeAnswer.Json(413, """{"errors":["The payload is larger than 1 MiB."]}""");
        }
        var path = request.Head.Path.TrimEnd('/');
        var isSessions = path.EndsWith("/sessions", StringComparison.Ordinal);
        var report = Read(request.Body, isSessions) with
        {
            Original = new Original(
                "bugsnag",
                isSessions ? "/sessions" : "/notify",
                HeadersOf(request.Head),
                request.Body
            ),
        };
        var taken = await inbox.TakeAsync(request.Source, report, stop);
        return taken.Wait is null
            ? new IntakeAnswer(202, "text/plain", "OK"u8.ToArray())
            : IntakeAnswer.Json(429, """{"errors":["Too many events at once."]}""");
    }

    private ErrorReport Read(ReadOnlyMemory<byte> body, bool isSessions)
    {
        try
        {
            using var json = Loose.Parse(body);
            var root = json.RootElement;
            var now = world.Now;
            if (isSessions)
            {
                return new() { Sessions = [.. BugsnagEvent.Sessions(root, now)] };
            }
            var events = root.At("events").List(EventsMax).ToList();
            return events.Count == 0
                ? throw new ProblemException(Garbled("It has no events."))
                : new()
                {
                    Events = [.. events.Select(one => BugsnagEvent.Read(one, root, world.NewId, now))],
                    Sessions = [.. events.Select(one => BugsnagEvent.SessionOf(one, now)).OfType<SessionReport>()],
                };
        }
        catch (JsonException caught)
        {
            throw new ProblemException(Garbled(caught.Message), caught);
        }
    }

    private static Dictionary<string, string> HeadersOf(IntakeHead head)
    {
        var headers = new Dictionary<string, string> { ["Content-Type"] = "application/json" };
        foreach (var name in (string[])["Bugsnag-Payload-Version", "Bugsnag-Sent-At"])
        {
            if (head.Header(name) is { } value)
            {
                headers[name] = value;
            }
        }
        return headers;
    }

    private static Problem Garbled(string why) =>
        new(
            "bugsnag.garbled",
            What: "The notice cannot be read.",
            Why: why,
            Fix: "Send what a BugSnag library makes: {\"events\":[{\"exceptions\":[...]}]}."
        );
}
