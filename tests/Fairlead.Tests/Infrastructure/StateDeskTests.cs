using System.Text.Json.Nodes;
using Fairlead.Drivers.State;
using Fairlead.Engine.Operations.States;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Tests.Fakes;
using Microsoft.Extensions.Time.Testing;

namespace Fairlead.Tests.Infrastructure;

public class StateDeskTests
{
    private static readonly Site Shop = new("shop", "production");
    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2027, 3, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly MemoryStore store;
    private readonly StateDesk desk;

    public StateDeskTests()
    {
        var world = new World(clock, new Random(1));
        store = new(world);
        desk = new(store, () => store.Highest, Sealing(), world);
    }

    [Fact]
    public async Task What_was_written_is_read_and_nothing_of_it_is_in_the_store()
    {
        await desk.WriteAsync((Shop, null), State(1, "hunter2"), "anna", Stop);

        Assert.Equal(State(1, "hunter2"), await desk.ReadAsync(Shop, Stop));
        Assert.Null(await desk.ReadAsync(new("shop", "staging"), Stop));
        var kept = (await store.ListAsync(StateDesk.States, "", Stop)).Single().Body.ToJsonString();
        Assert.DoesNotContain("hunter2", kept, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_holds_the_lock_alone_writes_and_others_are_told_who_it_is()
    {
        Assert.Null(await desk.LockAsync(Shop, Lock("a"), "anna", Stop));

        Assert.Equal(Lock("a"), await desk.LockAsync(Shop, Lock("b"), "ben", Stop));
        await desk.WriteAsync((Shop, "a"), State(1), "anna", Stop);
        var refused = await RefusedAsync(() => desk.WriteAsync((Shop, "b"), State(2), "ben", Stop));
        var without = await RefusedAsync(() => desk.WriteAsync((Shop, null), State(2), "ben", Stop));
        var removed = await RefusedAsync(() => desk.DeleteAsync((Shop, null), "ben", Stop));
        var unlocked = await RefusedAsync(() => desk.UnlockAsync(Shop, Lock("b"), "ben", Stop));

        Assert.All([refused, without, removed, unlocked], one => Assert.Equal("state.locked", one.Code));
        Assert.Equal("anna works on it since 2027-03-01 12:00 UTC.", refused.Why);
        Assert.Equal(State(1), await desk.ReadAsync(Shop, Stop));
    }

    [Fact]
    public async Task A_lock_ends_when_its_holder_was_not_heard_of_for_long_and_writing_is_being_heard_of()
    {
        await desk.LockAsync(Shop, Lock("a"), "anna", Stop);
        clock.Advance(StateDesk.Lease - TimeSpan.FromMinutes(1));
        await desk.WriteAsync((Shop, "a"), State(1), "anna", Stop);
        clock.Advance(TimeSpan.FromMinutes(2));
        Assert.NotNull(await desk.LockAsync(Shop, Lock("b"), "ben", Stop));

        clock.Advance(StateDesk.Lease);

        Assert.Null(await desk.LockAsync(Shop, Lock("b"), "ben", Stop));
        Assert.Equal(
            "state.locked",
            (await RefusedAsync(() => desk.WriteAsync((Shop, "a"), State(2), "anna", Stop))).Code
        );
    }

    [Fact]
    public async Task A_lock_can_be_taken_away_by_force_and_that_is_in_the_journal()
    {
        await desk.LockAsync(Shop, Lock("a"), "anna", Stop);
        await desk.UnlockAsync(Shop, "", "ben", Stop);

        Assert.Null(await desk.LockAsync(Shop, Lock("b"), "ben", Stop));
        Assert.Equal(
            [
                "Terraform's state was locked by anna",
                "Terraform's state, which anna had locked, was unlocked by force by ben",
                "Terraform's state was locked by ben",
            ],
            store.Journal.Select(static one => one.Text)
        );
    }

    [Fact]
    public async Task The_last_states_before_are_kept_and_no_more_than_twenty()
    {
        for (var serial = 1; serial <= 25; serial++)
        {
            await desk.WriteAsync((Shop, null), State(serial), "anna", Stop);
        }

        var older = await store.ListAsync(StateDesk.Older, "shop/production/", Stop);

        Assert.Equal(20, older.Count);
        Assert.Equal("shop/production/00000024", older[^1].Key);
    }

    [Fact]
    public async Task A_state_that_is_removed_is_kept_among_the_older_ones()
    {
        await desk.WriteAsync((Shop, null), State(1), "anna", Stop);
        await desk.DeleteAsync((Shop, null), "anna", Stop);

        Assert.Null(await desk.ReadAsync(Shop, Stop));
        Assert.Single(await store.ListAsync(StateDesk.Older, "shop/production/", Stop));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"version\":4")]
    public async Task What_is_no_state_is_refused(string text) =>
        Assert.Equal(
            "state.no-state",
            (await RefusedAsync(() => desk.WriteAsync((Shop, null), text, "anna", Stop))).Code
        );

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("{\"ID\":1}")]
    [InlineData("nonsense")]
    public async Task What_is_no_lock_is_refused(string info) =>
        Assert.Equal("state.no-lock", (await RefusedAsync(() => desk.LockAsync(Shop, info, "anna", Stop))).Code);

    [Fact]
    public async Task What_was_sealed_with_another_key_is_told()
    {
        await desk.WriteAsync((Shop, null), State(1), "anna", Stop);
        var other = new StateDesk(store, () => store.Highest, Sealing(), new World(clock, new Random(1)));

        Assert.Equal("state.damaged", (await RefusedAsync(() => other.ReadAsync(Shop, Stop))).Code);
    }

    private static string State(int serial, string secret = "") =>
        new JsonObject
        {
            ["version"] = 4,
            ["serial"] = serial,
            ["secret"] = secret,
        }.ToJsonString();

    private static string Lock(string id) => new JsonObject { ["ID"] = id, ["Who"] = "somebody" }.ToJsonString();

    private static Func<CancellationToken, Task<ISeal>> Sealing()
    {
        var seal = new KeyFileSeal(new Sealer(keyFile: null));
        return _ => Task.FromResult<ISeal>(seal);
    }

    private static async Task<Problem> RefusedAsync(Func<Task> act) =>
        (await Assert.ThrowsAsync<ProblemException>(act)).Problem;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;
}
