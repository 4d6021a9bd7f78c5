using Fairlead.Demo;
using Fairlead.Drivers.Demo;
using Fairlead.Drivers.State;
using Fairlead.Engine.Deploying;
using Fairlead.Model.Ports;
using Fairlead.Roles;
using Fairlead.Roles.Server;

namespace Fairlead;

/// <summary>Puts a demo together: the engine and every store are the real ones, only what they would touch of the world is simulated.</summary>
internal static partial class Compose
{
    /// <summary>The simulated world of a demo; null for a state of real apps.</summary>
    private sealed record DemoWorld(DemoGround Ground, DemoBuilds Builds)
    {
        public static DemoWorld? Of(RoleContext context)
        {
            if (!context.State.IsDemo)
            {
                return null;
            }
            var builds = new DemoBuilds(Path.Combine(context.State.Demo, "artifacts"), context.World);
            return new(new(context.World, builds.MannerOf), builds);
        }

        /// <summary>The engine's ways into this world in the place of the real ones.</summary>
        public EnginePorts On(EnginePorts ports) =>
            ports with
            {
                Target = Ground,
                Router = Ground,
                Builder = Builds,
                Commands = Builds,
            };

        public IReadOnlyList<IBackgroundWork> Works(Telemetry telemetry, World world) =>
            [new DemoTelemetry(Ground, (telemetry.Numbers.Desk.Store, telemetry.Logs.Store), world)];
    }

    /// <summary>A demo's people, who need the whole server; what is no demo stays as it is.</summary>
    private static ServerPlatform Played(RoleContext context, ServerPlatform platform) =>
        platform.IsDemo
            ? platform with
            {
                Background = [.. platform.Background, new DemoPlay(platform.Engine, Path.Combine(context.State.Demo, "apps"))],
            }
            : platform;
}
