using System.Text.Json;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Checking.Pages;

/// <summary>Runs axe-core in a page, and reads what it found.</summary>
internal static class AxeFindings
{
    /// <summary>Where npm puts it, from the folder.</summary>
    public const string Script = "node_modules/axe-core/axe.min.js";

    private const int NodesMax = 20;

    /// <summary>What WCAG 2.2 asks for up to AA, and what its authors hold for good practice.</summary>
    public static IReadOnlyList<string> Tags { get; } =
    ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

    /// <exception cref="ProblemException">It is not there.</exception>
    public static string Source(IFileTree tree) =>
        tree.ReadBytes(Script) is { } bytes
            ? System.Text.Encoding.UTF8.GetString(bytes)
            : throw new ProblemException(
                new Problem(
                    "check.no-axe",
                    What: "Accessibility cannot be checked: axe-core is not here.",
                    Why: $"There is no {Script} in {tree.Root}. Its licence (MPL-2.0) is its own, so it does not come with Fairlead.",
                    Fix: "npm install --save-dev axe-core"
                )
                {
                    Trouble = Trouble.NotFound,
                }
            );

    public static async Task<IReadOnlyList<CheckFinding>> OfAsync(
        IBrowserPage page,
        PageView view,
        (string Source, IReadOnlyList<string> Tags) axe,
        CancellationToken stop
    )
    {
        // Its own module systems are hidden from it, so that it becomes a global.
        _ = await page.RunAsync(
            $"(() => {{ const module = undefined, exports = undefined, define = undefined;\n{axe.Source}\n; return true; }})()",
            stop
        );
        var options = JsonSerializer.Serialize(axe.Tags);
        var said = await page.RunAsync(
            $$"""
            axe.run(document, { runOnly: { type: 'tag', values: {{options}} }, resultTypes: ['violations'] }).then(all => all.violations.map(one => ({
              id: one.id, impact: one.impact, help: one.help, url: one.helpUrl,
              nodes: one.nodes.map(node => ({ target: node.target.join(' '), why: node.failureSummary })) })))
            """,
            stop
        );
        using var document = JsonDocument.Parse(said);
        return [.. document.RootElement.EnumerateArray().SelectMany(one => Read(one, view))];
    }

    private static IEnumerable<CheckFinding> Read(JsonElement one, PageView view)
    {
        foreach (var node in one.GetProperty("nodes").EnumerateArray().Take(NodesMax))
        {
            yield return new(
                Text(one, "impact") is { Length: > 0 } impact ? impact : "minor",
                Text(one, "id"),
                $"{view}: {Text(node, "target")}",
                $"{Text(one, "help")}.",
                Text(node, "why").ReplaceLineEndings(" "),
                $"See {Text(one, "url")}"
            );
        }
    }

    private static string Text(JsonElement value, string name) =>
        value.TryGetProperty(name, out var one) && one.ValueKind == JsonValueKind.String ? one.GetString()! : ""; // It is a text.
}
