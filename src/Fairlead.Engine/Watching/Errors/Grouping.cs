using System.Security.Cryptography;
using System.Text;
using Fairlead.Model.Apps;
using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Watching.Errors;

/// <summary>
/// Decides which events are the same error. In this order: what the program itself says, the chain of exceptions with the
/// program's own frames, the message. Line numbers, numbers, ids and what builds write into names play no part, so a release
/// does not split a group.
/// </summary>
public static class Grouping
{
    /// <summary>Kept with each group. Rules that group differently are a new version: groups of old ones stay what they are.</summary>
    public const int Version = 1;

    // The nearest frames tell errors apart; those far away only tell where the program was started.
    private const int FramesMax = 30;
    private const int TitleMax = 200;

    public static Sighting Of(Site site, ErrorEvent one)
    {
        var parts = Parts(one);
        var text = string.Join('\n', parts.Prepend(site.ToString()));
        var id = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..12];
        return new(site, id, Version, Title(one), Culprit(one), one);
    }

    /// <summary>What the event is grouped by, in lines that people can read.</summary>
    public static IReadOnlyList<string> Parts(ErrorEvent one) =>
        one.Fingerprint.Count == 0 ? Default(one) : [.. one.Fingerprint.SelectMany(part => Filled(part, one))];

    public static string Title(ErrorEvent one)
    {
        var text = one.Exceptions switch
        {
            [{ Type: "", Value: var value }, ..] => value,
            [{ Value: "" } first, ..] => first.Type,
            [var first, ..] => $"{first.Type}: {first.Value}",
            _ => one.Message ?? one.Template ?? "(no message)",
        };
        var line = text.AsSpan().Trim();
        var end = line.IndexOfAny('\r', '\n');
        line = end < 0 ? line : line[..end];
        return line.Length > TitleMax ? $"{line[..TitleMax]}…" : line.ToString();
    }

    public static string Culprit(ErrorEvent one)
    {
        var frames = one.Exceptions.SelectMany(thrown => thrown.Frames).ToList();
        var frame = frames.Find(InApp.Is) ?? frames.FirstOrDefault();
        if (frame is null)
        {
            return one.Transaction ?? one.Logger ?? "";
        }
        var place = frame.File is { Length: > 0 } file ? Normal.File(file) : frame.Module ?? "";
        var function = Normal.Function(frame.Function);
        return function.Length == 0 ? place
            : place.Length == 0 ? function
            : $"{function} in {place}";
    }

    private static IReadOnlyList<string> Default(ErrorEvent one)
    {
        if (one.Exceptions.Count > 0)
        {
            return [.. one.Exceptions.SelectMany(thrown => Lines(thrown))];
        }
        // A template has no values in it, so it says best which message it is.
        return
        [
            $"message {Normal.Message(one.Template ?? one.Message ?? "")}",
            .. one.Logger is { } logger ? [$"logger {logger}"] : Array.Empty<string>(),
        ];
    }

    private static IEnumerable<string> Lines(Thrown thrown)
    {
        yield return $"type {Normal.Function(thrown.Type)}";
        var own = thrown.Frames.Where(InApp.Is).ToList();
        var chosen = (own.Count > 0 ? own : [.. thrown.Frames]).Where(frame => !Glue.Is(frame)).Select(Line);
        var lines = WithoutRecursion(chosen).Take(FramesMax).ToList();
        // A stack that says nothing of its own (all in a library, or minified) is not enough to call two errors the same.
        if (own.Count == 0 || lines.Count == 0 || lines.TrueForAll(line => line.IsWeak))
        {
            yield return $"message {Normal.Message(thrown.Value)}";
        }
        foreach (var line in lines)
        {
            yield return line.Text;
        }
    }

    private static FrameLine Line(StackFrame frame)
    {
        var function = Normal.Function(frame.Function);
        var place = Place(frame);
        // A bundler without a source map calls functions a, b and t, each time others.
        var isMinified = function.Length is > 0 and <= 2 && Scripts.Is(frame.File);
        return new($"frame {(isMinified ? "" : function)} in {place}", function.Length == 0 || isMinified);
    }

    // A class or package is the same wherever its file lies; scripts have none that is worth it.
    private static string Place(StackFrame frame) =>
        frame.Module is { Length: > 0 } module && !Scripts.Is(frame.File) && !module.Contains('/')
            ? Normal.Function(module)
            : Normal.File(frame.File ?? frame.Module ?? "");

    private static IEnumerable<FrameLine> WithoutRecursion(IEnumerable<FrameLine> lines)
    {
        string? last = null;
        foreach (var line in lines)
        {
            if (!string.Equals(line.Text, last, StringComparison.Ordinal))
            {
                yield return line;
            }
            last = line.Text;
        }
    }

    // {{ default }}, {{default}}, {{ error.type }}: as Sentry's libraries write them.
    private static IEnumerable<string> Filled(string part, ErrorEvent one)
    {
        if (part.AsSpan().Trim() is not ['{', '{', .. var inside, '}', '}'])
        {
            return [$"fingerprint {part}"];
        }
        return inside.Trim().ToString() switch
        {
            "default" => Default(one),
            "type" or "error.type" => [$"type {(one.Exceptions is [var first, ..] ? first.Type : "")}"],
            "value" or "error.value" or "message" =>
            [
                $"message {Normal.Message(one.Exceptions is [var first, ..] ? first.Value : one.Message ?? "")}",
            ],
            "transaction" => [$"transaction {one.Transaction}"],
            "logger" => [$"logger {one.Logger}"],
            "level" => [$"level {one.Level}"],
            "release" => [$"release {one.ReleaseName}"],
            var other => [$"fingerprint {other}"],
        };
    }

    private readonly record struct FrameLine(string Text, bool IsWeak);
}
