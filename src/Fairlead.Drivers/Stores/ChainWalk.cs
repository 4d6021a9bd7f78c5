using Fairlead.Model.Security;

namespace Fairlead.Drivers.Stores;

/// <summary>Walks along the journal's chain, and stops where it is broken.</summary>
/// <param name="removed">The last line that was removed, and its hash.</param>
internal sealed class ChainWalk((long Sequence, string Hash) removed)
{
    private string before = removed.Hash;

    /// <summary>The line that must come next.</summary>
    public long Next { get; private set; } = removed.Sequence + 1;

    public bool Takes(HashedLine line)
    {
        if (line.Row.Sequence != Next || JournalChain.Hash(before, line.Row) != line.Hash)
        {
            return false;
        }
        (before, Next) = (line.Hash, Next + 1);
        return true;
    }

    /// <param name="head">What the newest line should be.</param>
    public bool EndsAt((long Sequence, string Hash) head) => head == (Next - 1, before);
}
