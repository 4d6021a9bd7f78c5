using Fairlead.Model.Releases;
using Fairlead.Roles.Edge;

namespace Fairlead.Tests.Edge;

public sealed class PartMeterTests
{
    private readonly PartMeter meter = new(new Part("api", 1));

    [Fact]
    public void What_is_counted_over_all_windows_only_rises()
    {
        var first = meter.WindowAt(5.Percent);
        first.Status(200);
        first.Latency(TimeSpan.FromMilliseconds(3));
        var second = meter.WindowAt(25.Percent);
        second.Status(503);
        // A request that was let in before the share changed.
        first.Status(200);
        Assert.Equal([0, 2, 0, 0, 1], meter.ReadEver().StatusClasses);
        Assert.Equal(1, meter.ReadEver().Latency.Count);
        Assert.Equal([0, 0, 0, 0, 1], meter.Read().StatusClasses);
    }

    [Fact]
    public void After_many_changes_of_its_share_nothing_is_forgotten()
    {
        for (var change = 0; change < 100; change++)
        {
            var window = meter.WindowAt((change % 2 + 1).Percent);
            window.Status(200);
            window.Latency(TimeSpan.FromMilliseconds(change));
        }
        Assert.Equal([0, 100, 0, 0, 0], meter.ReadEver().StatusClasses);
        Assert.Equal(100, meter.ReadEver().Latency.Count);
    }
}
