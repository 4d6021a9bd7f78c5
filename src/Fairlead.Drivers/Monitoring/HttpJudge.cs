using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Fairlead.Model.Monitoring;

namespace Fairlead.Drivers.Monitoring;

/// <summary>An answer over HTTP.</summary>
/// <param name="Headers">Several of a name are joined by commas.</param>
/// <param name="Text">Of its body, as far as it was read.</param>
internal sealed record SeenHttp(int Status, IReadOnlyDictionary<string, string> Headers, string Text, int BodyBytes)
{
    public static SeenHttp Of(HttpResponseMessage answer, byte[] body)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, values) in answer.Headers.NonValidated.Concat(answer.Content.Headers.NonValidated))
        {
            headers[name] = string.Join(", ", values);
        }
        return new((int)answer.StatusCode, headers, Encoding.UTF8.GetString(body), body.Length);
    }
}

/// <summary>Says what is wrong with an answer, by what a monitor expects. Pure.</summary>
internal static class HttpJudge
{
    private static readonly CodeRange Good = new(200, 299);

    /// <summary>The first thing that is wrong, a sentence; null when nothing is.</summary>
    public static string? FaultOf(MonitorSpec spec, SeenHttp seen)
    {
        var expect = spec.Expect ?? new MonitorExpect();
        IReadOnlyList<CodeRange> good = expect.Status.Count > 0 ? expect.Status : [Good];
        return !good.Any(one => one.Has(seen.Status))
                ? string.Create(
                    CultureInfo.InvariantCulture,
                    $"It answered {seen.Status}, not {string.Join(", ", good)}."
                )
            : expect.Headers.FirstOrDefault(one => !Holds(seen, one)) is { Key: not null } header
                ? HeaderFault(seen, header.Key, header.Value)
            : TextFault(expect, seen.Text) ?? JsonFault(expect, seen.Text);
    }

    /// <summary>Whether it fails by its text, as blackbox_exporter tells it apart.</summary>
    public static bool IsTextAtFault(MonitorSpec spec, SeenHttp seen) =>
        spec.Expect is { } expect && TextFault(expect, seen.Text) is not null;

    /// <summary>What is wrong with a text; null when nothing is.</summary>
    public static string? TextFault(MonitorExpect expect, string text) =>
        expect.Body is { } must && !text.Contains(must, StringComparison.Ordinal) ? $"It does not say '{Short(must)}'."
        : expect.Lacks is { } not && text.Contains(not, StringComparison.Ordinal) ? $"It says '{Short(not)}'."
        : expect.Matches is { } pattern && !Pattern(pattern).IsMatch(text) ? $"Nothing in it fits /{Short(pattern)}/."
        : null;

    private static string? JsonFault(MonitorExpect expect, string text)
    {
        if (expect.Json.Count == 0)
        {
            return null;
        }
        try
        {
            using var document = JsonDocument.Parse(text);
            foreach (var (path, wanted) in expect.Json)
            {
                var value = JsonPath.Find(document.RootElement, path);
                if (value != wanted)
                {
                    return value is null
                        ? $"Its JSON has nothing at {Short(path)}."
                        : $"Its JSON says '{Short(value)}' at {Short(path)}, not '{Short(wanted)}'.";
                }
            }
            return null;
        }
        catch (JsonException)
        {
            return "Its body is no JSON.";
        }
    }

    private static bool Holds(SeenHttp seen, KeyValuePair<string, string> header) =>
        seen.Headers.TryGetValue(header.Key, out var value)
        && value.Contains(header.Value, StringComparison.OrdinalIgnoreCase);

    private static string HeaderFault(SeenHttp seen, string name, string wanted) =>
        seen.Headers.TryGetValue(name, out var value)
            ? $"Its header {name} says '{Short(value)}', not '{Short(wanted)}'."
            : $"It has no header {name}.";

    // What does not go back cannot be led astray by an answer.
    private static Regex Pattern(string pattern) =>
        new(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);

    private static string Short(string text)
    {
        const int lettersMax = 80;
        var line = string.Concat(text.Take(lettersMax).Select(letter => char.IsControl(letter) ? ' ' : letter));
        return text.Length > lettersMax ? line + "…" : line;
    }
}
