using Fairlead.Faces.Dashboard.Live;
using Fairlead.Model.Ports;
using Fairlead.Tests.Fakes;
using Microsoft.Extensions.Time.Testing;

namespace Fairlead.Tests.Faces.Dashboard;

/// <summary>Open pages: painted once for all who look, sent only when they look otherwise.</summary>
public sealed class LiveTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_page_is_painted_once_for_a_hundred_viewers_and_no_more_when_nobody_looks()
    {
        var clock = new FakeTimeProvider();
        var world = new World(clock, new Random(1));
        var painted = 0;
        var scene = new Scene(
            _ => Task.FromResult(("Shop", $"<h1>{(Interlocked.Increment(ref painted) < 3 ? "well" : "down")}</h1>")),
            new Pulse(new MemoryStore(world), world),
            world
        );
        var viewers = Enumerable.Range(0, 100).Select(_ => scene.Join()).ToList();
        var first = await viewers[0].Reader.ReadAsync(Stop);
        foreach (var viewer in viewers.Skip(1))
        {
            Assert.Same(first.Event, (await viewer.Reader.ReadAsync(Stop)).Event);
        }
        Assert.Equal(1, painted);
        // The second painting looks the same and is not sent; the third does not.
        var next = viewers[0].Reader.ReadAsync(Stop).AsTask();
        var ticks = 0;
        while (!next.IsCompleted)
        {
            ticks++;
            clock.Advance(TimeSpan.FromMilliseconds(500));
            await Task.Yield();
        }
        Assert.NotEqual(first.Digest, (await next).Digest);
        // Not for each viewer: on a busy machine time goes on for a few ticks before the news is read.
        Assert.InRange(painted, 3, Math.Max(3, ticks + 1));
        viewers.ForEach(scene.Leave);
        Assert.True(scene.IsEmpty);
    }
}
