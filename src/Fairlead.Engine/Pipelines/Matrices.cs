using Fairlead.Model.Pipelines;

namespace Fairlead.Engine.Pipelines;

/// <summary>The combinations that a matrix stands for, by the rules that GitHub has for them.</summary>
public static class Matrices
{
    public const int CombinationsMax = 10_000;

    /// <summary>In the order of the file, the last axis fastest.</summary>
    public static IReadOnlyList<IReadOnlyDictionary<string, string>> Combinations(Matrix matrix)
    {
        List<OrderedDictionary<string, string>> all =
            matrix.Axes.Count == 0
                ? []
                :
                [
                    [],
                ];
        foreach (var axis in matrix.Axes)
        {
            all =
            [
                .. all.SelectMany(one =>
                    axis.Values.Select(value => new OrderedDictionary<string, string>(one) { [axis.Name] = value })
                ),
            ];
        }
        all.RemoveAll(one => matrix.Exclude.Any(barred => barred.Count > 0 && Has(one, barred)));
        var axes = matrix.Axes.Select(static one => one.Name).ToHashSet(StringComparer.Ordinal);
        var originals = all.Count;
        foreach (var more in matrix.Include)
        {
            // What agrees with a combination on all axes that it names is added to it; what fits none is one of its own.
            var shared = more.Where(one => axes.Contains(one.Key)).ToList();
            var fitting = all.Take(originals)
                .Where(one =>
                    shared.TrueForAll(said => one.TryGetValue(said.Key, out var value) && value == said.Value)
                )
                .ToList();
            foreach (var one in fitting)
            {
                foreach (var (name, value) in more)
                {
                    one[name] = value;
                }
            }
            if (fitting.Count == 0)
            {
                all.Add(new(more));
            }
        }
        return [.. all];
    }

    /// <summary>All that a variable of it is in one combination or another.</summary>
    public static IEnumerable<string> Values(Matrix? matrix, string variable) =>
        matrix is null
            ? []
            : Combinations(matrix)
                .SelectMany(static one => one)
                .Where(one => string.Equals(one.Key, variable, StringComparison.OrdinalIgnoreCase))
                .Select(static one => one.Value);

    private static bool Has(OrderedDictionary<string, string> one, IReadOnlyDictionary<string, string> values) =>
        values.All(said => one.TryGetValue(said.Key, out var value) && value == said.Value);
}
