using Fairlead.Model.Pipelines;

namespace Fairlead.Drivers.Pipelines.Shared;

/// <summary>Files that come out of a pack, none of which is in the cache before all of them are proven; what is not kept is removed.</summary>
internal sealed class IncomingFiles(TaskCache local) : IDisposable
{
    private readonly List<(string Path, WorkFile File)> made = [];

    public Stream Make(WorkFile file)
    {
        var path = local.NewPath();
        made.Add((path, file));
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            BufferSize = 0,
            UnixCreateMode = file.IsExecutable ? TaskCache.Executable : TaskCache.Plain,
        };
        return new FileStream(path, options);
    }

    public void Keep()
    {
        foreach (var (path, file) in made)
        {
            local.Adopt(path, file);
        }
        made.Clear();
    }

    public void Dispose()
    {
        foreach (var (path, _) in made)
        {
            File.Delete(path);
        }
    }
}
