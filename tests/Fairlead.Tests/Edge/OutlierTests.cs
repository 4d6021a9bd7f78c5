using Fairlead.Model.Ports;
using Fairlead.Roles.Edge;
using Fairlead.Roles.Edge.Steering;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using static Fairlead.Tests.Edge.EdgeSample;

namespace Fairlead.Tests.Edge;

public sealed class OutlierTests
{
    private readonly FakeTimeProvider clock = new();
    private readonly World world;
    private readonly OutlierSweep sweep;

    public OutlierTests()
    {
        world = new World(clock, new Random(1));
        sweep = new OutlierSweep(world, NullLogger.Instance);
    }

    [Fact]
    public void Five_failures_in_a_row_take_a_replica_out_until_its_time_is_over_and_it_passes_a_probe()
    {
        var (table, replicas) = Table(5001, 5002, 5003);
        Fail(replicas[0], OutlierSweep.FailuresInRowMax);
        sweep.Sweep(table);
        Assert.Equal([true, false, false], replicas.Select(one => one.Outlook.IsEjected));
        Assert.DoesNotContain(replicas[0], Chosen(table));
        clock.Advance(TimeSpan.FromSeconds(31));
        sweep.Sweep(table);
        Assert.True(replicas[0].Outlook.IsEjected);
        replicas[0].LastAlive = clock.GetTimestamp();
        sweep.Sweep(table);
        Assert.False(replicas[0].Outlook.IsEjected);
        Assert.Contains(replicas[0], Chosen(table));
    }

    [Fact]
    public void Each_time_takes_it_out_for_longer()
    {
        var (table, replicas) = Table(5001, 5002);
        for (var times = 1; times <= 3; times++)
        {
            Fail(replicas[0], OutlierSweep.FailuresInRowMax);
            sweep.Sweep(table);
            Assert.Equal(
                30 * times,
                clock.GetElapsedTime(clock.GetTimestamp(), replicas[0].Outlook.Until).TotalSeconds
            );
            clock.Advance(TimeSpan.FromSeconds(30 * times));
            replicas[0].LastAlive = clock.GetTimestamp();
            sweep.Sweep(table);
        }
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 1)]
    [InlineData(3, 1)]
    [InlineData(5, 2)]
    public void At_most_half_of_a_release_sits_out(int replicas, int outAtMost)
    {
        var (table, all) = Table([.. Enumerable.Range(5001, replicas)]);
        foreach (var replica in all)
        {
            Fail(replica, 100);
        }
        sweep.Sweep(table);
        Assert.Equal(outAtMost, all.Count(one => one.Outlook.IsEjected));
    }

    [Fact]
    public void A_replica_far_worse_than_its_siblings_is_taken_out_and_a_bad_release_is_not()
    {
        var (table, replicas) = Table(5001, 5002, 5003);
        foreach (var replica in replicas)
        {
            Mix(replica, answered: 100, failedOf: replica == replicas[1] ? 2 : 50);
        }
        clock.Advance(TimeSpan.FromSeconds(11));
        sweep.Sweep(table);
        Assert.Equal([false, true, false], replicas.Select(one => one.Outlook.IsEjected));

        var (badTable, bad) = Table(5001, 5002, 5003);
        foreach (var replica in bad)
        {
            Mix(replica, answered: 100, failedOf: 2);
        }
        clock.Advance(TimeSpan.FromSeconds(11));
        sweep.Sweep(badTable);
        Assert.DoesNotContain(bad, one => one.Outlook.IsEjected);
    }

    [Fact]
    public void Those_that_sit_out_are_asked_before_those_that_are_down()
    {
        var (table, replicas) = Table(5001, 5002);
        Fail(replicas[0], OutlierSweep.FailuresInRowMax);
        sweep.Sweep(table);
        replicas[1].MarkDown();
        Assert.Equal([replicas[0]], Chosen(table));
    }

    private static void Fail(Replica replica, int times)
    {
        for (var time = 0; time < times; time++)
        {
            replica.Outlook.Note(Ending.Failed);
        }
    }

    private static void Mix(Replica replica, int answered, int failedOf)
    {
        for (var time = 0; time < answered; time++)
        {
            replica.Outlook.Note(time % failedOf == 0 ? Ending.Lost : Ending.Answered);
        }
    }

    private static HashSet<Replica> Chosen(RouteTable table)
    {
        var service = table.FindNamed("/shop.production.api")!;
        return [.. Enumerable.Range(0, 200).Select(_ => service.Choose(only: null, tried: default)!.Value.Replica)];
    }

    private (RouteTable Table, IReadOnlyList<Replica> Replicas) Table(params IReadOnlyList<int> ports)
    {
        var table = RouteTable.Build([Routing(Backend(41, 100, ports))], new Ledger(world), before: null);
        return (table, table.Replicas);
    }
}
