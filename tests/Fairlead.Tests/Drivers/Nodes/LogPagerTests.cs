using Fairlead.Drivers.Nodes;
using Fairlead.Drivers.Shell;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Releases;

namespace Fairlead.Tests.Drivers.Nodes;

public sealed class LogPagerTests : IDisposable
{
    private static readonly Site Shop = new("shop", "staging");
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_page_shares_its_room_and_the_next_goes_on()
    {
        var pager = new LogPager(Logs(("api", 2, "a1 a2 a3"), ("web", 1, "w1")), Logs());

        var first = pager.Read(new LogQuery(Shop, null, Tail: 10, Max: 2), null);
        var second = pager.Read(new LogQuery(Shop, null, Tail: 10, Max: 10), first.Cursor);

        Assert.Equal(["api@2#0 a1", "web@1#0 w1"], Text(first));
        Assert.Equal(["api@2#0 a2", "api@2#0 a3"], Text(second));
    }

    [Fact]
    public void A_new_replica_is_read_from_its_first_line_and_an_old_one_is_left_out()
    {
        var before = new LogPager(Logs(("api", 2, "a1 a2")), Logs(("api", 1, "old")));
        var page = before.Read(new LogQuery(Shop, "api", Tail: 0, Max: 10), null);
        var after = new LogPager(Logs(("api", 3, "b1")), Logs(("api", 1, "old"), ("api", 2, "a1 a2 a3")));

        Assert.Empty(page.Lines);
        Assert.Equal(
            ["api@3#0 b1", "api@2#0 a3"],
            Text(after.Read(new LogQuery(Shop, "api", Tail: 0, Max: 10), page.Cursor))
        );
    }

    [Fact]
    public void When_nothing_runs_the_stopped_are_shown() =>
        Assert.Equal(
            ["api@1#0 o2"],
            Text(new LogPager(Logs(), Logs(("api", 1, "o1 o2"))).Read(new LogQuery(Shop, null, Tail: 1, Max: 9), null))
        );

    private static IEnumerable<string> Text(LogPage page) => page.Lines.Select(line => $"{line.Replica} {line.Text}");

    private Dictionary<InstanceKey, RotatingLog> Logs(params (string Service, int Since, string Lines)[] logs) =>
        logs.ToDictionary(
            log => new InstanceKey(Shop, new Part(log.Service, log.Since), 0),
            log =>
            {
                var path = folder.File($"{log.Service}-{log.Since}.log");
                File.WriteAllLines(path, log.Lines.Split(' '));
                return new RotatingLog(path, new LogLimits());
            }
        );
}
