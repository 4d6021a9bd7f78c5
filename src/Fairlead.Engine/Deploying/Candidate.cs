using Fairlead.Model.Alerting;
using Fairlead.Model.Apps;
using Fairlead.Model.Data;
using Fairlead.Model.Monitoring;
using Fairlead.Model.Problems;
using Fairlead.Model.Releases;
using Fairlead.Model.Security.Scanning;

namespace Fairlead.Engine.Deploying;

/// <summary>What is to become a release.</summary>
/// <param name="Source">The manifest's folder, absolute.</param>
public sealed record Candidate(
    Site Site,
    IReadOnlyList<string> Hosts,
    string Source,
    IReadOnlyList<CandidateService> Services
)
{
    /// <summary>Its commit, where the source has one.</summary>
    public string? Commit { get; init; }

    /// <inheritdoc cref="Release.CommittedAt"/>
    public DateTimeOffset? CommittedAt { get; init; }

    /// <summary>Where the hosts' certificates come from; null where the manifest says nothing of it.</summary>
    public TlsPolicy? Tls { get; init; }

    /// <summary>What must hold before it may be deployed; null where the manifest says nothing of it.</summary>
    public ScanPolicy? Security { get; init; }

    /// <inheritdoc cref="Release.NeedsProvenance"/>
    public bool NeedsProvenance
    {
        get => field || Security is { Provenance: true };
        init;
    }

    /// <summary>What stands before its deployment; null where the manifest says nothing of it.</summary>
    public Protection? Protection { get; init; }

    /// <summary>Personal data that its services declare; null where they declare none.</summary>
    public IReadOnlyList<PersonalUse>? Data { get; init; }

    /// <inheritdoc cref="Release.Databases"/>
    public IReadOnlyList<Database>? Databases { get; init; }

    /// <summary>How it wants to be watched; null where the manifest says nothing of it.</summary>
    public WatchSettings? Watch { get; init; }

    /// <summary>What is looked at while it is live; null where the manifest says nothing of it.</summary>
    public AppMonitors? Monitors { get; init; }

    /// <summary>Why it may not be deployed, by what was handed over and accepted; empty when it may.</summary>
    public IReadOnlyList<Problem> Blocks { get; init; } = [];

    /// <summary>How much risk its plan may have; null for any.</summary>
    public RiskCap? RiskMax { get; init; }

    /// <summary>A release once more, with its services as they are now.</summary>
    public static Candidate Of(Release release, IReadOnlyList<CandidateService> services) =>
        new(release.Site, release.Hosts, release.Source, services)
        {
            Commit = release.Commit,
            CommittedAt = release.CommittedAt,
            Tls = release.Tls,
            NeedsProvenance = release.NeedsProvenance,
            Protection = release.Protection,
            Data = release.Data,
            Databases = release.Databases,
            Watch = release.Watch,
            Monitors = release.Monitors,
        };
}

/// <summary>How much risk a plan may have: low or medium.</summary>
/// <param name="Handoff">The id of the hand-off that says so.</param>
public sealed record RiskCap(string Handoff, string RiskMax);

/// <param name="Artifact">The digest its artifact has or will have.</param>
public sealed record CandidateService(Service Service, string Artifact, StrategyChoice Strategy);
