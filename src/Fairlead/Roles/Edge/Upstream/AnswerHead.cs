using System.Buffers;
using System.Globalization;

namespace Fairlead.Roles.Edge.Upstream;

/// <summary>
/// Reads heads of HTTP/1.1 answers, strictly: what two readers could understand differently is refused (RFC 9112, section 6.3).
/// One reader serves a connection for its life, because an app's answers look alike: a line equal to that of the answer before
/// gives the same strings again.
/// </summary>
internal sealed class AnswerHead
{
    /// <summary>Longest head, in bytes.</summary>
    public const int BytesMax = 64 * 1024;

    private const int LinesMax = 200;
    private const int LengthDigitsMax = 18;

    private static readonly SearchValues<byte> NameBytes = SearchValues.Create(
        "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"u8
    );

    // Every control character but the tab.
    private static readonly SearchValues<byte> Controls = SearchValues.Create([
        .. Enumerable.Range(0, 32).Append(127).Where(one => one != '\t').Select(one => (byte)one),
    ]);

    private readonly List<Field> fields = [];
    private RememberedLine[] lines = new RememberedLine[16];
    private List<string>? named;
    private bool isVersion11;

    public int Status { get; private set; }

    /// <summary>Bytes of the body; null when the head does not say.</summary>
    public long? ContentLength { get; private set; }

    public bool IsChunked { get; private set; }

    /// <summary>The app takes another request on this connection.</summary>
    public bool KeepsAlive { get; private set; }

    /// <summary>What the app wants to speak from now on; null without an upgrade.</summary>
    public string? Upgrade { get; private set; }

    /// <summary>The fields meant for the client, in order; a name may be there several times.</summary>
    public IReadOnlyList<Field> Fields => fields;

    /// <summary>Takes a head that is there whole.</summary>
    /// <param name="head">From the status line to the empty line, both with their CRLF.</param>
    /// <exception cref="BadAnswerException">It is no such head.</exception>
    public void Read(ReadOnlySpan<byte> head)
    {
        fields.Clear();
        (ContentLength, IsChunked, Upgrade, named) = (null, false, null, null);
        ReadStatus(Line(head, out var rest));
        KeepsAlive = isVersion11;
        for (var number = 0; Line(rest, out rest) is { IsEmpty: false } line; number++)
        {
            Take(line, number);
        }
        if (IsChunked && ContentLength is not null)
        {
            throw new BadAnswerException("It has both a length and chunks.");
        }
        if (named is not null)
        {
            fields.RemoveAll(field => named.Contains(field.Name, StringComparer.OrdinalIgnoreCase));
        }
    }

    /// <summary>The fields after the last chunk.</summary>
    /// <param name="lines">Each with its CRLF, without the empty line.</param>
    /// <exception cref="BadAnswerException">They are no fields.</exception>
    public static IReadOnlyList<Field> ReadTrailers(ReadOnlySpan<byte> lines)
    {
        var trailers = new List<Field>();
        while (!lines.IsEmpty)
        {
            var one = default(RememberedLine);
            Parse(Line(lines, out lines), ref one);
            // Framing cannot come after what it frames.
            if (one.Use is FieldUse.Pass)
            {
                trailers.Add(one.Field);
            }
        }
        return trailers;
    }

    private static ReadOnlySpan<byte> Line(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> rest)
    {
        var end = text.IndexOf("\r\n"u8);
        if (end < 0)
        {
            throw new BadAnswerException("A line has no end.");
        }
        rest = text[(end + 2)..];
        return text[..end];
    }

    private void ReadStatus(ReadOnlySpan<byte> line)
    {
        if (
            line.Length < "HTTP/1.1 200".Length
            || !line.StartsWith("HTTP/1."u8)
            || line[7] is not ((byte)'0' or (byte)'1')
            || line[8] != ' '
            || line.Slice(9, 3).ContainsAnyExceptInRange((byte)'0', (byte)'9')
            || line[9] == '0'
            || (line.Length > 12 && line[12] != ' ')
            || line.ContainsAny(Controls)
        )
        {
            throw new BadAnswerException("It has no status line.");
        }
        isVersion11 = line[7] == '1';
        Status = ((line[9] - '0') * 100) + ((line[10] - '0') * 10) + (line[11] - '0');
    }

    private void Take(ReadOnlySpan<byte> line, int number)
    {
        if (number == LinesMax)
        {
            throw new BadAnswerException($"It has more than {LinesMax} fields.");
        }
        if (number == lines.Length)
        {
            Array.Resize(ref lines, lines.Length * 2);
        }
        ref var known = ref lines[number];
        if (!known.Is(line))
        {
            Parse(line, ref known);
        }
        switch (known.Use)
        {
            case FieldUse.Pass:
                fields.Add(known.Field);
                break;
            case FieldUse.Length:
                TakeLength(known.Field.Value);
                break;
            case FieldUse.Coding:
                TakeCoding(known.Field.Value);
                break;
            case FieldUse.Upgrade:
                Upgrade = known.Field.Value;
                break;
            case FieldUse.Connection:
                TakeConnection(known.Field.Value);
                break;
            default:
                break;
        }
    }

    private static void Parse(ReadOnlySpan<byte> line, ref RememberedLine known)
    {
        var colon = line.IndexOf((byte)':');
        // A line that continues the one before (obs-fold) has no name either.
        if (colon <= 0 || line[..colon].ContainsAnyExcept(NameBytes) || line.ContainsAny(Controls))
        {
            throw new BadAnswerException("A field has no name, or holds a control character.");
        }
        known.Set(line, line[..colon], line[(colon + 1)..].Trim(" \t"u8));
    }

    private void TakeLength(string value)
    {
        if (
            value.Length is 0 or > LengthDigitsMax
            || value.AsSpan().ContainsAnyExceptInRange('0', '9')
            || !long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var length)
            || (ContentLength ?? length) != length
        )
        {
            throw new BadAnswerException("Its length is no number, or two of them.");
        }
        ContentLength = length;
    }

    private void TakeCoding(string value)
    {
        if (IsChunked || !isVersion11 || !value.Equals("chunked", StringComparison.OrdinalIgnoreCase))
        {
            throw new BadAnswerException("Its transfer coding is not 'chunked' alone.");
        }
        IsChunked = true;
    }

    private void TakeConnection(string value)
    {
        foreach (var range in value.AsSpan().Split(','))
        {
            var option = value.AsSpan()[range].Trim();
            if (option.Equals("close", StringComparison.OrdinalIgnoreCase))
            {
                KeepsAlive = false;
            }
            else if (
                !option.IsEmpty
                && !option.Equals("keep-alive", StringComparison.OrdinalIgnoreCase)
                && !option.Equals("upgrade", StringComparison.OrdinalIgnoreCase)
            )
            {
                (named ??= []).Add(option.ToString());
            }
        }
    }
}
