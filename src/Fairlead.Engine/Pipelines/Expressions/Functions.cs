namespace Fairlead.Engine.Pipelines.Expressions;

/// <summary>The functions of expressions: those of GitHub, by the same names in whatever case.</summary>
internal static class Functions
{
    public static IReadOnlyDictionary<string, Function> Known { get; } =
        new Function[]
        {
            new("always", 0, 0, "always()") { AsksStatus = true },
            new("cancelled", 0, 0, "cancelled()") { AsksStatus = true },
            new("case", 3, Function.ManyMax, "case(branch == 'main', 'live', 'test')") { IsOdd = true },
            new("contains", 2, 2, "contains(branch, 'release')"),
            new("endsWith", 2, 2, "endsWith(tag, '-rc')"),
            new("failure", 0, 0, "failure()") { AsksStatus = true },
            new("format", 1, Function.ManyMax, "format('{0}-{1}', branch, matrix.node)"),
            new("fromJSON", 1, 1, "fromJSON('[1, 2]')"),
            new("hashFiles", 1, Function.ManyMax, "hashFiles('**/package-lock.json')"),
            new("join", 1, 2, "join(needs.*.result, ', ')"),
            new("startsWith", 2, 2, "startsWith(tag, 'v')"),
            new("success", 0, 0, "success()") { AsksStatus = true },
            new("toJSON", 1, 1, "toJSON(matrix)"),
        }.ToDictionary(static one => one.Name, StringComparer.OrdinalIgnoreCase);
}
