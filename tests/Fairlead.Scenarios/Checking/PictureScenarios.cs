using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Fairlead.Engine.Checking.Pages;

namespace Fairlead.Scenarios.Checking;

/// <summary>Pictures are compared as pixelmatch, which many projects trust, compares them: to the same number of pixels, but for ties.</summary>
public sealed class PictureScenarios
{
    private const int Pairs = 30;

    [Fact]
    public async Task Nearly_as_many_pixels_differ_as_for_pixelmatch()
    {
        var modules = Path.Combine(PageScenarios.Peers, "node_modules");
        Assert.SkipUnless(
            Directory.Exists(Path.Combine(modules, "pixelmatch")),
            $"pixelmatch is not installed: npm install --prefix {PageScenarios.Peers} pixelmatch pngjs"
        );
        var folder = Directory.CreateTempSubdirectory("fairlead-pictures-");
        try
        {
            var counts = new List<long>();
            for (var pair = 0; pair < Pairs; pair++)
            {
                var (before, after) = (Shapes(pair, 0), Shapes(pair, 0.3 + (pair * 0.1)));
                await File.WriteAllBytesAsync(
                    Path.Combine(folder.FullName, $"{pair}.before.png"),
                    Png.Write(before),
                    TestContext.Current.CancellationToken
                );
                await File.WriteAllBytesAsync(
                    Path.Combine(folder.FullName, $"{pair}.after.png"),
                    Png.Write(after),
                    TestContext.Current.CancellationToken
                );
                counts.Add(PictureDiff.Of(before, after, 0.1).Pixels);
            }
            var start = new ProcessStartInfo("node") { UseShellExecute = false, RedirectStandardOutput = true };
            foreach (
                var word in (string[])
                    [
                        Path.Combine(Here(), "pixelmatch.mjs"),
                        modules,
                        folder.FullName,
                        Pairs.ToString(CultureInfo.InvariantCulture),
                    ]
            )
            {
                start.ArgumentList.Add(word);
            }
            using var process = Process.Start(start)!;
            var said = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.All(
                JsonSerializer.Deserialize<List<long>>(said)!.Zip(counts),
                static pair => Assert.InRange(pair.Second, (pair.First * 19 / 20) - 1, (pair.First * 21 / 20) + 1)
            );
            Assert.True(counts.Sum() > 100);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Discs with smoothed edges in colours of chance, a part of a pixel further to the right.</summary>
    private static Picture Shapes(int seed, double shift)
    {
        var random = new Random(seed);
        var picture = Picture.Empty(64, 48);
        Array.Fill(picture.Pixels, (byte)255);
        for (var disc = 0; disc < 6; disc++)
        {
            var (x, y, radius) = (
                (random.NextDouble() * 64) + (disc % 2 == 0 ? shift : 0),
                random.NextDouble() * 48,
                3 + (random.NextDouble() * 12)
            );
            byte[] colour = [(byte)random.Next(256), (byte)random.Next(256), (byte)random.Next(256)];
            for (var at = 0; at < 64 * 48; at++)
            {
                var cover = Math.Clamp(
                    radius - Math.Sqrt(Math.Pow((at % 64) - x, 2) + Math.Pow((at / 64) - y, 2)) + 0.5,
                    0,
                    1
                );
                for (var part = 0; part < 3; part++)
                {
                    var own = picture.Pixels[(at * 4) + part];
                    picture.Pixels[(at * 4) + part] = (byte)Math.Round(own + ((colour[part] - own) * cover));
                }
            }
        }
        return picture;
    }

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
