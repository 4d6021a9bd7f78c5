using System.Text.Json;
using Fairlead.Model.Telemetry;

namespace Fairlead.Drivers.Formats.Sentry;

/// <summary>An event as Sentry's libraries send it (https://develop.sentry.dev/sdk/data-model/event-payloads/).</summary>
internal static class SentryEvent
{
    /// <param name="id">For one that brings none.</param>
    public static ErrorEvent Read(JsonElement json, Func<string> id, DateTimeOffset now) =>
        new()
        {
            Id = json.Text("event_id", 36)?.Replace("-", "", StringComparison.Ordinal) ?? id(),
            At = json.At("timestamp").Time() ?? now,
            Level = json.At("level").Level(),
            // They send the innermost cause first; here the one that was reported is.
            Exceptions = [.. Enumerable.Reverse(Causes(json))],
            Message =
                json.At("logentry").At("formatted").Text(ErrorBounds.TextMax)
                ?? json.At("message").Text(ErrorBounds.TextMax)
                ?? json.At("message").At("formatted").Text(ErrorBounds.TextMax),
            Template = json.At("logentry").At("message").Text(ErrorBounds.TextMax),
            Logger = json.Text("logger"),
            Transaction = json.Text("transaction"),
            Fingerprint = Fingerprint(json),
            Platform = json.Text("platform"),
            ReleaseName = json.Text("release"),
            Environment = json.Text("environment"),
            User = User(json.At("user")),
            Address = json.At("user").At("ip_address").Text() is { } address and not "{{auto}}" ? address : null,
            IsHandled = json.At("exception")
                .List(ErrorBounds.ExceptionsMax)
                .Select(one => one.At("mechanism").At("handled").Truth())
                .LastOrDefault(one => one is not null),
            TraceId = json.At("contexts").At("trace").At("trace_id").Text(),
            Request = Request(json.At("request")),
            Tags = Loose.Bounded(json.At("tags").Words(ErrorBounds.TagsMax).Concat(Contexts(json))),
            Breadcrumbs = [.. Crumbs(json.At("breadcrumbs"))],
            DebugIds = DebugIds(json),
            Sdk = json.At("sdk").At("name").Text() is { } name
                ? $"{name} {json.At("sdk").At("version").Text()}".Trim()
                : null,
        };

    private static List<Thrown> Causes(JsonElement json)
    {
        var all = json.At("exception").List(int.MaxValue).TakeLast(ErrorBounds.ExceptionsMax).Select(Thrown).ToList();
        if (all.Count > 0)
        {
            return all;
        }
        // A message may come with the stack it was said from, in a place of its own.
        var stack = json.At("stacktrace") ?? Threads(json);
        var text =
            json.At("logentry").At("formatted").Text(ErrorBounds.TextMax) ?? json.Text("message", ErrorBounds.TextMax);
        return stack is { } found && Frames(found) is { Count: > 0 } frames ? [new("", text ?? "", frames)] : [];
    }

    private static JsonElement? Threads(JsonElement json) =>
        json.At("threads")
            .List(100)
            .Where(one => one.At("current").Truth() == true || one.At("crashed").Truth() == true)
            .Select(one => one.At("stacktrace"))
            .FirstOrDefault(one => one is not null);

    private static Thrown Thrown(JsonElement one) =>
        new(
            one.Text("type") is { } type
                ? (
                    one.Text("module") is { } module && !type.Contains('.') && IsDotted(module)
                        ? $"{module}.{type}"
                        : type
                )
                : "",
            one.At("value").Text(ErrorBounds.TextMax) ?? "",
            one.At("stacktrace") is { } stack ? Frames(stack) : []
        );

    // Java and Python say a class's package beside it; scripts say the file, which is none.
    private static bool IsDotted(string module) =>
        module.Contains('.') && !module.Contains('/') && !module.Contains(':');

    // They send the outermost caller first; here the place of the error is.
    private static IReadOnlyList<StackFrame> Frames(JsonElement stack) =>
        Loose.Bounded([.. stack.At("frames").List(10_000).Reverse().Select(StackFrame)]);

    private static StackFrame StackFrame(JsonElement one)
    {
        var isInApp = one.At("in_app").Truth();
        var frame = new StackFrame
        {
            Function = one.Text("function"),
            File =
                one.Text("abs_path") is { } path && path.Contains("://", StringComparison.Ordinal)
                    ? path
                    : one.Text("filename") ?? one.Text("abs_path"),
            Module = one.Text("module"),
            Line = one.Whole("lineno"),
            Column = one.Whole("colno"),
            IsInApp = isInApp,
        };
        // Lines of libraries are no help and half of the bytes.
        return isInApp == false
            ? frame
            : frame with
            {
                Code = one.Text("context_line", ErrorBounds.CodeMax),
                Before = [.. Lines(one.At("pre_context")).TakeLast(ErrorBounds.ContextLinesMax)],
                After = [.. Lines(one.At("post_context")).Take(ErrorBounds.ContextLinesMax)],
            };
    }

    private static IEnumerable<string> Lines(JsonElement? lines) =>
        lines.List(20).Select(line => ((JsonElement?)line).Text(ErrorBounds.CodeMax) ?? "");

    private static string[] Fingerprint(JsonElement json)
    {
        string[] parts =
        [
            .. json.At("fingerprint")
                .List(ErrorBounds.FingerprintMax)
                .Select(one => ((JsonElement?)one).Text())
                .OfType<string>(),
        ];
        return parts is ["{{ default }}" or "{{default}}"] ? [] : parts;
    }

    private static string? User(JsonElement? user) =>
        user.At("id").Text() ?? user.At("email").Text() ?? user.At("username").Text() ?? user.At("ip_address").Text();

    private static AskedRequest? Request(JsonElement? request) =>
        request.At("url").Text(2048) is { } url
            ? new(
                request.At("method").Text() ?? "GET",
                url,
                Loose.Bounded(request.At("headers").Words(ErrorBounds.TagsMax))
            )
            : null;

    private static IEnumerable<KeyValuePair<string, string>> Contexts(JsonElement json)
    {
        foreach (var name in (string[])["runtime", "browser", "os", "device"])
        {
            var context = json.At("contexts").At(name);
            var text =
                $"{context.At("name").Text() ?? context.At("family").Text()} {context.At("version").Text()}".Trim();
            if (text.Length > 0)
            {
                yield return new(name, text);
            }
        }
        if (json.Text("server_name") is { } server)
        {
            yield return new("server", server);
        }
    }

    private static IEnumerable<Breadcrumb> Crumbs(JsonElement? crumbs) =>
        crumbs
            .List(1_000)
            .TakeLast(ErrorBounds.BreadcrumbsMax)
            .Select(one => new Breadcrumb(
                one.At("timestamp").Time(),
                one.Text("category") ?? one.Text("type") ?? "",
                one.Text("message", 1024)
                    ?? $"{one.At("data").At("method").Text()} {one.At("data").At("url").Text()} {one.At("data").At("status_code").Text()}".Trim()
            ));

    // {"debug_meta":{"images":[{"type":"sourcemap","code_file":"https://.../main.js","debug_id":"6f1c..."}]}}
    private static IReadOnlyDictionary<string, string> DebugIds(JsonElement json) =>
        Loose.Bounded(
            json.At("debug_meta")
                .At("images")
                .List(1_000)
                .Where(one =>
                    one.Text("type") == "sourcemap"
                    && one.Text("code_file") is not null
                    && one.Text("debug_id") is not null
                )
                .Select(one => new KeyValuePair<string, string>(one.Text("code_file")!, one.Text("debug_id")!))
        );
}
