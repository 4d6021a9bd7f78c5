using System.Text;
using Fairlead.Model.Images;

namespace Fairlead.Tests.Images;

/// <summary>Manifests of OCI and Docker are read; what is two things at once, or none, is refused.</summary>
public sealed class ManifestReaderTests
{
    internal const string Docker = """
        {"schemaVersion":2,"mediaType":"application/vnd.docker.distribution.manifest.v2+json",
        "config":{"mediaType":"application/vnd.docker.container.image.v1+json","size":7023,"digest":"sha256:b5b2b2c507a0944348e0303114d8d93aaaa081732b86451d9bce1f432a537bc7"},
        "layers":[{"mediaType":"application/vnd.docker.image.rootfs.diff.tar.gzip","size":32654,"digest":"sha256:e692418e4cbaf90ca69d05a66403747baa33ee08806650b51fab815ad7fc331f"}]}
        """;

    internal const string Index = """
        {"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[
        {"mediaType":"application/vnd.oci.image.manifest.v1+json","size":7143,"digest":"sha256:e692418e4cbaf90ca69d05a66403747baa33ee08806650b51fab815ad7fc331f","platform":{"architecture":"arm64","os":"linux","variant":"v8"}},
        {"mediaType":"application/vnd.oci.image.manifest.v1+json","size":7682,"digest":"sha256:5b0bcabd1ed22e9fb1310cf6c2dec7cdef19f0ad69efa1f392e94a4333501270","platform":{"architecture":"amd64","os":"linux"}}],
        "annotations":{"com.example.key":"value"}}
        """;

    internal const string Config = """
        {"created":"2015-10-31T22:22:56.015925234Z","architecture":"amd64","os":"linux",
        "config":{"User":"alice","ExposedPorts":{"8080/tcp":{}},"Env":["PATH=/bin"],"Entrypoint":["/bin/app"],"Cmd":["--x"],"WorkingDir":"/home","Labels":{"a":"b"}},
        "rootfs":{"diff_ids":["sha256:c6f988f4874bb0add23a778f753c65efe992244e148a1d2ec2a8b664fb66bbd1"],"type":"layers"},"history":[]}
        """;

    [Fact]
    public void Dockers_manifest_is_read()
    {
        var read = Assert.IsType<Manifest.Image>(Read(Docker));
        Assert.Equal(MediaTypes.DockerManifest, read.MediaType);
        Assert.Equal([7023L, 32654L], read.Parts.Select(static one => one.Size));
    }

    [Fact]
    public void An_index_has_an_image_for_each_platform()
    {
        var read = Assert.IsType<Manifest.Index>(Read(Index));
        Assert.Equal(7682, read.For(new("amd64", "linux"))!.Size);
        Assert.Equal(7143, read.For(new("arm64", "linux"))!.Size);
        Assert.Null(read.For(new("riscv64", "linux")));
        Assert.Equal("value", read.Annotations!["com.example.key"]);
    }

    [Fact]
    public void A_config_says_how_it_is_run()
    {
        var read = ImageConfig.Read(Encoding.UTF8.GetBytes(Config));
        Assert.Equal(
            ("alice", "/home", "8080/tcp"),
            (read.Run.User, read.Run.Folder, read.Run.ExposedPorts!.Keys.Single())
        );
        Assert.Equal(["/bin/app", "--x"], [.. read.Run.Entrypoint, .. read.Run.Command!]);
        Assert.Equal(
            "sha256:c6f988f4874bb0add23a778f753c65efe992244e148a1d2ec2a8b664fb66bbd1",
            read.Files.DiffIds.Single().ToString()
        );
    }

    [Fact]
    public void What_is_written_is_read_again_as_the_same()
    {
        var image = ManifestReader.Read(ImageJson.Write(Read(Docker)));
        Assert.Equal(ImageJson.Write(Read(Docker)), ImageJson.Write(image));
        var config = ImageConfig.Read(Encoding.UTF8.GetBytes(Config));
        Assert.Equal(ImageJson.Write(config), ImageJson.Write(ImageConfig.Read(ImageJson.Write(config))));
    }

    [Fact]
    public void The_bytes_that_are_written_are_as_the_specification_shows_them() =>
        Assert.Equal(
            """{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","artifactType":"a/b","config":{"mediaType":"application/vnd.oci.empty.v1+json","digest":"sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a","size":2},"layers":[],"annotations":{"k":"v"}}""",
            Encoding.UTF8.GetString(
                ImageJson.Write(
                    new Manifest.Image(MediaTypes.Manifest, ImageJson.Describe(MediaTypes.Empty, "{}"u8), [])
                    {
                        ArtifactType = "a/b",
                        Annotations = new Dictionary<string, string> { ["k"] = "v" },
                    }
                )
            )
        );

    [Theory]
    [InlineData("[]", "It is no JSON object.")]
    [InlineData("{", "It is no JSON: ")]
    [InlineData("""{"schemaVersion":1}""", "Its schemaVersion is not 2: ")]
    [InlineData("""{"schemaVersion":2,"manifests":[],"layers":[]}""", "It has layers and manifests, ")]
    [InlineData("""{"schemaVersion":2,"mediaType":"text/html"}""", "It is text/html, ")]
    [InlineData(
        """{"schemaVersion":2,"config":{"mediaType":"a","digest":"sha256:x","size":1},"layers":[]}""",
        "A descriptor's digest is not "
    )]
    [InlineData(
        """{"schemaVersion":2,"config":{"mediaType":"a","digest":"sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a","size":-1},"layers":[]}""",
        "The size of sha256:44136f"
    )]
    [InlineData("""{"schemaVersion":2,"manifests":7}""", "Its manifests are no list.")]
    public void What_is_no_manifest_is_refused(string text, string why) =>
        Assert.StartsWith(why, Assert.Throws<InvalidDataException>(() => Read(text)).Message, StringComparison.Ordinal);

    // CVE-2021-41190: an image for one reader, an index for another.
    [Fact]
    public void A_manifest_that_contradicts_what_it_was_called_is_refused() =>
        Assert.Throws<InvalidDataException>(() =>
            ManifestReader.Read(Encoding.UTF8.GetBytes(Docker), MediaTypes.Index)
        );

    [Fact]
    public void A_huge_manifest_is_not_read() =>
        Assert.Throws<InvalidDataException>(() => ManifestReader.Read(new byte[ManifestReader.BytesMax + 1]));

    private static Manifest Read(string text) => ManifestReader.Read(Encoding.UTF8.GetBytes(text));
}
