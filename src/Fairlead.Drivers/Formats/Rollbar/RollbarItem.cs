using System.Text.Json;
using System.Text.RegularExpressions;
using Fairlead.Model.Telemetry;

namespace Fairlead.Drivers.Formats.Rollbar;

/// <summary>
/// An item as Rollbar's libraries send it (https://docs.rollbar.com/reference/create-item): its body is one of a trace, a chain of
/// them, a message and a crash report.
/// <code>{"data":{"environment":"production","level":"error","body":{"trace":{"frames":[...],"exception":{"class":"Error"}}}}}</code>
/// </summary>
internal static partial class RollbarItem
{
    /// <param name="data">What is under <c>data</c>.</param>
    /// <param name="id">For one that brings none.</param>
    public static ErrorEvent Read(JsonElement data, Func<string> id, DateTimeOffset now)
    {
        var body = data.At("body");
        var message = body.At("message").At("body").Text(ErrorBounds.TextMax);
        return new()
        {
            Id = data.Text("uuid", 64) ?? id(),
            At = data.At("timestamp").Time() ?? now,
            Level = data.At("level").Level(),
            Exceptions = [.. Chain(body).Take(ErrorBounds.ExceptionsMax)],
            Message = message ?? data.Text("title", ErrorBounds.TextMax),
            Transaction = data.Text("context"),
            Fingerprint = data.Text("fingerprint") is { } fingerprint ? [fingerprint] : [],
            Platform = data.Text("language") ?? data.Text("platform"),
            ReleaseName =
                data.Text("code_version")
                ?? data.At("client").At("javascript").At("code_version").Text()
                ?? data.At("server").At("code_version").Text(),
            Environment = data.Text("environment"),
            User =
                data.At("person").At("id").Text()
                ?? data.At("person").At("username").Text()
                ?? data.At("person").At("email").Text(),
            Address = data.At("request").At("user_ip").Text(),
            Request = data.At("request").At("url").Text(2048) is { } url
                ? new(
                    data.At("request").At("method").Text() ?? "GET",
                    url,
                    Loose.Bounded(data.At("request").At("headers").Words(ErrorBounds.TagsMax))
                )
                : null,
            Tags = Loose.Bounded(Tags(data)),
            Breadcrumbs =
            [
                .. body.At("telemetry")
                    .List(1_000)
                    .TakeLast(ErrorBounds.BreadcrumbsMax)
                    .Select(one => new Breadcrumb(
                        one.Number("timestamp_ms") is { } at and > 0 and < 2.5e14
                            ? DateTimeOffset.FromUnixTimeMilliseconds((long)at)
                            : null,
                        one.Text("type") ?? "",
                        one.At("body").At("message").Text(1024) ?? one.At("body").At("url").Text() ?? ""
                    )),
            ],
            Sdk = data.At("notifier").At("name").Text() is { } name
                ? $"{name} {data.At("notifier").At("version").Text()}".Trim()
                : null,
        };
    }

    private static IEnumerable<Thrown> Chain(JsonElement? body)
    {
        if (body.At("crash_report").At("raw").Text(64 << 10) is { } raw)
        {
            return [Crash(raw)];
        }
        return body.At("trace_chain") is { ValueKind: JsonValueKind.Array } chain
                ? ((JsonElement?)chain).List(ErrorBounds.ExceptionsMax).Select(Trace)
            : body.At("trace") is { } trace ? [Trace(trace)]
            : [];
    }

    private static Thrown Trace(JsonElement trace) =>
        new(
            trace.At("exception").At("class").Text() ?? "",
            trace.At("exception").At("message").Text(ErrorBounds.TextMax)
                ?? trace.At("exception").At("description").Text(ErrorBounds.TextMax)
                ?? "",
            // They send the outermost caller first; here the place of the error is.
            Loose.Bounded([.. trace.At("frames").List(10_000).Reverse().Select(StackFrame)])
        );

    private static StackFrame StackFrame(JsonElement one) =>
        new()
        {
            Function = one.Text("method"),
            File = one.Text("filename"),
            Module = one.Text("class_name"),
            Line = one.Whole("lineno"),
            // They count columns from 0 (the library for browsers subtracts one).
            Column = one.At("colno") is null ? 0 : one.Whole("colno") + 1,
            Code = one.Text("code", ErrorBounds.CodeMax),
            Before = [.. Lines(one.At("context").At("pre")).TakeLast(ErrorBounds.ContextLinesMax)],
            After = [.. Lines(one.At("context").At("post")).Take(ErrorBounds.ContextLinesMax)],
        };

    // The first line says what; frames are of so many kinds that only what is alike in most is read.
    private static Thrown Crash(string raw)
    {
        var lines = raw.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var frames = lines
            .Skip(1)
            .Select(line => CrashFrame().Match(line))
            .Where(match => match.Success)
            .Select(match => new StackFrame
            {
                Module = match.Groups["module"].Value,
                Function = match.Groups["function"].Value.Trim(),
            })
            .ToList();
        return new(Loose.Cut(lines.FirstOrDefault() ?? "crash"), "", Loose.Bounded(frames));
    }

    private static IEnumerable<KeyValuePair<string, string>> Tags(JsonElement data)
    {
        var browser = data.At("client").At("javascript").At("browser").Text();
        (string Name, string? Value)[] known =
        [
            ("framework", data.Text("framework")),
            ("server", data.At("server").At("host").Text()),
            ("browser", browser),
            ("branch", data.At("server").At("branch").Text()),
        ];
        return known
            .Where(one => one.Value is not null)
            .Select(one => new KeyValuePair<string, string>(one.Name, one.Value!))
            .Concat(data.At("custom").Words(ErrorBounds.TagsMax));
    }

    private static IEnumerable<string> Lines(JsonElement? lines) =>
        lines.List(20).Select(line => ((JsonElement?)line).Text(ErrorBounds.CodeMax) ?? "");

    // 3   Shop   0x0000000104a1c000 -[Cart checkout] + 128
    [GeneratedRegex(
        @"^\d{1,3}\s+(?<module>\S{1,200})\s+0x[0-9a-fA-F]+\s+(?<function>.{1,200}?)(?:\s\+\s\d+)?$",
        RegexOptions.None,
        1000
    )]
    private static partial Regex CrashFrame();
}
