using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using Fairlead.Drivers.Shell;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Security;

namespace Fairlead.Roles.Edge.Gateway;

/// <summary>The keys that the server gave, kept on disk so that they are checked with no server too.</summary>
internal sealed class KeyChain : IDisposable
{
    private static readonly byte[] Nobodys = new byte[SHA256.HashSizeInBytes];

    private readonly string? path;
    private readonly SemaphoreSlim orders = new(1, 1);
    private Saved saved;
    private FrozenDictionary<Site, Ring> rings;

    /// <param name="folder">Null where nothing is kept.</param>
    public KeyChain(string? folder)
    {
        path = folder is null ? null : Path.Combine(folder, "keys.json");
        // A damaged file is as good as none: the server gives the keys again within seconds.
        saved = (path is null ? null : DurableFile.TryReadJson<Saved>(path)) ?? new Saved(0, []);
        rings = Sort(saved);
    }

    /// <summary>The digest of each site's keys.</summary>
    public IReadOnlyDictionary<string, string> Digests =>
        Volatile.Read(ref saved).Rings.ToDictionary(ring => ring.Site.ToString(), ring => ring.Digest);

    /// <summary>Takes all keys of a site in place of those before.</summary>
    /// <exception cref="FencedException">Another server is in charge.</exception>
    public async Task ApplyAsync(KeyRing ring, Fence fence, CancellationToken stop)
    {
        await orders.WaitAsync(stop);
        try
        {
            if (fence.Number < saved.Fence)
            {
                throw new FencedException(fence, new Fence(saved.Fence));
            }
            var next = new Saved(
                fence.Number,
                [.. saved.Rings.Where(one => one.Site != ring.Site), .. new[] { ring }.Where(one => one.Keys.Count > 0)]
            );
            Save(next);
            Volatile.Write(ref saved, next);
            Volatile.Write(ref rings, Sort(next));
        }
        finally
        {
            orders.Release();
        }
    }

    /// <summary>The key of which this is the text; null when there is none. Takes as long for a wrong one as for a right one.</summary>
    public HeldKey? Find(Site site, string text)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        Span<byte> bytes = stackalloc byte[256];
        if (!Encoding.UTF8.TryGetBytes(text, bytes, out var length))
        {
            return null;
        }
        SHA256.HashData(bytes[..length], hash);
        var held = Volatile.Read(ref rings).GetValueOrDefault(site)?.Find(ApiKey.IdOf(text));
        return CryptographicOperations.FixedTimeEquals(hash, held?.Hash ?? Nobodys) ? held : null;
    }

    public void Dispose() => orders.Dispose();

    private void Save(Saved next)
    {
        if (path is null)
        {
            return;
        }
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            DurableFile.WriteJson(path, next);
        }
        catch (Exception caught) when (caught is IOException or UnauthorizedAccessException)
        {
            throw new ProblemException(
                new Problem(
                    "edge.keys-not-saved",
                    What: "The edge did not take new API keys, because it could not save them.",
                    Why: $"{path}: {caught.Message}",
                    Fix: $"Make room or mend the rights: df -h {path}; ls -l {path}"
                ),
                caught
            );
        }
    }

    private static FrozenDictionary<Site, Ring> Sort(Saved saved) =>
        saved.Rings.ToFrozenDictionary(ring => ring.Site, ring => new Ring(ring.Keys));

    private sealed record Saved(long Fence, IReadOnlyList<KeyRing> Rings);

    private sealed class Ring
    {
        private readonly Dictionary<string, HeldKey>.AlternateLookup<ReadOnlySpan<char>> byId;

        public Ring(IReadOnlyList<ApiKey> keys) =>
            byId = keys.DistinctBy(key => key.Id)
                .ToDictionary(key => key.Id, key => new HeldKey(key), StringComparer.Ordinal)
                .GetAlternateLookup<ReadOnlySpan<char>>();

        public HeldKey? Find(ReadOnlySpan<char> id) => byId.TryGetValue(id, out var held) ? held : null;
    }
}

/// <summary>A key as the edge holds it.</summary>
internal sealed class HeldKey(ApiKey key)
{
    public ApiKey Key => key;

    public byte[] Hash { get; } = Convert.FromHexString(key.Hash);
}
