using Fairlead.Engine.Deploying.Gates;
using Fairlead.Engine.Deploying.Jobs;
using Fairlead.Engine.Watching;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Deploying;

/// <summary>The world as it was seen just now. What can be seen is never taken from memory.</summary>
/// <param name="Builds">How the builds of the release under way stand, by artifact; only asked for while building.</param>
/// <param name="Commands">How the current step's gate commands stand, by gate; only asked for while watching.</param>
public sealed record Observation(
    IReadOnlyList<Instance> Instances,
    RouterView Router,
    IReadOnlyDictionary<string, BuildView> Builds,
    IReadOnlyDictionary<string, CommandView> Commands
)
{
    /// <summary>What the current step's query gates last gave, by gate; only asked for while watching.</summary>
    public IReadOnlyDictionary<string, QueryView> Queries { get; init; } = new Dictionary<string, QueryView>();

    /// <summary>How the current step's snapshot stands; null before it is begun, and while no step takes one.</summary>
    public SnapshotView? Snapshot { get; init; }

    /// <summary>Runs of jobs, which are apart from what stays up.</summary>
    public IReadOnlyList<Instance> Runs { get; init; } = [];

    public Instance? FindRun(InstanceKey key) => Runs.FirstOrDefault(one => one.Key == key);

    public Instance? Find(InstanceKey key) => Instances.FirstOrDefault(one => one.Key == key);
}

/// <summary>Everything a decision depends on; deciding is a pure function of it.</summary>
public sealed record Situation
{
    public required SiteRecord Record { get; init; }

    /// <summary>The deployment under way, or the one that comes next.</summary>
    public Deployment? Deployment { get; init; }

    /// <summary>The live release, with as many replicas as its load asks for.</summary>
    public Release? Live { get; init; }

    /// <summary>The release of <see cref="Deployment"/>, with as many replicas as what is live has now.</summary>
    public Release? Next { get; init; }

    /// <summary>Releases whose parts are kept warm.</summary>
    public IReadOnlyList<Release> WarmReleases { get; init; } = [];

    /// <summary>The queued and the active deployments that a request may concern.</summary>
    public IReadOnlyList<Deployment> Others { get; init; } = [];

    /// <summary>What was asked and is not handled yet, oldest first.</summary>
    public IReadOnlyList<Request> Requests { get; init; } = [];

    public required Observation Seen { get; init; }

    public required DateTimeOffset Now { get; init; }

    /// <summary>Since when a replica has had no share: when its drain began. Memory only; a restart begins the drain anew.</summary>
    public IReadOnlyDictionary<InstanceKey, DateTimeOffset> UnroutedSince { get; init; } =
        new Dictionary<InstanceKey, DateTimeOffset>();

    /// <summary>Since when a replica has been failed. Memory only.</summary>
    public IReadOnlyDictionary<InstanceKey, DateTimeOffset> FailedSince { get; init; } =
        new Dictionary<InstanceKey, DateTimeOffset>();

    /// <summary>Runs of jobs that could not be begun. Memory only.</summary>
    public IReadOnlyDictionary<InstanceKey, RunTrouble> RunTroubles { get; init; } =
        new Dictionary<InstanceKey, RunTrouble>();

    /// <summary>Since when services have had no request. Memory only; a restart counts anew, but wakes nobody.</summary>
    public IReadOnlyDictionary<string, DateTimeOffset> QuietSince { get; init; } =
        new Dictionary<string, DateTimeOffset>();

    /// <summary>What kept the turn before this one from being done; null when nothing did. Memory only.</summary>
    public Model.Problems.Problem? Failure { get; init; }

    /// <summary>What the judge of the current step knows; null while nobody is compared.</summary>
    public Trial? Trial { get; init; }

    /// <summary>Where services reach each other, such as <c>http://127.0.0.1:8079</c>.</summary>
    public required string InternalUrl { get; init; }

    /// <inheritdoc cref="EnginePorts.BridgeUrl"/>
    public string? BridgeUrl { get; init; }

    /// <inheritdoc cref="EnginePorts.Sending"/>
    public Sending? Sending { get; init; }

    public required TargetAbilities Abilities { get; init; }

    public Site Site => Record.Site;

    /// <summary>Whether nobody has asked for a service for so long that it may sleep.</summary>
    public bool MaySleep(Service service) =>
        service is { Idle: { } idle, TakesTraffic: true, IsStatic: false }
        && QuietSince.TryGetValue(service.Name, out var since)
        && Now - since >= idle;
}
