namespace Fairlead.Engine.Judging.PromQl.Reading;

/// <summary>Words with a meaning of their own.</summary>
internal static class Keywords
{
    /// <summary>Words that no metric can be called by without quotes.</summary>
    public static readonly IReadOnlySet<string> Reserved = Of("bool", "on", "ignoring", "group_left", "group_right");

    public static readonly IReadOnlyDictionary<string, Aggregator> Aggregators = new Dictionary<string, Aggregator>(
        StringComparer.OrdinalIgnoreCase
    )
    {
        ["sum"] = Aggregator.Sum,
        ["avg"] = Aggregator.Avg,
        ["count"] = Aggregator.Count,
        ["min"] = Aggregator.Min,
        ["max"] = Aggregator.Max,
        ["group"] = Aggregator.Group,
        ["stddev"] = Aggregator.Stddev,
        ["stdvar"] = Aggregator.Stdvar,
        ["topk"] = Aggregator.Topk,
        ["bottomk"] = Aggregator.Bottomk,
        ["count_values"] = Aggregator.CountValues,
        ["quantile"] = Aggregator.Quantile,
        ["limitk"] = Aggregator.Limitk,
        ["limit_ratio"] = Aggregator.LimitRatio,
    };

    public static string Name(Aggregator aggregator) => Aggregators.First(one => one.Value == aggregator).Key;

    private static HashSet<string> Of(params string[] words) => new(words, StringComparer.OrdinalIgnoreCase);
}
