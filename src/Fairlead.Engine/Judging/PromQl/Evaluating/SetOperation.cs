using Fairlead.Engine.Judging.PromQl.Reading;
using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Judging.PromQl.Evaluating;

/// <summary><c>and</c>, <c>or</c>, <c>unless</c>.</summary>
internal sealed class SetOperation(Binary binary, Timeline timeline)
{
    private readonly Signing signing = new(binary.Matching);

    public IReadOnlyList<Row> Rows(IReadOnlyList<Row> left, IReadOnlyList<Row> right) =>
        binary.Operator switch
        {
            Operator.And => Kept(left, Present(right), isWanted: true),
            Operator.Unless => Kept(left, Present(right), isWanted: false),
            _ => Both(left, Kept(right, Present(left), isWanted: false)),
        };

    private IReadOnlyList<Row> Both(IReadOnlyList<Row> left, IReadOnlyList<Row> right)
    {
        IReadOnlyList<Row> both = [.. left, .. right];
        return timeline.IsInstant ? both : Merging.Rows(both);
    }

    /// <summary>For each match group, the steps at which one of its series has a number.</summary>
    private Dictionary<Labels, bool[]> Present(IReadOnlyList<Row> rows)
    {
        var present = new Dictionary<Labels, bool[]>();
        foreach (var row in rows)
        {
            var group = signing.Of(row.Labels);
            if (!present.TryGetValue(group, out var steps))
            {
                present[group] = steps = new bool[timeline.Count];
            }
            for (var step = 0; step < steps.Length; step++)
            {
                steps[step] |= !Absent.Is(row.Values[step]);
            }
        }
        return present;
    }

    private List<Row> Kept(IReadOnlyList<Row> rows, Dictionary<Labels, bool[]> others, bool isWanted)
    {
        var kept = new List<Row>(rows.Count);
        foreach (var row in rows)
        {
            var steps = others.GetValueOrDefault(signing.Of(row.Labels));
            if (steps is null)
            {
                if (!isWanted)
                {
                    kept.Add(row);
                }
                continue;
            }
            var column = new double[timeline.Count];
            for (var step = 0; step < column.Length; step++)
            {
                column[step] = steps[step] == isWanted ? row.Values[step] : Absent.Value;
            }
            if (Absent.Present(column) > 0)
            {
                kept.Add(row with { Values = column });
            }
        }
        return kept;
    }
}

/// <summary>The labels by which series of both sides find each other.</summary>
internal sealed class Signing(Matching matching)
{
    private readonly HashSet<string> names = new(matching.Labels, StringComparer.Ordinal);

    public Labels Of(Labels labels) =>
        matching.IsOn
            ? labels.Where(names.Contains)
            : labels.Where(name => name != Labels.MetricName && !names.Contains(name));
}
