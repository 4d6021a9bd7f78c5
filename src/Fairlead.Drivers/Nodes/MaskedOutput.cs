using System.Globalization;
using System.Text;
using Fairlead.Drivers.Shell;
using Fairlead.Model.Ports;
using Fairlead.Model.Security;

namespace Fairlead.Drivers.Nodes;

/// <summary>
/// Carries what a program with secrets prints from a file in memory to its log on the disk, and hides the secrets on the way. The
/// program itself never waits for it: it writes to the file, which is emptied from its head.
/// </summary>
/// <param name="raw">Where the program writes; in memory.</param>
internal sealed class MaskedOutput(string raw, RotatingLog log, Func<SecretMask> mask, World world)
{
    private const int PieceBytes = 256 * 1024;

    // Longer than any program takes between two halves of a line.
    private static readonly TimeSpan HoldMax = TimeSpan.FromSeconds(1);

    private readonly Lock gate = new();
    private SecretMask used = SecretMask.None;
    private PiecewiseMask run = new(SecretMask.None);
    private long? place;
    private DateTimeOffset lastRead = world.Now;

    /// <summary>Carries over all there is. What could be the beginning of a secret waits a second for the rest.</summary>
    /// <exception cref="IOException">The disk is full; it is tried again.</exception>
    public void Move()
    {
        lock (gate)
        {
            if (!File.Exists(raw))
            {
                return;
            }
            var from = place ??= ReadPlace();
            if (mask() is var next && !ReferenceEquals(next, used))
            {
                log.Append(Bytes(run.Flush()));
                (used, run) = (next, new(next));
            }
            using var file = new FileStream(
                raw,
                FileMode.Open,
                FileAccess.ReadWrite,
                FileShare.ReadWrite | FileShare.Delete
            );
            file.Position = from;
            var buffer = new byte[PieceBytes];
            while (file.Read(buffer) is > 0 and var count)
            {
                log.Append(Bytes(run.Push(Encoding.Latin1.GetString(buffer, 0, count))));
                lastRead = world.Now;
                place = file.Position;
                SavePlace(file.Position - run.HeldChars);
            }
            if (run.HeldChars > 0 && world.Now - lastRead >= HoldMax)
            {
                Flush();
            }
            Free(file, (place ?? 0) - run.HeldChars);
        }
    }

    /// <summary>Carries over the rest, with what was held back: the program has ended.</summary>
    public void Settle()
    {
        lock (gate)
        {
            Move();
            Flush();
        }
    }

    /// <summary>Carries over the rest and removes the file: nothing starts here any more.</summary>
    public void End()
    {
        lock (gate)
        {
            Settle();
            File.Delete(raw);
            File.Delete(PlaceFile);
            place = null;
        }
    }

    private string PlaceFile => raw + ".place";

    private void Flush()
    {
        log.Append(Bytes(run.Flush()));
        SavePlace(place ?? 0);
    }

    // Its memory is given back; places in it stay as they are.
    private static void Free(FileStream file, long bytes)
    {
        if (bytes > 0)
        {
            _ = Libc.fallocate((int)file.SafeFileHandle.DangerousGetHandle(), Libc.PunchHole, 0, bytes);
        }
    }

    private long ReadPlace() =>
        File.Exists(PlaceFile)
        && long.TryParse(File.ReadAllText(PlaceFile), NumberStyles.None, CultureInfo.InvariantCulture, out var known)
            ? known
            : 0;

    private void SavePlace(long next) => File.WriteAllText(PlaceFile, next.ToString(CultureInfo.InvariantCulture));

    private static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);
}
