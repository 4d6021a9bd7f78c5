using System.Runtime.InteropServices;

namespace Fairlead.Drivers.Shell;

/// <summary>The calls of the C library that .NET has no name for. Constants are the same in glibc and musl, on x64 and arm64.</summary>
internal static partial class Libc
{
    public const int NoHang = 1; // WNOHANG
    public const int SpawnSetSignalDefaults = 0x04; // POSIX_SPAWN_SETSIGDEF
    public const int SpawnSetSignalMask = 0x08; // POSIX_SPAWN_SETSIGMASK
    public const int SpawnSetSession = 0x80; // POSIX_SPAWN_SETSID
    public const int OpenRead = 0x0; // O_RDONLY
    public const int OpenCloseOnExec = 0x80000; // O_CLOEXEC
    public const int OpenReadWrite = 0x2 | 0x40 | OpenCloseOnExec; // O_RDWR | O_CREAT
    public const int OpenAppend = 0x1 | 0x40 | 0x400; // O_WRONLY | O_CREAT | O_APPEND
    public const int SetDescriptorFlags = 2; // F_SETFD
    public const int DuplicateCloseOnExec = 1030; // F_DUPFD_CLOEXEC
    public const int CloseOnExec = 1; // FD_CLOEXEC
    public const int MayExecute = 1; // X_OK
    public const int CollapseRange = 0x08; // FALLOC_FL_COLLAPSE_RANGE
    public const int PunchHole = 0x02 | 0x01; // FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE
    public const int ProtectRead = 1; // PROT_READ
    public const int MapShared = 1; // MAP_SHARED
    public const int LockExclusiveNow = 2 | 4; // LOCK_EX | LOCK_NB
    public const int Unlock = 8; // LOCK_UN

    public const int PidfdOpen = 434; // SYS_pidfd_open, which musl has no function for
    public const int PidfdGetfd = 438; // SYS_pidfd_getfd

    private const string Library = "libc";

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int posix_spawn(
        out int pid,
        string path,
        nint actions,
        nint attributes,
        nint words,
        nint environment
    );

    [LibraryImport(Library)]
    public static partial int posix_spawn_file_actions_init(nint actions);

    [LibraryImport(Library)]
    public static partial int posix_spawn_file_actions_destroy(nint actions);

    [LibraryImport(Library)]
    public static partial int posix_spawn_file_actions_adddup2(nint actions, int from, int to);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int posix_spawn_file_actions_addopen(nint actions, int to, string path, int flags, uint mode);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int posix_spawn_file_actions_addchdir_np(nint actions, string path);

    [LibraryImport(Library)]
    public static partial int posix_spawnattr_init(nint attributes);

    [LibraryImport(Library)]
    public static partial int posix_spawnattr_destroy(nint attributes);

    [LibraryImport(Library)]
    public static partial int posix_spawnattr_setflags(nint attributes, short flags);

    [LibraryImport(Library)]
    public static partial int posix_spawnattr_setsigdefault(nint attributes, nint signals);

    [LibraryImport(Library)]
    public static partial int posix_spawnattr_setsigmask(nint attributes, nint signals);

    [LibraryImport(Library)]
    public static partial int sigfillset(nint signals);

    [LibraryImport(Library)]
    public static partial int sigemptyset(nint signals);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int waitpid(int pid, out int status, int options);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int kill(int pid, int signal);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int setpriority(int which, uint who, int priority);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int fcntl(int descriptor, int command, int value);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int close(int descriptor);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    public static partial int open(string path, int flags, uint mode);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    public static partial int link(string path, string second);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int fsync(int descriptor);

    [LibraryImport(Library, SetLastError = true)]
    public static partial nint mmap(nint address, nuint length, int protection, int flags, int descriptor, nint offset);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int munmap(nint address, nuint length);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int fallocate(int descriptor, int mode, long offset, long length);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int flock(int descriptor, int operation);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    public static partial int access(string path, int mode);

    [LibraryImport(Library, SetLastError = true)]
    public static partial nint syscall(nint number, nint first, nint second, nint third);

    [LibraryImport(Library)]
    public static partial uint geteuid();

    [LibraryImport(Library)]
    public static partial uint getegid();

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    public static partial int chown(string path, uint user, uint group);
}
