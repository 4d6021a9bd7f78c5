using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Fairlead.Engine.Deploying;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Security;

namespace Fairlead.Engine.Guarding.Detecting;

/// <summary>Who is kept out, in the store and at the edge.</summary>
public sealed class BlockBook(IStore store, IPerimeter perimeter, Func<Fence> fence, World world)
{
    public const string Collection = "blocks";

    public const int BlocksMax = 10_000;

    /// <summary>How long one is remembered after its end, so that who comes again stays out longer.</summary>
    private static readonly TimeSpan Remembered = TimeSpan.FromDays(1);

    // A wider one is half a continent by mistake.
    private const int PrefixMin4 = 8;
    private const int PrefixMin6 = 16;

    /// <summary>Those in force, and those that ended within a day.</summary>
    public async Task<IReadOnlyList<Block>> AllAsync(CancellationToken stop) =>
        [.. (await store.ListAsync(Collection, "", stop)).Select(Records.Read<Block>)];

    /// <summary>A network as it is kept: an address alone is a network of one, and bits behind the prefix are none.</summary>
    /// <exception cref="ProblemException">It is none that can be blocked.</exception>
    public static string Read(string text)
    {
        var network =
            IPNetwork.TryParse(text, out var whole) ? whole
            : IPAddress.TryParse(text, out var address) ? new(address, address.GetAddressBytes().Length * 8)
            : throw new ProblemException(
                Wrong(text, "It is neither an address nor a network such as 198.51.100.0/24.")
            );
        if (network.BaseAddress.IsIPv4MappedToIPv6 || network.BaseAddress.ScopeIdOf() != 0)
        {
            throw new ProblemException(
                Wrong(text, "Write an IPv4 address plainly, and an IPv6 address without a scope.")
            );
        }
        var isWide =
            network.PrefixLength
            < (network.BaseAddress.AddressFamily is AddressFamily.InterNetwork ? PrefixMin4 : PrefixMin6);
        return isWide
            ? throw new ProblemException(
                Wrong(text, $"It is too wide: at least /{PrefixMin4} for IPv4, /{PrefixMin6} for IPv6.")
            )
            : network.ToString();
    }

    /// <exception cref="ProblemException">There are too many.</exception>
    public async Task AddAsync(Block block, CancellationToken stop)
    {
        if ((await store.ListAsync(Collection, "", stop)).Count >= BlocksMax)
        {
            throw new ProblemException(
                Wrong(block.Network, $"There are {BlocksMax} blocks already.") with
                {
                    Fix = "Block a network that has many of them: fairlead block list",
                }
            );
        }
        await CommitAsync(
            $"{block.Network} is kept out until {block.Until:u}: {block.Reason}, by {block.By}",
            [new Write(Collection, KeyOf(block.Network), Records.Body(block))],
            block.Network,
            stop
        );
        await SettleAsync(stop);
    }

    /// <exception cref="ProblemException">It is not blocked.</exception>
    public async Task RemoveAsync(string network, Principal by, CancellationToken stop)
    {
        if (await store.ReadAsync(Collection, KeyOf(network), stop) is null)
        {
            throw new ProblemException(
                new Problem(
                    "block.unknown",
                    $"{network} is not blocked.",
                    "Nothing keeps exactly this network out.",
                    "See what there is: fairlead block list"
                )
                {
                    Trouble = Trouble.NotFound,
                }
            );
        }
        await CommitAsync(
            $"{network} is let in again, by {by}",
            [new Write(Collection, KeyOf(network), Body: null)],
            network,
            stop
        );
        await SettleAsync(stop);
    }

    /// <summary>Gives the edge what it has not, and forgets what ended long ago.</summary>
    /// <returns>What the edge sees.</returns>
    /// <exception cref="ProblemException">The edge cannot be reached.</exception>
    public async Task<PerimeterView> SettleAsync(CancellationToken stop)
    {
        var all = await AllAsync(stop);
        var old = all.Where(block => block.Until + Remembered <= world.Now).ToList();
        if (old.Count > 0)
        {
            Write[] writes = [.. old.Select(block => new Write(Collection, KeyOf(block.Network), Body: null))];
            await store.CommitAsync(new Change(fence()) { Writes = writes }, stop);
        }
        var wanted = new BlockList([.. all.Where(block => block.Until > world.Now)]);
        var seen = await perimeter.LookAsync(stop);
        if (seen.Blocks != wanted.Digest)
        {
            await perimeter.ApplyAsync(wanted, fence(), stop);
        }
        return seen;
    }

    private async Task CommitAsync(string text, IReadOnlyList<Write> writes, string network, CancellationToken stop) =>
        await store.CommitAsync(
            new Change(fence())
            {
                Entries =
                [
                    new NewEntry(
                        AccessBook.Platform,
                        Deployment: null,
                        "block",
                        text,
                        new JsonObject { ["network"] = network }
                    ),
                ],
                Writes = writes,
            },
            stop
        );

    private static string KeyOf(string network) => network.Replace('/', '_');

    private static Problem Wrong(string text, string why) =>
        new(
            "block.network",
            What: $"'{(text.Length > 60 ? text[..60] : text)}' cannot be blocked.",
            Why: why,
            Fix: "Write for example: fairlead block add 198.51.100.7 --for 1h --reason 'tries passwords'"
        )
        {
            Trouble = Trouble.WrongUse,
        };
}

internal static class Scopes
{
    public static long ScopeIdOf(this IPAddress address) =>
        address.AddressFamily is AddressFamily.InterNetworkV6 ? address.ScopeId : 0;
}
