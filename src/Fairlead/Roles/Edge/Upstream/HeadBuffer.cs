using System.Buffers.Text;
using System.Text;

namespace Fairlead.Roles.Edge.Upstream;

/// <summary>Bytes of a request's head, in a buffer that serves one request after the other.</summary>
internal sealed class HeadBuffer
{
    private const int FirstBytes = 2 * 1024;

    private byte[] bytes = GC.AllocateUninitializedArray<byte>(FirstBytes);
    private int length;

    public ReadOnlyMemory<byte> Written => bytes.AsMemory(0, length);

    public void Clear() => length = 0;

    public void Write(ReadOnlySpan<byte> text)
    {
        Reserve(text.Length);
        text.CopyTo(bytes.AsSpan(length));
        length += text.Length;
    }

    /// <summary>Writes characters as the bytes they came as.</summary>
    public void Write(string text)
    {
        Reserve(text.Length);
        length += Encoding.Latin1.GetBytes(text, bytes.AsSpan(length));
    }

    public void Write(long number)
    {
        const int DigitsMax = 20;
        Reserve(DigitsMax);
        Utf8Formatter.TryFormat(number, bytes.AsSpan(length), out var written);
        length += written;
    }

    /// <summary>Writes <c>name: value</c> and the line's end.</summary>
    public void Field(string name, string value)
    {
        Write(name);
        Write(": "u8);
        Write(value);
        Write("\r\n"u8);
    }

    private void Reserve(int more)
    {
        if (bytes.Length - length < more)
        {
            Array.Resize(ref bytes, Math.Max(bytes.Length * 2, length + more));
        }
    }
}
