using Fairlead.Engine.Deploying;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Releases;
using Fairlead.Model.Security;
using Fairlead.Tests.Deploying.Simulation;
using Fairlead.Tests.Fakes;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fairlead.Tests.Deploying;

public sealed class LeaseTests
{
    private static readonly Problem Away = new("store.unreachable", "Away.", "It is.", "Wait.")
    {
        Trouble = Trouble.Unreachable,
    };

    private static readonly TimeSpan AtMost = TimeSpan.FromHours(1);

    private readonly SimulatedTime time = new(new Random(1));
    private readonly World world;
    private readonly SharedStore store;

    public LeaseTests() => (world, store) = (new World(time, new Random(1)), new(new World(time, new Random(1))));

    [Fact]
    public void A_server_waits_for_the_one_in_charge_says_so_once_and_follows_it() =>
        time.Run(
            async () =>
            {
                using var end = new CancellationTokenSource();
                var (first, second) = (Conductor("first"), Conductor("second"));
                await first.TakeChargeAsync(end.Token);
                var running = first.RunAsync(end.Token);
                var said = new List<string>();

                var taking = second.TakeChargeAsync(why => said.Add($"{why.Code}: {why.Why}"), CancellationToken.None);
                await PassAsync(2.Minutes); // It says in time that it still leads.
                Assert.False(taking.IsCompleted);
                End(end);
                await running;
                var left = time.Elapsed;
                await first.LeaveAsync(CancellationToken.None);
                await taking;

                Assert.True(time.Elapsed - left < 1.Seconds, "it was not handed over at once");
                Assert.Equal(["server.stands-by: first is in charge of the same store."], said);
                Assert.Equal((new Fence(1), new Fence(2)), (first.Fence, second.Fence));
            },
            AtMost
        );

    [Fact]
    public void One_whose_word_does_not_get_through_is_succeeded_and_steps_down_when_it_learns_of_it() =>
        time.Run(
            async () =>
            {
                var (first, second) = (Conductor("first"), Conductor("second"));
                await first.TakeChargeAsync(CancellationToken.None);
                var running = first.RunAsync(CancellationToken.None);
                var taking = second.TakeChargeAsync(CancellationToken.None);
                await PassAsync(1.Minutes);

                store.IsCutOff = server => server is "first";
                var cut = time.Elapsed;
                await taking;
                Assert.InRange(time.Elapsed - cut, SharedStore.Term / 2, SharedStore.Term + 1.Seconds);
                await PassAsync(10.Seconds);
                Assert.False(running.IsCompleted); // It cannot know.

                store.IsCutOff = _ => false;
                var caught = await Assert.ThrowsAsync<FencedException>(() => running);
                Assert.Equal((new Fence(1), new Fence(2)), (caught.Mine, caught.Highest));
                await first.LeaveAsync(CancellationToken.None);
                await Assert.ThrowsAsync<ChargeHeldException>(() =>
                    Seen("third").TakeChargeAsync("third", CancellationToken.None)
                );
            },
            AtMost
        );

    [Fact]
    public void A_store_that_is_away_is_waited_for_where_another_server_could_be_in_charge() =>
        time.Run(
            async () =>
            {
                store.IsCutOff = _ => true;
                var said = new List<string>();
                var first = Conductor("first");
                var taking = first.TakeChargeAsync(why => said.Add(why.Code), CancellationToken.None);
                await PassAsync(10.Minutes);
                store.IsCutOff = _ => false;
                await taking;
                Assert.Equal(["store.unreachable"], said);

                store.IsCutOff = _ => true;
                await first.LeaveAsync(CancellationToken.None); // Given up: the next one waits for the lease to run out.
            },
            AtMost
        );

    private Task PassAsync(TimeSpan span) => Task.Delay(span, time);

    private LeasedStore Seen(string name) => new(store, name);

    private Conductor Conductor(string name)
    {
        var nowhere = new SimulatedWorld(world, new Random(1), new Faults(new Random(1), world), seed: 1);
        return new(
            new EnginePorts(world, Seen(name), nowhere, nowhere, nowhere, nowhere, "http://127.0.0.1:1")
            {
                Lease = Seen(name),
            },
            name,
            NullLogger<Conductor>.Instance
        );
    }

    // Not CancelAsync: that would go on in another thread, outside the simulation.
    private static void End(CancellationTokenSource source) => source.Cancel();

    /// <summary>A store that several servers share, each of which can be cut off from it.</summary>
    private sealed class SharedStore(World world)
    {
        private DateTimeOffset? until;

        public MemoryStore Memory { get; } = new(world);

        public string? Owner { get; private set; }

        public Func<string, bool> IsCutOff { get; set; } = _ => false;

        public static TimeSpan Term => 15.Seconds;

        public void CheckReach(string server)
        {
            if (IsCutOff(server))
            {
                throw new ProblemException(Away);
            }
        }

        public Task<Fence> TakeAsync(string owner, CancellationToken stop)
        {
            if (until is { } ends && ends > world.Now)
            {
                throw new ChargeHeldException(Owner!, ends - world.Now);
            }
            (Owner, until) = (owner, world.Now + Term);
            return Memory.TakeChargeAsync(owner, stop);
        }

        public void Renew(Fence fence, TimeSpan? term)
        {
            if (fence == Memory.Highest)
            {
                until = term is { } longer ? world.Now + longer : null;
            }
            else if (term is not null)
            {
                throw new FencedException(fence, Memory.Highest);
            }
        }
    }

    /// <summary>The shared store as one server sees it.</summary>
    private sealed class LeasedStore(SharedStore store, string server) : IStore, ILease
    {
        public TimeSpan Term => SharedStore.Term;

        public async Task<Fence> TakeChargeAsync(string owner, CancellationToken stop)
        {
            store.CheckReach(server);
            return await store.TakeAsync(owner, stop);
        }

        public Task RenewAsync(Fence fence, CancellationToken stop) => SayAsync(fence, Term);

        public Task EndAsync(Fence fence, CancellationToken stop) => SayAsync(fence, term: null);

        public Task<IReadOnlyList<JournalEntry>> CommitAsync(Change change, CancellationToken stop) =>
            store.Memory.CommitAsync(change, stop);

        public Task<Document?> ReadAsync(string collection, string key, CancellationToken stop) =>
            store.Memory.ReadAsync(collection, key, stop);

        public Task<IReadOnlyList<Document>> ListAsync(string collection, string keyPrefix, CancellationToken stop) =>
            store.Memory.ListAsync(collection, keyPrefix, stop);

        public Task<IReadOnlyList<JournalEntry>> ReadJournalAsync(
            long after,
            JournalFilter? filter,
            int max,
            CancellationToken stop
        ) => store.Memory.ReadJournalAsync(after, filter, max, stop);

        public Task<IReadOnlyList<HashedLine>> ReadLinesAsync(long after, int max, CancellationToken stop) =>
            store.Memory.ReadLinesAsync(after, max, stop);

        public Task<IReadOnlyList<Removal>> ReadRemovalsAsync(CancellationToken stop) =>
            store.Memory.ReadRemovalsAsync(stop);

        public Task<long?> FindBreakAsync(CancellationToken stop) => store.Memory.FindBreakAsync(stop);

        private async Task SayAsync(Fence fence, TimeSpan? term)
        {
            await Task.Yield();
            store.CheckReach(server);
            store.Renew(fence, term);
        }
    }
}
