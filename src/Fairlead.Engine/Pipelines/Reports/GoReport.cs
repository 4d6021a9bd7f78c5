using System.Text.Json;

namespace Fairlead.Engine.Pipelines.Reports;

/// <summary>
/// Reads what <c>go test -json</c> prints (test2json): an event on each line. A test that has tests inside is its tests; a package that failed
/// without a test that did, such as one that does not build, is a failure by itself.
/// </summary>
/// <example><code>
/// {"Action":"output","Package":"shop","Test":"TestAdd","Output":"    cart_test.go:9: expected 1\n"}
/// {"Action":"fail","Package":"shop","Test":"TestAdd","Elapsed":0}
/// </code></example>
internal static class GoReport
{
    private const int LinesKept = 100_000;

    private sealed class Seen(string name)
    {
        public string Name { get; } = name;

        public string Outcome { get; set; } = "";

        public string? Why { get; set; }

        public bool HasInner { get; set; }

        public double? Seconds { get; set; }
    }

    private sealed record Event(string Action, string Package, string? Test, string? Output, double? Elapsed);

    /// <returns>Null when no line is such an event.</returns>
    public static TestSummary? Read(string text, string file)
    {
        var (tests, packages, events) = (
            new OrderedDictionary<(string, string), Seen>(),
            new OrderedDictionary<string, Seen>(),
            0
        );
        foreach (var line in text.EnumerateLines())
        {
            // Whatever else was printed between them.
            if (line.StartsWith('{') && Parse(line) is { } one)
            {
                events++;
                Take(one, tests, packages);
            }
        }
        if (events == 0)
        {
            return null;
        }
        var (count, broken) = (new TestCount(), new HashSet<string>(StringComparer.Ordinal));
        foreach (var (key, test) in tests.Where(static one => !one.Value.HasInner))
        {
            Count(test, count);
            count.Time(test.Name, test.Outcome is "skip" ? null : test.Seconds, key.Item1);
            if (test.Outcome is "fail")
            {
                broken.Add(key.Item1);
            }
        }
        foreach (var package in packages.Values.Where(one => one.Outcome is "fail" && !broken.Contains(one.Name)))
        {
            count.Fail(package.Name, package.Why ?? "the package failed, and no test of it");
        }
        return count.Of(file);
    }

    private static void Count(Seen test, TestCount count)
    {
        switch (test.Outcome)
        {
            case "pass":
                count.Pass();
                break;
            case "skip":
                count.Skip();
                break;
            default:
                count.Fail(test.Name, test.Outcome is "fail" ? test.Why : "it never ended");
                break;
        }
    }

    private static void Take(
        Event one,
        OrderedDictionary<(string, string), Seen> tests,
        OrderedDictionary<string, Seen> packages
    )
    {
        if (tests.Count + packages.Count >= LinesKept)
        {
            return;
        }
        var seen = one.Test is { } name
            ? Find(tests, (one.Package, name), $"{one.Package}.{name}")
            : Find(packages, one.Package, one.Package);
        if (one.Test is { } inner && inner.LastIndexOf('/') is > 0 and var at)
        {
            Find(tests, (one.Package, inner[..at]), $"{one.Package}.{inner[..at]}").HasInner = true;
        }
        if (one.Action is "pass" or "fail" or "skip")
        {
            (seen.Outcome, seen.Seconds) = (one.Action, one.Elapsed);
        }
        else if (one.Action is "output" or "build-output" && seen.Why is null && IsReason(one.Output ?? ""))
        {
            seen.Why = one.Output;
        }
    }

    // "    cart_test.go:9: expected 1", "panic: ...", "./cart.go:3:1: syntax error"; not "=== RUN" and "--- FAIL".
    private static bool IsReason(string output) =>
        output.Contains(".go:", StringComparison.Ordinal)
        || output.TrimStart().StartsWith("panic:", StringComparison.Ordinal);

    private static Seen Find<TKey>(OrderedDictionary<TKey, Seen> all, TKey key, string name)
        where TKey : notnull
    {
        if (!all.TryGetValue(key, out var seen))
        {
            all.Add(key, seen = new(name));
        }
        return seen;
    }

    private static Event? Parse(ReadOnlySpan<char> line)
    {
        try
        {
            using var document = JsonDocument.Parse(line.ToString(), new JsonDocumentOptions { MaxDepth = 8 });
            var root = document.RootElement;
            // Of what does not build, the package is called otherwise.
            return
                Text(root, "Action") is { } action && (Text(root, "Package") ?? Text(root, "ImportPath")) is { } package
                ? new(action, package, Text(root, "Test"), Text(root, "Output"), Number(root, "Elapsed"))
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static double? Number(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value)
        && value.ValueKind is JsonValueKind.Number
        && value.TryGetDouble(out var number)
            ? number
            : null;

    private static string? Text(JsonElement root, string name) =>
        root.ValueKind is JsonValueKind.Object
        && root.TryGetProperty(name, out var value)
        && value.ValueKind is JsonValueKind.String
            ? value.GetString()
            : null;
}
