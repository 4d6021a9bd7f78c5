using System.Text;
using Fairlead.Model.Ports;
using Fairlead.Model.Security;

namespace Fairlead.Drivers.Hosts;

/// <summary>The machine as its files show it.</summary>
/// <param name="root">Where its files are: <c>/</c>, or a folder with some of them.</param>
/// <param name="state">The state folder, absolute.</param>
public sealed class HostFiles(string root, string state) : IHostSights
{
    private const int TextBytesMax = 256 * 1024;
    private const int NamesMax = 10_000;

    private static readonly EnumerationOptions Everything = new()
    {
        RecurseSubdirectories = true,
        IgnoreInaccessible = true,
        AttributesToSkip = FileAttributes.ReparsePoint,
    };

    public string State => state;

    public DiskSize? Disk
    {
        get
        {
            try
            {
                var drive = new DriveInfo(state);
                return new(drive.TotalSize, drive.AvailableFreeSpace);
            }
            catch (Exception caught) when (caught is IOException or UnauthorizedAccessException or ArgumentException)
            {
                return null;
            }
        }
    }

    // What the kernel writes has no length before it is read.
    public string? ReadText(string path)
    {
        try
        {
            using var file = File.OpenRead(Of(path));
            var bytes = new byte[TextBytesMax];
            var length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            return Encoding.UTF8.GetString(bytes.AsSpan(0, length));
        }
        catch (Exception caught) when (caught is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    public IReadOnlyList<string>? List(string folder)
    {
        try
        {
            return
            [
                .. Directory
                    .EnumerateFileSystemEntries(Of(folder))
                    .Take(NamesMax)
                    .Select(static one => Path.GetFileName(one))
                    .Order(StringComparer.Ordinal),
            ];
        }
        catch (Exception caught) when (caught is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    public bool Exists(string path) => Path.Exists(Of(path));

    public IReadOnlyList<StateFile> StateFiles(int max)
    {
        var folder = new DirectoryInfo(state);
        return folder.Exists
            ?
            [
                new("", folder.UnixFileMode, IsFolder: true),
                .. folder
                    .EnumerateFileSystemInfos("*", Everything)
                    .Take(max - 1)
                    .Select(one => TryLook(one))
                    .OfType<StateFile>(),
            ]
            : [];
    }

    // Files come and go while somebody looks.
    private StateFile? TryLook(FileSystemInfo one)
    {
        try
        {
            var mode = one.UnixFileMode;
            return (int)mode < 0 ? null : new(Path.GetRelativePath(state, one.FullName), mode, one is DirectoryInfo);
        }
        catch (Exception caught) when (caught is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private string Of(string path) => Path.Join(root, path);
}
