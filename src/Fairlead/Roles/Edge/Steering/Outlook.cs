namespace Fairlead.Roles.Edge.Steering;

/// <summary>How a replica's answers have been of late, and whether it sits out for them.</summary>
/// <remarks>Requests only count; the sweep alone decides, so that no two of them can take the last replicas away together.</remarks>
internal sealed class Outlook
{
    private int failuresInRow;
    private int answered;
    private int failed;
    private long until;
    private bool isEjected;

    public bool IsEjected => Volatile.Read(ref isEjected);

    public int FailuresInRow => Volatile.Read(ref failuresInRow);

    /// <summary>The clock's timestamp at which it may come back.</summary>
    public long Until => Volatile.Read(ref until);

    /// <summary>How many times in a row it was taken out.</summary>
    public int Times { get; private set; }

    public string Why { get; private set; } = "";

    /// <summary>Counts how a request ended; what is nobody's failure counts for nothing.</summary>
    public void Note(Ending ending)
    {
        switch (ending)
        {
            case Ending.Answered:
                Interlocked.Increment(ref answered);
                // A write for every request would keep the line moving between the cores for nothing.
                if (Volatile.Read(ref failuresInRow) != 0)
                {
                    Volatile.Write(ref failuresInRow, 0);
                }
                break;
            case Ending.Failed or Ending.Lost:
                Interlocked.Increment(ref failed);
                Interlocked.Increment(ref failuresInRow);
                break;
        }
    }

    /// <summary>Counts of the time since the last call, and begins anew.</summary>
    public (int Answered, int Failed) Take() =>
        (Interlocked.Exchange(ref answered, 0), Interlocked.Exchange(ref failed, 0));

    public void Eject(long comesBack, string why)
    {
        Times++;
        Why = why;
        Volatile.Write(ref until, comesBack);
        Volatile.Write(ref isEjected, true);
    }

    public void Readmit()
    {
        Volatile.Write(ref failuresInRow, 0);
        _ = Take();
        Volatile.Write(ref isEjected, false);
    }

    /// <summary>It has been well for so long that what was is forgotten.</summary>
    public void Forgive() => Times = 0;
}
