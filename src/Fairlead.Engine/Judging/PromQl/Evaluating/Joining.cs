using Fairlead.Engine.Judging.PromQl.Reading;
using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Judging.PromQl.Evaluating;

/// <summary>Operators between two vectors: each series meets the one of the other side that has the same labels where they count.</summary>
internal sealed class Joining(Binary binary, Timeline timeline)
{
    /// <summary>Series of both sides that belong together. At each step at most one of <paramref name="One"/> may have a number.</summary>
    private sealed record Group(Labels Labels, List<Row> Many, List<Row> One);

    private readonly Matching matching = binary.Matching;
    private readonly Signing signing = new(binary.Matching);
    private readonly bool isSwapped = binary.Matching.Cardinality == Cardinality.OneToMany;

    // As in Prometheus, with group_right too the left value stands in on the side of many.
    private double? FillOne => matching.Fill.Right;

    private double? FillMany => matching.Fill.Left;

    public IReadOnlyList<Row> Rows(IReadOnlyList<Row> left, IReadOnlyList<Row> right)
    {
        var (many, one) = isSwapped ? (right, left) : (left, right);
        var isEmpty =
            (left.Count == 0 && right.Count == 0)
            || (matching.Fill == (null, null) && (left.Count == 0 || right.Count == 0));
        if (isEmpty)
        {
            return [];
        }
        var made = new List<Row>();
        foreach (var group in Groups(many, one))
        {
            var meets = Meets(group, many);
            var matched = new bool[timeline.Count];
            var pairs = group.Many.SelectMany(row => Pairs(row, group, meets, matched)).ToList();
            CheckLabels(pairs, meets);
            made.AddRange(
                pairs.Where(static pair => Absent.Present(pair.Made.Values) > 0).Select(static pair => pair.Made)
            );
            made.AddRange(Unmatched(group, meets, matched));
        }
        return timeline.IsInstant ? made : Merging.Rows(made);
    }

    private List<Group> Groups(IReadOnlyList<Row> many, IReadOnlyList<Row> one)
    {
        var groups = new Dictionary<Labels, Group>();
        var order = new List<Group>();
        foreach (var (rows, isMany) in ((IReadOnlyList<Row>, bool)[])[(many, true), (one, false)])
        {
            foreach (var row in rows)
            {
                var labels = signing.Of(row.Labels);
                if (!groups.TryGetValue(labels, out var group))
                {
                    order.Add(group = groups[labels] = new(labels, [], []));
                }
                (isMany ? group.Many : group.One).Add(row);
            }
        }
        return order;
    }

    /// <summary>For each step, which series of the one side has a number: its place, or -1.</summary>
    private int[] Meets(Group group, IReadOnlyList<Row> many)
    {
        var meets = new int[timeline.Count];
        Array.Fill(meets, -1);
        for (var place = 0; place < group.One.Count; place++)
        {
            var values = group.One[place].Values;
            for (var step = 0; step < meets.Length; step++)
            {
                if (Absent.Is(values[step]))
                {
                    continue;
                }
                // Where the other side has nothing at all, nothing is looked at.
                if (meets[step] >= 0 && (FillMany is not null || many.Any(row => !Absent.Is(row.Values[step]))))
                {
                    throw Duplicate(group, group.One[place], group.One[meets[step]]);
                }
                meets[step] = place;
            }
        }
        return meets;
    }

    /// <summary>What a series of the many side makes with those that it meets, mostly one.</summary>
    private List<(Row Made, Row Many, int One)> Pairs(Row row, Group group, int[] meets, bool[] matched)
    {
        var pairs = new List<(Row Made, Row Many, int One)>();
        var current = 0;
        for (var step = 0; step < meets.Length; step++)
        {
            var place = meets[step];
            if (Absent.Is(row.Values[step]) || (place < 0 && FillOne is null))
            {
                continue;
            }
            if (matching.Cardinality == Cardinality.OneToOne && matched[step])
            {
                throw Faults.Execution(
                    "multiple matches for labels: many-to-one matching must be explicit (group_left/group_right)",
                    "Say which side has more series for each match: group_left or group_right."
                );
            }
            matched[step] = true;
            if (pairs.Count == 0 || pairs[current].One != place)
            {
                current = PairWith(place, row, group, pairs);
            }
            pairs[current].Made.Values[step] = Value(
                row.Values[step],
                place < 0 ? FillOne!.Value : group.One[place].Values[step] // Looked at above.
            );
        }
        return pairs;
    }

    private int PairWith(int place, Row row, Group group, List<(Row Made, Row Many, int One)> pairs)
    {
        for (var known = 0; known < pairs.Count; known++)
        {
            if (pairs[known].One == place)
            {
                return known;
            }
        }
        var labels = Made(row.Labels, place < 0 ? group.Labels : group.One[place].Labels);
        pairs.Add((new(labels, Absent.Column(timeline.Count), binary.IsBool), row, place));
        return pairs.Count - 1;
    }

    /// <summary>Series of the one side that met nothing, where something stands in for what is missing.</summary>
    private IEnumerable<Row> Unmatched(Group group, int[] meets, bool[] matched)
    {
        if (FillMany is not { } fill)
        {
            yield break;
        }
        for (var place = 0; place < group.One.Count; place++)
        {
            var one = group.One[place];
            var column = Absent.Column(timeline.Count);
            for (var step = 0; step < column.Length; step++)
            {
                if (meets[step] == place && !matched[step])
                {
                    column[step] = Value(fill, one.Values[step]);
                }
            }
            if (Absent.Present(column) > 0)
            {
                yield return new(Made(group.Labels, one.Labels), column, binary.IsBool);
            }
        }
    }

    private double Value(double many, double one)
    {
        var (left, right) = isSwapped ? (one, many) : (many, one);
        if (binary.Operator.IsArithmetic)
        {
            return Arithmetic.Calculate(binary.Operator, left, right);
        }
        var holds = Arithmetic.Holds(binary.Operator, left, right);
        return binary.IsBool
            ? holds
                ? 1
                : 0
            : holds
                ? left
                : Absent.Value;
    }

    private Labels Made(Labels many, Labels one)
    {
        var labels = binary.Operator.IsArithmetic ? Named.Without(many) : many;
        if (matching.Cardinality == Cardinality.OneToOne)
        {
            return labels.Where(name => matching.Labels.Contains(name) == matching.IsOn);
        }
        return matching.Include.Count == 0
            ? labels
            : Labels.Of(labels.Concat(matching.Include.Select(name => new Label(name, one[name]))));
    }

    /// <summary>With group_left two series may come to the same labels only at different times.</summary>
    private void CheckLabels(List<(Row Made, Row Many, int One)> pairs, int[] meets)
    {
        if (matching.Cardinality == Cardinality.OneToOne || pairs.Count < 2)
        {
            return;
        }
        foreach (var twins in pairs.GroupBy(static pair => pair.Made.Labels).Where(static one => one.Skip(1).Any()))
        {
            for (var step = 0; step < timeline.Count; step++)
            {
                // What a comparison left out counts as well: with other numbers it would be there.
                if (twins.Count(pair => meets[step] == pair.One && !Absent.Is(pair.Many.Values[step])) > 1)
                {
                    throw Faults.Execution(
                        "multiple matches for labels: grouping labels must ensure unique matches",
                        "Take over a label that tells them apart: group_left(label)."
                    );
                }
            }
        }
    }

    private Model.Problems.ProblemException Duplicate(Group group, Row later, Row earlier)
    {
        var side = isSwapped ? "left" : "right";
        return Faults.Execution(
            $"found duplicate series for the match group {Written.Set(group.Labels)} on the {side} hand-side of the operation: "
                + $"[{Written.Set(later.Labels)}, {Written.Set(earlier.Labels)}]"
                + ";many-to-many matching not allowed: matching labels must be unique on one side",
            "Match on more labels, or aggregate that side first."
        );
    }
}
