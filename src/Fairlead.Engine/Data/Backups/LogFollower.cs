using Fairlead.Model.Data;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Data.Backups;

/// <summary>
/// Holds the newest piece of one log while it grows. It takes no more than fits: a repository that is away holds the log up at its server, which keeps as much as it
/// was told to.
/// </summary>
internal sealed class LogFollower(IPointsInTime driver, World world) : IDisposable
{
    /// <summary>A piece of this size is full: another one begins.</summary>
    public const int FullBytes = 16 * 1024 * 1024;
    private const int BytesMax = 2 * FullBytes;
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    private readonly Lock gate = new();
    private readonly MemoryStream piece = new();
    private LogPlace? start;

    /// <summary>Where the log was received to; null before the first byte.</summary>
    public LogPlace? Received
    {
        get
        {
            lock (gate)
            {
                return start is null ? null : start with { At = start.At + piece.Length };
            }
        }
    }

    /// <summary>Whether there is a whole piece, which should be brought away.</summary>
    public bool IsFull
    {
        get
        {
            lock (gate)
            {
                return piece.Length >= FullBytes;
            }
        }
    }

    /// <summary>Follows until told to stop. What was received stays, and is gone on with.</summary>
    /// <exception cref="ProblemException">The server cannot be reached, or has a hole.</exception>
    public Task FollowAsync(DataPlace place, LogPlace? begin, CancellationToken stop) =>
        driver.FollowAsync(place, Received ?? begin, TakeAsync, stop);

    public void Dispose() => piece.Dispose();

    /// <summary>Forgets what was received, after a hole.</summary>
    public void Clear()
    {
        lock (gate)
        {
            piece.SetLength(0);
            start = null;
        }
    }

    /// <summary>All of the newest piece; null while there is nothing.</summary>
    public (LogPlace From, byte[] Bytes)? Copy()
    {
        lock (gate)
        {
            return start is null || piece.Length == 0 ? null : (start, piece.ToArray());
        }
    }

    /// <summary>Lets go of what is kept elsewhere, once that is a whole piece.</summary>
    public void Kept(int bytes)
    {
        lock (gate)
        {
            if (start is null || bytes < FullBytes)
            {
                return;
            }
            var left = piece.ToArray()[bytes..];
            piece.SetLength(0);
            piece.Write(left);
            start = start with { At = start.At + bytes };
        }
    }

    private async ValueTask TakeAsync(LogPlace at, ReadOnlyMemory<byte> bytes, CancellationToken stop)
    {
        while (true)
        {
            lock (gate)
            {
                start ??= at;
                if (piece.Length + bytes.Length <= BytesMax)
                {
                    piece.Write(bytes.Span);
                    return;
                }
            }
            await Task.Delay(Look, world.Clock, stop);
        }
    }
}
