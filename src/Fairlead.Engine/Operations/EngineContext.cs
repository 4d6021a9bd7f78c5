using Fairlead.Engine.Deploying;
using Fairlead.Engine.Guarding;
using Fairlead.Engine.Guarding.Certificates;
using Fairlead.Engine.Watching;
using Fairlead.Engine.Watching.Errors.SourceMaps;
using Fairlead.Engine.Watching.Logs;
using Fairlead.Engine.Watching.Traces;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Security;

namespace Fairlead.Engine.Operations;

/// <summary>What an operation may use.</summary>
public sealed record EngineContext
{
    public required World World { get; init; }

    /// <summary>Who asks. What runs in the caller's own process runs as that process may.</summary>
    public Principal Caller { get; init; } = Principal.Owner;

    /// <summary>Opens a folder for reading.</summary>
    public required Func<string, IFileTree> OpenFolder { get; init; }

    /// <summary>Writes a text to a path where nothing is yet.</summary>
    public required Action<string, string> WriteNewFile { get; init; }

    /// <summary>Looks at a live page as a visitor does.</summary>
    public Func<Uri, CancellationToken, Task<SeenAnswer>> LookAsync { get; init; } =
        (_, _) => throw new InvalidOperationException("There is no network here.");

    /// <summary>What looks for weaknesses.</summary>
    public Scanning Scanning
    {
        get => field ?? throw new InvalidOperationException("There is nothing to scan with here.");
        init;
    }

    /// <summary>What only a server has; operations that run in the caller's process never ask for it.</summary>
    public ServerSide Server
    {
        get => field ?? throw new InvalidOperationException("This operation runs in the server.");
        init;
    }
}

/// <summary>The parts of a running server.</summary>
/// <param name="PublicUrl">Where the edge takes requests, such as <c>http://127.0.0.1:8080</c>.</param>
public sealed record ServerSide(Conductor Conductor, FrontDoor FrontDoor, ILogs Logs, Uri PublicUrl)
{
    public IStore Store => Conductor.Ports.Store;

    public required KeyKeeper Keys { get; init; }

    /// <summary>Everything that was logged.</summary>
    public required ILogStore LogStore { get; init; }

    /// <summary>Passes logs on to other systems.</summary>
    public required LogForwarder LogForwarder { get; init; }

    public required CertificateKeeper Certificates { get; init; }

    /// <summary>Where its metrics are asked for; null when it keeps none.</summary>
    public MetricDesk? MetricDesk { get; init; }

    /// <exception cref="ProblemException">It keeps none.</exception>
    public MetricDesk Metrics =>
        MetricDesk
        ?? throw new ProblemException(
            new Problem(
                "metric.none",
                What: "This server keeps no metrics.",
                Why: "It was started without a store for them.",
                Fix: "Start it anew: fairlead down, then fairlead up."
            )
        );

    /// <summary>How it gets numbers.</summary>
    public Collecting Collecting
    {
        get => field ?? throw new InvalidOperationException("This server collects nothing.");
        init;
    }

    public required ITraceStore Traces { get; init; }

    /// <summary>Decides which spans are kept.</summary>
    public required TraceKeeper Spans { get; init; }

    /// <summary>Errors of apps, by group.</summary>
    public IErrorStore Errors
    {
        get => field ?? throw new InvalidOperationException("This server keeps no errors.");
        init;
    }

    /// <summary>Finds the sources of built scripts.</summary>
    public Unminifier Unminifier
    {
        get => field ?? throw new InvalidOperationException("This server keeps no errors.");
        init;
    }

    /// <summary>What users' browsers measured.</summary>
    public IVitalStore Vitals
    {
        get => field ?? throw new InvalidOperationException("This server keeps no vitals.");
        init;
    }

    /// <summary>The certificate of this Fairlead's own authority, for people to trust, in PEM.</summary>
    public required Func<string> LocalRoot { get; init; }
}
