using System.Net;
using Fairlead.Model.Ports;
using Fairlead.Model.Security;

namespace Fairlead.Engine.Guarding.Detecting;

/// <summary>
/// Finds clients that try paths of programs that are not here, and keeps them out for a while. Nobody is kept out by himself who also
/// asks for what there is, or who comes from within: behind one address there may be many people.
/// </summary>
/// <param name="blocks">False leaves it at the finding.</param>
public sealed class PathScans(BlockBook book, bool blocks, World world) : IDetector
{
    private const int FoundFrom = 3;
    private const int BlockedFrom = 8;
    private static readonly TimeSpan FirstBlock = TimeSpan.FromHours(1);
    private static readonly TimeSpan LongestBlock = TimeSpan.FromHours(24);

    public string Name => "path scans";

    public TimeSpan Every { get; } = TimeSpan.FromSeconds(5);

    public async Task<IReadOnlyList<Finding>> LookAsync(CancellationToken stop)
    {
        var seen = await book.SettleAsync(stop);
        var known = (await book.AllAsync(stop)).ToDictionary(block => block.Network);
        List<Finding> found = [];
        foreach (var suspect in seen.Suspects.Where(one => one.Paths.Count >= FoundFrom))
        {
            var before = known.GetValueOrDefault(suspect.Network);
            if (blocks && BlockFor(suspect, before) is { } block)
            {
                await book.AddAsync(block, stop);
                before = block;
            }
            found.Add(Of(suspect, before));
        }
        return found;
    }

    /// <summary>Null when it is left in, or kept out already.</summary>
    internal Block? BlockFor(Suspect suspect, Block? before)
    {
        var isWorthIt = suspect.Paths.Count >= BlockedFrom && suspect.Odd * 2 >= suspect.All;
        var isNews = before is null || (before.Until <= world.Now && suspect.Last > before.Until);
        if (
            !isWorthIt
            || !isNews
            || AddressKinds.Of(IPNetwork.Parse(suspect.Network).BaseAddress) is AddressKind.Inside
        )
        {
            return null;
        }
        var times = (before?.Times ?? 0) + 1;
        var lasts = FirstBlock * Math.Pow(2, Math.Min(times - 1, 10));
        return new(
            suspect.Network,
            $"scans for {string.Join(", ", suspect.Paths.Take(3))}",
            world.Now,
            world.Now + (lasts < LongestBlock ? lasts : LongestBlock),
            "detection"
        )
        {
            Times = times,
        };
    }

    private Finding Of(Suspect suspect, Block? block)
    {
        var isOut = block?.Until > world.Now;
        return FindingBook.New(
            "path-scan",
            suspect.Network,
            isOut ? Gravity.Low : Gravity.Medium,
            $"{suspect.Network} scans for programs with known holes: {suspect.Odd} requests of {suspect.All} found nothing",
            isOut
                ? $"It is kept out until {block!.Until:u}. Let it in again: fairlead block remove {suspect.Network}"
                : $"Keep it out: fairlead block add {suspect.Network} --for 1h --reason scan"
        ) with
        {
            Evidence = [.. suspect.Paths],
        };
    }
}
