using System.Security.Cryptography;
using System.Text;
using Fairlead.Drivers.Images;
using Fairlead.Drivers.Registries;
using Fairlead.Model.Images;
using Fairlead.Model.Ports;
using Fairlead.Scenarios.Collecting;

namespace Fairlead.Scenarios.Images;

/// <summary>A store of images with a client of registries, in a folder of its own.</summary>
internal sealed class ImageGround : IDisposable, IRegistryCredentials
{
    private static readonly World Real = new(TimeProvider.System, Random.Shared);

    public ImageGround(RegistrySettings? settings = null)
    {
        Folder = RealPeer.NewFolder();
        Store = new(Path.Combine(Folder, "images"), Real);
        Registry = new(
            Store,
            this,
            settings ?? new() { Pause = TimeSpan.FromMilliseconds(50), PieceBytes = 1 << 20 },
            Real
        );
    }

    public string Folder { get; }

    public ImageLayout Store { get; }

    public Registry Registry { get; }

    public RegistryLogin? Login { get; set; }

    public static CancellationToken Stop => TestContext.Current.CancellationToken;

    public Task<RegistryLogin?> FindAsync(string host, CancellationToken stop) => Task.FromResult(Login);

    /// <summary>An image of one layer that no other has.</summary>
    public async Task<Descriptor> ImageAsync(int layerBytes, string architecture = "amd64")
    {
        var layer = await Store.PutAsync(MediaTypes.Layer, Tar(layerBytes), Stop);
        var config = new ImageConfig
        {
            Architecture = architecture,
            Os = "linux",
            Files = new([layer.Digest]),
            Run = new() { Entrypoint = ["/app"], User = "65532:65532" },
        };
        var put = await Store.PutAsync(MediaTypes.Config, ImageJson.Write(config), Stop);
        return await Store.PutAsync(
            MediaTypes.Manifest,
            ImageJson.Write(new Manifest.Image(MediaTypes.Manifest, put, [layer])),
            Stop
        ) with
        {
            Platform = new(architecture, "linux"),
        };
    }

    /// <summary>Something that is attached to an image.</summary>
    public async Task<Descriptor> PaperAsync(Descriptor image, string type, string text)
    {
        var paper = new Manifest.Image(
            MediaTypes.Manifest,
            await Store.PutAsync(MediaTypes.Empty, "{}"u8.ToArray(), Stop),
            [await Store.PutAsync(type, Encoding.UTF8.GetBytes(text), Stop)]
        )
        {
            ArtifactType = type,
            Subject = image with { Platform = null },
        };
        var put = await Store.PutAsync(MediaTypes.Manifest, ImageJson.Write(paper), Stop);
        await Store.AttachAsync(image.Digest, put, Stop);
        return put;
    }

    public Task<Manifest> ReadAsync(Descriptor one) => ReadAsync(one.Digest);

    public async Task<Manifest> ReadAsync(Digest one) => ManifestReader.Read(await Store.ReadAsync(one, Stop));

    public async Task<T> UseAsync<T>(Func<ImageGround, Task<T>> use)
    {
        using (this)
        {
            return await use(this);
        }
    }

    public void Dispose()
    {
        Registry.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private static byte[] Tar(int bytes)
    {
        using var stream = new MemoryStream();
        using (var tar = new System.Formats.Tar.TarWriter(stream, System.Formats.Tar.TarEntryFormat.Gnu))
        {
            tar.WriteEntry(
                new System.Formats.Tar.GnuTarEntry(System.Formats.Tar.TarEntryType.RegularFile, "noise")
                {
                    DataStream = new MemoryStream(RandomNumberGenerator.GetBytes(bytes)),
                }
            );
        }
        return stream.ToArray();
    }
}
