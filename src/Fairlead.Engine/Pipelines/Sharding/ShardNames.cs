using System.Globalization;
using Fairlead.Model.Pipelines;

namespace Fairlead.Engine.Pipelines.Sharding;

/// <summary>How the shards of a job are called and told who they are.</summary>
internal static class ShardNames
{
    /// <summary>The values of a combination, once for each shard.</summary>
    public static IEnumerable<IReadOnlyDictionary<string, string>> Each(
        Shards? shards,
        IReadOnlyDictionary<string, string> values
    ) =>
        shards is null
            ? [values]
            : Enumerable
                .Range(1, shards.Count)
                .Select(number => new OrderedDictionary<string, string>(values) { [Shards.Axis] = Text(number) });

    /// <summary>Whether a variable of a matrix cannot be called so beside shards.</summary>
    public static bool IsTaken(string axis) =>
        string.Equals(axis, Shards.Axis, StringComparison.OrdinalIgnoreCase)
        || string.Equals(axis, Shards.IndexAxis, StringComparison.OrdinalIgnoreCase);

    /// <summary>The number of a shard, from 1; null for a job without shards.</summary>
    public static int? Number(Job job, IReadOnlyDictionary<string, string> values) =>
        job.Shards is null ? null : int.Parse(values[Shards.Axis], CultureInfo.InvariantCulture);

    /// <summary>What expressions find under <c>matrix</c>: the values of a combination, and the shard's number from 0 too.</summary>
    public static IReadOnlyDictionary<string, string> Known(Job job, IReadOnlyDictionary<string, string> values) =>
        Number(job, values) is { } number
            ? new OrderedDictionary<string, string>(values) { [Shards.IndexAxis] = Text(number - 1) }
            : values;

    /// <summary>Variables that each shard has.</summary>
    public static IReadOnlyDictionary<string, string> Env(Job job, IReadOnlyDictionary<string, string> values) =>
        job.Shards is not { } shards
            ? new Dictionary<string, string>()
            : new Dictionary<string, string>
            {
                [Shards.NumberVariable] = values[Shards.Axis],
                [Shards.CountVariable] = Text(shards.Count),
            };

    /// <summary>The values of a combination without the shard's number: what all its shards have in common.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Without(
        IReadOnlyDictionary<string, string> values,
        Job job
    ) => [.. values.Where(one => job.Shards is null || one.Key != Shards.Axis)];

    public static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
