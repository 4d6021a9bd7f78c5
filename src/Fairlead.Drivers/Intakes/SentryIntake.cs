using System.Globalization;
using System.Text.Json;
using Fairlead.Drivers.Formats;
using Fairlead.Drivers.Formats.Sentry;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Telemetry;

namespace Fairlead.Drivers.Intakes;

/// <summary>Takes what Sentry's libraries send: errors, sessions and check-ins; logs and spans where somebody keeps them.</summary>
public sealed class SentryIntake(IErrorInbox inbox, World world) : IIntake
{
    private const string TooLargeCode = "sentry.too-large";

    /// <summary>Takes the lines of logs; null where nobody does.</summary>
    public ILogSink? Logs { get; init; }

    /// <summary>Takes the items of spans (<c>application/vnd.sentry.items.span.v2+json</c>) and transactions, by their type.</summary>
    public Func<Source, string, ReadOnlyMemory<byte>, CancellationToken, Task>? Spans { get; init; }

    public IReadOnlyList<string> Routes => ["POST /api/{project}/envelope/", "POST /api/{project}/store/"];

    public bool IsForPages => true;

    public bool HasKeyInBody => true;

    // X-Sentry-Auth: Sentry sentry_version=7, sentry_client=sentry.dotnet/6.12.1, sentry_key=fl1...
    public string? KeyIn(IntakeHead head) =>
        head.Query("sentry_key") ?? KeyOf(head.Header("X-Sentry-Auth")) ?? KeyOf(head.Header("Authorization"));

    public string? KeyIn(ReadOnlyMemory<byte> body)
    {
        Envelope.Read(body, out var head, out _);
        return Uri.TryCreate(head.Text("dsn", 1024), UriKind.Absolute, out var dsn) ? dsn.UserInfo.Split(':')[0] : null;
    }

    public async Task<IntakeAnswer> TakeAsync(IntakeRequest request, CancellationToken stop)
    {
        var now = world.Now;
        var reading = new Reading(world, now);
        string? id;
        if (request.Head.Path.TrimEnd('/').EndsWith("/store", StringComparison.Ordinal))
        {
            id = reading.Add("event", request.Body);
        }
        else
        {
            id = await ReadAsync(request, reading, now, stop);
        }
        if (reading.Refusal is { } refusal)
        {
            return refusal.Code == TooLargeCode
                ? IntakeAnswer.Json(413, JsonSerializer.Serialize(new { detail = $"{refusal.What} {refusal.Why}" }))
                : throw new ProblemException(refusal);
        }
        var original = new Original("sentry", request.Head.Path, HeadersOf(request.Head), request.Body);
        var taken = await inbox.TakeAsync(request.Source, reading.Report(original), stop);
        return taken.Wait is { } wait
            ? TooMany(wait)
            : IntakeAnswer.Json(200, id is null ? "{}" : $$"""{"id":"{{id}}"}""");
    }

    private async Task<string?> ReadAsync(
        IntakeRequest request,
        Reading reading,
        DateTimeOffset now,
        CancellationToken stop
    )
    {
        var items = Envelope.Read(request.Body, out var head, out var why);
        if (items.Count == 0 && why is not null)
        {
            throw new ProblemException(Garbled(why));
        }
        if (why is not null)
        {
            reading.Pass("(garbled)");
        }
        var id = head.Text("event_id", 36);
        foreach (var item in items)
        {
            switch (item.Type)
            {
                case "log" when Logs is not null:
                    await Logs.AppendAsync(new(SentryLogs.Read(item.Payload, request.Source, now)), stop);
                    break;
                case "span" or "transaction" when Spans is not null:
                    await Spans(request.Source, item.Type, item.Payload, stop);
                    break;
                default:
                    id = reading.Add(item.Type, item.Payload) ?? id;
                    break;
            }
        }
        return id is { Length: <= 36 } && id.All(letter => char.IsAsciiHexDigit(letter) || letter == '-') ? id : null;
    }

    private static string? KeyOf(string? header)
    {
        const string name = "sentry_key=";
        var at = header?.IndexOf(name, StringComparison.OrdinalIgnoreCase) ?? -1;
        return at < 0 ? null : header![(at + name.Length)..].Split(',', ' ')[0];
    }

    private static Dictionary<string, string> HeadersOf(IntakeHead head) =>
        head.ContentType.Length == 0 ? [] : new() { ["Content-Type"] = head.ContentType };

    // 60:error;default:key: the seconds, the kinds, the scope (https://develop.sentry.dev/sdk/expected-features/rate-limiting/).
    private static IntakeAnswer TooMany(TimeSpan wait)
    {
        var seconds = wait.TotalSeconds.ToString("0", CultureInfo.InvariantCulture);
        return IntakeAnswer.Json(429, """{"detail":"Too many events at once; the rest was not kept."}""") with
        {
            Headers = new Dictionary<string, string>
            {
                ["Retry-After"] = seconds,
                ["X-Sentry-Rate-Limits"] = $"{seconds}:error;default:key",
            },
        };
    }

    private static Problem Garbled(string why) =>
        new(
            "sentry.garbled",
            What: "The envelope cannot be read.",
            Why: $"{char.ToUpperInvariant(why[0])}{why[1..]}.",
            Fix: "Send what a Sentry library makes: a header, then items, each on lines of its own."
        );

    /// <summary>Gathers what an envelope holds.</summary>
    private sealed class Reading(World world, DateTimeOffset now)
    {
        private readonly List<ErrorEvent> events = [];
        private readonly List<SessionReport> sessions = [];
        private readonly List<CheckInReport> checkIns = [];
        private readonly List<string> passed = [];
        private Problem? first;

        /// <summary>Why nothing could be kept; null when something was. What is good is not lost with what is not.</summary>
        public Problem? Refusal => events.Count + sessions.Count + checkIns.Count == 0 ? first : null;

        public void Pass(string kind) => passed.Add(kind);

        public ErrorReport Report(Original original) =>
            new()
            {
                Events = events,
                Sessions = sessions,
                CheckIns = checkIns,
                Passed = passed,
                Original = original,
            };

        /// <returns>An event's id.</returns>
        public string? Add(string type, ReadOnlyMemory<byte> payload)
        {
            if (type is not ("event" or "session" or "sessions" or "check_in"))
            {
                Pass(type);
                return null;
            }
            if (payload.Length > ErrorBounds.EventBytesMax)
            {
                return Refuse(type, TooLarge(type, payload.Length));
            }
            try
            {
                using var json = Loose.Parse(payload);
                return Add(type, json.RootElement);
            }
            catch (JsonException caught)
            {
                return Refuse(type, Garbled($"an item of the type '{type}' is no JSON: {caught.Message}"));
            }
        }

        private string? Refuse(string type, Problem problem)
        {
            first ??= problem;
            Pass($"{type} ({problem.Code})");
            return null;
        }

        private string? Add(string type, JsonElement json)
        {
            switch (type)
            {
                case "event":
                    var one = SentryEvent.Read(json, world.NewId, now);
                    events.Add(one);
                    return one.Id;
                case "session" when SentrySessions.One(json, now) is { } session:
                    sessions.Add(session);
                    return null;
                case "sessions":
                    sessions.AddRange(SentrySessions.Many(json, now));
                    return null;
                case "check_in" when SentrySessions.CheckIn(json) is { } checkIn:
                    checkIns.Add(checkIn);
                    return null;
                default:
                    Pass($"{type} (incomplete)");
                    return null;
            }
        }

        private static Problem TooLarge(string type, int bytes) =>
            new(
                TooLargeCode,
                What: $"An item of the type '{type}' is too large.",
                Why: string.Create(
                    CultureInfo.InvariantCulture,
                    $"It has {bytes / 1024} KiB; {ErrorBounds.EventBytesMax / 1024} KiB are let in."
                ),
                Fix: "Send fewer breadcrumbs or shorter values; Sentry's own limit is the same."
            );
    }
}
