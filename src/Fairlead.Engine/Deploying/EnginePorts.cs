using Fairlead.Engine.Watching;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;

namespace Fairlead.Engine.Deploying;

/// <summary>The engine's ways into the world.</summary>
/// <param name="InternalUrl">Where services reach each other through the edge, such as <c>http://127.0.0.1:8079</c>.</param>
public sealed record EnginePorts(
    World World,
    IStore Store,
    ITarget Target,
    IRouter Router,
    IBuilder Builder,
    ICommands Commands,
    string InternalUrl
)
{
    /// <summary>Kept while this server is in charge; null where no other can be.</summary>
    public ILease? Lease { get; init; }

    /// <summary>How this program is called, for gates that are checks of its own.</summary>
    public IReadOnlyList<string> Program { get; init; } = ["fairlead"];

    /// <summary>The newest value of a site's secret; null where there is none, or nobody keeps any.</summary>
    public Func<Site, string, CancellationToken, Task<string?>>? SecretAsync { get; init; }

    /// <summary>Takes snapshots of databases that a cloud runs; null where nothing can.</summary>
    public ISnapshots? Snapshots { get; init; }

    /// <summary>The state folder of this server, for commands of its own that ask it.</summary>
    public string? StateFolder { get; init; }

    /// <summary>Where services in containers reach others; null where none run.</summary>
    public string? BridgeUrl { get; init; }

    /// <summary>Where replicas send telemetry; null where nothing takes it.</summary>
    public Sending? Sending { get; init; }

    /// <summary>Answers a query of the metrics for a site with one number; null where there is no data, or nobody to ask.</summary>
    public Func<Site, string, CancellationToken, Task<double?>>? Query { get; init; }
}
