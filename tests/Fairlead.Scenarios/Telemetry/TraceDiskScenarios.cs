using Fairlead.Drivers.Telemetry.Traces;
using Fairlead.Model.Ports;
using Fairlead.Model.Telemetry;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fairlead.Scenarios.Telemetry;

/// <summary>Traces on a disk that is really full.</summary>
public sealed class TraceDiskScenarios
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task On_a_full_disk_the_oldest_traces_make_way_for_the_newest()
    {
        using var disk = new SmallDisk();
        disk.SkipUnlessMounted();
        using var store = TraceFiles.Open(
            disk["traces"],
            new World(TimeProvider.System, new Random(1)),
            NullLogger.Instance,
            new TraceLimits
            {
                SegmentBytes = 150 << 10,
                BytesMax = long.MaxValue,
                FreeBytesMin = 0,
            }
        );
        for (var i = 1UL; i <= 400; i++)
        {
            await store.KeepAsync([new(new(1, i), "error", [Large(i)])], Stop);
            Assert.Single(await store.FindAsync(new(1, i), Stop));
        }
        var room = await store.RoomAsync(Stop);
        Assert.InRange(room.LostToDisk, 100, 399);
        Assert.Equal(400, room.Traces + room.LostToDisk);
        Assert.Empty(await store.FindAsync(new(1, 1), Stop));
    }

    private static Span Large(ulong trace)
    {
        var noise = new byte[2_500];
        new Random((int)trace).NextBytes(noise);
        return new()
        {
            Trace = new(1, trace),
            Id = new(1),
            Name = "noise",
            Start = 1,
            End = 2,
            Attributes = [new("noise", Convert.ToBase64String(noise))],
            Sender = new() { Service = "api" },
        };
    }
}
