using System.Globalization;
using System.Text.Json.Nodes;
using Fairlead.Engine.Deploying;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Security;

namespace Fairlead.Engine.Guarding.Audit;

/// <summary>What was removed of the journal, or why nothing was.</summary>
/// <param name="File">Where the removed lines lie; null when none were.</param>
/// <param name="Held">What keeps lines that are old enough; null when nothing does.</param>
public sealed record Trimmed(Removal? Removal, string? File, string? Held);

/// <summary>
/// Removes the journal's oldest lines: first they are written to a file that proves itself, then they go in one transaction, which leaves a signed
/// removal in their place and a line that tells of it. Killed in between, the journal is as it was and the file is one more copy.
/// </summary>
public sealed class JournalTrim(IStore store, IAuditFiles files, ISigner signer, World world, HeadKeeper keeper)
{
    /// <summary>No line that is younger is ever removed: break-ins are often found weeks later.</summary>
    public static readonly TimeSpan KeepMin = TimeSpan.FromDays(30);

    /// <summary>At once: nobody else's commits wait longer for it than about a second.</summary>
    public const int LinesMax = 100_000;

    private const int PageMax = 10_000;

    /// <param name="before">Lines that were written before this are removed, if a signed head covers them.</param>
    /// <exception cref="ProblemException">The journal is not what was signed, or something could not be written; nothing was removed then.</exception>
    public async Task<Trimmed> RunAsync(
        DateTimeOffset before,
        (string By, string Policy) why,
        Fence fence,
        CancellationToken stop
    )
    {
        var done = await keeper.InTurnAsync(() => RunHeldAsync(before, why, fence, stop), stop);
        if (done.Removal is not null)
        {
            // The line that tells of it is signed at once.
            await keeper.SignAsync(stop);
        }
        return done;
    }

    private async Task<Trimmed> RunHeldAsync(
        DateTimeOffset before,
        (string By, string Policy) why,
        Fence fence,
        CancellationToken stop
    )
    {
        // Removing lines of a journal that somebody changed would remove what shows it.
        var check = await keeper.CheckHeldAsync(stop);
        if (check.Break is { } found)
        {
            throw new ProblemException(HeadKeeper.Broken(found));
        }
        var earlier = await store.ReadRemovalsAsync(stop);
        var old = await OldAsync(check.Removed, before, stop);
        var (needed, held) = await NeededAsync(stop);
        var bound = Math.Min(old, needed - 1);
        var heads = (await files.HeadsAsync(stop)).Where(one => one.Size > check.Removed && one.Size <= bound).ToList();
        if (heads.MaxBy(one => one.Size) is not { } head)
        {
            return new(
                null,
                null,
                old == check.Removed ? null
                    : needed <= old ? held
                    : "no signed head covers them without younger ones"
            );
        }
        var removal = await OfAsync(earlier, head, why, stop);
        var name = string.Create(CultureInfo.InvariantCulture, $"journal-{removal.First}-{removal.Last()}.jsonl.gz");
        var path = await files.ExportAsync(name, keeper.LinesAsync(earlier, heads, removal, stop), stop);
        await store.CommitAsync(new Change(fence) { Removal = removal, Entries = [Told(removal, name)] }, stop);
        return new(removal, path, null);
    }

    private static NewEntry Told(Removal removal, string name) =>
        new(
            AccessBook.Platform,
            Deployment: null,
            Removal.EntryKind,
            $"lines {removal.First} to {removal.Last()} of the journal were removed by {removal.By} ({removal.Policy}); they are in {name}",
            new JsonObject
            {
                ["first"] = removal.First,
                ["last"] = removal.Last(),
                ["file"] = name,
                ["signature"] = removal.Signature,
            }
        );

    /// <summary>The last line that is old enough, of those that can go at once.</summary>
    private async Task<long> OldAsync(long removed, DateTimeOffset before, CancellationToken stop)
    {
        var last = removed;
        while (
            last - removed < LinesMax
            && await store.ReadLinesAsync(last, (int)Math.Min(PageMax, LinesMax - (last - removed)), stop)
                is { Count: > 0 } page
        )
        {
            foreach (var line in page)
            {
                if (JournalChain.Time(line.Row.At) >= before)
                {
                    return last;
                }
                last = line.Row.Sequence;
            }
        }
        return last;
    }

    /// <summary>The first line of a deployment that is under way: what tells why it goes as it goes.</summary>
    private async Task<(long Line, string Held)> NeededAsync(CancellationToken stop)
    {
        var (line, held) = (long.MaxValue, "");
        foreach (var document in await store.ListAsync(Records.Deployments, "", stop))
        {
            var deployment = Records.Read<Deployment>(document);
            if (
                deployment.EndedAt is null
                && await store.ReadJournalAsync(0, new(deployment.Site, deployment.Id), 1, stop) is [var first]
                && first.Sequence < line
            )
            {
                (line, held) = (
                    first.Sequence,
                    $"deployment {deployment.Id} of {deployment.Site}, which is under way, began at line {first.Sequence}"
                );
            }
        }
        return (line, held);
    }

    private async Task<Removal> OfAsync(
        IReadOnlyList<Removal> earlier,
        TreeHead head,
        (string By, string Policy) why,
        CancellationToken stop
    )
    {
        var before = earlier is [.., var newest] ? newest : null;
        var tree = HeadKeeper.After(before);
        var (oldest, youngest) = ("", "");
        await foreach (var line in keeper.RowsAsync(tree.Size, head.Size, stop))
        {
            oldest = oldest.Length == 0 ? line.Row.At : oldest;
            youngest = line.Row.At;
            tree.Add(Convert.FromHexString(line.Hash));
        }
        var unsigned = new Removal(
            (before?.Last() ?? 0) + 1,
            before?.Head.Chain ?? JournalChain.Root,
            head,
            [.. tree.Peaks.Select(Convert.ToHexStringLower)],
            oldest,
            youngest,
            world.Now,
            why.By,
            why.Policy,
            JournalCheck.Short(signer.KeyId),
            Signature: ""
        );
        return unsigned with { Signature = Convert.ToBase64String(signer.Sign(unsigned.Message())) };
    }
}
