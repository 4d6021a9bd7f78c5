using Fairlead.Drivers.Shell;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Releases;

namespace Fairlead.Scenarios.Node;

public sealed class Surviving : IAsyncLifetime
{
    private readonly NodeFixture fixture = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => fixture.DisposeAsync();

    [Fact]
    public async Task A_crashed_replica_is_started_again_on_its_port_after_a_pause()
    {
        var order = NodeFixture.Order(NodeFixture.Web());
        var before = await fixture.StartAsync(order);
        await DieAsync(before);

        var down = await fixture.AwaitAsync(order.Key, one => one.State == InstanceState.Down);
        var after = await fixture.AwaitAsync(order.Key, one => one.State == InstanceState.Ready);

        Assert.Equal(
            ("target.crashed", "It ended with exit code 7. It is started again after 0.5 s."),
            (down.Problem!.Code, down.Problem.Why)
        );
        Assert.Equal((1, before.Endpoint), (after.Restarts, after.Endpoint));
        Assert.NotEqual(before.Pid, after.Pid);
    }

    [Fact]
    public async Task A_hung_replica_is_down_and_well_again_when_it_answers()
    {
        var web = NodeFixture.Web();
        var order = NodeFixture.Order(
            web with
            {
                Health = web.Health with { Timeout = TimeSpan.FromMilliseconds(200) },
            }
        );
        var seen = await fixture.StartAsync(order);
        const int sigStop = 19;
        const int sigContinue = 18;

        Child.Signal(seen.Pid, (Signal)sigStop);
        var down = await fixture.AwaitAsync(order.Key, one => one.State == InstanceState.Down);
        Child.Signal(seen.Pid, (Signal)sigContinue);
        var well = await fixture.AwaitAsync(order.Key, one => one.State == InstanceState.Ready);

        Assert.Contains("nothing within 0.2 s, and 3 times in a row", down.Problem!.Why, StringComparison.Ordinal);
        Assert.Equal((seen.Pid, 0), (well.Pid, well.Restarts));
    }

    [Fact]
    public async Task A_new_node_takes_over_what_runs_and_starts_what_is_missing()
    {
        var web = NodeFixture.Order(NodeFixture.Web());
        var worker = NodeFixture.Order(NodeFixture.Worker("sleep", "600") with { Name = "worker" });
        var running = await fixture.StartAsync(web);
        var missing = await fixture.StartAsync(worker);

        await fixture.CloseAsync();
        Child.Signal(missing.Pid, Signal.Kill);
        await Child.WaitAsync(missing.Pid, fixture.World, NodeFixture.Stop);
        fixture.Reopen();

        Assert.Equal(running, await fixture.AwaitAsync(web.Key, one => one.State == InstanceState.Ready));
        var again = await fixture.AwaitAsync(worker.Key, one => one.State == InstanceState.Ready);
        Assert.NotEqual(missing.Pid, again.Pid);

        await DieAsync(running);
        var restarted = await fixture.AwaitAsync(web.Key, one => one.State == InstanceState.Ready && one.Restarts == 1);
        Assert.NotEqual(running.Pid, restarted.Pid);
    }

    [Fact]
    public async Task A_program_whose_id_was_never_noted_is_found_by_its_marks()
    {
        var order = NodeFixture.Order(NodeFixture.Web());
        var running = await fixture.StartAsync(order);
        await fixture.CloseAsync();
        File.Delete(Path.Combine(fixture.State.Instances, order.Key.ToString(), "note.json"));
        fixture.Reopen();

        Assert.Equal(running, await fixture.AwaitAsync(order.Key, one => one.State == InstanceState.Ready));
    }

    [Fact]
    public async Task What_nobody_ordered_is_stopped()
    {
        var order = NodeFixture.Order(NodeFixture.Web());
        var running = await fixture.StartAsync(order);
        var groups = new Cgroups($"fairlead-{Proc.Environ(running.Pid)["FAIRLEAD_STATE_ID"]}");
        await fixture.CloseAsync();
        Directory.Delete(Path.Combine(fixture.State.Instances, order.Key.ToString()), recursive: true);
        fixture.Reopen();

        await NodeFixture.UntilAsync(
            () => Task.FromResult(Child.HasEnded(running.Pid) && groups.Keys().Count == 0),
            () => "the orphan runs on"
        );
    }

    [Fact]
    public async Task A_stop_goes_on_after_the_node_died()
    {
        var order = NodeFixture.Order(
            NodeFixture.Worker("sh", "-c", "trap '' TERM; while :; do sleep 0.1; done") with
            {
                StopGrace = TimeSpan.FromSeconds(1),
            }
        );
        var seen = await fixture.StartAsync(order);
        await fixture.Node.StopAsync(order.Key, new Fence(1), NodeFixture.Stop);
        await fixture.RestartAsync();

        Assert.Equal(InstanceState.Stopping, (await fixture.SeenAsync(order.Key))!.State);
        await NodeFixture.UntilAsync(async () => await fixture.SeenAsync(order.Key) is null, () => "does not stop");
        Assert.True(Child.HasEnded(seen.Pid));
    }

    [Fact]
    public async Task Put_to_rest_nothing_runs_and_the_next_node_starts_it_again_but_not_what_was_stopped()
    {
        var web = NodeFixture.Order(NodeFixture.Web());
        var worker = NodeFixture.Order(NodeFixture.Worker("sleep", "600") with { Name = "worker" });
        var running = await fixture.StartAsync(web);
        var stopped = await fixture.StartAsync(worker);
        await fixture.Node.StopAsync(worker.Key, new Fence(1), NodeFixture.Stop);
        await fixture.Node.RestAsync(NodeFixture.Stop);

        Assert.True(Child.HasEnded(running.Pid) && Child.HasEnded(stopped.Pid));
        await fixture.RestartAsync();
        var again = await fixture.AwaitAsync(web.Key, one => one.State == InstanceState.Ready);
        Assert.Equal([again], await fixture.Node.ObserveAsync(NodeFixture.Shop, NodeFixture.Stop));
    }

    [Fact]
    public async Task A_server_that_was_replaced_is_refused_even_by_the_next_node()
    {
        var order = NodeFixture.Order(NodeFixture.Worker("sleep", "600"));
        await fixture.Node.EnsureAsync(order, new Fence(5), NodeFixture.Stop);
        await fixture.RestartAsync();

        var refused = await Assert.ThrowsAsync<FencedException>(() =>
            fixture.Node.StopAsync(order.Key, new Fence(4), NodeFixture.Stop)
        );
        Assert.Equal((new Fence(4), new Fence(5)), (refused.Mine, refused.Highest));
    }

    [Fact]
    public void Two_nodes_cannot_share_a_state_directory() =>
        Assert.Equal(
            ("node.already-runs", $"Process {Environment.ProcessId} holds its lock."),
            Assert.Throws<ProblemException>(fixture.Open).Problem is var problem ? (problem.Code, problem.Why) : default
        );

    [Fact]
    public async Task Logs_of_old_replicas_are_kept_for_the_newest_twenty()
    {
        for (var since = 1; since <= 22; since++)
        {
            var order = NodeFixture.Order(NodeFixture.Web() with { Recipe = new Recipe { Stack = "static" } }, since);
            await fixture.StartAsync(order);
            await fixture.StopAsync(order.Key);
        }

        Assert.Equal(20, Directory.GetDirectories(fixture.State.Instances).Length);
    }

    private static async Task DieAsync(Instance seen)
    {
        using var http = new HttpClient();
        await Assert.ThrowsAnyAsync<HttpRequestException>(() =>
            http.GetAsync(new Uri(seen.Endpoint!, "/die"), NodeFixture.Stop)
        );
    }
}
