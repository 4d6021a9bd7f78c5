using System.Collections.Frozen;
using System.Net;
using Fairlead.Drivers.Shell;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Security;
using Fairlead.Roles.Edge.Gateway;

namespace Fairlead.Roles.Edge.Perimeter;

/// <summary>The blocks that the server gave, kept on disk so that they hold with no server too.</summary>
internal sealed class BlockShelf : IDisposable
{
    private readonly string? path;
    private readonly World world;
    private readonly SemaphoreSlim orders = new(1, 1);
    private Saved saved;
    private Table table;

    /// <param name="folder">Null where nothing is kept.</param>
    public BlockShelf(string? folder, World world)
    {
        this.world = world;
        path = folder is null ? null : Path.Combine(folder, "blocks.json");
        // A damaged file is as good as none: the server gives the blocks again within seconds.
        saved = (path is null ? null : DurableFile.TryReadJson<Saved>(path)) ?? new Saved(0, new([]));
        table = new(saved.List);
    }

    public string Digest => Volatile.Read(ref saved).List.Digest;

    /// <exception cref="FencedException">Another server is in charge.</exception>
    /// <exception cref="ProblemException">They could not be saved.</exception>
    public async Task ApplyAsync(BlockList list, Fence fence, CancellationToken stop)
    {
        await orders.WaitAsync(stop);
        try
        {
            if (fence.Number < saved.Fence)
            {
                throw new FencedException(fence, new Fence(saved.Fence));
            }
            var next = new Saved(fence.Number, list);
            var made = new Table(list);
            Save(next);
            Volatile.Write(ref saved, next);
            Volatile.Write(ref table, made);
        }
        finally
        {
            orders.Release();
        }
    }

    public bool Has(IPAddress? address)
    {
        var now = Volatile.Read(ref table);
        return !now.IsEmpty && address is not null && now.Until(address) > world.Now;
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
                    "edge.blocks-not-saved",
                    What: "The edge did not take new blocks, because it could not save them.",
                    Why: $"{path}: {caught.Message}",
                    Fix: $"Make room or mend the rights: df -h {path}; ls -l {path}"
                ),
                caught
            );
        }
    }

    private sealed record Saved(long Fence, BlockList List);

    // Single clients by their key, however many there are; wider networks one after the other.
    private sealed class Table
    {
        private readonly FrozenDictionary<UInt128, DateTimeOffset> clients;
        private readonly (IPNetwork Network, DateTimeOffset Until)[] wide;

        public Table(BlockList list)
        {
            var all = list.Blocks.Select(block => (Network: IPNetwork.Parse(block.Network), block.Until)).ToList();
            bool IsClient(IPNetwork network) =>
                network.PrefixLength == (network.BaseAddress.GetAddressBytes().Length == 4 ? 32 : 64);
            clients = all.Where(one => IsClient(one.Network))
                .GroupBy(one => ClientAddress.Key(one.Network.BaseAddress))
                .ToFrozenDictionary(group => group.Key, group => group.Max(one => one.Until));
            wide = [.. all.Where(one => !IsClient(one.Network))];
        }

        public bool IsEmpty => clients.Count == 0 && wide.Length == 0;

        public DateTimeOffset Until(IPAddress address)
        {
            var plain = ClientAddress.Plain(address)!;
            var until = clients.GetValueOrDefault(ClientAddress.Key(plain));
            foreach (var (network, to) in wide)
            {
                if (to > until && network.Contains(plain))
                {
                    until = to;
                }
            }
            return until;
        }
    }
}
