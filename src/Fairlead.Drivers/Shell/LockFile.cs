using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Fairlead.Drivers.Shell;

/// <summary>A lock that the kernel takes back when its process ends, however it ends.</summary>
public sealed class LockFile : IDisposable
{
    private readonly SafeFileHandle handle;

    private LockFile(SafeFileHandle handle) => this.handle = handle;

    /// <summary>Takes it at once; null when another process, or another part of this one, holds it.</summary>
    /// <param name="path">A file that is made when missing and never removed.</param>
    /// <param name="holder">The process id that the holder wrote, 0 when it is not known.</param>
    public static LockFile? TryTake(string path, out int holder)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        holder = 0;
        // Not by File.OpenHandle: .NET takes a shared lock of its own there, and throws where ours is held.
        var file = Open(path);
        if (Libc.flock((int)file.DangerousGetHandle(), Libc.LockExclusiveNow) == 0)
        {
            RandomAccess.SetLength(file, 0);
            RandomAccess.Write(file, System.Text.Encoding.ASCII.GetBytes($"{Environment.ProcessId}\n"), 0);
            return new LockFile(file);
        }
        Span<byte> note = stackalloc byte[16];
        var length = RandomAccess.Read(file, note, 0);
        _ = int.TryParse(note[..length], CultureInfo.InvariantCulture, out holder);
        file.Dispose();
        return null;
    }

    // Closing alone would not do: a process being started on another thread has a copy of the descriptor until its exec.
    public void Dispose()
    {
        _ = Libc.flock((int)handle.DangerousGetHandle(), Libc.Unlock);
        handle.Dispose();
    }

    private static SafeFileHandle Open(string path)
    {
        var descriptor = Libc.open(path, Libc.OpenReadWrite, 0b110_000_000);
        return descriptor >= 0
            ? new SafeFileHandle(descriptor, ownsHandle: true)
            : throw new IOException(
                $"{path} could not be opened: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}"
            );
    }
}
