using Fairlead.Drivers.Http;
using Fairlead.Drivers.Targets;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Releases;
using Fairlead.Roles;
using Fairlead.Roles.Node;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fairlead.Scenarios.Node;

/// <summary>The contract against the node itself.</summary>
public sealed class NodeTargetTests : TargetContract, IAsyncLifetime
{
    private readonly NodeFixture fixture = new();

    protected override ITarget Target => fixture.Node;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => fixture.DisposeAsync();

    protected override InstanceOrder Order(int slot) =>
        NodeFixture.Order(NodeFixture.Web()) is var order ? order with { Key = order.Key with { Slot = slot } } : order;
}

/// <summary>The contract over the role's socket.</summary>
public sealed class LocalTargetTests : TargetContract, IAsyncLifetime
{
    private readonly NodeFixture fixture = new();
    private readonly CancellationTokenSource ending = new();
    private Task<int> role = Task.FromResult(0);
    private RoleClient client = null!;

    protected override ITarget Target => new LocalTarget(client);

    public async ValueTask InitializeAsync()
    {
        await fixture.CloseAsync();
        var context = new RoleContext(
            fixture.State,
            fixture.World,
            new Dictionary<string, int>(),
            NullLoggerFactory.Instance
        );
        role = NodeRole.RunAsync(context, ending.Token);
        client = new RoleClient("node", fixture.State.Socket("node"));
        await NodeFixture.UntilAsync(
            () => Task.FromResult(File.Exists(fixture.State.Socket("node"))),
            () => $"the role does not start: {role.Exception}"
        );
    }

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        Assert.Equal(0, await role);
        client.Dispose();
        ending.Dispose();
        fixture.Reopen();
        await fixture.DisposeAsync();
    }

    [Fact]
    public async Task Logs_are_read_on_from_the_cursor()
    {
        var order = Order(0);
        await Target.EnsureAsync(order, new Fence(1), Stop);
        var logs = new LocalLogs(client);
        LogPage page = new([], "");
        await NodeFixture.UntilAsync(
            async () =>
                (page = await logs.ReadAsync(new LogQuery(order.Key.Site, "api", 10, 1), null, Stop)).Lines.Count > 0,
            () => "no log"
        );

        Assert.Equal(new LogLine("api@1#0", "listening"), page.Lines[0]);
        await NodeFixture.UntilAsync(
            async () =>
                (await logs.ReadAsync(new LogQuery(order.Key.Site, null, 10, 1), page.Cursor, Stop)).Lines
                    is [{ Text: "asked /healthz" }],
            () => "the next page does not come"
        );
    }

    [Fact]
    public async Task A_node_that_does_not_run_is_said_so()
    {
        using var nobody = new RoleClient("node", fixture.State.Socket("nobody"));

        var caught = await Assert.ThrowsAsync<ProblemException>(() =>
            new LocalTarget(nobody).ObserveAsync(NodeFixture.Shop, Stop)
        );
        Assert.Equal(("node.unreachable", Trouble.Unreachable), (caught.Problem.Code, caught.Problem.Trouble));
    }

    protected override InstanceOrder Order(int slot) =>
        NodeFixture.Order(NodeFixture.Web()) is var order ? order with { Key = order.Key with { Slot = slot } } : order;
}
