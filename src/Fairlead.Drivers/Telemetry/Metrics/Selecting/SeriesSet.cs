using System.Numerics;

namespace Fairlead.Drivers.Telemetry.Metrics.Selecting;

/// <summary>Which of an index's series, one bit for each.</summary>
internal sealed class SeriesSet(int size)
{
    private readonly ulong[] words = new ulong[(size + 63) / 64];

    public int Count => words.Sum(BitOperations.PopCount);

    public bool IsEmpty => !words.AsSpan().ContainsAnyExcept(0UL);

    public static SeriesSet All(int size)
    {
        var all = new SeriesSet(size);
        Array.Fill(all.words, ulong.MaxValue);
        if (size % 64 != 0)
        {
            all.words[^1] = (1UL << (size % 64)) - 1;
        }
        return all;
    }

    /// <param name="ordinal">Those above the size came later and are left out.</param>
    public void Add(int ordinal)
    {
        if (ordinal < size)
        {
            words[ordinal >> 6] |= 1UL << ordinal;
        }
    }

    public void Keep(SeriesSet other)
    {
        for (var index = 0; index < words.Length; index++)
        {
            words[index] &= other.words[index];
        }
    }

    public void Remove(SeriesSet other)
    {
        for (var index = 0; index < words.Length; index++)
        {
            words[index] &= ~other.words[index];
        }
    }

    public IEnumerable<int> Ordinals()
    {
        for (var index = 0; index < words.Length; index++)
        {
            for (var word = words[index]; word != 0; word &= word - 1)
            {
                yield return (index * 64) + BitOperations.TrailingZeroCount(word);
            }
        }
    }
}
