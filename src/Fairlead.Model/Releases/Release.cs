using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Fairlead.Model.Alerting;
using Fairlead.Model.Apps;
using Fairlead.Model.Data;
using Fairlead.Model.Monitoring;

namespace Fairlead.Model.Releases;

/// <summary>One version of a whole app: immutable, numbered, never reused.</summary>
public sealed record Release
{
    public required Site Site { get; init; }

    /// <summary>1 for a site's first release, then one more each time.</summary>
    public required int Number { get; init; }

    /// <summary>In the order of <c>uses</c>: a service comes after those it uses.</summary>
    public required IReadOnlyList<ReleasedService> Services { get; init; }

    /// <summary>Host names the edge answers for.</summary>
    public required IReadOnlyList<string> Hosts { get; init; }

    /// <summary>Where the hosts' certificates come from; null where the manifest says nothing of it.</summary>
    public TlsPolicy? Tls { get; init; }

    /// <summary>Only artifacts that are proven to be what was built may start.</summary>
    public bool NeedsProvenance { get; init; }

    /// <summary>What stands before its deployment; null where the manifest says nothing of it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Protection? Protection { get; init; }

    /// <summary>Personal data that its services declare; null where they declare none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<PersonalUse>? Data { get; init; }

    /// <summary>How it wants to be watched; null where the manifest says nothing of it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public WatchSettings? Watch { get; init; }

    /// <summary>What is looked at while it is live; null where the manifest says nothing of it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public AppMonitors? Monitors { get; init; }

    /// <summary>Data that it keeps, and what it knows of the schema; null where the manifest says nothing of it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<Database>? Databases { get; init; }

    /// <summary>Where the source was when the release was made, and its commit where it has one.</summary>
    public required string Source { get; init; }

    public string? Commit { get; init; }

    /// <summary>When that was committed, by the word of who did; null where nobody knows.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? CommittedAt { get; init; }

    public required DateTimeOffset At { get; init; }

    public ReleasedService? Find(string service) => Services.FirstOrDefault(one => one.Service.Name == service);

    public override string ToString() => $"{Site.App}@{Number}";
}

/// <summary>A service as a release pins it.</summary>
/// <param name="Part">Its version.</param>
/// <param name="Artifact">Digest of what is run; the same digest is the same bytes.</param>
/// <param name="Strategy">How it takes the place of the part before.</param>
public sealed record ReleasedService(Service Service, Part Part, string Artifact, StrategyChoice Strategy);

/// <summary>A strategy by name with its settings, as the manifest chose it.</summary>
public sealed record StrategyChoice(string Kind, JsonElement Settings);

/// <summary>
/// One version of one service: <c>api@42</c> was first released by release 42. A later release that changes nothing of the
/// service carries the same part on, so its processes are left alone.
/// </summary>
public sealed record Part(string Service, int Since)
{
    /// <summary>Reads <c>api@42</c>; null when it is not of that shape.</summary>
    public static Part? TryParse(string text) =>
        text.Split('@') is [var service, var since]
        && int.TryParse(since, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? new(service, number)
            : null;

    public override string ToString() => $"{Service}@{Since}";
}
