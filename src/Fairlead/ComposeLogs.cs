using System.Net;
using Fairlead.Drivers.Intakes;
using Fairlead.Drivers.Telemetry.Forwarding;
using Fairlead.Drivers.Telemetry.Logs;
using Fairlead.Drivers.Telemetry.Syslog;
using Fairlead.Engine.Watching.Logs;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Security;
using Fairlead.Roles;

namespace Fairlead;

internal static partial class Compose
{
    /// <summary>Where syslog is taken: ADDRESS:PORT, over UDP and TCP; nowhere when unset.</summary>
    private const string SyslogVariable = "FAIRLEAD_SYSLOG";

    // As the edge keeps them.
    private const int AccessFilesKept = 4;

    private sealed record LogParts(LogStore Store, LogReception Reception, LogForwarder Forwarder)
    {
        public required LogDestinations Destinations { get; init; }

        /// <summary>What takes logs, one for each format.</summary>
        public required IReadOnlyList<IIntake> Intakes { get; init; }

        /// <summary>What collects and passes on all the time.</summary>
        public required IReadOnlyList<IBackgroundWork> Works { get; init; }

        /// <summary>Ended in this order.</summary>
        public required IReadOnlyList<IAsyncDisposable> Workers { get; init; }
    }

    /// <summary>Where logs are kept, every way by which they come, and where they go on to.</summary>
    /// <param name="mask">Values that are hidden wherever they are logged.</param>
    private static LogParts Logs(RoleContext context, IStore store, ILogs outputs, LiveMask mask)
    {
        var (state, world, log) = (context.State, context.World, context.Logs.CreateLogger("Fairlead.Logs"));
        var logs = LogStore.Open(Path.Combine(state.Telemetry, "logs"), new LogStoreSettings(), world, log);
        var reception = new LogReception(logs, new Masker(mask), world);
        var collecting = new LogCollecting(reception, logs, world, log);
        var access = new FollowedFile(Path.Combine(state.Logs, "access.jsonl"), AccessFilesKept);
        var destinations = new LogDestinations(Environment.GetEnvironmentVariable, world);
        var forwarder = new LogForwarder(store, logs, destinations.Open, world, log);
        SyslogListener[] syslog = SyslogAddress() is { } address
            ? [SyslogListener.Open(address, reception, world, log)]
            : [];
        return new(logs, reception, forwarder)
        {
            Destinations = destinations,
            Intakes = [new LokiIntake(reception, world), new ElasticBulkIntake(reception, world)],
            Works =
            [
                new OutputCollector(store, outputs, collecting),
                new AccessCollector(access, collecting),
                forwarder,
                .. syslog,
            ],
            Workers = [.. syslog, logs],
        };
    }

    private static IPEndPoint? SyslogAddress() =>
        Environment.GetEnvironmentVariable(SyslogVariable) is not { Length: > 0 } text ? null
        : IPEndPoint.TryParse(text, out var address) && text.Contains(':') ? address
        : throw new ProblemException(
            new Problem(
                "syslog.wrong-address",
                What: $"Syslog cannot be taken at '{text}'.",
                Why: $"{SyslogVariable} must be an address and a port.",
                Fix: $"Set it as in {SyslogVariable}=127.0.0.1:5514, or unset it."
            )
        );
}
