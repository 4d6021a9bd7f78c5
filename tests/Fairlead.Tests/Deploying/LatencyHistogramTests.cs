using CsCheck;
using Fairlead.Model.Telemetry;

namespace Fairlead.Tests.Deploying;

public sealed class LatencyHistogramTests
{
    [Fact]
    public void Every_latency_lies_just_below_its_buckets_upper_edge() =>
        Gen.Long[0, TimeSpan.FromMinutes(100).Ticks]
            .Select(TimeSpan.FromTicks)
            .Sample(latency =>
            {
                var edge = LatencyHistogram.UpperEdge(LatencyHistogram.Index(latency));

                Assert.True(latency < edge, $"{latency} is not below {edge}");
                Assert.True(
                    edge <= latency * 1.0625 + TimeSpan.FromMilliseconds(0.1),
                    $"{edge} is far above {latency}"
                );
            });

    [Fact]
    public void Buckets_rise_without_gaps() =>
        Assert.All(
            Enumerable.Range(1, LatencyHistogram.Size - 1),
            index => Assert.Equal(index, LatencyHistogram.Index(LatencyHistogram.UpperEdge(index - 1)))
        );
}
