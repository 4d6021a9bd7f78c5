using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Watching.Errors.SourceMaps;

/// <summary>Gives frames of built scripts back their places in the sources, where a map was uploaded for the release or lies beside them.</summary>
/// <param name="deployed">Maps that nobody had to upload; null for none.</param>
public sealed class Unminifier(IErrorStore store, DeployedMaps? deployed = null)
{
    private const int FilesMax = 1024;
    private const long BytesMax = 128L << 20;

    private readonly Lock gate = new();
    private readonly Dictionary<SourceMapQuery, SourceMap?> known = [];
    private readonly Queue<SourceMapQuery> oldest = new();
    private long bytes;

    public async Task<ErrorEvent> MapAsync(Site site, ErrorEvent one, CancellationToken stop)
    {
        if (!one.Exceptions.Any(thrown => thrown.Frames.Any(IsBuilt)))
        {
            return one;
        }
        var exceptions = new List<Thrown>(one.Exceptions.Count);
        foreach (var thrown in one.Exceptions)
        {
            exceptions.Add(thrown with { Frames = await MapAsync(site, one, thrown.Frames, stop) });
        }
        return one with { Exceptions = exceptions };
    }

    /// <summary>Forgets what it knows, because maps were added.</summary>
    public void Forget()
    {
        lock (gate)
        {
            known.Clear();
            oldest.Clear();
            bytes = 0;
        }
    }

    private async Task<IReadOnlyList<StackFrame>> MapAsync(
        Site site,
        ErrorEvent one,
        IReadOnlyList<StackFrame> frames,
        CancellationToken stop
    )
    {
        var places = new SourceMap.Original?[frames.Count];
        for (var i = 0; i < frames.Count; i++)
        {
            places[i] =
                IsBuilt(frames[i]) && await FindAsync(QueryOf(site, one, frames[i]), stop) is { } map
                    ? map.Find(frames[i].Line, frames[i].Column)
                    : null;
        }
        // What a map names at a place is what is called there: so a function's name stands in its caller's frame.
        return
        [
            .. frames.Select(
                (frame, i) =>
                    places[i] is { } place
                        ? Mapped(frame, place, i + 1 < frames.Count ? places[i + 1]?.Name : null)
                        : frame
            ),
        ];
    }

    private static StackFrame Mapped(StackFrame frame, SourceMap.Original place, string? name)
    {
        var around = place.Source.Around(place.Line, ErrorBounds.ContextLinesMax);
        return frame with
        {
            File = place.Source.Name,
            Line = place.Line,
            Column = place.Column,
            Function = name ?? frame.Function,
            Module = null,
            Code = around?.Line,
            Before = around?.Before ?? [],
            After = around?.After ?? [],
            IsInApp = null,
            Built = new StackFrame
            {
                Function = frame.Function,
                File = frame.File,
                Line = frame.Line,
                Column = frame.Column,
            },
        };
    }

    private async Task<SourceMap?> FindAsync(SourceMapQuery query, CancellationToken stop)
    {
        lock (gate)
        {
            if (known.TryGetValue(query, out var map))
            {
                return map;
            }
        }
        var file = await store.FindMapAsync(query, stop);
        if (file is null && deployed is not null && await deployed.FindAsync(query, stop) is { } own)
        {
            file = own;
        }
        var found = file is { } bytesOfMap ? SourceMap.TryParse(bytesOfMap, out _) : null;
        lock (gate)
        {
            while (oldest.Count >= FilesMax || (bytes > BytesMax && oldest.Count > 0))
            {
                var gone = oldest.Dequeue();
                bytes -= known.Remove(gone, out var map) ? map?.Bytes ?? 0 : 0;
            }
            if (known.TryAdd(query, found))
            {
                oldest.Enqueue(query);
                bytes += found?.Bytes ?? 0;
            }
        }
        return found;
    }

    private static SourceMapQuery QueryOf(Site site, ErrorEvent one, StackFrame frame) =>
        new(site, one.Release ?? 0, PathOf(frame.File!), one.DebugIds.GetValueOrDefault(frame.File!));

    private static bool IsBuilt(StackFrame frame) =>
        frame is { Built: null, Line: > 0, Column: > 0 }
        && Scripts.Is(frame.File)
        && !frame.File!.StartsWith("node:", StringComparison.Ordinal);

    /// <summary><c>https://shop.example/assets/main.js?v=2</c> is <c>assets/main.js</c>, and so is <c>app:///assets/main.js</c>.</summary>
    internal static string PathOf(string file)
    {
        var end = file.IndexOfAny(['?', '#']);
        var path = end < 0 ? file : file[..end];
        var scheme = path.IndexOf("://", StringComparison.Ordinal);
        if (scheme >= 0)
        {
            var slash = path.IndexOf('/', scheme + 3);
            path = slash < 0 ? "" : path[slash..];
        }
        return path.TrimStart('/', '~', '.');
    }
}
