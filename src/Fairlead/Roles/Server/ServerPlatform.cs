using Fairlead.Engine.Deploying;
using Fairlead.Engine.Operations;
using Fairlead.Model.Ports;
using Fairlead.Model.Telemetry;

namespace Fairlead.Roles.Server;

/// <summary>A server's parts, put together by Compose.</summary>
/// <param name="Intakes">What takes telemetry, one for each format.</param>
/// <param name="SourceOf">Who holds a key for sending it.</param>
/// <param name="Connections">Closed with it.</param>
/// <param name="Workers">Ended with it, before its connections.</param>
public sealed record ServerPlatform(
    EngineContext Engine,
    Conductor Conductor,
    IReadOnlyList<IIntake> Intakes,
    Func<string, Source?> SourceOf,
    IReadOnlyList<IDisposable> Connections,
    IReadOnlyList<IAsyncDisposable> Workers
) : IAsyncDisposable
{
    /// <summary>Done all the time while this server is in charge.</summary>
    public IReadOnlyList<IBackgroundWork> Background { get; init; } = [];

    /// <summary>Its apps and their traffic are simulated.</summary>
    public bool IsDemo { get; init; }

    /// <summary>Adds what only the server counts.</summary>
    public Action<MetricPage> Measure { get; init; } = _ => { };

    public async ValueTask DisposeAsync()
    {
        foreach (var worker in Workers)
        {
            await worker.DisposeAsync();
        }
        foreach (var connection in Connections)
        {
            connection.Dispose();
        }
    }
}
