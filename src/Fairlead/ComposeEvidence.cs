using System.Net;
using Fairlead.Drivers.Hosts;
using Fairlead.Drivers.Sources;
using Fairlead.Engine.Guarding.Compliance;
using Fairlead.Engine.Operations;
using Fairlead.Faces.Http;
using Fairlead.Roles;
using Fairlead.Roles.Up;

namespace Fairlead;

internal static partial class Compose
{
    /// <summary>A server that sees the machine it runs on, and has names for those who may not be named.</summary>
    private static ServerSide Seeing(ServerSide server, RoleContext context, Addresses addresses) =>
        server with
        {
            Host = new HostFiles("/", context.State.Root),
            Uploads = new UploadShelf(context.State.Uploads, context.World),
            OwnPorts = new[] { addresses.Public, addresses.Https }
                .OfType<string>()
                .Select(static one => IPEndPoint.Parse(one).Port)
                .ToHashSet(),
            Pseudonyms = new Pseudonyms(Convert.FromHexString(ApiToken.ReadOrMake(context.State.IntakeSecret))),
        };
}
