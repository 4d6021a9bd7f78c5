using Fairlead.Model.Pipelines;

namespace Fairlead.Drivers.Pipelines.Shared;

/// <summary>Files that come out of a pack, none of which is in the cache before all of them are proven; what is not kept is removed.</summary>
internal sealed class IncomingFiles(IncomingFolder folder, TaskCache local) : IDisposable
{
    private readonly List<(string Path, WorkFile File)> made = [];

    public Stream Make(WorkFile file)
    {
        var stream = folder.NewFile(file);
        made.Add((stream.Name, file));
        return stream;
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
