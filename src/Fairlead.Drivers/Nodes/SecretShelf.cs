using System.Security.Cryptography;
using System.Text;
using Fairlead.Drivers.Shell;
using Fairlead.Drivers.State;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Releases;
using Fairlead.Model.Security;

namespace Fairlead.Drivers.Nodes;

/// <summary>
/// The values that this node's programs are started with. They are in memory, and in a folder that is only in memory, so that a
/// node that was killed starts programs again with no server. Nothing of them is ever on a disk.
/// </summary>
internal sealed class SecretShelf
{
    private const UnixFileMode OwnerAlone = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnerOnly = OwnerAlone | UnixFileMode.UserExecute;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    /// <summary>A value that came for an order which has not come yet is not taken for one that nobody needs.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(2);

    private readonly Lock gate = new();
    private readonly World world;
    private readonly Dictionary<SecretVersion, (Secret Value, DateTimeOffset At)> values = [];
    private readonly string? folder;

    public SecretShelf(StateFolder state, World world)
    {
        this.world = world;
        InstanceFolder.Make(state.Instances);
        folder = MemoryFolder.Open(Path.Combine(state.Instances, "memory.json"), state.Root);
        if (folder is null)
        {
            return;
        }
        Array.ForEach([Values, Outputs, Files], InstanceFolder.Make);
        foreach (var file in Directory.EnumerateFiles(Values))
        {
            if (DurableFile.TryReadJson<SecretGift>(file) is { } kept && Secret.FaultOf(kept.Value) is null)
            {
                values[kept.Version] = (new(kept.Value), world.Now);
            }
        }
        Hide();
    }

    /// <summary>Hides every value in what programs print.</summary>
    public SecretMask Mask { get; private set; } = SecretMask.None;

    public static IEnumerable<SecretVersion> NeededBy(InstanceOrder order) =>
        (order.Service.Secrets ?? []).Select(use => new SecretVersion(order.Key.Site, use.Secret, use.Version));

    public bool Has(SecretVersion version)
    {
        lock (gate)
        {
            return values.ContainsKey(version);
        }
    }

    public void Put(IReadOnlyList<SecretGift> gifts)
    {
        lock (gate)
        {
            foreach (var gift in gifts)
            {
                values[gift.Version] = (new(gift.Value), world.Now);
                if (folder is not null)
                {
                    DurableFile.WriteJson(FileOf(gift.Version), gift);
                }
            }
            Hide();
        }
    }

    /// <summary>Forgets what no order needs.</summary>
    public void Keep(IReadOnlySet<SecretVersion> needed)
    {
        lock (gate)
        {
            var spent = values.Where(one => !needed.Contains(one.Key) && one.Value.At + Grace < world.Now).ToList();
            foreach (var (version, _) in spent)
            {
                values.Remove(version);
                if (folder is not null)
                {
                    File.Delete(FileOf(version));
                }
            }
            // What was hidden stays hidden: its program may have printed it a moment ago.
        }
    }

    /// <summary>Waits until all that a program needs is there; a server gives what it is missed.</summary>
    /// <exception cref="ProblemException">It did not come.</exception>
    public async Task ArrivedAsync(InstanceOrder order, CancellationToken stop)
    {
        var deadline = world.Now + Patience;
        while (NeededBy(order).FirstOrDefault(version => !Has(version)) is { } missing)
        {
            if (world.Now >= deadline)
            {
                throw new ProblemException(NodeProblems.NoSecret(order.Key, missing));
            }
            await Task.Delay(Look, world.Clock, stop);
        }
    }

    /// <summary>The order with the variables that its secrets are in; values that go by file are written for it.</summary>
    /// <param name="seenAs">Folder in which a container sees the files; null where the program sees ours.</param>
    /// <exception cref="ProblemException">A value is not here, or there is no place for files in memory.</exception>
    public InstanceOrder Filled(InstanceOrder order, string? seenAs = null)
    {
        if (order.Service.Secrets is not { Count: > 0 } uses)
        {
            return order;
        }
        var env = new Dictionary<string, string>(order.Env);
        foreach (var use in uses)
        {
            var version = new SecretVersion(order.Key.Site, use.Secret, use.Version);
            var value = Find(version) ?? throw new ProblemException(NodeProblems.NoSecret(order.Key, version));
            if (!use.IsFile)
            {
                env[use.Told] = value.Reveal();
                continue;
            }
            var path = WriteFile(order.Key, (use.Variable, value), isShared: seenAs is not null);
            env[use.Told] = seenAs is null ? path : $"{seenAs}/{use.Variable}";
        }
        return order with { Env = env };
    }

    /// <summary>Where a program with secrets writes, in memory; null where it writes to the disk.</summary>
    public string? OutputOf(InstanceOrder order) =>
        folder is null || order.Service.Secrets is not { Count: > 0 }
            ? null
            : Path.Combine(Outputs, order.Key.ToString());

    /// <summary>Where the files of a program with secrets are; null when it has none.</summary>
    public string? FilesFor(InstanceOrder order) =>
        folder is not null && order.Service.Secrets?.Any(use => use.IsFile) is true ? FilesOf(order.Key) : null;

    /// <summary>Removes the files that were written for a program.</summary>
    public void RemoveFiles(InstanceKey key)
    {
        if (folder is not null && Directory.Exists(FilesOf(key)))
        {
            Directory.Delete(FilesOf(key), recursive: true);
        }
    }

    /// <summary>Removes what belongs to programs that nobody orders any more.</summary>
    public void Sweep(IReadOnlySet<string> ordered)
    {
        if (folder is null)
        {
            return;
        }
        foreach (
            var path in Directory.EnumerateDirectories(Files).Where(path => !ordered.Contains(Path.GetFileName(path)))
        )
        {
            Directory.Delete(path, recursive: true);
        }
        foreach (
            var path in Directory
                .EnumerateFiles(Outputs)
                .Where(path => !ordered.Contains(Path.GetFileNameWithoutExtension(path)))
        )
        {
            File.Delete(path);
        }
    }

    /// <summary>Forgets everything: nothing runs any more, and the next server gives it again.</summary>
    public void Clear()
    {
        lock (gate)
        {
            values.Clear();
            if (folder is not null && Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    private string Values => Path.Combine(folder!, "values"); // Only asked for where there is a folder.

    private string Outputs => Path.Combine(folder!, "outputs");

    private string Files => Path.Combine(folder!, "files");

    private string FilesOf(InstanceKey key) => Path.Combine(Files, key.ToString());

    private string FileOf(SecretVersion version) =>
        Path.Combine(
            Values,
            Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(version.ToString())))[..32]
        );

    private Secret? Find(SecretVersion version)
    {
        lock (gate)
        {
            return values.TryGetValue(version, out var known) ? known.Value : null;
        }
    }

    /// <param name="isShared">
    /// Another user reads it too: the one inside a container. On this machine the folder around it keeps everybody else out.
    /// </param>
    private string WriteFile(InstanceKey key, (string Variable, Secret Value) file, bool isShared)
    {
        if (folder is null)
        {
            throw new ProblemException(NodeProblems.NoMemoryFolder(key, file.Variable));
        }
        var shown = isShared ? UnixFileMode.GroupRead | UnixFileMode.OtherRead : UnixFileMode.None;
        var entered = isShared ? UnixFileMode.GroupExecute | UnixFileMode.OtherExecute : UnixFileMode.None;
        Directory.CreateDirectory(FilesOf(key), OwnerOnly | shown | entered);
        var path = Path.Combine(FilesOf(key), file.Variable);
        var options = new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            UnixCreateMode = OwnerAlone | shown,
        };
        using var stream = new FileStream(path, options);
        stream.Write(Encoding.UTF8.GetBytes(file.Value.Reveal()));
        return path;
    }

    private void Hide() => Mask = SecretMask.OfBytes(values.Values.Select(one => one.Value));
}

/// <summary>A value on its way from the server to the node's memory: the one shape in which it is written as JSON, on a socket of ours or in memory.</summary>
public sealed record SecretGift(SecretVersion Version, string Value)
{
    /// <inheritdoc />
    public override string ToString() => $"{Version} {Secret.Shown}";
}
