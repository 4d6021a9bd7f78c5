using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Fairlead.Drivers.Pipelines;

/// <summary>The calls of inotify(7), by which Linux tells any user what happens to files of folders. .NET's watcher does not ask for what is only read.</summary>
internal static partial class Inotify
{
    public const uint Access = 0x1; // IN_ACCESS
    public const uint CloseNoWrite = 0x10; // IN_CLOSE_NOWRITE
    public const uint MovedTo = 0x80; // IN_MOVED_TO
    public const uint Create = 0x100; // IN_CREATE
    public const uint Overflow = 0x4000; // IN_Q_OVERFLOW
    public const uint OnlyFolders = 0x0100_0000; // IN_ONLYDIR
    public const uint DoNotFollow = 0x0200_0000; // IN_DONT_FOLLOW
    public const uint IsFolder = 0x4000_0000; // IN_ISDIR

    public const int NoRoom = 28; // ENOSPC: the user has no watches left
    public const short Readable = 1; // POLLIN

    private const int NonBlocking = 0x800; // IN_NONBLOCK
    private const int CloseOnExec = 0x80000; // IN_CLOEXEC

    /// <returns>Invalid when the user has as many as they may.</returns>
    public static SafeFileHandle Open() => new(Init(NonBlocking | CloseOnExec), ownsHandle: true);

    /// <returns>Its number; -1 when it cannot be watched, as <see cref="Marshal.GetLastPInvokeError"/> says.</returns>
    [LibraryImport(
        "libc",
        EntryPoint = "inotify_add_watch",
        SetLastError = true,
        StringMarshalling = StringMarshalling.Utf8
    )]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int Watch(SafeFileHandle file, string path, uint mask);

    /// <returns>Bytes of events; -1 when there are none now.</returns>
    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial nint Read(SafeFileHandle file, Span<byte> events, nint count);

    /// <summary>Waits until there are events.</summary>
    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int Poll(ref Waiting one, nuint count, int milliseconds);

    [LibraryImport("libc", EntryPoint = "inotify_init1", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Init(int flags);

    /// <summary>struct pollfd.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Waiting
    {
        public int File;
        public short Wanted;
        public short Came;
    }
}
