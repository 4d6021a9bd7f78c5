using Fairlead.Engine.Manifests;

namespace Fairlead.Tests.Manifests;

public sealed class ByteSizeTests
{
    [Theory]
    [InlineData("512KiB", 524_288L)]
    [InlineData("256MiB", 268_435_456L)]
    [InlineData("1.5GiB", 1_610_612_736L)]
    [InlineData("1TiB", 1_099_511_627_776L)]
    [InlineData("3kB", 3_000L)]
    [InlineData("2MB", 2_000_000L)]
    [InlineData("256M", null)]
    [InlineData("256", null)]
    [InlineData("MiB", null)]
    [InlineData("-1MiB", null)]
    [InlineData("0MiB", null)]
    [InlineData("1e9MiB", null)]
    [InlineData("99999999TiB", null)]
    public void Sizes_are_read_with_their_unit(string text, long? bytes) =>
        Assert.Equal(bytes, ByteSize.TryParse(text)?.Bytes);
}
