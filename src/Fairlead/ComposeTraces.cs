using Fairlead.Drivers.Intakes;
using Fairlead.Drivers.Telemetry.Traces;
using Fairlead.Engine.Operations;
using Fairlead.Engine.Watching.Traces;
using Fairlead.Model.Ports;
using Fairlead.Roles;

namespace Fairlead;

internal static partial class Compose
{
    private sealed record TraceParts(TraceFiles Store, TraceKeeper Keeper)
    {
        /// <summary>What takes OpenTelemetry's three signals.</summary>
        public required IReadOnlyList<IIntake> Intakes { get; init; }
    }

    /// <summary>Where traces are kept, who decides which, and the door for OpenTelemetry.</summary>
    private static TraceParts Traces(RoleContext context, MetricDesk metrics, ILogSink logs)
    {
        var world = context.World;
        var log = context.Logs.CreateLogger("Fairlead.Traces");
        var store = TraceFiles.Open(Path.Combine(context.State.Telemetry, "traces"), world, log);
        var keeper = new TraceKeeper(store, metrics.Store, world, log);
        return new(store, keeper)
        {
            Intakes =
            [
                new OtlpMetrics(metrics.Store, metrics.Notes, world),
                new OtlpTraces(keeper),
                new OtlpLogs(logs, world),
            ],
        };
    }
}
