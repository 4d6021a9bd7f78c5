using Fairlead.Drivers.Telemetry.Metrics.Selecting;
using Fairlead.Model.Telemetry;

namespace Fairlead.Drivers.Telemetry.Metrics.Heads;

/// <summary>
/// Which series of the head have which labels. One thread adds. Others read at the same time: lists only grow, so they are read
/// without a lock up to what was there; only looking up a name or value takes one, for as long as that takes.
/// </summary>
internal sealed class HeadIndex : ILabelIndex
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, LabelName> names = new(StringComparer.Ordinal);
    private int seriesCount;

    public int SeriesCount => Volatile.Read(ref seriesCount);

    /// <summary>Adds the next series.</summary>
    public void Add(Labels labels)
    {
        var ordinal = seriesCount;
        foreach (var (name, value) in labels)
        {
            if (!names.TryGetValue(name, out var known))
            {
                known = new(name, gate);
                lock (gate)
                {
                    names.Add(name, known);
                }
            }
            known.ValueOf(value).Add(ordinal);
        }
        Volatile.Write(ref seriesCount, ordinal + 1);
    }

    /// <summary>How many series have this label with this value.</summary>
    public int CountOf(string name, string value) => Find(name)?.Find(value)?.Count ?? 0;

    /// <summary>The same text as an index already holds it, so that it is in memory once; null when it is new.</summary>
    public (string? Name, string? Value) Known(ReadOnlySpan<char> name, ReadOnlySpan<char> value) =>
        names.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name, out var known)
            ? (known.Text, known.TextOf(value))
            : (null, null);

    public void Mark(string name, string value, SeriesSet into) => Find(name)?.Find(value)?.Mark(into);

    public void Mark(string name, ValueTest fits, SeriesSet into)
    {
        foreach (var value in ValuesOf(name))
        {
            if (fits(value.Text))
            {
                value.Mark(into);
            }
        }
    }

    public IEnumerable<string> Names()
    {
        lock (gate)
        {
            return [.. names.Keys];
        }
    }

    public IEnumerable<string> Values(string name) => ValuesOf(name).Select(value => value.Text);

    private ArraySegment<LabelValue> ValuesOf(string name) => Find(name)?.All() ?? ArraySegment<LabelValue>.Empty;

    private LabelName? Find(string name)
    {
        lock (gate)
        {
            return names.GetValueOrDefault(name);
        }
    }

    private sealed class LabelName(string text, Lock gate)
    {
        private readonly Dictionary<string, LabelValue> byText = new(StringComparer.Ordinal);
        private LabelValue[] all = new LabelValue[4];
        private int count;

        public string Text => text;

        // Only the thread that adds calls this, so it may look without the lock.
        public LabelValue ValueOf(string value)
        {
            if (byText.TryGetValue(value, out var known))
            {
                return known;
            }
            var made = new LabelValue(value);
            if (count == all.Length)
            {
                var larger = new LabelValue[count * 2];
                all.CopyTo(larger, 0);
                Volatile.Write(ref all, larger);
            }
            all[count] = made;
            Volatile.Write(ref count, count + 1);
            lock (gate)
            {
                byText.Add(value, made);
            }
            return made;
        }

        public string? TextOf(ReadOnlySpan<char> value) =>
            byText.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(value, out var known) ? known.Text : null;

        public LabelValue? Find(string value)
        {
            lock (gate)
            {
                return byText.GetValueOrDefault(value);
            }
        }

        public ArraySegment<LabelValue> All()
        {
            var known = Volatile.Read(ref count);
            return new(Volatile.Read(ref all), 0, known);
        }
    }

    private sealed class LabelValue(string text)
    {
        // Very many values belong to one series only.
        private int first;
        private int[] rest = [];
        private int count;

        public string Text => text;

        public int Count => Volatile.Read(ref count);

        public void Add(int ordinal)
        {
            if (count == 0)
            {
                first = ordinal;
            }
            else
            {
                if (count > rest.Length)
                {
                    var larger = new int[Math.Max(4, rest.Length * 2)];
                    rest.CopyTo(larger, 0);
                    Volatile.Write(ref rest, larger);
                }
                rest[count - 1] = ordinal;
            }
            Volatile.Write(ref count, count + 1);
        }

        public void Mark(SeriesSet into)
        {
            var known = Volatile.Read(ref count);
            if (known == 0)
            {
                return;
            }
            into.Add(first);
            foreach (var ordinal in Volatile.Read(ref rest).AsSpan(0, known - 1))
            {
                into.Add(ordinal);
            }
        }
    }
}
