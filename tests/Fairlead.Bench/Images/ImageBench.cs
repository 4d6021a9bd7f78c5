using System.Diagnostics;
using System.Formats.Tar;
using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Fairlead.Drivers.Images;
using Fairlead.Drivers.Registries;
using Fairlead.Model.Images;
using Fairlead.Model.Ports;

namespace Fairlead.Bench.Images;

/// <summary>
/// Sends an image of 200 MB of noise to Docker's own registry on loopback, and brings it back, beside <c>skopeo copy</c>: in turns, each to
/// a repository that has nothing, whoever begins changing from round to round.
/// </summary>
internal static class ImageBench
{
    private const int Rounds = 7;
    private const int LayerBytes = 100_000_000;
    private static readonly World World = new(TimeProvider.System, Random.Shared);

    public static async Task<int> RunAsync()
    {
        if (!File.Exists("/usr/bin/docker-registry") || !File.Exists("/usr/bin/skopeo"))
        {
            Console.WriteLine("docker-registry or skopeo is not here: apt-get install docker-registry skopeo");
            return 1;
        }
        var folder = Directory.CreateTempSubdirectory("fairlead-images-").FullName;
        using var registry = Start(folder, out var host);
        try
        {
            await MeasureAsync(folder, host);
            return 0;
        }
        finally
        {
            registry.Kill();
            await registry.WaitForExitAsync();
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task MeasureAsync(string folder, string host)
    {
        var (pushes, pulls) = (new List<(double Ours, double Theirs)>(), new List<(double Ours, double Theirs)>());
        for (var round = 0; round < Rounds; round++)
        {
            var store = new ImageLayout(Path.Combine(folder, $"store{round}"), World);
            using var client = new Registry(store, new Credentials([]), new(), World);
            var name = ImageReference.Parse($"{host}/ours{round}:1");
            var image = await ImageAsync(store);
            await store.NameAsync(name, image, default);
            var theirs = $"{host}/theirs{round}:1";
            pushes.Add(
                await BothAsync(
                    round,
                    () => client.PushAsync(image, name, default),
                    () =>
                        SkopeoAsync(
                            "copy",
                            "--dest-tls-verify=false",
                            $"oci:{store.Folder}:{name}",
                            $"docker://{theirs}"
                        )
                )
            );
            var copy = new ImageLayout(Path.Combine(folder, $"copy{round}"), World);
            using var other = new Registry(copy, new Credentials([]), new(), World);
            pulls.Add(
                await BothAsync(
                    round,
                    () => other.PullAsync(name, null, default),
                    () =>
                        SkopeoAsync(
                            "copy",
                            "--src-tls-verify=false",
                            $"docker://{name}",
                            $"oci:{folder}/theirs{round}:x"
                        )
                )
            );
            foreach (
                var used in new[]
                {
                    store.Folder,
                    copy.Folder,
                    Path.Combine(folder, $"theirs{round}"),
                    Path.Combine(folder, "data"),
                }
            )
            {
                Directory.Delete(used, recursive: true);
            }
        }
        Console.WriteLine("| 200 MB | Fairlead | skopeo copy | ours / theirs, median of rounds |");
        Console.WriteLine("| --- | --- | --- | --- |");
        Row("push", pushes);
        Row("pull, digests verified", pulls);
    }

    private static void Row(string what, List<(double Ours, double Theirs)> rounds) =>
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"| {what} | {Median(rounds.Select(static one => one.Ours)):0.00} s | {Median(rounds.Select(static one => one.Theirs)):0.00} s | {Median(rounds.Select(static one => one.Ours / one.Theirs)):0.00} ({rounds.Min(static one => one.Ours / one.Theirs):0.00} to {rounds.Max(static one => one.Ours / one.Theirs):0.00}) |"
            )
        );

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted[sorted.Count / 2];
    }

    private static async Task<(double Ours, double Theirs)> BothAsync(int round, Func<Task> ours, Func<Task> theirs)
    {
        if (round % 2 == 0)
        {
            var first = await TimeAsync(ours);
            return (first, await TimeAsync(theirs));
        }
        var other = await TimeAsync(theirs);
        return (await TimeAsync(ours), other);
    }

    private static async Task<double> TimeAsync(Func<Task> work)
    {
        var began = Stopwatch.GetTimestamp();
        await work();
        return Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    private static async Task<Descriptor> ImageAsync(ImageLayout store)
    {
        var layers = new List<Descriptor>();
        for (var at = 0; at < 2; at++)
        {
            using var stream = new MemoryStream();
            // Packed, as layers are: skopeo would pack what is not.
            await using (var packed = new GZipStream(stream, CompressionLevel.NoCompression, leaveOpen: true))
            await using (var tar = new TarWriter(packed, TarEntryFormat.Gnu))
            {
                var noise = new MemoryStream(RandomNumberGenerator.GetBytes(LayerBytes));
                await tar.WriteEntryAsync(new GnuTarEntry(TarEntryType.RegularFile, "noise") { DataStream = noise });
            }
            layers.Add(await store.PutAsync(MediaTypes.GzipLayer, stream.ToArray(), default));
        }
        var config = new ImageConfig
        {
            Architecture = "amd64",
            Os = "linux",
            Files = new([.. layers.Select(static one => one.Digest)]),
        };
        var put = await store.PutAsync(MediaTypes.Config, ImageJson.Write(config), default);
        return await store.PutAsync(
            MediaTypes.Manifest,
            ImageJson.Write(new Manifest.Image(MediaTypes.Manifest, put, layers)),
            default
        );
    }

    private static async Task SkopeoAsync(params string[] words)
    {
        var order = new ProcessStartInfo("skopeo", words)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(order)!;
        var said = process.StandardError.ReadToEndAsync();
        await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException(await said);
        }
    }

    private static Process Start(string folder, out string host)
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        host = $"127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}";
        probe.Stop();
        var file = Path.Combine(folder, "registry.yml");
        File.WriteAllText(
            file,
            $"""
            version: 0.1
            log:
              level: error
            storage:
              filesystem:
                rootdirectory: {folder}/data
            http:
              addr: {host}
            """
        );
        var process = Process.Start(
            new ProcessStartInfo("docker-registry", ["serve", file])
            {
                UseShellExecute = false,
                RedirectStandardError = true,
                RedirectStandardOutput = true,
            }
        )!;
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        using var client = new TcpClient();
        for (var tries = 0; ; tries++)
        {
            try
            {
                client.Connect(IPEndPoint.Parse(host));
                return process;
            }
            catch (SocketException) when (tries < 100)
            {
                Task.Delay(100).Wait();
            }
        }
    }
}
