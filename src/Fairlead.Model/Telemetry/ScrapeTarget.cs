namespace Fairlead.Model.Telemetry;

/// <summary>Something that shows numbers when it is asked.</summary>
/// <param name="Job">What kind of thing it is, such as <c>shop-api</c> or <c>node</c>; the label <c>job</c>.</param>
/// <param name="Instance">Which one of these; the label <c>instance</c>.</param>
/// <param name="Url">
/// Where to ask: <c>http:</c> and <c>https:</c> for Prometheus's formats, <c>fairlead:</c> for a role of this Fairlead, and the schemes of
/// databases and brokers, such as <c>postgres:</c>. It may hold <c>${NAME}</c> for a variable of the server's environment.
/// </param>
public sealed record ScrapeTarget(string Job, string Instance, string Url)
{
    /// <summary>Whose numbers they are, stamped on each.</summary>
    public Source Source { get; init; } = Source.Outside;

    public TimeSpan Every { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Not above <see cref="Every"/>.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Its counters begin at zero when they are first seen, so what they count before the second look is not lost to rates. True only
    /// of Fairlead's own roles, which are asked from their first moment on.
    /// </summary>
    public bool StartsAtZero { get; init; }

    /// <summary>
    /// It says by itself when its numbers cannot wait for their next moment: a request to <see cref="NewsSegment"/> below its address is
    /// answered then. True only of Fairlead's own roles.
    /// </summary>
    public bool HasNews { get; init; }

    /// <summary>Its numbers carry their own <c>job</c> and <c>instance</c>, if any, and these are kept.</summary>
    public bool HonorsLabels { get; init; }

    public ScrapeLimits Limits { get; init; } = new();

    /// <summary>The same for the same target, whenever it is found.</summary>
    public string Key => $"{Job}\n{Instance}\n{Url}\n{string.Join('\n', Source.Stamp.Select(one => one.Value))}";

    /// <summary>Whether another is asked in the same way at the same times.</summary>
    public bool IsSame(ScrapeTarget other) =>
        string.Equals(Key, other.Key, StringComparison.Ordinal)
        && this with { Source = Source.Outside } == other with { Source = Source.Outside };

    /// <summary>The labels of a series as it is kept.</summary>
    public Labels On(Labels labels)
    {
        var all = new List<Label>(labels.Count + 2);
        foreach (var (name, value) in labels)
        {
            if (name is JobLabel or InstanceLabel && !HonorsLabels)
            {
                all.Add(new($"exported_{name}", value));
            }
            else
            {
                all.Add(new(name, value));
            }
        }
        AddMissing(all, JobLabel, Job);
        AddMissing(all, InstanceLabel, Instance);
        return Source.On(Labels.Of(all));
    }

    public const string NewsSegment = "news";
    public const string JobLabel = "job";
    public const string InstanceLabel = "instance";

    private static void AddMissing(List<Label> all, string name, string value)
    {
        if (!all.Exists(one => string.Equals(one.Name, name, StringComparison.Ordinal)))
        {
            all.Add(new(name, value));
        }
    }
}

/// <summary>How much one target may show. Beyond, all of that scrape is refused: half a page would look like a change.</summary>
public sealed record ScrapeLimits
{
    public int SamplesMax { get; init; } = 50_000;

    public int BodyBytesMax { get; init; } = 16 * 1024 * 1024;

    public int LabelsMax { get; init; } = 64;

    public int LabelNameBytesMax { get; init; } = 256;

    public int LabelValueBytesMax { get; init; } = 4096;
}
