using System.Security.Cryptography;
using Fairlead.Drivers.Pipelines.Clusters;
using Fairlead.Drivers.Pipelines.Shared;
using Fairlead.Drivers.State;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Security;

namespace Fairlead.Drivers.Pipelines;

/// <summary>All that pipelines of one folder need of this machine.</summary>
public sealed class LocalPipelines
{
    private const int KeyBytes = 32;

    private readonly LiveMask mask = new();
    private readonly DigestMemory digests;
    private readonly TaskCache cache;
    private readonly string main;
    private readonly string root;
    private readonly World world;

    /// <param name="folder">The pipeline's, absolute.</param>
    public LocalPipelines(StateFolder state, string folder, World world)
    {
        this.world = world;
        var name = Convert.ToHexStringLower(
            SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(Path.GetFullPath(folder)))
        )[..16];
        root = Path.Combine(state.Root, "pipelines", name);
        foreach (var path in (string[])[Path.Combine(state.Root, "pipelines"), root])
        {
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
        Note(Path.Combine(root, RunArchive.FolderFile), Path.GetFullPath(folder));
        digests = new(Path.Combine(root, "digests"), world);
        Key = KeyOf(Path.Combine(state.Root, "pipelines", "key"), world);
        Head = GitHead.Read(folder);
        Workspace = new WorkFolder(folder, digests, state.Root);
        main = GitHead.Main(folder);
        cache = new(new(Path.Combine(state.Root, "pipelines", "cache"), Key, main), digests, world);
        Runner = new TaskRunner(world, mask);
        Rooms = new JobRooms(root, world, mask);
        Shelf = new RunShelf(root);
        Changes = new GitChanges(Workspace.Root, world);
        Watch = place => new Openings(place, state.Root);
        Apart = (id, more) =>
            new ApartFolder(
                Workspace,
                Path.Combine(root, "apart", $"{world.NewId()}"),
                more,
                place => new WorkFolder(place, digests, state.Root + "/")
            );
    }

    public (string Branch, string Commit) Head { get; }

    /// <summary>Signs entries of the cache; readable by the owner alone.</summary>
    public byte[] Key { get; }

    public IWorkspace Workspace { get; }

    public ITaskCache Cache => cache;

    public ITaskRunner Runner { get; }

    public IJobRooms Rooms { get; }

    public IRunShelf Shelf { get; }

    public Func<string, IReadOnlyList<string>, IApartWorkspace> Apart { get; }

    /// <summary>The cache of a team; null when no variable says that there is one.</summary>
    /// <exception cref="ProblemException">What the variables say makes no sense.</exception>
    public ISharedCache? Shared(Func<string, string?> variable) =>
        SharedSettings.Read(variable, world) is { } settings ? new SharedCache(settings, cache, main, world) : null;

    public Func<string, IOpenings> Watch { get; }

    public IChanges Changes { get; }

    /// <summary>Where jobs run in a cluster instead.</summary>
    public IJobRooms InCluster(ClusterGround ground) => new ClusterRooms(root, ground, world, mask);

    /// <summary>Lets these values never be shown or written from now on.</summary>
    public void Hide(IReadOnlyList<string> values) =>
        mask.Now = SecretMask.Of([], values.Where(static one => one.Length > 0));

    // Names the folder to people who look at its runs; its own name is a digest.
    private static void Note(string path, string folder)
    {
        if (!File.Exists(path))
        {
            File.WriteAllText(path, folder + "\n");
        }
    }

    private static byte[] KeyOf(string path, World world)
    {
        if (!File.Exists(path))
        {
            var options = new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            };
            // Whole under its name, so that one who begins at the same time does not read half of it.
            var beside = $"{path}.{world.NewId()}";
            using (var file = new FileStream(beside, options))
            {
                file.Write(RandomNumberGenerator.GetBytes(KeyBytes));
            }
            try
            {
                File.Move(beside, path, overwrite: false);
            }
            catch (IOException) when (File.Exists(path))
            {
                File.Delete(beside);
            }
        }
        return File.ReadAllBytes(path);
    }
}
