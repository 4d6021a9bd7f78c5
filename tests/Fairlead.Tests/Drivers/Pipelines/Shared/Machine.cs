using Fairlead.Drivers.Pipelines;
using Fairlead.Drivers.Pipelines.Shared;
using Fairlead.Model.Pipelines;
using Fairlead.Model.Ports;
using NSec.Cryptography;

namespace Fairlead.Tests.Drivers.Pipelines.Shared;

/// <summary>A machine with a folder and a cache of its own, which shares another one with others.</summary>
internal sealed class Machine : IDisposable
{
    private static readonly World World = new(TimeProvider.System, new Random(7));

    private readonly DigestMemory digests;
    private readonly TaskCache local;

    /// <param name="root">Empty, its own.</param>
    public Machine(
        string root,
        MemoryServer server,
        CacheTrust trust,
        Func<SharedSettings, SharedSettings>? change = null
    )
    {
        digests = new(Path.Combine(root, "digests"), World);
        // Each machine signs its own cache with a key that no other one has.
        local = new(
            new(Path.Combine(root, "cache"), [.. root.Select(static one => (byte)one)], "main"),
            digests,
            World
        );
        Work = new(
            Directory.CreateDirectory(Path.Combine(root, "work")).FullName,
            digests,
            Path.Combine(root, "state")
        );
        var requests = new HttpBlobRequests(new("http://cache.test/"), token: null);
        var settings = new SharedSettings(new(new HttpClient(server), requests, World), trust) { Writes = trust.Signs };
        Shared = new(change?.Invoke(settings) ?? settings, local, "main", World);
    }

    public WorkFolder Work { get; }

    public SharedCache Shared { get; }

    public string PathOf(string path) => Path.Combine(Work.Root, path);

    public void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(path))!);
        File.WriteAllText(PathOf(path), text);
    }

    /// <summary>Keeps what fits <c>out/**</c>, and sends it.</summary>
    public async Task<IReadOnlyList<string>> SendAsync(TaskKey key, string scope = "main")
    {
        var entry = new KeptTask(key, Work.Find(["out/**"]), TimeSpan.FromSeconds(90), World.Now, scope);
        local.Keep(entry, Work);
        Shared.Offer(entry);
        return await Shared.SettleAsync(TestContext.Current.CancellationToken);
    }

    /// <returns>Whether it was found, brought, and put into the folder.</returns>
    public async Task<bool> BringAsync(TaskKey key, string scope = "main")
    {
        var stop = TestContext.Current.CancellationToken;
        return await Shared.FindAsync(key, scope, ["out/**"], stop) is { } found
            && await Shared.BringAsync(found, stop)
            && local.Restore(found.Task, Work, ["out/**"]);
    }

    public void Dispose() => Shared.Dispose();

    public static (string Private, string Public) NewKey()
    {
        using var key = Key.Create(
            SignatureAlgorithm.Ed25519,
            new() { ExportPolicy = KeyExportPolicies.AllowPlaintextExport }
        );
        return (
            Convert.ToBase64String(key.Export(KeyBlobFormat.PkixPrivateKey)),
            Convert.ToBase64String(key.PublicKey.Export(KeyBlobFormat.PkixPublicKey))
        );
    }
}
