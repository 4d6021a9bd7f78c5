using System.Runtime.InteropServices;
using Fairlead;
using Fairlead.Engine.Operations;
using Fairlead.Faces.Cli;
using Fairlead.Roles;
using Fairlead.Roles.Up;

if (!OperatingSystem.IsLinux())
{
    await Console.Error.WriteLineAsync("error: Fairlead runs on Linux: it needs its processes, sockets and cgroups.");
    return 1;
}

using var stop = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);

var world = Compose.World();
if (args is ["role", ..])
{
    return await RoleMain.RunAsync(args, world, stop.Token);
}
var context = Compose.Cli(world);
var own = new UpVerbs(context.Terminal, folder => Compose.Up(context.Terminal, world, folder), context.Open);
var verbs = CliFace.Verbs(context, AllOperations.Entries, own.All);
return await CliFace.RunAsync(context, verbs, args, stop.Token);

void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Cancel();
}
