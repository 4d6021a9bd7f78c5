using Fairlead.Demo;
using Fairlead.Drivers.Demo;
using Fairlead.Engine.Deploying;
using Fairlead.Model.Ports;
using Fairlead.Roles;
using Fairlead.Roles.Server;

namespace Fairlead;

/// <summary>Puts a demo together: the engine and every store are the real ones, only what they would touch of the world is simulated.</summary>
internal static partial class Compose
{
    /// <summary>The engine's ways into a simulated world where the state is a demo's, and what tells of that world; else the real ones alone.</summary>
    private static (EnginePorts Ports, IReadOnlyList<IBackgroundWork> Works) Demo(
        RoleContext context,
        EnginePorts real,
        Telemetry telemetry
    )
    {
        if (!context.State.IsDemo)
        {
            return (real, []);
        }
        var builds = new DemoBuilds(Path.Combine(context.State.Demo, "artifacts"), context.World);
        var ground = new DemoGround(context.World, builds.MannerOf);
        return (
            real with
            {
                Target = ground,
                Router = ground,
                Builder = builds,
                Commands = builds,
                Snapshots = null,
            },
            [
                new DemoTelemetry(ground, (telemetry.Numbers.Desk.Store, telemetry.Logs.Store), context.World),
                new DemoTelling(
                    ground,
                    (telemetry.Traces.Keeper, telemetry.Errors.ErrorDesk, telemetry.Errors.Vitals),
                    context.World
                ),
            ]
        );
    }

    /// <summary>A demo's people, who need the whole server; what is no demo stays as it is.</summary>
    private static ServerPlatform Played(RoleContext context, ServerPlatform platform) =>
        platform.IsDemo
            ? platform with
            {
                Background =
                [
                    .. platform.Background,
                    new DemoPlay(platform.Engine, Path.Combine(context.State.Demo, "apps")),
                ],
            }
            : platform;
}
