using System.IO.Compression;
using System.Security.Cryptography;
using Fairlead.Drivers.Shell;
using Microsoft.Extensions.Primitives;
using ZstdSharp;

namespace Fairlead.Roles.Edge.Files;

/// <summary>
/// Compresses the files of releases once, with all the time it takes, on one thread that gives way to everything else. What
/// it made is kept on the disk by the content's hash, so that a file that many releases share is compressed once.
/// </summary>
internal sealed class Press(string folder, ILogger log)
{
    private const int FileBytesMin = 1024;
    private const int FileBytesMax = 8 * 1024 * 1024;
    private const long KeptBytesMax = 512L * 1024 * 1024;
    private const int WaitingMax = 1_000;

    // The best brotli takes a second for each megabyte; beyond this size the last few percent are not worth it.
    private const int BestBytesMax = 1024 * 1024;
    private const int BestQuality = 11;
    private const int GoodQuality = 9;
    private const int Window = 22;

    // From 20 on windows may be larger than the 8 MiB that browsers take (RFC 9659).
    private const int ZstandardBest = 19;
    private const int ZstandardGood = 12;

    private readonly Queue<StaticFolder> waiting = new();
    private bool isRunning;

    public void Take(StaticFolder release)
    {
        lock (waiting)
        {
            if (waiting.Count == WaitingMax)
            {
                return;
            }
            waiting.Enqueue(release);
            if (!isRunning)
            {
                isRunning = true;
                new Thread(Run) { IsBackground = true, Name = "press" }.Start();
            }
        }
    }

    private void Run()
    {
        LowPriority.OfThisThread();
        while (Next() is { } release)
        {
            try
            {
                // Requests wait for the map too, so it comes soon.
                var map = release.MapAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult();
                foreach (var file in map.Files.ByName.Values.Where(file => map.IsVisible(file) && IsWorthwhile(file)))
                {
                    file.Encoded = [.. Pressed(file, release.Hot).OrderBy(body => body.Length)];
                }
                Sweep();
            }
            catch (Exception caught) when (caught is IOException or UnauthorizedAccessException)
            {
                log.NotCompressed(caught, folder);
            }
        }
    }

    private StaticFolder? Next()
    {
        lock (waiting)
        {
            if (waiting.TryDequeue(out var next))
            {
                return next;
            }
            isRunning = false;
            return null;
        }
    }

    // What the build shipped is the build's word on it.
    private static bool IsWorthwhile(SiteFile file) =>
        file.Encoded.Length == 0
        && file.Plain.Length is >= FileBytesMin and <= FileBytesMax
        && ContentTypes.IsCompressible(file.Type.Split(';')[0]);

    private IEnumerable<Body> Pressed(SiteFile file, HotBytes hot)
    {
        var bytes = file.Plain.Bytes ?? File.ReadAllBytes(file.Plain.Path);
        var hash = file.Hash ?? Convert.ToHexStringLower(SHA256.HashData(bytes));
        foreach (var encoding in new[] { "br", "zstd", "gzip" })
        {
            var path = Path.Combine(folder, hash[..2], $"{hash}.{encoding}");
            var made = Kept(path) ?? Make(path, encoding, bytes);
            // A tenth less is the least that pays for decompressing it.
            if (made.Length < bytes.Length - (bytes.Length / 10))
            {
                var tag = new StringValues($"{file.Plain.ETag.ToString()[..^1]}-{encoding}\"");
                yield return new Body(encoding, path, made.Length, tag, hot.TryTake(made.Length) ? made : null);
            }
        }
    }

    private static byte[]? Kept(string path)
    {
        if (!File.Exists(path))
        {
            return null;
        }
        return File.ReadAllBytes(path);
    }

    private static byte[] Make(string path, string encoding, byte[] bytes)
    {
        var made = encoding switch
        {
            "br" => Brotli(bytes),
            "zstd" => Zstandard(bytes),
            _ => Gzip(bytes),
        };
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var beside = path + ".new";
        File.WriteAllBytes(beside, made);
        File.Move(beside, path, overwrite: true);
        return made;
    }

    private static byte[] Brotli(byte[] bytes)
    {
        var quality = bytes.Length <= BestBytesMax ? BestQuality : GoodQuality;
        var buffer = new byte[BrotliEncoder.GetMaxCompressedLength(bytes.Length)];
        return BrotliEncoder.TryCompress(bytes, buffer, out var length, quality, Window) ? buffer[..length] : bytes;
    }

    private static byte[] Zstandard(byte[] bytes)
    {
        using var compressor = new Compressor(bytes.Length <= BestBytesMax ? ZstandardBest : ZstandardGood);
        return compressor.Wrap(bytes).ToArray();
    }

    private static byte[] Gzip(byte[] bytes)
    {
        using var to = new MemoryStream();
        using (var gzip = new GZipStream(to, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            gzip.Write(bytes);
        }
        return to.ToArray();
    }

    // A file that is swept while it is in use is sent uncompressed from then on.
    private void Sweep()
    {
        if (!Directory.Exists(folder))
        {
            return;
        }
        var kept = new DirectoryInfo(folder)
            .EnumerateFiles("*", SearchOption.AllDirectories)
            .OrderByDescending(file => file.LastWriteTimeUtc);
        var sum = 0L;
        foreach (var file in kept.ToList())
        {
            sum += file.Length;
            if (sum > KeptBytesMax)
            {
                file.Delete();
            }
        }
    }
}
