using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Fairlead.Drivers.Builds;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Microsoft.Win32.SafeHandles;

namespace Fairlead.Drivers.Pipelines;

/// <summary>
/// Which files of a folder are read, as Linux tells it to any user: no right, no tracing, and it sees into containers, since it is a matter of files. It does
/// not see what is only asked for (<c>stat</c>, or a folder's list), nor which process it was.
/// </summary>
internal sealed class Openings : IOpenings
{
    private const uint Wanted = Inotify.Access | Inotify.CloseNoWrite | Inotify.Create | Inotify.MovedTo;
    private const int BufferBytes = 64 << 10;
    private const int HeadBytes = 16;
    private const int PauseMilliseconds = 100;
    private const int DepthMax = 100;

    private readonly string root;
    private readonly string stateRoot;
    private readonly SafeFileHandle file;
    private readonly Dictionary<int, string> folders = [];
    private readonly HashSet<string> read = new(StringComparer.Ordinal);
    private readonly HashSet<string> made = new(StringComparer.Ordinal);
    private readonly Thread reader;
    private volatile bool isOver;
    private bool isWhole = true;

    /// <param name="root">Absolute.</param>
    /// <param name="stateRoot">What lies there is Fairlead's own.</param>
    /// <exception cref="ProblemException">There are more folders than the user may watch.</exception>
    public Openings(string root, string stateRoot)
    {
        (this.root, this.stateRoot) = (root, stateRoot);
        file = Inotify.Open();
        try
        {
            if (file.IsInvalid)
            {
                throw new ProblemException(PipelineProblems.CannotWatch(root));
            }
            Watch("", DepthMax);
        }
        catch
        {
            file.Dispose();
            throw;
        }
        // A thread of its own: what it waits for would hold one of those that all share.
        reader = new(ReadAll) { IsBackground = true, Name = "openings" };
        reader.Start();
    }

    public SeenFiles End()
    {
        isOver = true;
        reader.Join();
        return new([.. read.Order(StringComparer.Ordinal)], isWhole);
    }

    public void Dispose()
    {
        isOver = true;
        reader.Join();
        file.Dispose();
    }

    // What lies in a folder that a task makes is its own.
    private void Watch(string folder, int depth)
    {
        var full = Path.Combine(root, folder);
        var number = Inotify.Watch(file, full, Wanted | Inotify.OnlyFolders | Inotify.DoNotFollow);
        if (number < 0)
        {
            if (Marshal.GetLastPInvokeError() == Inotify.NoRoom)
            {
                throw new ProblemException(PipelineProblems.CannotWatch(root));
            }
            // It went meanwhile, or must not be looked into: no task of this user reads there.
            return;
        }
        folders[number] = folder;
        foreach (var name in depth > 0 ? Names(full) : [])
        {
            var path = folder.Length == 0 ? name : $"{folder}/{name}";
            var at = Path.Combine(root, path);
            if (
                name != ".git"
                && path != IWorkspace.LentFolder
                && at != stateRoot
                && Posix.Stat(at) is { Kind: FileKind.Folder }
            )
            {
                Watch(path, depth - 1);
            }
        }
    }

    private static IReadOnlyList<string> Names(string folder)
    {
        try
        {
            return [.. Directory.EnumerateDirectories(folder).Select(static one => Path.GetFileName(one))];
        }
        catch (Exception caught) when (caught is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private void ReadAll()
    {
        var buffer = new byte[BufferBytes];
        var waiting = new Inotify.Waiting { File = (int)file.DangerousGetHandle(), Wanted = Inotify.Readable };
        while (true)
        {
            // Asked before it is read: what was to be seen until the end is read once more after it.
            var isLast = isOver;
            nint count;
            while ((count = Inotify.Read(file, buffer, buffer.Length)) > 0)
            {
                Take(buffer.AsSpan(0, (int)count));
            }
            if (isLast)
            {
                return;
            }
            _ = Inotify.Poll(ref waiting, 1, PauseMilliseconds);
        }
    }

    /// <summary>struct inotify_event: int wd; uint32 mask, cookie, len; char name[len].</summary>
    private void Take(ReadOnlySpan<byte> events)
    {
        while (events.Length >= HeadBytes)
        {
            var number = BinaryPrimitives.ReadInt32LittleEndian(events);
            var mask = BinaryPrimitives.ReadUInt32LittleEndian(events[4..]);
            var length = (int)BinaryPrimitives.ReadUInt32LittleEndian(events[12..]);
            var name = Encoding.UTF8.GetString(events.Slice(HeadBytes, length)).TrimEnd('\0');
            events = events[(HeadBytes + length)..];
            if ((mask & Inotify.Overflow) != 0)
            {
                isWhole = false;
            }
            if (!folders.TryGetValue(number, out var folder) || name.Length == 0 || (mask & Inotify.IsFolder) != 0)
            {
                continue;
            }
            var path = folder.Length == 0 ? name : $"{folder}/{name}";
            if ((mask & (Inotify.Create | Inotify.MovedTo)) != 0)
            {
                made.Add(path);
            }
            else if (!made.Contains(path))
            {
                read.Add(path);
            }
        }
    }
}
