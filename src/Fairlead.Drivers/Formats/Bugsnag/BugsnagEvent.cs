using System.Globalization;
using System.Text.Json;
using Fairlead.Model.Ports;
using Fairlead.Model.Telemetry;

namespace Fairlead.Drivers.Formats.Bugsnag;

/// <summary>
/// Events as BugSnag's libraries send them, version 4 and 5 of the payload (https://bugsnagerrorreportingapi.docs.apiary.io).
/// <code>{"apiKey":"...","events":[{"exceptions":[{"errorClass":"Error","message":"...","stacktrace":[...]}],"severity":"error"}]}</code>
/// </summary>
internal static class BugsnagEvent
{
    /// <param name="id">For one that brings none.</param>
    public static ErrorEvent Read(JsonElement json, JsonElement notice, Func<string> id, DateTimeOffset now) =>
        new()
        {
            Id = json.Text("id", 64) ?? id(),
            At = json.At("device").At("time").Time() ?? now,
            Level =
                json.At("unhandled").Truth() == true && json.Text("severity") is "error"
                    ? Severity.Fatal
                    : json.At("severity").Level(),
            Exceptions = [.. json.At("exceptions").List(ErrorBounds.ExceptionsMax).Select(Thrown)],
            Transaction = json.Text("context"),
            Fingerprint = json.Text("groupingHash") is { } hash ? [hash] : [],
            Platform = json.At("exceptions").List(1).Select(one => one.Text("type")).FirstOrDefault(),
            ReleaseName = json.At("app").At("version").Text() ?? json.At("app").At("codeBundleId").Text(),
            Environment = json.At("app").At("releaseStage").Text(),
            User = json.At("user").At("id").Text() ?? json.At("user").At("email").Text(),
            Address = json.At("request").At("clientIp").Text(),
            IsHandled = json.At("unhandled").Truth() is { } isUnhandled ? !isUnhandled : null,
            Request = json.At("request").At("url").Text(2048) is { } url
                ? new(
                    json.At("request").At("httpMethod").Text() ?? "GET",
                    url,
                    Loose.Bounded(json.At("request").At("headers").Words(ErrorBounds.TagsMax))
                )
                : null,
            Tags = Loose.Bounded(Tags(json)),
            Breadcrumbs =
            [
                .. json.At("breadcrumbs")
                    .List(1_000)
                    .TakeLast(ErrorBounds.BreadcrumbsMax)
                    .Select(one => new Breadcrumb(
                        one.At("timestamp").Time(),
                        one.Text("type") ?? "",
                        one.Text("name", 1024) ?? ""
                    )),
            ],
            Sdk = notice.At("notifier").At("name").Text() is { } name
                ? $"{name} {notice.At("notifier").At("version").Text()}".Trim()
                : null,
        };

    // {"sessionCounts":[{"startedAt":"2026-...","sessionsStarted":3}],"app":{"version":"42"}}; older ones send "sessions":[{"id":..}].
    public static IEnumerable<SessionReport> Sessions(JsonElement json, DateTimeOffset now) =>
        json.At("sessionCounts")
            .List(1_000)
            .Select(one => Session(json, one.At("startedAt").Time() ?? now, one.Whole("sessionsStarted")))
            .Concat(json.At("sessions").List(1_000).Select(one => Session(json, one.At("startedAt").Time() ?? now, 1)));

    /// <summary>The session in which an event happened went wrong: how often so far is with the event.</summary>
    public static SessionReport? SessionOf(JsonElement json, DateTimeOffset now) =>
        json.At("session").At("id").Text() is { } session
            ? new(
                session,
                json.At("session").At("startedAt").Time() ?? now,
                IsNew: false,
                Count: 0,
                Errored: json.At("unhandled").Truth() == true ? 0 : 1,
                Crashed: json.At("unhandled").Truth() == true ? 1 : 0,
                json.At("app").At("version").Text(),
                json.At("app").At("releaseStage").Text()
            )
            : null;

    private static SessionReport Session(JsonElement json, DateTimeOffset started, int count) =>
        new(
            Id: null,
            started,
            IsNew: true,
            count,
            Errored: 0,
            Crashed: 0,
            json.At("app").At("version").Text(),
            json.At("app").At("releaseStage").Text()
        );

    private static Thrown Thrown(JsonElement one) =>
        new(
            one.Text("errorClass") ?? "",
            one.Text("message", ErrorBounds.TextMax) ?? one.Text("errorMessage", ErrorBounds.TextMax) ?? "",
            Loose.Bounded([.. one.At("stacktrace").List(10_000).Select(StackFrame)])
        );

    private static StackFrame StackFrame(JsonElement one)
    {
        var line = one.Whole("lineNumber");
        // "code": {"7": "function ship() {", "8": "  throw new Error()", ...}
        var code = one.At("code")
            .Words(20)
            .Select(row =>
                (
                    Line: int.TryParse(row.Key, NumberStyles.None, CultureInfo.InvariantCulture, out var at) ? at : 0,
                    row.Value
                )
            )
            .OrderBy(row => row.Line)
            .ToList();
        return new()
        {
            Function = one.Text("method"),
            File = one.Text("file"),
            Line = line,
            Column = one.Whole("columnNumber"),
            IsInApp = one.At("inProject").Truth(),
            Code = code.Where(row => row.Line == line).Select(row => row.Value).FirstOrDefault(),
            Before =
            [
                .. code.Where(row => row.Line < line).Select(row => row.Value).TakeLast(ErrorBounds.ContextLinesMax),
            ],
            After = [.. code.Where(row => row.Line > line).Select(row => row.Value).Take(ErrorBounds.ContextLinesMax)],
        };
    }

    private static IEnumerable<KeyValuePair<string, string>> Tags(JsonElement json)
    {
        (string Name, string? Value)[] known =
        [
            ("server", json.At("device").At("hostname").Text()),
            (
                "browser",
                $"{json.At("device").At("browserName").Text()} {json.At("device").At("browserVersion").Text()}".Trim()
            ),
            ("os", $"{json.At("device").At("osName").Text()} {json.At("device").At("osVersion").Text()}".Trim()),
            ("runtime", json.At("device").At("runtimeVersions").At("node").Text() is { } node ? $"node {node}" : null),
        ];
        return known
            .Where(one => one.Value is { Length: > 0 })
            .Select(one => new KeyValuePair<string, string>(one.Name, one.Value!))
            .Concat(
                json.At("featureFlags")
                    .List(ErrorBounds.TagsMax)
                    .Where(one => one.Text("featureFlag") is not null)
                    .Select(one => new KeyValuePair<string, string>(
                        $"flag.{one.Text("featureFlag")}",
                        one.Text("variant") ?? "on"
                    ))
            );
    }
}
