using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Judging.PromQl.Evaluating;

/// <summary>Puts series together that have come to the same labels.</summary>
internal static class Merging
{
    private const string Twice = "vector cannot contain metrics with the same labelset";

    /// <summary>Over time one may go on where the other ended; at one time both cannot be.</summary>
    public static IReadOnlyList<Row> Rows(IReadOnlyList<Row> rows)
    {
        if (!HasTwins(rows))
        {
            return rows;
        }
        var merged = new List<Row>(rows.Count);
        var places = new Dictionary<Labels, int>(rows.Count);
        var own = new HashSet<int>();
        foreach (var row in rows)
        {
            if (places.TryAdd(row.Labels, merged.Count))
            {
                merged.Add(row);
                continue;
            }
            var place = places[row.Labels];
            var twin = merged[place];
            // Columns may be others' too: the first merge makes one that is ours.
            if (own.Add(place))
            {
                twin = merged[place] = twin with { Values = [.. twin.Values] };
            }
            Into(twin, row);
        }
        return merged;
    }

    /// <summary>The names that were to go are gone.</summary>
    public static IReadOnlyList<Row> WithoutDroppedNames(IReadOnlyList<Row> rows) =>
        Rows([.. rows.Select(row => row.DropsName ? row with { Labels = Named.Without(row.Labels) } : row)]);

    private static bool HasTwins(IReadOnlyList<Row> rows)
    {
        if (rows.Count < 2)
        {
            return false;
        }
        var seen = new HashSet<Labels>(rows.Count);
        return rows.Any(row => !seen.Add(row.Labels));
    }

    private static void Into(Row twin, Row row)
    {
        for (var step = 0; step < row.Values.Length; step++)
        {
            if (Absent.Is(row.Values[step]))
            {
                continue;
            }
            if (!Absent.Is(twin.Values[step]))
            {
                throw Faults.Execution(
                    Twice,
                    $"Two series became {Reading.Written.Series(twin.Labels)}: keep a label that tells them apart, or aggregate them."
                );
            }
            twin.Values[step] = row.Values[step];
        }
    }
}

/// <summary>Metrics' names among labels.</summary>
internal static class Named
{
    private static readonly HashSet<string> Reserved = [Labels.MetricName, "__type__", "__unit__"];

    /// <summary>Without what belongs to the metric and not to what was made of it.</summary>
    public static Labels Without(Labels labels) => labels.Where(static name => !Reserved.Contains(name));
}
