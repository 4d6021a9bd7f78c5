using Fairlead.Model.Apps;
using Fairlead.Model.Releases;

namespace Fairlead.Model.Telemetry;

/// <summary>
/// Who sent telemetry, as far as Fairlead knows by itself. It is stamped on every sample, line, error and span, over whatever the
/// sender says of these labels; so a release cannot be mistaken for another.
/// </summary>
/// <param name="Site">Null for senders that Fairlead did not start, such as another Prometheus.</param>
/// <param name="Service">Null when the sender speaks for the whole site.</param>
/// <param name="Part">Null when the sender may be of any version, such as a page in a browser.</param>
/// <param name="Slot">Which replica of the part; null when it is none.</param>
public sealed record Source(Site? Site, string? Service = null, Part? Part = null, int? Slot = null)
{
    /// <summary>The label names that only Fairlead sets.</summary>
    public const string AppLabel = "app";

    /// <inheritdoc cref="AppLabel"/>
    public const string EnvironmentLabel = "environment";

    /// <inheritdoc cref="AppLabel"/>
    public const string ServiceLabel = "service";

    /// <summary>The number of the release that brought this version of the service.</summary>
    public const string ReleaseLabel = "release";

    /// <summary>Which replica of the part, from 0.</summary>
    public const string ReplicaLabel = "replica";

    /// <summary>A sender that Fairlead did not start.</summary>
    public static Source Outside { get; } = new(Site: null);

    public static Source Of(InstanceKey key) => new(key.Site, key.Part.Service, key.Part, key.Slot);

    /// <summary>The labels that it is known by; none for a sender from outside.</summary>
    public IReadOnlyList<Label> Stamp { get; } =
    [
        .. new (string Name, string? Value)[]
        {
            (AppLabel, Site?.App),
            (EnvironmentLabel, Site?.Environment),
            (ReleaseLabel, Text(Part?.Since)),
            (ReplicaLabel, Text(Slot)),
            (ServiceLabel, Service),
        }
            .Where(one => one.Value is not null)
            .Select(one => new Label(one.Name, one.Value!)),
    ];

    // By what it says; the stamp follows from it.
    public bool Equals(Source? other) =>
        other is not null && Site == other.Site && Service == other.Service && Part == other.Part && Slot == other.Slot;

    public override int GetHashCode() => HashCode.Combine(Site, Service, Part, Slot);

    /// <summary>Sets the stamp's labels. What the sender itself said under one of these names goes on as <c>exported_NAME</c>, as in Prometheus.</summary>
    public Labels On(Labels labels)
    {
        if (Stamp.Count == 0)
        {
            return labels;
        }
        var all = new List<Label>(labels.Count + Stamp.Count);
        foreach (var (name, value) in labels)
        {
            var ours = Stamp.FirstOrDefault(one => string.Equals(one.Name, name, StringComparison.Ordinal));
            if (ours == default)
            {
                all.Add(new(name, value));
            }
            else if (!string.Equals(ours.Value, value, StringComparison.Ordinal))
            {
                all.Add(new($"exported_{name}", value));
            }
        }
        all.AddRange(Stamp);
        return Labels.Of(all);
    }

    private static string? Text(int? number) => number?.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
