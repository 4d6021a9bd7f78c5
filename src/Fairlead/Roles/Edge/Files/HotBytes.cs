namespace Fairlead.Roles.Edge.Files;

/// <summary>Memory for small files: so much for a release, and so much for all releases together.</summary>
internal sealed class HotBytes(HotRoom all)
{
    public const int FileBytesMax = 64 * 1024;
    private const long ReleaseBytesMax = 32 * 1024 * 1024;

    private long taken;

    /// <summary>Whether a file of this size may be kept in memory.</summary>
    public bool TryTake(long bytes)
    {
        if (bytes > FileBytesMax)
        {
            return false;
        }
        if (Interlocked.Add(ref taken, bytes) <= ReleaseBytesMax && all.TryTake(bytes))
        {
            return true;
        }
        Interlocked.Add(ref taken, -bytes);
        return false;
    }

    /// <summary>The release is not served any more.</summary>
    public void Return() => all.Return(Interlocked.Exchange(ref taken, 0));
}

/// <summary>Memory that all releases share.</summary>
internal sealed class HotRoom
{
    private const long BytesMax = 256 * 1024 * 1024;

    private long taken;

    public bool TryTake(long bytes)
    {
        if (Interlocked.Add(ref taken, bytes) <= BytesMax)
        {
            return true;
        }
        Interlocked.Add(ref taken, -bytes);
        return false;
    }

    public void Return(long bytes) => Interlocked.Add(ref taken, -bytes);
}
