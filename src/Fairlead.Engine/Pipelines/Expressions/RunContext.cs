namespace Fairlead.Engine.Pipelines.Expressions;

/// <summary>What expressions of a pipeline can ask: the neutral words, which mean the same here and in every CI system.</summary>
public sealed record RunContext : IExpressionContext
{
    /// <summary>push, change, tag, schedule or manual.</summary>
    public required string Event { get; init; }

    /// <summary>The branch that is built; empty for a tag, and for a change that is only proposed.</summary>
    public string Branch { get; init; } = "";

    /// <summary>The tag that is built; empty when it is none.</summary>
    public string Tag { get; init; } = "";

    /// <summary>What is built, by git's full name, such as <c>refs/heads/main</c>.</summary>
    public string Ref { get; init; } = "";

    /// <summary>The commit's full name.</summary>
    public string Commit { get; init; } = "";

    /// <summary>The branch that a proposed change comes from; else empty.</summary>
    public string Source { get; init; } = "";

    /// <summary>The branch that a proposed change is for; else empty.</summary>
    public string Target { get; init; } = "";

    /// <summary>linux, macos, windows, or the job's own label.</summary>
    public string Machine { get; init; } = "linux";

    public IReadOnlyDictionary<string, string> Env { get; init; } = new Dictionary<string, string>();

    /// <summary>The combination of this job.</summary>
    public IReadOnlyDictionary<string, string> Matrix { get; init; } = new Dictionary<string, string>();

    /// <summary>How the jobs that this one needs ended: success, failure, cancelled or skipped.</summary>
    public IReadOnlyDictionary<string, string> Needs { get; init; } = new Dictionary<string, string>();

    public RunStatus Status { get; init; }

    /// <summary>Answers for <c>hashFiles</c>; without one there are no files.</summary>
    public Func<IReadOnlyList<string>, string>? Files { get; init; }

    public ExpressionValue? Find(string name) =>
        name.ToUpperInvariant() switch
        {
            "EVENT" => ExpressionValue.Of(Event),
            "BRANCH" => ExpressionValue.Of(Branch),
            "TAG" => ExpressionValue.Of(Tag),
            "REF" => ExpressionValue.Of(Ref),
            "COMMIT" => ExpressionValue.Of(Commit),
            "SOURCE" => ExpressionValue.Of(Source),
            "TARGET" => ExpressionValue.Of(Target),
            "MACHINE" => ExpressionValue.Of(Machine),
            "ENV" => ExpressionValue.Of(Env),
            "MATRIX" => ExpressionValue.Of(Matrix),
            "NEEDS" => new ExpressionValue.Group(
                Needs.Select(static one => KeyValuePair.Create(one.Key, Ended(one.Value)))
            ),
            _ => null,
        };

    public string HashFiles(IReadOnlyList<string> globs) => Files?.Invoke(globs) ?? "";

    private static ExpressionValue Ended(string result) => ExpressionValue.Of([KeyValuePair.Create("result", result)]);
}
