using System.Formats.Tar;
using System.Security.Cryptography;
using System.Text;
using Docker.DotNet.Models;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Drivers.Containers;

/// <summary>Builds Dockerfiles by an engine's API: the folder is sent as a tar, and what was built is taken back as one.</summary>
public sealed class DockerfileBuilds(IImageStore store, World world) : IDockerfiles
{
    private const int LinesKept = 40;
    private const int FilesMax = 200_000;
    private const long ContextBytesMax = 4L << 30;

    public async Task<Model.Images.Descriptor> BuildAsync(DockerfileOrder order, CancellationToken stop)
    {
        using var engine = ContainerEngine.OfEnvironment(world);
        // The same name each time, so that the engine keeps the layers for the next build and lets go of what was built before.
        var name = NameOf(order);
        await using var context = await ContextAsync(order, stop);
        var lines = new Lines();
        await engine.AskAsync(
            docker =>
                docker.Images.BuildImageFromDockerfileAsync(Parameters(order, name), context, null, null, lines, stop),
            stop
        );
        if (lines.Error is { } error)
        {
            throw new ProblemException(Failed(order, error, lines.Last));
        }
        await using var archive = await engine.AskAsync(docker => docker.Images.SaveImageAsync(name, stop), stop);
        return await store.ImportAsync(archive, stop);
    }

    private static ImageBuildParameters Parameters(DockerfileOrder order, string name) =>
        new()
        {
            Dockerfile = order.File,
            Tags = [name],
            Target = order.Target,
            Platform = order.Platform?.ToString(),
            BuildArgs = order.Arguments.ToDictionary(StringComparer.Ordinal),
            Remove = true,
            ForceRemove = true,
        };

    private static string NameOf(DockerfileOrder order) =>
        $"fairlead-build/{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{order.Folder}\n{order.File}\n{order.Target}")))[..16]}:latest";

    private static async Task<Stream> ContextAsync(DockerfileOrder order, CancellationToken stop)
    {
        var file = new FileStream(
            Path.Combine(Path.GetTempPath(), Path.GetRandomFileName()),
            new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.ReadWrite,
                Options = FileOptions.DeleteOnClose | FileOptions.Asynchronous,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            }
        );
        try
        {
            await using (var tar = new TarWriter(file, TarEntryFormat.Gnu, leaveOpen: true))
            {
                await WriteAsync(tar, order, stop);
            }
            file.Position = 0;
            return file;
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }

    private static async Task WriteAsync(TarWriter tar, DockerfileOrder order, CancellationToken stop)
    {
        // Docker takes the file of the Dockerfile's own name before that of the folder.
        var ignore = new[] { $"{order.File}.dockerignore", ".dockerignore" }
            .Select(name => Path.Combine(order.Folder, name))
            .FirstOrDefault(File.Exists);
        var rules = DockerIgnore.Read(ignore is null ? "" : await File.ReadAllTextAsync(ignore, stop));
        var (files, bytes) = (0, 0L);
        foreach (var (path, info) in Walk(order.Folder, "", rules))
        {
            // The engine reads these, whatever is left out.
            if (rules.LeavesOut(path) && path != order.File)
            {
                continue;
            }
            stop.ThrowIfCancellationRequested();
            var size = await AddAsync(tar, path, info, stop);
            if (++files > FilesMax || (bytes += size) > ContextBytesMax)
            {
                throw new ProblemException(TooLarge(order));
            }
        }
    }

    private static IEnumerable<(string Path, FileSystemInfo Info)> Walk(
        string folder,
        string before,
        DockerIgnore rules
    )
    {
        foreach (
            var one in new DirectoryInfo(folder)
                .EnumerateFileSystemInfos()
                .OrderBy(static one => one.Name, StringComparer.Ordinal)
        )
        {
            var path = before + one.Name;
            yield return (path, one);
            if (one is DirectoryInfo { LinkTarget: null } && (!rules.LeavesOut(path) || rules.BringsBack))
            {
                foreach (var deeper in Walk(one.FullName, path + "/", rules))
                {
                    yield return deeper;
                }
            }
        }
    }

    private static async Task<long> AddAsync(TarWriter tar, string path, FileSystemInfo info, CancellationToken stop)
    {
        var entry = info switch
        {
            { LinkTarget: { } to } => new GnuTarEntry(TarEntryType.SymbolicLink, path) { LinkName = to },
            DirectoryInfo => new GnuTarEntry(TarEntryType.Directory, path + "/"),
            _ => new GnuTarEntry(TarEntryType.RegularFile, path),
        };
        entry.Mode = info.LinkTarget is null ? info.UnixFileMode : entry.Mode;
        if (entry.EntryType is not TarEntryType.RegularFile)
        {
            await tar.WriteEntryAsync(entry, stop);
            return 0;
        }
        if (!info.Attributes.HasFlag(FileAttributes.Normal) && info is FileInfo { Length: 0 })
        {
            // A socket or a pipe would be waited for for ever; an empty file is as well written without being opened.
            await tar.WriteEntryAsync(entry, stop);
            return 0;
        }
        await using var content = new FileStream(
            info.FullName,
            FileMode.Open,
            FileAccess.Read,
            FileShare.ReadWrite | FileShare.Delete
        );
        entry.DataStream = content;
        await tar.WriteEntryAsync(entry, stop);
        return content.Length;
    }

    private static Problem Failed(DockerfileOrder order, string error, IReadOnlyList<string> lines) =>
        new(
            "image.build-failed",
            What: $"{order.File} in {order.Folder} was not built.",
            Why: error,
            Fix: $"See the lines above it; by hand: docker build --file {order.File} {order.Folder}"
        )
        {
            Evidence = lines,
        };

    private static Problem TooLarge(DockerfileOrder order) =>
        new(
            "image.context-too-large",
            What: $"{order.Folder} is not sent to the engine.",
            Why: $"It has more than {FilesMax} files, or more than {ContextBytesMax >> 30} GiB.",
            Fix: $"Leave out what the Dockerfile does not copy: {order.Folder}/.dockerignore"
        )
        {
            Trouble = Trouble.WrongUse,
        };

    /// <summary>Keeps the end of what a build says.</summary>
    private sealed class Lines : IProgress<JSONMessage>
    {
        private readonly Queue<string> last = new();

        public string? Error { get; private set; }

        public IReadOnlyList<string> Last => [.. last];

        public void Report(JSONMessage value)
        {
            lock (last)
            {
                Error ??= value.Error?.Message;
                foreach (var line in (value.Stream ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries))
                {
                    last.Enqueue(string.Concat(line.Take(500).Where(static one => !char.IsControl(one))));
                    if (last.Count > LinesKept)
                    {
                        last.Dequeue();
                    }
                }
            }
        }
    }
}
