using Fairlead.Engine.Judging.PromQl.Reading;

namespace Fairlead.Engine.Judging.PromQl.Evaluating;

/// <summary>What somebody who reads the answer should know, each thing once, with the place in the query that it is about.</summary>
internal sealed class Annotations
{
    private readonly Dictionary<string, Place> warnings = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Place> infos = new(StringComparer.Ordinal);

    public void QuantileOutOfRange(double quantile, Place place) =>
        warnings.TryAdd(
            $"PromQL warning: quantile value should be between 0 and 1, got {Numbers.General(quantile)}",
            place
        );

    public void RatioOutOfRange(double ratio, double cap, Place place) =>
        warnings.TryAdd(
            $"PromQL warning: ratio value should be between -1 and 1, got {Numbers.General(ratio)}, capping to {Numbers.General(cap)}",
            place
        );

    public void BadBucket(string metric, string label, Place place) =>
        warnings.TryAdd(
            $"PromQL warning: bucket label \"le\" is missing or has a malformed value of {Written.Quoted(label)}{For(metric)}",
            place
        );

    public void NoCounter(string metric, Place place) =>
        infos.TryAdd(
            $"PromQL info: metric might not be a counter, name does not end in _total/_sum/_count/_bucket: {Written.Quoted(metric)}",
            place
        );

    public void Forced(string metric, Place place) =>
        infos.TryAdd(
            "PromQL info: input to histogram_quantile needed to be fixed for monotonicity "
                + "(see https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile)"
                + For(metric),
            place
        );

    public IReadOnlyList<string> Warnings(string query) => Shown(warnings, query);

    public IReadOnlyList<string> Infos(string query) => Shown(infos, query);

    private static string For(string metric) => metric.Length == 0 ? "" : $" for metric name {Written.Quoted(metric)}";

    private static List<string> Shown(Dictionary<string, Place> notes, string query) =>
        [
            .. notes
                .OrderBy(one => one.Key, StringComparer.Ordinal)
                .Select(one =>
                {
                    var (line, column) = Faults.Position(query, one.Value.Start);
                    return $"{one.Key} ({line}:{column})";
                }),
        ];
}
