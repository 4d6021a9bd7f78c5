using System.Net;
using System.Net.Sockets;
using Fairlead.Drivers.Shell;
using Fairlead.Model.Problems;
using Fairlead.Roles.Up;

namespace Fairlead.Scenarios.Platform;

/// <summary>The parent with real processes, real signals and real sockets; only the roles are stand-ins.</summary>
public sealed class UpScenarios
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_platform_starts_answers_and_ends_in_good_order()
    {
        FakeRoles.Need();
        await using var roles = new FakeRoles();

        var up = await roles.UpAsync(Stop);

        Assert.Equal(["edge", "node", "server", "up"], RoleNotes.Alive(roles.State).Select(note => note.Role).Order());
        Assert.Equal(roles.Role("edge").Pid, await roles.WhoAnswersAsync(Stop));

        await up.StopAsync();
        Assert.Empty(RoleNotes.Alive(roles.State));
        Assert.True(roles.HasEnded("edge") && roles.HasEnded("node") && roles.HasEnded("server"));
    }

    [Fact]
    public async Task A_killed_edge_is_replaced_and_no_connection_is_refused()
    {
        FakeRoles.Need();
        await using var roles = new FakeRoles();
        var up = await roles.UpAsync(Stop);
        var first = roles.Role("edge").Pid;

        Child.Signal(first, Signal.Kill);
        await FakeRoles.UntilAsync(() => Child.HasEnded(first), Stop);
        var second = await roles.WhoAnswersAsync(Stop);

        Assert.NotEqual(first, second);
        await FakeRoles.UntilAsync(() => roles.Role("edge").Pid == second, Stop);
        await up.StopAsync();
    }

    [Fact]
    public async Task A_second_parent_is_refused()
    {
        FakeRoles.Need();
        await using var roles = new FakeRoles();
        var up = await roles.UpAsync(Stop);

        var problem = (await Assert.ThrowsAsync<ProblemException>(() => roles.UpAsync(Stop))).Problem;

        Assert.Equal(("up.runs-already", Trouble.Conflict), (problem.Code, problem.Trouble));
        Assert.Contains($"Process {Environment.ProcessId}", problem.Why, StringComparison.Ordinal);
        await up.StopAsync();
    }

    [Fact]
    public async Task Addresses_stay_the_same_from_one_start_to_the_next()
    {
        FakeRoles.Need();
        await using var roles = new FakeRoles();
        var first = await roles.UpAsync(Stop);
        await first.StopAsync();

        var second = await roles.UpAsync(Stop, new UpOrder(null, null));

        Assert.Equal(first.Addresses, second.Addresses);
        await second.StopAsync();
    }

    [Fact]
    public async Task A_port_that_was_asked_for_and_is_taken_is_a_problem_that_names_the_process()
    {
        FakeRoles.Need();
        await using var roles = new FakeRoles();
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var address = other.LocalEndpoint.ToString()!;

        var problem = (
            await Assert.ThrowsAsync<ProblemException>(() => roles.UpAsync(Stop, new UpOrder(address, "127.0.0.1:0")))
        ).Problem;

        Assert.Equal($"edge.port-taken Fairlead cannot listen on {address}.", $"{problem.Code} {problem.What}");
        Assert.StartsWith($"Process {Environment.ProcessId} (", problem.Why, StringComparison.Ordinal);
        Assert.Empty(RoleNotes.Alive(roles.State));
    }

    [Theory]
    [InlineData("0.0.0.0:0", null)]
    [InlineData("[::]:0", null)]
    [InlineData(null, "0.0.0.0:4317")]
    public async Task What_takes_tokens_is_not_opened_to_a_network(string? api, string? otlp)
    {
        FakeRoles.Need();
        await using var roles = new FakeRoles();
        var order = new UpOrder("127.0.0.1:0", api ?? "127.0.0.1:0", Otlp: otlp);

        var problem = (await Assert.ThrowsAsync<ProblemException>(() => roles.UpAsync(Stop, order))).Problem;

        Assert.Equal(("up.beyond-loopback", Trouble.WrongUse), (problem.Code, problem.Trouble));
        Assert.Empty(RoleNotes.Alive(roles.State));
    }

    [Fact]
    public async Task A_new_parent_takes_over_the_roles_of_one_that_was_killed()
    {
        FakeRoles.Need();
        await using var roles = new FakeRoles();
        var before = await roles.UpAsync(Stop);
        var old = RoleNotes.Alive(roles.State).Where(note => note.Role != RoleNotes.ParentRole).ToArray();
        var orphans = await OrphansAsync(roles, old, before);

        var after = await roles.UpAsync(Stop, new UpOrder(null, null));

        Assert.Equal(before.Addresses, after.Addresses);
        await FakeRoles.UntilAsync(
            () => orphans.All(note => Child.TryReap(note.Pid) is not null || !note.IsAlive),
            Stop
        );
        Assert.Equal(roles.Role("edge").Pid, await roles.WhoAnswersAsync(Stop));
        Assert.DoesNotContain(roles.Role("edge").Pid, orphans.Select(note => note.Pid));
        await after.StopAsync();
    }

    [Fact]
    public async Task Down_stops_what_a_killed_parent_left()
    {
        FakeRoles.Need();
        await using var roles = new FakeRoles();
        var before = await roles.UpAsync(Stop);
        var orphans = await OrphansAsync(
            roles,
            [.. RoleNotes.Alive(roles.State).Where(note => note.Role != RoleNotes.ParentRole)],
            before
        );

        Assert.True(await new Stopping(roles.Context).RunAsync(keepsApps: true, _ => { }, Stop));

        Assert.All(orphans, note => Assert.False(note.IsAlive));
        Assert.False(await new Stopping(roles.Context).RunAsync(keepsApps: true, _ => { }, Stop));
    }

    /// <summary>
    /// What is left after kill -9 of a parent: roles at work that hold the sockets, and notes about them. This process cannot
    /// kill itself, so it stops its parent and starts the same roles by hand with sockets of the same kind.
    /// </summary>
    private static async Task<RoleNote[]> OrphansAsync(FakeRoles roles, RoleNote[] old, FakeRoles.Running parent)
    {
        await parent.StopAsync();
        Assert.All(old, note => Assert.False(note.IsAlive));
        using var listening = Listening.Open(roles.State, new UpOrder(null, null), before: []);
        var env = OwnEnvironment.Copy();
        env["FAIRLEAD_LISTEN"] = "public:3";
        var notes = new List<RoleNote>();
        foreach (var role in UpContext.Roles)
        {
            var order = new SpawnOrder(
                roles.Context.Words(["role", role, "--state", roles.State.Root]),
                "/",
                env,
                roles.Context.LogOf(role),
                new Dictionary<int, int> { [3] = listening["public"], [4] = listening["internal"] },
                []
            );
            notes.Add(RoleNote.TryOf(role, Spawner.Start(order))!);
        }
        new RoleNotes(notes).Write(roles.State);
        await FakeRoles.UntilAsync(
            () => notes.All(note => File.Exists(Path.Combine(roles.State.Root, $"{note.Role}.{note.Pid}"))),
            Stop
        );
        return [.. notes];
    }
}
