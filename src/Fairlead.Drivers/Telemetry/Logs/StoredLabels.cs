using Fairlead.Model.Telemetry;

namespace Fairlead.Drivers.Telemetry.Logs;

/// <summary>Labels as bytes.</summary>
internal static class StoredLabels
{
    private const int Max = 1024;

    public static void Write(ByteWriter to, Labels labels)
    {
        to.Varint(labels.Count);
        foreach (var (name, value) in labels)
        {
            to.Text(name);
            to.Text(value);
        }
    }

    public static Labels Read(ref ByteReader from)
    {
        var labels = new Label[from.Count(Max)];
        for (var i = 0; i < labels.Length; i++)
        {
            labels[i] = new(from.Text(), from.Text());
        }
        return Labels.TrySorted(labels) ?? throw new InvalidDataException("Labels are not in their order.");
    }
}

/// <summary>Gives things numbers, in the order in which they first come.</summary>
internal sealed class Numbering<T>
    where T : notnull
{
    private readonly Dictionary<T, int> numbers = [];

    public List<T> All { get; } = [];

    public int Of(T one)
    {
        if (!numbers.TryGetValue(one, out var number))
        {
            number = All.Count;
            numbers[one] = number;
            All.Add(one);
        }
        return number;
    }
}
