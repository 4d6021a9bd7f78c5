using System.Runtime.InteropServices;

namespace Fairlead.Scenarios;

/// <summary>A disk of 1 MiB, which only root can make; others skip.</summary>
internal sealed partial class SmallDisk : IDisposable
{
    private const nuint ReadOnly = 1;
    private const nuint Remount = 32;
    private const int DetachAtOnce = 2;

    private readonly bool isMounted;

    public SmallDisk()
    {
        Path = Directory.CreateTempSubdirectory("fairlead-disk-").FullName;
        isMounted = Mount("tmpfs", Path, "tmpfs", 0, "size=1m") == 0;
    }

    public string Path { get; }

    public string this[string name] => System.IO.Path.Combine(Path, name);

    public void SkipUnlessMounted() => Assert.SkipUnless(isMounted, "mounting a small tmpfs needs root");

    public void MakeReadOnly() => Assert.Equal(0, Mount("tmpfs", Path, "tmpfs", Remount | ReadOnly, null));

    public void Dispose()
    {
        if (isMounted)
        {
            Unmount(Path, DetachAtOnce);
        }
        Directory.Delete(Path, recursive: true);
    }

    [LibraryImport("libc", EntryPoint = "mount", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Mount(string source, string target, string kind, nuint flags, string? options);

    [LibraryImport("libc", EntryPoint = "umount2", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Unmount(string target, int flags);
}
