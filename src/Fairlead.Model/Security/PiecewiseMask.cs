using System.Text;

namespace Fairlead.Model.Security;

/// <summary>
/// Hides secrets in a text that comes in pieces, however they are cut. The end of a piece that could be the beginning of a secret is
/// held back until it is known, or until <see cref="Flush"/>.
/// </summary>
public sealed class PiecewiseMask(SecretMask mask)
{
    // Breaks and colours within a half-seen secret are held back as well, but not for ever.
    private const int SlackChars = 4096;

    private readonly StringBuilder held = new();
    private readonly long[] places = new long[mask.CharsMax + 1];
    private readonly StringBuilder output = new();
    private readonly List<(long From, long To)> hidden = [];
    private Skim skim;
    private int node;
    private long read;
    private long fed;
    private long heldFrom;
    private long hiddenTo = -1;

    /// <summary>Whether anything was hidden so far.</summary>
    public bool HasHidden { get; private set; }

    /// <summary>Letters that are held back.</summary>
    public int HeldChars => held.Length;

    /// <summary>Takes the next piece.</summary>
    /// <returns>What can be shown now.</returns>
    public string Push(ReadOnlySpan<char> piece)
    {
        output.Clear();
        while (piece.Length > 0)
        {
            // Nothing has begun: all up to the next letter that begins something is innocent.
            var innocent = node == 0 && skim.IsPlain ? mask.FirstIn(piece) : 0;
            if (innocent > 0)
            {
                ReleaseUpTo(read);
                output.Append(piece[..innocent]);
                read += innocent;
                heldFrom = read;
                skim = default;
                piece = piece[innocent..];
                continue;
            }
            Take(piece[0]);
            piece = piece[1..];
        }
        ReleaseUpTo(SafeTo());
        return output.ToString();
    }

    /// <summary>Shows what was held back. What follows is still known to go on with it, and is hidden if it does.</summary>
    public string Flush()
    {
        output.Clear();
        ReleaseUpTo(read);
        return output.ToString();
    }

    private void Take(char letter)
    {
        held.Append(letter);
        var place = read++;
        if (skim.Skips(letter))
        {
            Bound();
            return;
        }
        node = mask.Next(node, letter);
        places[fed++ % places.Length] = place;
        if (mask.FoundAt(node) is > 0 and var letters)
        {
            Hide(places[(fed - letters) % places.Length], read);
        }
        if (mask.DepthOf(node) == 0)
        {
            ReleaseUpTo(read);
        }
        Bound();
    }

    private void Bound()
    {
        if (held.Length > mask.CharsMax + SlackChars)
        {
            ReleaseUpTo(SafeTo());
            if (held.Length > mask.CharsMax + SlackChars)
            {
                node = 0;
                ReleaseUpTo(read);
            }
        }
    }

    private void Hide(long from, long to)
    {
        HasHidden = true;
        while (hidden is [.., var last] && from <= last.To)
        {
            from = Math.Min(from, last.From);
            hidden.RemoveAt(hidden.Count - 1);
        }
        hidden.Add((from, to));
    }

    private long SafeTo()
    {
        var depth = mask.DepthOf(node);
        return depth == 0 ? read : Math.Max(heldFrom, places[(fed - depth) % places.Length]);
    }

    private void ReleaseUpTo(long end)
    {
        var index = 0;
        for (; heldFrom < end; heldFrom++, index++)
        {
            var letter = held[index];
            while (hidden is [var first, ..] && first.To <= heldFrom)
            {
                hidden.RemoveAt(0);
            }
            if (hidden is not [var next, ..] || heldFrom < next.From)
            {
                output.Append(letter);
                continue;
            }
            if (hiddenTo < heldFrom)
            {
                output.Append(Secret.Shown);
            }
            hiddenTo = next.To;
            // Lines stay lines.
            output.Append(letter is '\n' ? "\n" : "");
        }
        held.Remove(0, index);
    }
}
