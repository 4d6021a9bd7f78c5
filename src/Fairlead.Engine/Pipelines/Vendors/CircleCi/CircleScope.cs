using System.Text.RegularExpressions;
using Fairlead.Engine.Manifests.Reading;

namespace Fairlead.Engine.Pipelines.Vendors.CircleCi;

/// <summary>What a parameter is at one place.</summary>
/// <param name="Node">As it is written there; null where a matrix says it.</param>
/// <param name="Text">In neutral words; null when it is no text, or cannot be said.</param>
/// <param name="Expression">The same for a condition.</param>
internal sealed record CircleValue(Node? Node, string? Text, string? Expression);

/// <summary>What <c>&lt;&lt; &gt;&gt;</c> stands for at one place of a file.</summary>
/// <param name="pipeline">Defaults of the whole file's parameters.</param>
/// <param name="parameters">Of the job or command.</param>
internal sealed partial class CircleScope(
    IReadOnlyDictionary<string, CircleValue> pipeline,
    IReadOnlyDictionary<string, CircleValue> parameters
)
{
    private const string Escaped = "\\<<";

    /// <summary>The same within a job or command that has these parameters.</summary>
    public CircleScope With(IReadOnlyDictionary<string, CircleValue> inner) => new(pipeline, inner);

    /// <summary>A text in neutral words; null when it asks for what only CircleCI knows.</summary>
    public string? Neutral(string text)
    {
        List<string> parts = [];
        var at = 0;
        foreach (Match found in Tag().Matches(text))
        {
            parts.Add(Plain(text[at..found.Index]));
            at = found.Index + found.Length;
            if (Value(found.Groups["name"].Value)?.Text is not { } value)
            {
                return null;
            }
            parts.Add(value);
        }
        parts.Add(Plain(text[at..]));
        return string.Concat(parts);
    }

    /// <summary>The value that a whole text asks for; null when it is no such text.</summary>
    public CircleValue? Whole(string text) =>
        Tag().Match(text) is { Success: true, Index: 0 } found && found.Length == text.Trim().Length
            ? Value(found.Groups["name"].Value)
            : null;

    /// <summary>A value as conditions name it; null when nothing is known of it.</summary>
    public CircleValue? Value(string name) =>
        name switch
        {
            "pipeline.git.branch" => new(null, "${{ branch }}", "branch"),
            "pipeline.git.tag" => new(null, "${{ tag }}", "tag"),
            "pipeline.git.revision" => new(null, "${{ commit }}", "commit"),
            "pipeline.trigger_source" => new(null, null, "trigger"),
            _ when name.StartsWith("pipeline.parameters.", StringComparison.Ordinal) => pipeline.GetValueOrDefault(
                name["pipeline.parameters.".Length..]
            ),
            _ when name.StartsWith("parameters.", StringComparison.Ordinal) => parameters.GetValueOrDefault(
                name["parameters.".Length..]
            ),
            _ => null,
        };

    /// <summary>What a parameter is whose value stands here.</summary>
    public CircleValue Of(Node node)
    {
        if (node is not Node.Scalar scalar)
        {
            return new(node, null, null);
        }
        var whole = Whole(scalar.Text);
        return whole is not null ? whole with { Node = whole.Node ?? node }
            : Neutral(scalar.Text) is { } text
                ? new(node, text, scalar.Text.Contains("<<", StringComparison.Ordinal) ? null : Quoted(scalar.Text))
            : new(node, null, null);
    }

    /// <summary>A text in an expression.</summary>
    public static string Quoted(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    // Nothing of ours is filled in there, so it is a text here too.
    private static string Plain(string text) =>
        text.Replace(Escaped, "<<", StringComparison.Ordinal).Replace("${{", "${{ '${{' }}", StringComparison.Ordinal);

    [GeneratedRegex(
        @"(?<!\\)<<\s*(?<name>[A-Za-z_][A-Za-z0-9_.-]*)\s*>>",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Tag();
}
