using Fairlead.Engine.Deploying.Strategies;
using Fairlead.Engine.Manifests.Detecting;
using Fairlead.Model.Alerting;
using Fairlead.Model.Apps;
using Fairlead.Model.Data;
using Fairlead.Model.Monitoring;
using Fairlead.Model.Releases;
using Fairlead.Model.Security.Scanning;

namespace Fairlead.Engine.Manifests;

/// <summary>An app in one environment with nothing left open.</summary>
public sealed record LoadedApp
{
    /// <summary>The app and the environment that was asked for.</summary>
    public required Site Site { get; init; }

    public string App => Site.App;

    /// <summary>All environments the manifest declares; only <c>production</c> when it declares none.</summary>
    public required IReadOnlyList<string> Environments { get; init; }

    public required TargetKind Target { get; init; }

    /// <summary>Host names of this environment; never empty.</summary>
    public required IReadOnlyList<string> Hosts { get; init; }

    /// <summary>Where the hosts' certificates come from; null where the manifest says nothing of it.</summary>
    public TlsPolicy? Tls { get; init; }

    /// <summary>What must hold before it may be deployed; null where the manifest says nothing of it.</summary>
    public ScanPolicy? Security { get; init; }

    /// <summary>What it needs of a cloud; null where the manifest says nothing of it.</summary>
    public InfrastructureEntry? Infrastructure { get; init; }

    /// <summary>How it wants to be watched; null where the manifest says nothing of it.</summary>
    public WatchSettings? Watch { get; init; }

    /// <summary>What is looked at while it is live; null where the manifest says nothing of it.</summary>
    public AppMonitors? Monitors { get; init; }

    /// <summary>Data that it keeps; null where the manifest says nothing of it.</summary>
    public IReadOnlyList<Database>? Databases { get; init; }

    /// <summary>What stands before a deployment; null when nothing does.</summary>
    public Protection? Protection { get; init; }

    /// <summary>In the order of <c>uses</c>: a service comes after those it uses, else in the order of the file.</summary>
    public required IReadOnlyList<LoadedService> Services { get; init; }

    /// <summary>What is allowed but probably not meant, each a sentence.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }
}

/// <summary>A service and how a new version of it replaces the old one.</summary>
/// <param name="StrategyKind">As a manifest writes it, such as <c>blue-green</c>.</param>
/// <param name="Detected">What its folder was recognised as; null when it was not.</param>
public sealed record LoadedService(Service Service, string StrategyKind, IStrategy Strategy, Detected? Detected)
{
    /// <summary>Whom it may talk to beyond what it uses.</summary>
    public ServiceNetwork Network { get; init; } = ServiceNetwork.None;

    /// <summary>Personal data that it works with.</summary>
    public IReadOnlyList<PersonalUse> Data { get; init; } = [];
}
