using System.Globalization;
using Fairlead.Engine.Manifests.Reading;
using Fairlead.Model.Pipelines;

namespace Fairlead.Engine.Pipelines.Vendors.Azure;

/// <summary>Combinations of a job, which Azure has one by one.</summary>
internal sealed class AzureMatrix(TranslationNotes notes)
{
    public static bool IsStatic(Node matrix) =>
        matrix is Node.Mapping { Entries.Count: > 0 } all
        && all.Entries.All(static one =>
            one.Value is Node.Mapping values
            && values.Entries.Any(static of => of.Key != AzureJobExport.Combination)
            && values.Entries.All(static of =>
                of.Value is Node.Scalar text && !text.Text.Contains('$', StringComparison.Ordinal)
            )
        );

    /// <summary>The matrix, and our names of its variables by theirs.</summary>
    public (Matrix? Matrix, IReadOnlyDictionary<string, string> Axes) Read(Node? node)
    {
        var names = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        if (node is null)
        {
            return (null, names);
        }
        notes.Mapped(node, "'matrix'", "matrix");
        var taken = new HashSet<string>(StringComparer.Ordinal);
        List<IReadOnlyDictionary<string, string>> all = [];
        foreach (var one in Foreign.Entries(node))
        {
            var values = new OrderedDictionary<string, string>(StringComparer.Ordinal);
            foreach (var of in Foreign.Entries(one.Value).Where(static of => of.Key != AzureJobExport.Combination))
            {
                if (!names.TryGetValue(of.Key, out var name))
                {
                    name = Foreign.Free(Foreign.Named(of.Key.Replace('.', '_')), taken);
                    names[of.Key] = name;
                }
                values[name] = Foreign.Text(of.Value) ?? "";
            }
            all.Add(values);
        }
        return (Factored(all) with { FailsFast = false }, names);
    }

    public static IReadOnlyList<string> Labels(Matrix matrix, HashSet<string> axes) =>
        [
            .. matrix
                .Axes.Where(one => axes.Contains(one.Name))
                .SelectMany(static one => one.Values)
                .Concat(
                    matrix
                        .Include.SelectMany(static one => one)
                        .Where(one => axes.Contains(one.Key))
                        .Select(static one => one.Value)
                )
                .Distinct(StringComparer.Ordinal),
        ];

    /// <summary>With the machines' neutral words.</summary>
    public static Matrix? Neutral(Matrix? matrix, HashSet<string> axes, Node? parallel)
    {
        if (matrix is null)
        {
            return null;
        }
        string Named(string axis, string value) => axes.Contains(axis) ? Machine(value).Machine : value;
        return matrix with
        {
            Axes =
            [
                .. matrix.Axes.Select(one =>
                    one with
                    {
                        Values =
                        [
                            .. one.Values.Select(value => Named(one.Name, value)).Distinct(StringComparer.Ordinal),
                        ],
                    }
                ),
            ],
            Include =
            [
                .. matrix.Include.Select(one =>
                    (IReadOnlyDictionary<string, string>)
                        one.ToDictionary(static of => of.Key, of => Named(of.Key, of.Value), StringComparer.Ordinal)
                ),
            ],
            Parallel = int.TryParse(
                Foreign.Text(parallel),
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out var many
            )
                ? Math.Clamp(many, 1, 256)
                : null,
        };
    }

    /// <summary>The word for a label, and whether a version of it is lost.</summary>
    public static (string Machine, bool IsNear) Machine(string label) =>
        Machines.FromGitHub(label.ToLowerInvariant()) is var (machine, isNear)
        && machine is "linux" or "macos" or "windows"
            ? (machine, isNear)
        : label.StartsWith("vs201", StringComparison.OrdinalIgnoreCase) ? ("windows", true)
        : (label, false);

    /// <summary>Axes when all their combinations are there, each with each; else the combinations as they are.</summary>
    private static Matrix Factored(List<IReadOnlyDictionary<string, string>> all)
    {
        List<Axis> axes =
        [
            .. all[0]
                .Keys.Select(name => new Axis(
                    name,
                    [
                        .. all.Select(one => one.GetValueOrDefault(name))
                            .OfType<string>()
                            .Distinct(StringComparer.Ordinal),
                    ]
                )),
        ];
        var many = axes.Aggregate(1L, static (many, axis) => Math.Min(many * axis.Values.Count, 100_000));
        if (many == all.Count && all.TrueForAll(one => one.Count == axes.Count))
        {
            var factored = new Matrix(axes, [], []);
            if (
                Matrices
                    .Combinations(factored)
                    .Zip(all)
                    .All(static pair => pair.First.All(of => pair.Second.GetValueOrDefault(of.Key) == of.Value))
            )
            {
                return factored;
            }
        }
        return new([], all, []);
    }
}
