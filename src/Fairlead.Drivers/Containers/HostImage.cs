using System.Formats.Tar;
using System.Text;
using Docker.DotNet;
using Docker.DotNet.Models;

namespace Fairlead.Drivers.Containers;

/// <summary>
/// An image with nothing in it but the frame that this machine's own programs and libraries are mounted into, read-only. So what was
/// built here runs in a container with what it was built with, and nothing is downloaded.
/// </summary>
internal static class HostImage
{
    /// <summary>Its name in the engine; another one when what is in it changes.</summary>
    public const string Name = "localhost/fairlead-host-base-1:latest";

    private static readonly string[] Tops = ["bin", "lib", "lib32", "lib64", "libx32"];

    // What programs need beside /usr: names of libraries, of alternatives, time zones, and whom TLS trusts.
    private static readonly string[] Shared =
    [
        "/usr",
        "/etc/alternatives",
        "/etc/ca-certificates",
        "/etc/ld.so.cache",
        "/etc/ld.so.conf",
        "/etc/ld.so.conf.d",
        "/etc/localtime",
        "/etc/pki",
        "/etc/ssl",
        "/opt",
    ];

    /// <summary>Paths of this machine that are mounted where they are.</summary>
    public static IEnumerable<string> Shown() =>
        Shared
            .Concat(Tops.Select(top => $"/{top}").Where(top => new DirectoryInfo(top) is { LinkTarget: null }))
            .Where(Path.Exists);

    public static async Task EnsureAsync(DockerClient docker, CancellationToken stop)
    {
        try
        {
            await docker.Images.InspectImageAsync(Name, stop);
        }
        catch (DockerImageNotFoundException)
        {
            using var tar = Tar();
            var (repository, tag) = (Name.Split(':')[0], Name.Split(':')[1]);
            await docker.Images.CreateImageAsync(
                new ImagesCreateParameters
                {
                    FromSrc = "-",
                    Repo = repository,
                    Tag = tag,
                },
                tar,
                new AuthConfig(),
                new Progress<JSONMessage>(),
                stop
            );
        }
    }

    private static MemoryStream Tar()
    {
        var stream = new MemoryStream();
        using (var tar = new TarWriter(stream, leaveOpen: true))
        {
            // Real, not a link into /usr: the engine puts its init there.
            foreach (var folder in (string[])["app", "dev", "etc", "proc", "run", "sbin", "sys", "tmp", "usr", "var"])
            {
                tar.WriteEntry(new PaxTarEntry(TarEntryType.Directory, folder));
            }
            foreach (var top in Tops)
            {
                if (new DirectoryInfo($"/{top}").LinkTarget is { } target)
                {
                    tar.WriteEntry(new PaxTarEntry(TarEntryType.SymbolicLink, top) { LinkName = target });
                }
            }
            Add(tar, "etc/passwd", "root:x:0:0::/root:/usr/sbin/nologin\napp:x:65532:65532::/tmp:/usr/sbin/nologin\n");
            Add(tar, "etc/group", "root:x:0:\napp:x:65532:\n");
            Add(tar, "etc/nsswitch.conf", "passwd: files\ngroup: files\nhosts: files dns\n");
        }
        stream.Position = 0;
        return stream;
    }

    private static void Add(TarWriter tar, string name, string text) =>
        tar.WriteEntry(
            new PaxTarEntry(TarEntryType.RegularFile, name)
            {
                DataStream = new MemoryStream(Encoding.ASCII.GetBytes(text)),
            }
        );
}
