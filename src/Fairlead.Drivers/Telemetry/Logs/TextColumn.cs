using System.Text;

namespace Fairlead.Drivers.Telemetry.Logs;

/// <summary>Texts one behind another: their lengths in characters, then all of them in UTF-8.</summary>
internal sealed class TextColumn
{
    private readonly char[] characters;
    private readonly int[] starts;

    private TextColumn(char[] characters, int[] starts)
    {
        this.characters = characters;
        this.starts = starts;
    }

    public ReadOnlySpan<char> this[int row] => characters.AsSpan(starts[row]..starts[row + 1]);

    public static TextColumn Read(ref ByteReader from, int count)
    {
        var begins = new int[count + 1];
        for (var i = 0; i < count; i++)
        {
            begins[i + 1] = checked(begins[i] + from.Count(int.MaxValue >> 1));
        }
        var bytes = from.Raw(from.Count(from.Left));
        var letters = new char[Encoding.UTF8.GetCharCount(bytes)];
        Encoding.UTF8.GetChars(bytes, letters);
        return letters.Length == begins[^1]
            ? new(letters, begins)
            : throw new InvalidDataException("Texts are not as long as they should be.");
    }
}

/// <inheritdoc cref="TextColumn"/>
internal sealed class TextColumnWriter
{
    private readonly ByteWriter lengths = new();
    private readonly ByteWriter texts = new();

    public void Add(string text)
    {
        lengths.Varint(text.Length);
        texts.Characters(text);
    }

    public void Write(ByteWriter to)
    {
        to.Raw(lengths.Written);
        to.Varint(texts.Length);
        to.Raw(texts.Written);
    }
}
