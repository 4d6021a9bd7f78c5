using System.Text.Json.Serialization;
using Fairlead.Model.Apps;

namespace Fairlead.Model.Monitoring;

/// <summary>Work that was announced: while it goes on, what it concerns counts as neither up nor down, and nobody is alarmed.</summary>
/// <param name="From">Its first moment.</param>
/// <param name="To">The moment after its last; later than <paramref name="From"/>.</param>
/// <param name="Text">For people: what is done and what they notice.</param>
public sealed record Maintenance(string Id, DateTimeOffset From, DateTimeOffset To, string Text)
{
    /// <summary>The store's collection of them, each under its id, with its site before it where it has one.</summary>
    public const string Collection = "maintenance";

    /// <summary>Whose; null for everything.</summary>
    public Site? Site { get; init; }

    /// <summary>Services of the site; none for all of them.</summary>
    public IReadOnlyList<string> Services { get; init; } = [];

    /// <summary>Keys of monitors; none for all that the site and the services leave.</summary>
    public IReadOnlyList<string> Monitors { get; init; } = [];

    /// <summary>Who announced it.</summary>
    public string By { get; init; } = "";

    /// <summary>When it was announced; null for what was announced before that was written down.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? AnnouncedAt { get; init; }

    /// <summary>From when on it counts as planned: nobody announces what was already.</summary>
    [JsonIgnore]
    public DateTimeOffset CountsFrom => AnnouncedAt is { } at && at > From ? at : From;

    public string Key => Site is null ? Id : $"{Site}/{Id}";

    public bool IsOn(DateTimeOffset now) => From <= now && now < To;

    /// <summary>Whether it concerns what bears these labels; an empty one is none.</summary>
    /// <param name="monitor">The monitor's key.</param>
    public bool Covers(string app, string environment, string service, string monitor)
    {
        if (Site is { } site && (site.App != app || site.Environment != environment))
        {
            return false;
        }
        // A service's own monitor bears its name.
        var isNamed = Monitors.Contains(monitor) || Services.Contains(service.Length > 0 ? service : NameOf(monitor));
        return (Monitors.Count == 0 && Services.Count == 0) || isNamed;
    }

    /// <summary>Whether it concerns a monitor.</summary>
    /// <param name="monitor">Its key, which begins with its site where it has one.</param>
    public bool Concerns(string monitor)
    {
        var site = monitor.LastIndexOf('/') is > 0 and var end ? Site.TryParse(monitor[..end]) : null;
        return Covers(site?.App ?? "", site?.Environment ?? "", service: "", monitor);
    }

    private static string NameOf(string key) => key[(key.LastIndexOf('/') + 1)..];
}
