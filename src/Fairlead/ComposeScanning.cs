using Fairlead.Drivers.Builds;
using Fairlead.Drivers.Scanners;
using Fairlead.Drivers.Scanners.Advisories;
using Fairlead.Drivers.Scanners.LockFiles;
using Fairlead.Drivers.State;
using Fairlead.Engine.Deploying;
using Fairlead.Engine.Guarding.Scanning;
using Fairlead.Engine.Operations;
using Fairlead.Model.Ports;
using Fairlead.Roles;

namespace Fairlead;

internal static partial class Compose
{
    /// <summary>What looks for weaknesses, and what proves where artifacts come from.</summary>
    private static Scanning Scanning(World world, StateFolder state) =>
        new(
            new ScanPorts(
                AllLockFiles.Entries,
                new OsvDirectory(state.Advisories, Matching.NameOf, CvssScore.TryRate),
                [
                    new ClamAv(
                        Environment.GetEnvironmentVariable("PATH") ?? "",
                        world,
                        Environment.GetEnvironmentVariable("FAIRLEAD_CLAMAV_SIGNATURES") is { Length: > 0 } own
                            ? own
                            : null
                    ),
                ]
            ),
            new ArtifactPapers(state),
            new SigningKey(state.SigningKey)
        );

    /// <summary>Writes down what was built.</summary>
    private static BuildPapers Witness(World world, Scanning scanning) =>
        new(FolderTree.Open, new FolderScan(scanning.Ports, world), scanning.Signer);

    private static PatchWatch PatchWatch(RoleContext context, Conductor conductor, Scanning scanning) =>
        new(conductor, scanning.Papers, scanning.Ports.Advisories, context.Logs.CreateLogger("Fairlead.Scanning"));
}
