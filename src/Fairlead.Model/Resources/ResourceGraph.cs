using Fairlead.Model.Apps;

namespace Fairlead.Model.Resources;

/// <summary>All that an app needs of a cloud in one environment.</summary>
/// <param name="Resources">Each after those that it needs.</param>
public sealed record ResourceGraph(Site Site, CloudPlace Place, IReadOnlyList<Resource> Resources)
{
    /// <summary>What is written on each resource, beside what Fairlead writes there itself.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new SortedDictionary<string, string>();

    /// <summary>What it may cost in a month, in US dollars; null for no limit.</summary>
    public double? Budget { get; init; }

    /// <summary>The resources of a type.</summary>
    public IEnumerable<T> All<T>()
        where T : Resource => Resources.OfType<T>();

    /// <summary>Puts resources, and all that they need, into an order in which each comes after those that it needs.</summary>
    /// <exception cref="ArgumentException">Two different ones have the same name.</exception>
    public static IReadOnlyList<Resource> Ordered(IEnumerable<Resource> wanted)
    {
        var (names, ordered) = (new Dictionary<string, Resource>(StringComparer.Ordinal), new List<Resource>());
        foreach (var one in wanted)
        {
            Add(one);
        }
        return ordered;

        // As deep as a graph is: a dozen. References are held, so there is no circle.
        void Add(Resource one)
        {
            if (names.TryGetValue(one.Name, out var same))
            {
                if (!ReferenceEquals(one, same) && !one.Equals(same))
                {
                    throw new ArgumentException(
                        $"Two resources are called {one.Name}: {same.Word} and {one.Word}.",
                        nameof(wanted)
                    );
                }
                return;
            }
            names.Add(one.Name, one);
            foreach (var need in one.Needs)
            {
                Add(need);
            }
            ordered.Add(one);
        }
    }
}

/// <summary>Which cloud, and where in it.</summary>
/// <param name="Region">As the cloud calls it, such as <c>eu-central-1</c>.</param>
public sealed record CloudPlace(CloudKind Cloud, string Region);
