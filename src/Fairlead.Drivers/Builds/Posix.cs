using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Fairlead.Drivers.Builds;

/// <summary>The few calls of libc that .NET does not offer.</summary>
internal static partial class Posix
{
    public const int SigKill = 9;
    public const int SigTerm = 15;

    private const int CurrentFolder = -100;
    private const int DoNotFollowLinks = 0x100;
    private const uint BasicStats = 0x7ff;

    /// <summary>What a path is, without following a link; null when it is not there or must not be seen.</summary>
    public static FileStat? Stat(string path) =>
        Statx(CurrentFolder, path, DoNotFollowLinks, BasicStats, out var raw) == 0 ? FileStat.Of(raw) : null;

    /// <summary>Makes everything that was written to the disk of an open file durable.</summary>
    public static void SyncDisk(SafeFileHandle file)
    {
        if (SyncFs(file) != 0)
        {
            throw new IOException(Marshal.GetLastPInvokeErrorMessage(), Marshal.GetLastPInvokeError());
        }
    }

    /// <param name="id">A process, or minus a process group.</param>
    [LibraryImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int Kill(int id, int signal);

    /// <summary>Gives a file another name in the same file system; not 0 when that cannot be.</summary>
    [LibraryImport("libc", EntryPoint = "link", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int Link(string path, string other);

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Statx(int folder, string path, int flags, uint mask, out RawStat stat);

    [LibraryImport("libc", EntryPoint = "syncfs", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SyncFs(SafeFileHandle file);

    /// <summary>struct statx of linux/stat.h, the same on every architecture.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    internal struct RawStat
    {
        [FieldOffset(28)]
        public ushort Mode;

        [FieldOffset(32)]
        public ulong Inode;

        [FieldOffset(40)]
        public long Size;

        [FieldOffset(96)]
        public long ChangedSeconds;

        [FieldOffset(104)]
        public uint ChangedNanoseconds;

        [FieldOffset(112)]
        public long WrittenSeconds;

        [FieldOffset(120)]
        public uint WrittenNanoseconds;

        [FieldOffset(136)]
        public ulong Device;
    }
}

/// <summary>What the file system says of a path.</summary>
/// <param name="Changed">When anything of it changed last: its bytes, its mode, its name.</param>
/// <param name="Written">When its bytes changed last, as far as nobody set that time by hand.</param>
internal readonly record struct FileStat(
    FileKind Kind,
    bool IsExecutable,
    long Size,
    (ulong Device, ulong Inode) Identity,
    FileTime Changed,
    FileTime Written
)
{
    private const int KindMask = 0xF000;

    internal static FileStat Of(Posix.RawStat raw) =>
        new(
            (raw.Mode & KindMask) switch
            {
                0x8000 => FileKind.File,
                0x4000 => FileKind.Folder,
                0xA000 => FileKind.Link,
                _ => FileKind.Other,
            },
            (raw.Mode & 0b001_000_000) != 0,
            raw.Size,
            (raw.Device, raw.Inode),
            new(raw.ChangedSeconds, raw.ChangedNanoseconds),
            new(raw.WrittenSeconds, raw.WrittenNanoseconds)
        );
}

/// <summary>A reading of the file system's clock.</summary>
/// <param name="Seconds">Since 1970.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct FileTime(long Seconds, uint Nanoseconds)
{
    public DateTimeOffset At => DateTimeOffset.FromUnixTimeSeconds(Seconds).AddTicks(Nanoseconds / 100);
}

/// <summary>Kinds of things that a path can name.</summary>
internal enum FileKind
{
    File,
    Folder,
    Link,

    /// <summary>A pipe, a socket or a device.</summary>
    Other,
}
