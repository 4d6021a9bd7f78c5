using System.Security.Cryptography;
using System.Text.Json;

namespace Fairlead.Model.Security;

/// <summary>A network whose requests the edge refuses until a time.</summary>
/// <param name="Network">Such as <c>198.18.0.7/32</c> or <c>2001:db8:1:2::/64</c>.</param>
/// <param name="By">Who did it, in words.</param>
public sealed record Block(string Network, string Reason, DateTimeOffset From, DateTimeOffset Until, string By)
{
    /// <summary>How often in a row detection blocked it, this time included; 0 when a person did.</summary>
    public int Times { get; init; }
}

/// <summary>All blocks that are in force.</summary>
public sealed record BlockList(IReadOnlyList<Block> Blocks)
{
    /// <summary>The same for the same blocks, in whatever order.</summary>
    public string Digest =>
        Convert.ToHexStringLower(
            SHA256.HashData(
                JsonSerializer.SerializeToUtf8Bytes(
                    Blocks
                        .OrderBy(block => block.Network, StringComparer.Ordinal)
                        .Select(block => new { block.Network, block.Until })
                )
            )
        )[..16];
}

/// <summary>A client that asked the edge for what only scanners ask for.</summary>
/// <param name="Network">All addresses that count as one client.</param>
/// <param name="Odd">Requests for such paths that found nothing.</param>
/// <param name="All">All its requests since the first of those.</param>
/// <param name="Paths">Some of the paths, each once.</param>
public sealed record Suspect(
    string Network,
    long Odd,
    long All,
    IReadOnlyList<string> Paths,
    DateTimeOffset First,
    DateTimeOffset Last
);

/// <summary>What the edge sees and does about clients that it should not trust.</summary>
/// <param name="Blocks">The digest of the blocks in force there.</param>
public sealed record PerimeterView(string Blocks, IReadOnlyList<Suspect> Suspects);
