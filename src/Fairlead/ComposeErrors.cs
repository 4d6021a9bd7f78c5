using Fairlead.Drivers.Forwarding;
using Fairlead.Drivers.Intakes;
using Fairlead.Drivers.State;
using Fairlead.Drivers.Stores;
using Fairlead.Engine.Operations;
using Fairlead.Engine.Watching;
using Fairlead.Engine.Watching.Errors;
using Fairlead.Engine.Watching.Errors.SourceMaps;
using Fairlead.Engine.Watching.Vitals;
using Fairlead.Faces.Http;
using Fairlead.Model.Ports;
using Fairlead.Model.Security;
using Fairlead.Roles;

namespace Fairlead;

/// <summary>Puts together what takes errors and vitals in.</summary>
internal static partial class Compose
{
    /// <summary>What keeps errors and vitals, and what takes them in.</summary>
    private sealed record ErrorParts(
        SqliteErrorStore Errors,
        SqliteVitalStore Vitals,
        Unminifier Unminifier,
        ErrorDesk ErrorDesk,
        VendorForwarder Forwarder,
        Housekeeping Housekeeping,
        ReleaseNumbers Numbers
    ) : IDisposable
    {
        public static ErrorParts Open(RoleContext context, IStore records, LiveMask mask)
        {
            var (folder, world) = (context.State.Telemetry, context.World);
            var errors = SqliteErrorStore.Open(Path.Combine(folder, "errors", "errors.db"), GroupLife.After);
            var vitals = SqliteVitalStore.Open(Path.Combine(folder, "vitals", "vitals.db"), world);
            var forwarder = new VendorForwarder(world, context.Logs.CreateLogger("Fairlead.Forwarding"));
            var secret = Convert.FromHexString(ApiToken.ReadOrMake(context.State.IntakeSecret));
            var unminifier = new Unminifier(
                errors,
                new DeployedMaps(records, digest => FolderTree.Open(context.State.ArtifactFolder(digest)))
            );
            var desk = new ErrorDesk(errors, world, new Scrubber(secret, mask), unminifier) { Forwarder = forwarder };
            var housekeeping = new Housekeeping(errors, vitals, world, context.Logs.CreateLogger<Housekeeping>());
            var numbers = new ReleaseNumbers(records, errors, vitals, world);
            return new(errors, vitals, unminifier, desk, forwarder, housekeeping, numbers);
        }

        /// <summary>What takes telemetry, one for each format.</summary>
        public IReadOnlyList<IIntake> Intakes(World world, ILogSink logs) =>
            [
                new BugsnagIntake(ErrorDesk, world),
                new RollbarIntake(ErrorDesk, world),
                new SentryIntake(ErrorDesk, world) { Logs = logs },
                new VitalsIntake(new VitalDesk(Vitals)),
            ];

        public ServerSide On(ServerSide server) =>
            server with
            {
                Errors = Errors,
                Unminifier = Unminifier,
                Vitals = Vitals,
            };

        public void Dispose()
        {
            Errors.Dispose();
            Vitals.Dispose();
        }
    }
}
