using Fairlead.Drivers.Browsers;
using Fairlead.Drivers.Checking;
using Fairlead.Drivers.Http;
using Fairlead.Drivers.Loading;
using Fairlead.Engine.Checking;
using Fairlead.Model.Ports;

namespace Fairlead;

internal static partial class Compose
{
    /// <summary>What checks of a folder use on this machine.</summary>
    private static CheckPorts Checks(World world, string folder) =>
        new(
            new GitRevisions(folder, world),
            new OutputFolder(folder),
            new OpenLoop(world),
            new Caller(),
            new TlsVersions(),
            new Chromium(world, Environment.GetEnvironmentVariable),
            Environment.GetEnvironmentVariable
        );
}
