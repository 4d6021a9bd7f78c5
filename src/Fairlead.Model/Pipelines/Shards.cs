namespace Fairlead.Model.Pipelines;

/// <summary>A job that is done several times at once, each time with its own part of the tests.</summary>
/// <param name="Count">How often, 2 to 64.</param>
public sealed record Shards(int Count)
{
    /// <summary>The name under which expressions find the number of the shard, from 1: <c>matrix.shard</c>.</summary>
    public const string Axis = "shard";

    /// <summary>The name under which expressions find the same number counted from 0, as some tools count: <c>matrix.shard_index</c>.</summary>
    public const string IndexAxis = "shard_index";

    /// <summary>The variable with the number of the shard, from 1.</summary>
    public const string NumberVariable = "FAIRLEAD_SHARD";

    /// <summary>The variable with how many shards there are.</summary>
    public const string CountVariable = "FAIRLEAD_SHARDS";

    /// <summary>The variable with the path of a file that names the tests of the shard, one a line, from the task's folder.</summary>
    public const string FileVariable = "FAIRLEAD_SHARD_FILE";

    /// <summary>Globs of files with tests, from the pipeline's folder; empty when another thing says which tests there are.</summary>
    public IReadOnlyList<string> Files { get; init; } = [];

    /// <summary>A program and its arguments that print the name of a test, class or package on each line; empty when files say it.</summary>
    public IReadOnlyList<string> List { get; init; } = [];

    /// <summary>Whether it is known which tests there are; else each shard is only told its number, and its tool parts them.</summary>
    public bool AreListed => Files.Count > 0 || List.Count > 0;
}
