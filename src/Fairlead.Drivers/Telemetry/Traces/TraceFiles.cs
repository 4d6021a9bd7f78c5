using System.Globalization;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Telemetry;
using Microsoft.Extensions.Logging;

namespace Fairlead.Drivers.Telemetry.Traces;

/// <summary>Keeps traces in SQLite files, one after the other; the oldest go when there are too many, they are too old, or the disk fills.</summary>
public sealed class TraceFiles : ITraceStore, IDisposable
{
    private const string Pattern = "traces-*.db";

    private readonly string folder;
    private readonly World world;
    private readonly ILogger log;
    private readonly TraceLimits limits;
    private readonly SemaphoreSlim writing = new(1);

    // Oldest first; only ever replaced as a whole, under 'writing'.
    private volatile TraceSegment[] segments = [];
    private DateTimeOffset begun;
    private long number;
    private long lostToDisk;

    private TraceFiles(string folder, World world, ILogger log, TraceLimits limits) =>
        (this.folder, this.world, this.log, this.limits) = (folder, world, log, limits);

    /// <summary>Opens what is in a folder. A damaged file is put aside, and the others are kept on with.</summary>
    /// <exception cref="ProblemException">The folder cannot be written to.</exception>
    public static TraceFiles Open(string folder, World world, ILogger log, TraceLimits? limits = null)
    {
        var opened = new TraceFiles(folder, world, log, limits ?? new());
        opened.OpenAll();
        return opened;
    }

    public async Task KeepAsync(IReadOnlyList<KeptSpans> batch, CancellationToken stop)
    {
        await writing.WaitAsync(stop);
        try
        {
            // What began is brought to its end: the caller could not tell whether it was kept.
            await Task.Run(() => Keep(batch), CancellationToken.None);
        }
        finally
        {
            writing.Release();
        }
    }

    public Task<IReadOnlyList<Span>> FindAsync(TraceId id, CancellationToken stop) =>
        Task.Run<IReadOnlyList<Span>>(
            () =>
                [
                    .. segments
                        .SelectMany(segment => Tried(segment, one => SpansOf(one, id), []))
                        .DistinctBy(span => span.Id)
                        .OrderBy(span => span.Start)
                        .ThenBy(span => span.Id.Value),
                ],
            stop
        );

    public Task<FoundTraces> SearchAsync(TraceQuery query, CancellationToken stop)
    {
        if (query.Max is < 1 or > 1_000)
        {
            throw new ArgumentOutOfRangeException(nameof(query), query.Max, "1 to 1,000 traces can be found at once");
        }
        return Task.Run(() => Search(query, stop), stop);
    }

    public async Task<TraceRoom> RoomAsync(CancellationToken stop)
    {
        await writing.WaitAsync(stop);
        try
        {
            return await Task.Run(
                () =>
                {
                    LetGo();
                    var oldest = segments.Min(segment => Tried(segment, one => one.FirstKept, null));
                    return new TraceRoom(
                        segments.Sum(segment => Tried(segment, one => one.Count, 0)),
                        segments.Sum(segment => segment.Bytes),
                        oldest is { } at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null,
                        lostToDisk
                    );
                },
                stop
            );
        }
        finally
        {
            writing.Release();
        }
    }

    public void Dispose()
    {
        foreach (var segment in segments)
        {
            segment.Dispose();
        }
        writing.Dispose();
    }

    private void OpenAll()
    {
        Directory.CreateDirectory(folder);
        var all = new List<TraceSegment>();
        foreach (var path in Directory.EnumerateFiles(folder, Pattern).Order(StringComparer.Ordinal))
        {
            number = Math.Max(number, NumberOf(path));
            try
            {
                all.Add(TraceSegment.Open(path));
            }
            catch (ProblemException caught) when (caught.Problem.Code == "store.corrupt")
            {
                File.Move(path, $"{path}.damaged", overwrite: true);
                Log.SegmentDamaged(log, path, caught.Problem.Why);
            }
        }
        segments = [.. all];
        var first = all.Count > 0 ? Tried(all[^1], one => one.FirstKept, null) : null;
        begun = first is { } at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : world.Now;
    }

    private void Keep(IReadOnlyList<KeptSpans> batch)
    {
        LetGo();
        if (Free() < limits.FreeBytesMin)
        {
            throw new ProblemException(NoRoom());
        }
        // Eight files at least hold the whole age, so that no more than an eighth is let go at once.
        if (segments.Length == 0 || segments[^1].Bytes >= limits.SegmentBytes || world.Now - begun >= limits.Age / 8)
        {
            Begin();
        }
        while (true)
        {
            try
            {
                segments[^1].Keep(batch, world.Now);
                return;
            }
            catch (ProblemException caught) when (caught.Problem.Code == "store.disk-full" && segments.Length > 1)
            {
                DropOldest(isForDisk: true);
            }
        }
    }

    /// <summary>Lets the oldest go: for the disk, for the size, for the age.</summary>
    private void LetGo()
    {
        while (segments.Length > 1 && Free() < limits.FreeBytesMin)
        {
            DropOldest(isForDisk: true);
        }
        while (segments.Length > 1 && segments.Sum(segment => segment.Bytes) > limits.BytesMax)
        {
            DropOldest(isForDisk: false);
        }
        var oldest = (world.Now - limits.Age).ToUnixTimeMilliseconds();
        while (segments.Length > 0 && Tried(segments[0], one => one.LastKept, null) < oldest)
        {
            DropOldest(isForDisk: false);
        }
    }

    private void Begin()
    {
        if (segments.Length > 0)
        {
            segments[^1].Finish();
        }
        var path = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"traces-{++number:d10}.db"));
        segments = [.. segments, TraceSegment.Open(path)];
        begun = world.Now;
    }

    private void DropOldest(bool isForDisk)
    {
        var oldest = segments[0];
        var traces = Tried(oldest, one => one.Count, 0);
        segments = [.. segments.Skip(1)];
        oldest.Delete();
        if (isForDisk)
        {
            lostToDisk += traces;
            Log.SegmentLostToDisk(log, oldest.Path, traces);
        }
    }

    private FoundTraces Search(TraceQuery query, CancellationToken stop)
    {
        var marks = TraceMarks.Of(query);
        var found = new Dictionary<TraceId, TraceSummary>();
        var left = limits.LookedAtMax;
        foreach (var segment in Enumerable.Reverse(segments))
        {
            stop.ThrowIfCancellationRequested();
            // With one word the file has looked for all there is; with more, the spans must be asked.
            var max = marks.Count > 1 ? left : query.Max;
            var candidates = Tried(segment, one => one.Search(query, marks.Count > 0 ? marks[0] : null, max), []);
            var fitting = 0;
            foreach (var one in candidates)
            {
                stop.ThrowIfCancellationRequested();
                if (marks.Count > 1)
                {
                    left--;
                    if (!Tried(segment, file => SpansOf(file, one.Trace), []).Any(span => TraceMarks.Fits(query, span)))
                    {
                        continue;
                    }
                }
                found[one.Trace] = found.TryGetValue(one.Trace, out var other) ? Joined(one, other) : one;
                if (++fitting >= query.Max)
                {
                    break;
                }
            }
            if (left <= 0)
            {
                break;
            }
        }
        return new([.. found.Values.OrderByDescending(one => one.At).Take(query.Max)], left <= 0);
    }

    // Late spans of a trace may lie in the next file.
    private static TraceSummary Joined(TraceSummary one, TraceSummary other)
    {
        var (first, second) = one.At <= other.At ? (one, other) : (other, one);
        var end = new[] { one.At + one.Duration, other.At + other.Duration }.Max();
        return first with
        {
            Duration = end - first.At,
            Spans = one.Spans + other.Spans,
            Errors = one.Errors + other.Errors,
            Reason = second.Reason,
        };
    }

    private List<Span> SpansOf(TraceSegment segment, TraceId id)
    {
        var spans = new List<Span>();
        foreach (var part in segment.Parts(id))
        {
            try
            {
                spans.AddRange(TracePart.Unpack(part));
            }
            catch (InvalidDataException caught)
            {
                Log.SegmentDamaged(log, segment.Path, caught.Message);
            }
        }
        return spans;
    }

    // A file that is damaged, or was let go meanwhile, must not keep the others from being read.
    private T Tried<T>(TraceSegment segment, Func<TraceSegment, T> read, T otherwise)
    {
        try
        {
            return read(segment);
        }
        catch (ProblemException caught)
        {
            Log.SegmentDamaged(log, segment.Path, caught.Problem.Why);
            return otherwise;
        }
        catch (InvalidOperationException) when (!segments.Contains(segment))
        {
            return otherwise;
        }
    }

    private long Free() => new DriveInfo(folder).AvailableFreeSpace;

    private static long NumberOf(string path) =>
        long.TryParse(
            Path.GetFileNameWithoutExtension(path).AsSpan("traces-".Length),
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var number
        )
            ? number
            : 0;

    private Problem NoRoom() =>
        new(
            "trace.disk-full",
            What: "Traces are not kept: the disk is nearly full.",
            Why: string.Create(
                CultureInfo.InvariantCulture,
                $"{Free() >> 20} MiB are free on the disk of {folder}; the last {limits.FreeBytesMin >> 20} MiB are for what matters more."
            ),
            Fix: $"Free space on that disk (see: df -h {folder}); keeping goes on by itself."
        );
}
