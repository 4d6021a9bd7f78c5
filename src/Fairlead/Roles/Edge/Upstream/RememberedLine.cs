using System.Text;

namespace Fairlead.Roles.Edge.Upstream;

/// <summary>What a field is for.</summary>
internal enum FieldUse
{
    /// <summary>For the client.</summary>
    Pass,

    /// <summary>For this connection alone, and of no use to us.</summary>
    Drop,
    Length,
    Coding,
    Connection,
    Upgrade,
}

/// <summary>A line of a head with what it says, kept for the next head of the connection, whose lines are mostly the same.</summary>
internal struct RememberedLine
{
    private const int BytesMax = 512;

    private byte[]? line;
    private int length;

    public Field Field { get; private set; }

    public FieldUse Use { get; private set; }

    public readonly bool Is(ReadOnlySpan<byte> other) => length > 0 && other.SequenceEqual(line.AsSpan(0, length));

    public void Set(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        Field = new Field(Encoding.ASCII.GetString(name), Encoding.Latin1.GetString(value));
        Use = UseOf(Field.Name);
        length = bytes.Length <= BytesMax ? bytes.Length : 0;
        if (line is null || line.Length < length)
        {
            line = new byte[length + 16];
        }
        bytes[..length].CopyTo(line);
    }

    private static FieldUse UseOf(string name) =>
        name.ToUpperInvariant() switch
        {
            "CONTENT-LENGTH" => FieldUse.Length,
            "TRANSFER-ENCODING" => FieldUse.Coding,
            "CONNECTION" => FieldUse.Connection,
            "UPGRADE" => FieldUse.Upgrade,
            "KEEP-ALIVE" or "PROXY-CONNECTION" or "TE" => FieldUse.Drop,
            _ => FieldUse.Pass,
        };
}
