using Fairlead.Drivers.Aws;
using Fairlead.Drivers.Http;
using Fairlead.Drivers.State;
using Fairlead.Engine.Aws;
using Fairlead.Engine.Aws.Billing;
using Fairlead.Engine.Aws.Rds;
using Fairlead.Model.Ports;
using Fairlead.Model.Security;
using Fairlead.Roles;
using Fairlead.Roles.Edge.Files;

namespace Fairlead;

/// <summary>Puts together what runs services at AWS.</summary>
internal static partial class Compose
{
    private sealed record AwsParts(HttpClient Http, AwsPorts Ports, AwsTarget Target, AwsRouter Router, BillDesk Bill)
        : IDisposable
    {
        public RdsSnapshots Snapshots { get; } = new(Ports);

        public void Dispose()
        {
            Bill.Dispose();
            Snapshots.Dispose();
            Target.Dispose();
            Http.Dispose();
        }
    }

    private static AwsParts Aws(
        RoleContext context,
        IStore store,
        (ITarget Target, ClusterParts Clusters) others,
        IArtifactPapers papers,
        Func<Fence> fence
    )
    {
        var (state, world) = (context.State, context.World);
        // Whoever owns the server says where AWS is, which may be this machine; a request never follows anybody elsewhere.
        var http = new HttpClient(OutboundGuard.Handler(AddressKind.Inside)) { Timeout = Timeout.InfiniteTimeSpan };
        var ports = new AwsPorts(
            AwsApi.Of(http, Environment.GetEnvironmentVariable, world),
            new(store, world),
            (papers, artifact => FolderTree.Open(state.ArtifactFolder(artifact)), others.Clusters.Ports.Images),
            new(ContentTypes.Of, static name => Fingerprint.CacheControl(Path.GetFileName(name))),
            world
        );
        // Each question costs a cent, so that it can be left.
        var isAsked = Environment.GetEnvironmentVariable("FAIRLEAD_AWS_BILL") is not "off" && !state.IsDemo;
        var bill = new BillDesk(ports.Aws, (store, fence), world, isAsked);
        return new(http, ports, new(others.Target, ports), new(others.Clusters.Router, ports), bill);
    }
}
