using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Security;

namespace Fairlead.Drivers.Builds;

/// <summary>Hashes of files' bytes, remembered for as long as the file system says that nothing of a file changed.</summary>
internal sealed class SourceHasher(World world)
{
    // What went into a digest changes with this number, so that no artifact of an older form is taken for one of a newer.
    private const string Form = "fairlead-build-1";
    private const int RememberedMax = 200_000;

    // A change this young may be followed by another at the same reading of the file system's clock.
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, (FileStat Stat, string Hash)> known = new(StringComparer.Ordinal);

    /// <summary>Hashes files at once on two threads.</summary>
    /// <returns>By the order of the files; links say where they point.</returns>
    public async Task<IReadOnlyList<DigestedFile>> HashAsync(
        string root,
        IReadOnlyList<SourceFile> files,
        CancellationToken stop
    )
    {
        var hashes = new DigestedFile[files.Count];
        await Parallel.ForAsync(
            0,
            files.Count,
            new ParallelOptions { MaxDegreeOfParallelism = 2, CancellationToken = stop },
            async (at, ended) =>
            {
                var file = files[at];
                var hash = file.Link is null ? await HashAsync(Path.Combine(root, file.Path), file.Stat, ended) : "";
                hashes[at] = new(file.Path, file.Stat.IsExecutable, file.Link, hash);
            }
        );
        return hashes;
    }

    /// <exception cref="ProblemException">It cannot be read.</exception>
    public async Task<string> HashAsync(string path, FileStat stat, CancellationToken stop)
    {
        if (known.TryGetValue(path, out var before) && before.Stat == stat)
        {
            return before.Hash;
        }
        try
        {
            await using var file = new FileStream(
                path,
                FileMode.Open,
                FileAccess.Read,
                FileShare.ReadWrite | FileShare.Delete
            );
            var hash = Convert.ToHexStringLower(await SHA256.HashDataAsync(file, stop));
            Remember(path, stat, hash);
            return hash;
        }
        catch (Exception caught) when (caught is IOException or UnauthorizedAccessException)
        {
            throw new ProblemException(BuildProblems.Unreadable(path, caught.Message), caught);
        }
    }

    /// <summary>Copies a file.</summary>
    /// <returns>The hash of exactly what was copied.</returns>
    public static async Task<string> CopyAsync(Stream from, Stream to, CancellationToken stop)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[128 * 1024];
        int count;
        while ((count = await from.ReadAsync(buffer, stop)) > 0)
        {
            hash.AppendData(buffer, 0, count);
            await to.WriteAsync(buffer.AsMemory(0, count), stop);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>The name of the artifact that these files and this recipe make.</summary>
    public static string Digest(BuildOrder order, IReadOnlyList<DigestedFile> files)
    {
        using var hash = new CanonicalHash();
        var recipe = order.Service.Recipe;
        hash.Add(Form).Add(order.Service.Path).Add(recipe.Stack).Add(recipe.Build.Count);
        foreach (var command in recipe.Build)
        {
            hash.Add(command);
        }
        hash.Add(recipe.Output).Add(recipe.Run).Add(files.Count);
        if (order.Service.Container?.Image is { } image)
        {
            hash.Add("image").Add(image);
        }
        if (order.Service.Web is { } web and ({ IsStrict: true } or { Budget: not null }))
        {
            // What was not held to a stricter rule must be built again to be held to it.
            hash.Add("web").Add(JsonSerializer.Serialize((web.IsStrict, web.Budget).ToTuple()));
        }
        foreach (var file in files)
        {
            hash.Add(file.Path).Add(file.IsExecutable && file.Link is null ? "x" : "-").Add(file.Link).Add(file.Hash);
        }
        return hash.Finish();
    }

    private void Remember(string path, FileStat stat, string hash)
    {
        if (world.Now - stat.Changed.At < Settled || Posix.Stat(path) != stat)
        {
            return;
        }
        if (known.Count >= RememberedMax)
        {
            known.Clear();
        }
        known[path] = (stat, hash);
    }
}

/// <param name="Hash">Of its bytes; empty for a link.</param>
internal sealed record DigestedFile(string Path, bool IsExecutable, string? Link, string Hash);
