using System.Collections;
using System.Text;

namespace Fairlead.Model.Telemetry;

/// <summary>A name and its value.</summary>
public readonly record struct Label(string Name, string Value);

/// <summary>What a series is known by: names in ordinal order, each once, none with an empty value. The metric's own name is one of them.</summary>
public sealed class Labels : IReadOnlyList<Label>, IEquatable<Labels>
{
    /// <summary>The label that holds the metric's name.</summary>
    public const string MetricName = "__name__";

    public static readonly Labels None = new([]);

    private readonly Label[] sorted;
    private readonly int hash;

    private Labels(Label[] sorted)
    {
        this.sorted = sorted;
        var code = new HashCode();
        foreach (var (name, value) in sorted)
        {
            code.Add(name, StringComparer.Ordinal);
            code.Add(value, StringComparer.Ordinal);
        }
        hash = code.ToHashCode();
    }

    public int Count => sorted.Length;

    public Label this[int index] => sorted[index];

    /// <summary>The value of a name; empty when it has none, which is the same for whoever selects.</summary>
    public string this[string name]
    {
        get
        {
            foreach (var label in sorted)
            {
                if (string.Equals(label.Name, name, StringComparison.Ordinal))
                {
                    return label.Value;
                }
            }
            return "";
        }
    }

    /// <summary>The metric's name; empty when it has none.</summary>
    public string Name => this[MetricName];

    /// <summary>Sorts them, leaves out empty values, and keeps the last of a name that is there twice.</summary>
    public static Labels Of(IEnumerable<Label> labels)
    {
        var known = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in labels)
        {
            known[name] = value;
        }
        Label[] all = [.. known.Where(one => one.Value.Length > 0).Select(one => new Label(one.Key, one.Value))];
        Array.Sort(all, static (left, right) => string.CompareOrdinal(left.Name, right.Name));
        return all.Length == 0 ? None : new(all);
    }

    /// <summary>For readers of formats that promise the order: they are taken as they are.</summary>
    /// <param name="labels">In ordinal order of their names, each once, no value empty; not to be changed any more.</param>
    /// <returns>Null when they are not as promised.</returns>
    public static Labels? TrySorted(Label[] labels)
    {
        for (var i = 0; i < labels.Length; i++)
        {
            if (
                labels[i].Value.Length == 0
                || (i > 0 && string.CompareOrdinal(labels[i - 1].Name, labels[i].Name) >= 0)
            )
            {
                return null;
            }
        }
        return new(labels);
    }

    /// <summary>The same with a label set, or taken away by an empty value.</summary>
    public Labels With(string name, string value) => Of(sorted.Append(new(name, value)));

    /// <summary>Those whose names are kept.</summary>
    public Labels Where(Func<string, bool> isKept)
    {
        Label[] kept = [.. sorted.Where(one => isKept(one.Name))];
        return kept.Length == sorted.Length ? this
            : kept.Length == 0 ? None
            : new(kept);
    }

    public bool Equals(Labels? other) =>
        ReferenceEquals(this, other)
        || (other is not null && hash == other.hash && sorted.AsSpan().SequenceEqual(other.sorted));

    /// <summary>Orders by the first label that differs, its name before its value, both in ordinal order.</summary>
    public static int Compare(Labels left, Labels right)
    {
        var (first, second) = (left.sorted, right.sorted);
        for (var i = 0; i < Math.Min(first.Length, second.Length); i++)
        {
            var order = string.CompareOrdinal(first[i].Name, second[i].Name);
            order = order != 0 ? order : string.CompareOrdinal(first[i].Value, second[i].Value);
            if (order != 0)
            {
                return order;
            }
        }
        return first.Length - second.Length;
    }

    public override bool Equals(object? obj) => Equals(obj as Labels);

    public override int GetHashCode() => hash;

    public IEnumerator<Label> GetEnumerator() => ((IEnumerable<Label>)sorted).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>As Prometheus writes a series: <c>up{job="api"}</c>.</summary>
    public override string ToString()
    {
        var text = new StringBuilder(Name);
        var rest = sorted.Where(one => one.Name != MetricName).ToList();
        if (rest.Count > 0 || text.Length == 0)
        {
            text.Append('{');
            text.AppendJoin(", ", rest.Select(one => $"{one.Name}=\"{Escaped(one.Value)}\""));
            text.Append('}');
        }
        return text.ToString();
    }

    private static string Escaped(string value) =>
        value
            .Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("\"", "\\\"", StringComparison.Ordinal)
            .Replace("\n", "\\n", StringComparison.Ordinal);
}
