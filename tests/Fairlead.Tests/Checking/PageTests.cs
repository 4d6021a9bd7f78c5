using Fairlead.Drivers.Http;
using Fairlead.Engine.Checking;
using Fairlead.Engine.Checking.Pages;
using Fairlead.Model.Problems;

namespace Fairlead.Tests.Checking;

/// <summary>Pictures of pages, what differs between them, and which pages are looked at.</summary>
public sealed class PageTests
{
    [Fact]
    public void A_picture_that_is_written_is_read_as_the_same()
    {
        var picture = Noise(37, 21, seed: 3);
        Assert.Equal(picture.Pixels, Png.Read(Png.Write(picture)).Pixels);
    }

    [Theory]
    [InlineData("")]
    [InlineData("89504E470D0A1A0A")]
    [InlineData("89504E470D0A1A0AFFFFFFFF49484452")]
    [InlineData("89504E470D0A1A0A0000000D49484452FFFFFFFFFFFFFFFF080600000000000000")]
    [InlineData("89504E470D0A1A0A0000000D4948445200000001000000010806000000000000000000000049454E4400000000")]
    // Asks for a dictionary, which PNG knows nothing of.
    [InlineData(
        "89504E470D0A1A0A0000000D49484452000000020000FE82080600000072B60D240000001A4944415478206360646266616563E760E0E4E2E6E1E5E3170000036600896DF92A510000000049454E448E426082"
    )]
    public void What_is_no_picture_is_refused(string hex) =>
        Assert.Throws<InvalidDataException>(() => Png.Read(Convert.FromHexString(hex)));

    [Fact]
    public void What_nobody_sees_does_not_differ_and_what_everybody_sees_does()
    {
        var before = Filled(20, 10, (200, 200, 200));
        Assert.Equal(0, PictureDiff.Of(before, Filled(20, 10, (202, 199, 201)), 0.1).Pixels);
        var after = Filled(20, 10, (200, 200, 200));
        Set(after, 4, 4, (255, 0, 0));
        Set(after, 5, 4, (255, 0, 0));
        Set(after, 4, 5, (255, 0, 0));
        Set(after, 5, 5, (255, 0, 0));
        var difference = PictureDiff.Of(before, after, 0.1);
        Assert.Equal((4, 2.0), (difference.Pixels, difference.Share));
        Assert.Equal([255, 0, 0, 255], difference.Shown.Pixels.AsSpan(((4 * 20) + 4) * 4, 4).ToArray());
    }

    [Fact]
    public void An_edge_that_is_smoothed_otherwise_does_not_differ()
    {
        var (before, after) = (Slope(0), Slope(0.5));
        Assert.NotEqual(before.Pixels, after.Pixels);
        Assert.Equal(0, PictureDiff.Of(before, after, 0.1).Pixels);
    }

    [Fact]
    public void A_page_that_has_grown_differs_by_what_was_added() =>
        Assert.Equal(10 * 5, PictureDiff.Of(Filled(10, 10, (0, 0, 0)), Filled(10, 15, (0, 0, 0)), 0.1).Pixels);

    [Fact]
    public void Each_page_is_looked_at_in_each_window() =>
        Assert.Equal(
            ["home-800x600", "home-400x800", "prices-all-800x600", "prices-all-400x800"],
            PageList
                .Of(new Uri("http://127.0.0.1:81/"), new() { Windows = ["800x600", "400x800"] }, ["/", "/prices/all"])
                .Select(static one => one.Name)
        );

    [Theory]
    [InlineData("//evil.example/", "800x600")]
    [InlineData("prices", "800x600")]
    [InlineData("/", "800")]
    [InlineData("/", "99x100")]
    public void What_is_no_page_or_no_window_is_refused(string page, string window) =>
        Assert.Equal(
            "check.pages",
            Assert
                .Throws<ProblemException>(() =>
                    PageList.Of(new Uri("http://127.0.0.1/"), new() { Windows = [window] }, [page])
                )
                .Problem.Code
        );

    [Fact]
    public void Of_several_runs_the_middle_one_counts()
    {
        Assert.Equal(80, LighthouseRun.Median([90, 20, 80]));
        Assert.Equal(20, LighthouseRun.Median([90, 20]));
    }

    [Theory]
    [InlineData("1603010031020000", false)] // Cut off.
    [InlineData("1603010031020000270301", true)]
    [InlineData("1603030031020000270303", false)]
    [InlineData("15030100020246", false)] // An alert: protocol version.
    public void A_server_speaks_the_version_that_its_hello_says(string said, bool speaks) =>
        Assert.Equal(speaks, TlsVersions.IsHello(Convert.FromHexString(said), minor: 1));

    [Fact]
    public void The_file_of_checks_is_read_with_its_faults_and_their_places()
    {
        Assert.Equal(
            "check",
            ChecksReader
                .Read("site:\n  url: http://127.0.0.1:8080/\n  pictures: check\n  tolerance: 0.1%\n")
                .Site?.Pictures
        );
        var caught = Assert.Throws<ProblemException>(() =>
            ChecksReader.Read("openapi: { failOn: risky }\nload: { stages: [{ rate: 5, for: 3s }] }\n")
        );
        Assert.Equal(
            ["fairlead.checks.yaml:1:12 manifest.unknown-key", "fairlead.checks.yaml:2:26 manifest.bad-value"],
            caught.Problems.Select(static one => $"{one.Where} {one.Code}")
        );
    }

    private static Picture Noise(int width, int height, int seed)
    {
        var picture = Picture.Empty(width, height);
        new Random(seed).NextBytes(picture.Pixels);
        return picture;
    }

    private static Picture Filled(int width, int height, (byte, byte, byte) colour)
    {
        var picture = Picture.Empty(width, height);
        for (var at = 0; at < width * height; at++)
        {
            Set(picture, at % width, at / width, colour);
        }
        return picture;
    }

    /// <summary>Black below a slanted line and white above it, its edge smoothed, moved by a part of a pixel.</summary>
    private static Picture Slope(double shift)
    {
        var picture = Picture.Empty(40, 40);
        for (var y = 0; y < 40; y++)
        {
            for (var x = 0; x < 40; x++)
            {
                var cover = (byte)(255 * Math.Clamp((x * 0.5) + 10 + shift - y, 0, 1));
                Set(picture, x, y, (cover, cover, cover));
            }
        }
        return picture;
    }

    private static void Set(Picture picture, int x, int y, (byte Red, byte Green, byte Blue) colour)
    {
        var at = ((y * picture.Width) + x) * 4;
        (picture.Pixels[at], picture.Pixels[at + 1], picture.Pixels[at + 2], picture.Pixels[at + 3]) = (
            colour.Red,
            colour.Green,
            colour.Blue,
            255
        );
    }
}
