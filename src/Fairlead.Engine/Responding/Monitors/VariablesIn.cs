using Fairlead.Model.Monitoring;

namespace Fairlead.Engine.Responding.Monitors;

/// <summary>
/// Variables of the server's environment, <c>${NAME}</c>, in monitors that somebody added by hand. Not in those of manifests: whoever
/// may deploy an app could send the server's secrets to an address of theirs.
/// </summary>
internal static class VariablesIn
{
    /// <summary>The first variable that is not there; null when all are.</summary>
    public static string? Missing(MonitorDefinition monitor, Func<string, string?> variable) =>
        monitor.Origin is not MonitorOrigin.Added
            ? null
            : TextsOf(monitor.Spec).SelectMany(Names).FirstOrDefault(name => variable(name) is null);

    /// <summary>The same with its variables filled in; in the address they need no escapes.</summary>
    public static MonitorSpec Filled(MonitorDefinition monitor, Func<string, string?> variable)
    {
        var spec = monitor.Spec;
        return monitor.Origin is not MonitorOrigin.Added || !TextsOf(spec).Any(text => Names(text).Any())
            ? spec
            : spec with
            {
                Url = Fill(spec.Url, name => Uri.EscapeDataString(variable(name)!)), // None is missing.
                Request = spec.Request is not { } request
                    ? null
                    : request with
                    {
                        Send = request.Send is null ? null : Fill(request.Send, name => variable(name)!),
                        Headers = request.Headers.ToDictionary(
                            one => one.Key,
                            one => Fill(one.Value, name => variable(name)!)
                        ),
                    },
            };
    }

    private static IEnumerable<string> TextsOf(MonitorSpec spec) =>
        [spec.Url, .. spec.Request is { } request ? request.Headers.Values.Append(request.Send ?? "") : []];

    private static IEnumerable<string> Names(string text)
    {
        for (var at = Next(text, 0); at is { } found; at = Next(text, found.End))
        {
            yield return text[(found.Begin + 2)..(found.End - 1)];
        }
    }

    private static string Fill(string text, Func<string, string> value)
    {
        var whole = new System.Text.StringBuilder();
        var from = 0;
        for (var at = Next(text, 0); at is { } found; at = Next(text, found.End))
        {
            whole.Append(text, from, found.Begin - from).Append(value(text[(found.Begin + 2)..(found.End - 1)]));
            from = found.End;
        }
        return whole.Append(text, from, text.Length - from).ToString();
    }

    private static (int Begin, int End)? Next(string text, int from) =>
        text.IndexOf("${", from, StringComparison.Ordinal) is >= 0 and var begin
        && text.IndexOf('}', begin) is > 0 and var end
            ? (begin, end + 1)
            : null;
}
