using Fairlead.Model.Pipelines;
using Fairlead.Model.Ports;

namespace Fairlead.Drivers.Pipelines.Shared;

/// <summary>Where things lie that come in or are about to be sent, in the file system of the cache, so that what is proven needs only another name.</summary>
/// <param name="path">Absolute.</param>
internal sealed class IncomingFolder(string path, World world)
{
    // As far as the user's mask allows it, as with all that programs make.
    private const UnixFileMode Plain =
        UnixFileMode.UserRead
        | UnixFileMode.UserWrite
        | UnixFileMode.GroupRead
        | UnixFileMode.GroupWrite
        | UnixFileMode.OtherRead
        | UnixFileMode.OtherWrite;

    private const UnixFileMode Executable =
        Plain | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    // What comes in takes minutes at most; what is older was left by one that was killed.
    private static readonly TimeSpan AgeMax = TimeSpan.FromDays(1);

    /// <summary>A file that is gone when it is closed.</summary>
    public FileStream NewFile() =>
        new(
            NewPath(),
            new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.ReadWrite,
                Options = FileOptions.DeleteOnClose,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            }
        );

    /// <summary>A file with the mode of another one, which is there until somebody takes or removes it.</summary>
    public FileStream NewFile(WorkFile file) =>
        new(
            NewPath(),
            new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                BufferSize = 0,
                UnixCreateMode = file.IsExecutable ? Executable : Plain,
            }
        );

    /// <summary>Removes what was on its way when a run was killed.</summary>
    public void Sweep()
    {
        var folder = new DirectoryInfo(path);
        foreach (var one in folder.Exists ? folder.EnumerateFiles() : [])
        {
            if (world.Now.UtcDateTime - one.LastWriteTimeUtc > AgeMax)
            {
                one.Delete();
            }
        }
    }

    private string NewPath()
    {
        Directory.CreateDirectory(path);
        return Path.Combine(path, world.NewId());
    }
}
