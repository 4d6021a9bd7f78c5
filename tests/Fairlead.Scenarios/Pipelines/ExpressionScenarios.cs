using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fairlead.Engine.Pipelines.Expressions;
using Fairlead.Model.Problems;

namespace Fairlead.Scenarios.Pipelines;

/// <summary>Our expressions beside GitHub's own library for them.</summary>
public sealed class ExpressionScenarios : IDisposable
{
    private static readonly string[] Values =
    [
        "null",
        "true",
        "false",
        "0",
        "-1.5",
        "2",
        "NaN",
        "''",
        "'0'",
        "' 2 '",
        "'a'",
        "'B'",
        "'true'",
        "list",
        "nothing",
        "fromJSON('[2]')",
    ];

    private static readonly string[] Signs = ["==", "!=", "<", "<=", ">", ">=", "&&", "||"];

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("fl-expressions-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task Every_expression_comes_to_what_GitHubs_own_library_says()
    {
        PipelinePeers.Need("@actions/expressions", "esbuild");
        var table = await File.ReadAllTextAsync(Table(), TestContext.Current.CancellationToken);
        string[] lines = table.Split("\n----------\n")[0].TrimEnd('\n').Split('\n');
        string[] expressions = [.. lines[1..], .. Crossed()];

        var answers = await PipelinePeers.AskAsync(
            "expressions.mjs",
            JsonSerializer.Serialize(new { context = JsonNode.Parse(lines[0]), expressions }),
            folder.FullName,
            TestContext.Current.CancellationToken
        );

        var theirs = answers.TrimEnd('\n').Split('\n').Select(static one => JsonSerializer.Deserialize<string>(one));
        var context = new JsonContext(lines[0]);
        Assert.Equal(
            expressions.Zip(theirs, static (expression, answer) => $"{expression} => {answer}"),
            expressions.Select(expression => $"{expression} => {Answer(expression, context)}")
        );
    }

    private static IEnumerable<string> Crossed() =>
        from left in Values
        from sign in Signs
        from right in Values
        select $"{left} {sign} {right}";

    private static string Answer(string text, IExpressionContext context)
    {
        if (Expression.Parse(text).Expression is not { } expression)
        {
            return "unreadable";
        }
        try
        {
            var value = expression.Evaluate(context);
            var shown = value.IsSingle
                ? value.ToString()
                : JsonNode.Parse(JsonText.Of(value, int.MaxValue))!.ToJsonString();
            return $"{value.GetType().Name.ToLowerInvariant()} {shown}";
        }
        catch (ProblemException)
        {
            return "fails";
        }
    }

    private static string Table([CallerFilePath] string path = "") =>
        Path.GetFullPath(
            Path.Combine(
                Path.GetDirectoryName(path)!,
                "../../Fairlead.Tests/Pipelines/Expressions/Golden/expressions.txt"
            )
        );

    private sealed class JsonContext(string json) : IExpressionContext
    {
        private readonly ExpressionValue.Group names = (ExpressionValue.Group)
            JsonText.Read(JsonDocument.Parse(json).RootElement);

        public RunStatus Status => RunStatus.Success;

        public ExpressionValue? Find(string name) => names.Find(name);

        public string HashFiles(IReadOnlyList<string> globs) => "";
    }
}
