using CsCheck;
using Fairlead.Model.Images;

namespace Fairlead.Tests.Images;

/// <summary>Images are named as Docker names them, and hostile names are refused.</summary>
public sealed class ImageReferenceTests
{
    private const string Hex = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

    [Theory]
    [InlineData("nginx", "docker.io/library/nginx:latest")]
    [InlineData("nginx:1.27", "docker.io/library/nginx:1.27")]
    [InlineData("bitnami/redis", "docker.io/bitnami/redis:latest")]
    [InlineData("docker.io/nginx", "docker.io/library/nginx:latest")]
    [InlineData("index.docker.io/library/nginx", "docker.io/library/nginx:latest")]
    [InlineData("ghcr.io/a/b:tag@sha256:" + Hex, "ghcr.io/a/b:tag@sha256:" + Hex)]
    [InlineData("ghcr.io/a/b@sha256:" + Hex, "ghcr.io/a/b@sha256:" + Hex)]
    [InlineData("localhost:5000/x", "localhost:5000/x:latest")]
    [InlineData("localhost/x/y:1", "localhost/x/y:1")]
    [InlineData("127.0.0.1:5000/x", "127.0.0.1:5000/x:latest")]
    [InlineData("[::1]:5000/x", "[::1]:5000/x:latest")]
    [InlineData("Registry.Example.COM/x", "registry.example.com/x:latest")]
    [InlineData("a/b/c", "docker.io/a/b/c:latest")]
    [InlineData("x/a__b/c-d.e---f:V1_2.3", "docker.io/x/a__b/c-d.e---f:V1_2.3")]
    [InlineData(
        "123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop",
        "123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop:latest"
    )]
    public void A_name_is_read_as_docker_reads_it(string text, string whole)
    {
        var read = ImageReference.Parse(text);
        Assert.Equal(whole, read.ToString());
        Assert.Equal(read, ImageReference.Parse(whole));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Nginx")]
    [InlineData("nginx:")]
    [InlineData("nginx:.a")]
    [InlineData("nginx@sha256:abc")]
    [InlineData("nginx@sha512:" + Hex)]
    [InlineData("nginx@sha256:" + Hex + "0")]
    [InlineData("a//b")]
    [InlineData("/a")]
    [InlineData("a/")]
    [InlineData("a..b")]
    [InlineData("a___b")]
    [InlineData("-a")]
    [InlineData("ghcr.io/../../etc")]
    [InlineData("ghcr.io/a?x=1")]
    [InlineData("ghcr.io:99999/a")]
    [InlineData("ghcr.io:/a")]
    [InlineData("user@ghcr.io/a")]
    [InlineData("https://ghcr.io/a")]
    [InlineData("a\nb")]
    [InlineData("ghcr.io/a:b:c")]
    [InlineData("[::1%eth0]:5000/x")]
    [InlineData("é.io/x")]
    public void What_is_no_name_is_refused_and_said_why(string text)
    {
        Assert.Null(ImageReference.TryParse(text, out var fault));
        Assert.NotNull(fault);
    }

    [Fact]
    public void What_is_pinned_is_asked_for_by_its_digest()
    {
        var pinned = ImageReference.Parse($"ghcr.io/a/b:tag@sha256:{Hex}");
        Assert.Equal(($"sha256:{Hex}", true, "ghcr.io/a/b"), (pinned.Wanted, pinned.IsPinned, pinned.Name));
        Assert.Equal("ghcr.io/a/b:other", pinned.Tagged("other").ToString());
    }

    [Fact]
    public void Whatever_is_read_is_read_again_as_the_same() =>
        Gen.Char["abAB01.:/-_@[]% "]
            .Array[0, 30]
            .Select(static letters => new string(letters))
            .Sample(static text =>
            {
                if (ImageReference.TryParse(text, out _) is { } read)
                {
                    Assert.Equal(read, ImageReference.Parse(read.ToString()));
                }
            });

    [Theory]
    [InlineData("linux/amd64", "linux/amd64", true)]
    [InlineData("linux/arm64", "linux/arm64/v8", true)]
    [InlineData("linux/arm64/v8", "linux/arm64", true)]
    [InlineData("linux/arm/v7", "linux/arm/v6", false)]
    [InlineData("linux/amd64", "linux/arm64", false)]
    [InlineData("linux/amd64", "windows/amd64", false)]
    public void A_platform_runs_what_is_made_for_it(string own, string other, bool runs) =>
        Assert.Equal(runs, Platform.TryParse(own)!.Runs(Platform.TryParse(other)!));
}
