using System.Runtime.InteropServices;

namespace Fairlead.Engine.Watching.Errors.SourceMaps;

/// <summary>Where parts of a built file came from, as columns of numbers: maps of large bundles have millions.</summary>
internal sealed class Segments
{
    private readonly List<long> places = [];
    private readonly List<Target> targets = [];
    private bool isSorted = true;

    public int Count => places.Count;

    public long Bytes => (long)Count * (sizeof(long) + 4 * sizeof(int));

    /// <summary>All from 0; -1 where there is none.</summary>
    public (int Source, int Line, int Column, int Name) this[int index]
    {
        get
        {
            var target = targets[index];
            return (target.Source, target.Line, target.Column, target.Name);
        }
    }

    public void Add(int line, int column, Target target)
    {
        var place = Place(line, column);
        isSorted &= places.Count == 0 || places[^1] <= place;
        places.Add(place);
        targets.Add(target);
    }

    /// <summary>In the order of their places: sections and careless writers may have them in another.</summary>
    public Segments Sorted()
    {
        if (!isSorted)
        {
            var (keys, values) = (places.ToArray(), targets.ToArray());
            Array.Sort(keys, values);
            places.Clear();
            places.AddRange(keys);
            targets.Clear();
            targets.AddRange(values);
            isSorted = true;
        }
        return this;
    }

    /// <summary>The last one at or before a place, in the same line; null when there is none.</summary>
    public int? Find(int line, int column)
    {
        var at = CollectionsMarshal.AsSpan(places).BinarySearch(Place(line, column));
        at = at < 0 ? ~at - 1 : at;
        return at >= 0 && places[at] >> 32 == line ? at : null;
    }

    private static long Place(int line, int column) => ((long)line << 32) | (uint)column;

    /// <summary>A place in a source; all from 0, -1 where there is none.</summary>
    [StructLayout(LayoutKind.Auto)]
    public readonly record struct Target(int Source, int Line, int Column, int Name);
}
