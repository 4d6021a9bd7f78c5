using Fairlead.Engine.Judging.PromQl.Reading;
using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Judging.PromQl.Evaluating;

/// <summary>Functions that change labels and leave numbers alone.</summary>
internal sealed class LabelFunctions(Call call)
{
    public IReadOnlyList<Row> Replaced(IReadOnlyList<Row> rows)
    {
        var (target, replacement, source, pattern) = (Text(1), Text(2), Text(3), Text(4));
        if (RegularExpression.Fault(pattern) is not null)
        {
            throw Faults.Execution($"invalid regular expression in label_replace(): {pattern}");
        }
        CheckTarget(target);
        var regex = RegularExpression.For(pattern);
        return Merging.Rows([
            .. rows.Select(row =>
                regex.Match(row.Labels[source]) is { Success: true } match
                    ? Set(row, target, RegularExpression.Expand(replacement, match))
                    : row
            ),
        ]);
    }

    public IReadOnlyList<Row> Joined(IReadOnlyList<Row> rows)
    {
        var (target, separator) = (Text(1), Text(2));
        string[] sources = [.. Enumerable.Range(3, call.Arguments.Count - 3).Select(Text)];
        if (sources.FirstOrDefault(one => !Written.IsUtf8Name(one)) is { } bad)
        {
            throw Faults.Execution($"invalid source label name in label_join(): {bad}");
        }
        CheckTarget(target);
        return Merging.Rows([
            .. rows.Select(row =>
                Set(row, target, string.Join(separator, sources.Select(source => row.Labels[source])))
            ),
        ]);
    }

    /// <summary>The labels that a series would have had which was looked for and not found.</summary>
    public static Labels OfMissing(Expression argument)
    {
        var selector = argument.Bare switch
        {
            VectorSelector one => one,
            RangeSelector one => one.Vector,
            _ => null,
        };
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var matcher in selector?.Matchers ?? [])
        {
            if (matcher.Name == Labels.MetricName)
            {
                continue;
            }
            if (matcher.Kind == MatchKind.Equal && seen.Add(matcher.Name))
            {
                labels[matcher.Name] = matcher.Value;
            }
            else
            {
                labels.Remove(matcher.Name);
            }
        }
        return Labels.Of(labels.Select(one => new Label(one.Key, one.Value)));
    }

    private static Row Set(Row row, string target, string value) =>
        row with
        {
            Labels = row.Labels.With(target, value),
            DropsName = target != Labels.MetricName && row.DropsName,
        };

    private void CheckTarget(string target)
    {
        if (!Written.IsUtf8Name(target))
        {
            throw Faults.Execution($"invalid destination label name in {call.Function.Name}(): {target}");
        }
    }

    private string Text(int place) => ((TextLiteral)call.Arguments[place].Bare).Value;
}
