using System.Runtime.CompilerServices;
using System.Text.Json;
using Fairlead.Engine.Pipelines.Expressions;
using Fairlead.Model.Problems;

namespace Fairlead.Tests.Pipelines.Expressions;

/// <summary>A table of expressions: what they are about as JSON, one in each line, a line of dashes, what each comes to.</summary>
internal static class ExpressionTable
{
    private const string Line = "\n----------\n";

    public static string File { get; } = Path.Combine(Here(), "Golden", "expressions.txt");

    public static string Context => Head()[0];

    public static IReadOnlyList<string> Expressions => Head()[1..];

    public static string? Expected => System.IO.File.ReadAllText(File).Split(Line).ElementAtOrDefault(1);

    public static void Write(string answers) =>
        System.IO.File.WriteAllText(File, string.Join('\n', Head()) + Line + answers);

    /// <summary>The kind and the value; or that it cannot be read, or come to anything.</summary>
    public static string Answer(string expression)
    {
        var (parsed, fault) = Expression.Parse(expression);
        if (parsed is null)
        {
            return $"unreadable at {fault!.At}: {fault.What}";
        }
        try
        {
            return Shown(parsed.Evaluate(new JsonContext(Context)));
        }
        catch (ProblemException found)
        {
            return $"fails: {found.Problems[0].What}";
        }
    }

    private static string Shown(ExpressionValue value) =>
        $"{value.GetType().Name.ToLowerInvariant()} {(value.IsSingle ? value.ToString() : Compact(value))}";

    private static string Compact(ExpressionValue value) =>
        JsonSerializer.Serialize(
            JsonDocument.Parse(JsonText.Of(value, int.MaxValue)).RootElement,
            JsonSerializerOptions.Web
        );

    private static string[] Head() => System.IO.File.ReadAllText(File).Split(Line)[0].TrimEnd('\n').Split('\n');

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;

    private sealed class JsonContext : IExpressionContext
    {
        private readonly ExpressionValue.Group names;

        public JsonContext(string json)
        {
            using var read = JsonDocument.Parse(json);
            names = (ExpressionValue.Group)JsonText.Read(read.RootElement);
        }

        public RunStatus Status => RunStatus.Success;

        public ExpressionValue? Find(string name) => names.Find(name);

        public string HashFiles(IReadOnlyList<string> globs) => string.Join(',', globs);
    }
}
