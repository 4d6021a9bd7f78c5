using System.Globalization;
using System.Text.RegularExpressions;
using Fairlead.Engine.Manifests.Reading;
using Fairlead.Engine.Pipelines.Expressions;

namespace Fairlead.Engine.Pipelines.Vendors.GitHub;

/// <summary>
/// Axes of a matrix whose values are groups, such as <c>profile: [{ name: full, jdk: 8 }]</c>, as axes of texts: the value is the
/// first text of the group, and the others are variables beside it, <c>matrix.profile_jdk</c> for <c>matrix.profile.jdk</c>.
/// </summary>
internal static class GitHubMatrixObjects
{
    private const int DepthMax = 40;

    /// <summary>The job with texts alone in its matrix; the same job when that cannot be, or there is nothing to do.</summary>
    public static Node Flat(Node job, TranslationNotes notes)
    {
        if (
            Foreign.Find(job, "strategy") is not Node.Mapping strategy
            || strategy.Find("matrix") is not Node.Mapping matrix
            || matrix.Entries.Where(static one => IsAxis(one) && IsGroups(one.Value)).ToList()
                is not { Count: > 0 } axes
            || axes.Exists(axis => IsNamedElsewhere(matrix, axis))
        )
        {
            return job;
        }
        Node flat = With(job, "strategy", With(strategy, "matrix", Matrix(matrix, axes)));
        foreach (var axis in axes)
        {
            flat = Renamed(flat, axis, DepthMax);
        }
        // Who asks for a whole group asks for more than a text.
        if (axes.Exists(axis => AsksWhole(flat, axis.Key, DepthMax)))
        {
            return job;
        }
        foreach (var axis in axes)
        {
            notes.Approximated(
                axis.Value,
                $"The values of '{Shown.Line(axis.Key)}' are groups.",
                $"Their parts are variables beside it: matrix.{Shown.Line(axis.Key)}_{Shown.Line(Foreign.Entries(((Node.Sequence)axis.Value).Items[0])[0].Key)} and so on."
            );
        }
        return flat;
    }

    private static bool IsAxis(Node.Entry entry) =>
        entry.Key is not ("include" or "exclude") && Foreign.IsWord(entry.Key);

    private static bool IsGroups(Node node) =>
        node is Node.Sequence { Items: { Count: > 0 } items }
        && items.All(static one =>
            one is Node.Mapping { Entries: { Count: > 0 } entries }
            && entries.All(static of =>
                Foreign.IsWord(of.Key)
                && of.Value is Node.Scalar { IsNothing: false } text
                && !TextTemplate.IsIn(text.Text)
            )
        );

    /// <summary>Where single combinations are said.</summary>
    private static readonly string[] Lists = ["include", "exclude"];

    /// <summary>Whether single combinations give the axis a value, or a variable has a name that a part of it would get.</summary>
    private static bool IsNamedElsewhere(Node.Mapping matrix, Node.Entry axis) =>
        matrix.Entries.Any(one => one.Key.StartsWith($"{axis.Key}_", StringComparison.OrdinalIgnoreCase))
        || Lists
            .SelectMany(key => Foreign.Items(matrix.Find(key)))
            .SelectMany(static one => Foreign.Entries(one))
            .Any(one =>
                string.Equals(one.Key, axis.Key, StringComparison.OrdinalIgnoreCase)
                || one.Key.StartsWith($"{axis.Key}_", StringComparison.OrdinalIgnoreCase)
            );

    private static Node.Mapping Matrix(Node.Mapping matrix, List<Node.Entry> axes)
    {
        List<Node> beside = [];
        var flat = matrix;
        foreach (var axis in axes)
        {
            var groups = ((Node.Sequence)axis.Value).Items;
            var names = Names(groups);
            flat = With(flat, axis.Key, ((Node.Sequence)axis.Value) with { Items = [.. names] });
            beside.AddRange(
                groups.Select(
                    (group, at) =>
                        (Node)
                            new Node.Mapping(
                                group.Spot,
                                group.Path,
                                [
                                    new(names[at].Spot, axis.Key, names[at]),
                                    .. Foreign.Entries(group).Select(one => one with { Key = $"{axis.Key}_{one.Key}" }),
                                ]
                            )
                )
            );
        }
        // Before those of the file: they belong to combinations that are there by the axes.
        return With(
            flat,
            "include",
            new Node.Sequence(matrix.Spot, matrix.Path, [.. beside, .. Foreign.Items(matrix.Find("include"))])
        );
    }

    /// <summary>The first text of each group where that tells them apart, else numbers.</summary>
    private static List<Node.Scalar> Names(IReadOnlyList<Node> groups)
    {
        var first = groups.Select(static one => (Node.Scalar)Foreign.Entries(one)[0].Value).ToList();
        return first.Select(static one => one.Text).Distinct(StringComparer.Ordinal).Count() == first.Count
            ? first
            :
            [
                .. first.Select(
                    static (one, at) => one with { Text = (at + 1).ToString(CultureInfo.InvariantCulture) }
                ),
            ];
    }

    private static Node.Mapping With(Node node, string key, Node value)
    {
        var group = (Node.Mapping)node;
        return group.Find(key) is null
            ? group with
            {
                Entries = [.. group.Entries, new(value.Spot, key, value)],
            }
            : group with
            {
                Entries = [.. group.Entries.Select(one => one.Key == key ? one with { Value = value } : one)],
            };
    }

    private static Node Renamed(Node node, Node.Entry axis, int depth) =>
        depth == 0
            ? node
            : node switch
            {
                Node.Scalar { IsNothing: false } text => text with
                {
                    Text = Asked(axis.Key, @"\.").Replace(text.Text, $"matrix.{axis.Key}_"),
                },
                Node.Sequence list => list with
                {
                    Items = [.. list.Items.Select(one => Renamed(one, axis, depth - 1))],
                },
                Node.Mapping group => group with
                {
                    Entries =
                    [
                        .. group.Entries.Select(one => one with { Value = Renamed(one.Value, axis, depth - 1) }),
                    ],
                },
                _ => node,
            };

    private static bool AsksWhole(Node node, string axis, int depth) =>
        depth > 0
        && node switch
        {
            Node.Scalar { IsNothing: false } text => Asked(axis, "(?![A-Za-z0-9_-])").IsMatch(text.Text),
            Node.Sequence list => list.Items.Any(one => AsksWhole(one, axis, depth - 1)),
            Node.Mapping group => group.Entries.Any(one => AsksWhole(one.Value, axis, depth - 1)),
            _ => false,
        };

    private static Regex Asked(string axis, string after) =>
        new(
            $@"\bmatrix\.{Regex.Escape(axis)}{after}",
            RegexOptions.CultureInvariant | RegexOptions.IgnoreCase,
            TimeSpan.FromSeconds(1)
        );
}
