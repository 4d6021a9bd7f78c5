using System.Globalization;
using System.Runtime.CompilerServices;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Security;
using Microsoft.Extensions.Logging;

namespace Fairlead.Engine.Guarding.Audit;

/// <summary>Signs every few minutes what the journal is, when it has grown.</summary>
public sealed class HeadKeeper(IStore store, IAuditFiles files, ISigner signer, World world, ILogger log)
    : IBackgroundWork,
        IDisposable
{
    public static readonly TimeSpan Every = TimeSpan.FromMinutes(5);

    private const int PageMax = 10_000;

    private readonly SemaphoreSlim turn = new(1, 1);
    private MerkleTree tree = new();
    private string chain = JournalChain.Root;

    public string Name => "journal heads";

    /// <summary>The public half of the key that signs, in PEM.</summary>
    public string PublicPem => signer.PublicPem;

    /// <summary>Removes the journal's oldest lines.</summary>
    public JournalTrim Trim => new(store, files, signer, world, this);

    public async Task RunAsync(CancellationToken stop)
    {
        while (true)
        {
            try
            {
                await SignAsync(stop);
            }
            catch (ProblemException caught)
            {
                Log.NotSigned(log, caught.Problem.Code, caught.Problem.Why);
            }
            await Task.Delay(Every, world.Clock, stop);
        }
    }

    /// <summary>Signs what the journal is now.</summary>
    /// <returns>The newest head; null while the journal is empty.</returns>
    /// <exception cref="ProblemException">It could not be kept.</exception>
    public Task<TreeHead?> SignAsync(CancellationToken stop) => InTurnAsync(() => SignHeldAsync(stop), stop);

    /// <summary>Compares the journal with itself and with all that was signed of it.</summary>
    public Task<JournalCheck> CheckAsync(CancellationToken stop) => InTurnAsync(() => CheckHeldAsync(stop), stop);

    /// <summary>Writes the journal to a file that proves itself.</summary>
    /// <returns>Where it lies, and its last head; null while the journal is empty.</returns>
    public Task<(string Path, TreeHead Head)?> ExportAsync(CancellationToken stop) =>
        InTurnAsync(() => ExportHeldAsync(stop), stop);

    /// <summary>What proves one line to somebody who has nothing else of the journal.</summary>
    /// <exception cref="ProblemException">There is no such line, or not any more.</exception>
    public Task<JournalProof> ProveAsync(long line, CancellationToken stop) =>
        InTurnAsync(() => ProveHeldAsync(line, stop), stop);

    /// <summary>Writes a proof to a file.</summary>
    /// <returns>Where it lies.</returns>
    public Task<string> KeepAsync(JournalProof proof, CancellationToken stop) =>
        files.ExportAsync(
            string.Create(CultureInfo.InvariantCulture, $"line-{proof.Line.Row.Sequence}.json"),
            new[] { proof.Text() }.ToAsyncEnumerable(),
            stop
        );

    /// <summary>What stands for lines that were removed, oldest first.</summary>
    public Task<IReadOnlyList<Removal>> RemovalsAsync(CancellationToken stop) => store.ReadRemovalsAsync(stop);

    public void Dispose() => turn.Dispose();

    /// <summary>Does something while nobody else signs, checks or removes.</summary>
    internal async Task<T> InTurnAsync<T>(Func<Task<T>> work, CancellationToken stop)
    {
        await turn.WaitAsync(stop);
        try
        {
            return await work();
        }
        finally
        {
            turn.Release();
        }
    }

    internal async Task<JournalCheck> CheckHeldAsync(CancellationToken stop)
    {
        var check = new JournalCheck(
            await files.HeadsAsync(stop),
            await store.ReadRemovalsAsync(stop),
            signer.PublicPem
        );
        var after = 0L;
        while (check.Break is null && await store.ReadLinesAsync(after, PageMax, stop) is { Count: > 0 } page)
        {
            foreach (var line in page)
            {
                check.Take(line);
            }
            after = page[^1].Row.Sequence;
        }
        check.Finish();
        return check;
    }

    /// <summary>The tree behind what was removed.</summary>
    internal static MerkleTree After(Removal? removal, long? followed = null) =>
        removal is null
            ? new(followed)
            : new(removal.Last(), [.. removal.Peaks.Select(Convert.FromHexString)], followed);

    /// <summary>An export's lines.</summary>
    /// <param name="earlier">What was removed before its first line.</param>
    /// <param name="heads">Of its lines; the last one covers them all.</param>
    /// <param name="own">What stands for its lines when they are removed; null when they stay.</param>
    internal async IAsyncEnumerable<string> LinesAsync(
        IReadOnlyList<Removal> earlier,
        IReadOnlyList<TreeHead> heads,
        Removal? own,
        [EnumeratorCancellation] CancellationToken stop
    )
    {
        yield return JournalExport.First(signer.PublicPem);
        foreach (var removal in earlier)
        {
            yield return JournalExport.Of(removal);
        }
        var removed = earlier is [.., var newest] ? newest.Last() : 0;
        await foreach (var line in RowsAsync(removed, heads.Max(one => one.Size), stop))
        {
            yield return JournalExport.Of(line);
        }
        foreach (var head in heads)
        {
            yield return JournalExport.Of(head);
        }
        if (own is not null)
        {
            yield return JournalExport.Of(own);
        }
    }

    /// <summary>The lines behind one and up to another.</summary>
    internal async IAsyncEnumerable<HashedLine> RowsAsync(
        long after,
        long last,
        [EnumeratorCancellation] CancellationToken stop
    )
    {
        while (
            after < last
            && await store.ReadLinesAsync(after, (int)Math.Min(PageMax, last - after), stop) is { Count: > 0 } page
        )
        {
            foreach (var line in page)
            {
                yield return line;
            }
            after = page[^1].Row.Sequence;
        }
    }

    internal static Problem Broken(JournalBreak found) =>
        new(
            "journal.broken",
            What: $"The journal was changed at entry {found.Line}.",
            Why: found.Why,
            Fix: "Compare it with a backup; find out who can write to the state directory."
        );

    private async Task<TreeHead?> SignHeldAsync(CancellationToken stop)
    {
        if (tree.Size == 0)
        {
            await BeginAsync(stop);
        }
        while (await store.ReadLinesAsync(tree.Size, PageMax, stop) is { Count: > 0 } page)
        {
            foreach (var line in page)
            {
                tree.Add(Convert.FromHexString(line.Hash));
                chain = line.Hash;
            }
        }
        var newest = (await files.HeadsAsync(stop)).MaxBy(one => one.Size);
        if (tree.Size == 0 || newest?.Size >= tree.Size)
        {
            return newest;
        }
        var head = Signed(
            new(tree.Size, Convert.ToHexStringLower(tree.Root), chain, world.Now, Key: "", Signature: "")
        );
        await files.AppendAsync(head, stop);
        return head;
    }

    // Nothing is signed on top of what somebody else wrote in the place of removed lines.
    private async Task BeginAsync(CancellationToken stop)
    {
        var removals = await store.ReadRemovalsAsync(stop);
        if (new JournalCheck([], removals, signer.PublicPem).Break is { } found)
        {
            throw new ProblemException(Broken(found));
        }
        if (removals is [.., var newest])
        {
            (tree, chain) = (After(newest), newest.Head.Chain);
        }
    }

    private async Task<(string Path, TreeHead Head)?> ExportHeldAsync(CancellationToken stop)
    {
        if (await SignHeldAsync(stop) is not { } head)
        {
            return null;
        }
        var removals = await store.ReadRemovalsAsync(stop);
        var removed = removals is [.., var newest] ? newest.Last() : 0;
        var heads = (await files.HeadsAsync(stop)).Where(one => one.Size > removed && one.Size <= head.Size).ToList();
        var name = string.Create(CultureInfo.InvariantCulture, $"journal-{head.Size}.jsonl.gz");
        return (await files.ExportAsync(name, LinesAsync(removals, heads, own: null, stop), stop), head);
    }

    private async Task<JournalProof> ProveHeldAsync(long number, CancellationToken stop)
    {
        var signed = await SignHeldAsync(stop);
        var removal = await store.ReadRemovalsAsync(stop) is [.., var newest] ? newest : null;
        if (number < 1 || number > (signed?.Size ?? 0) || number <= removal?.Last())
        {
            throw new ProblemException(
                number >= 1 && number <= removal?.Last() ? Gone(number, removal) : NoLine(number, signed?.Size ?? 0)
            );
        }
        var head = (await files.HeadsAsync(stop)).Where(one => one.Size >= number).MinBy(one => one.Size)!; // The newest covers it.
        var path = After(removal, followed: number - 1);
        var (before, line) = (removal?.Head.Chain ?? JournalChain.Root, (HashedLine?)null);
        await foreach (var row in RowsAsync(path.Size, head.Size, stop))
        {
            path.Add(Convert.FromHexString(row.Hash));
            if (row.Row.Sequence == number)
            {
                line = row;
            }
            else if (line is null)
            {
                before = row.Hash;
            }
        }
        var proof = line is null
            ? null
            : new JournalProof(
                JournalProof.Known,
                signer.PublicPem,
                before,
                line,
                [.. path.Path().Select(Convert.ToHexStringLower)],
                head
            );
        return proof?.Fault() is null && proof is not null
            ? proof
            : throw new ProblemException(Broken(new(number, proof?.Fault() ?? "The line is missing.")));
    }

    private TreeHead Signed(TreeHead head) =>
        head with
        {
            Key = JournalCheck.Short(signer.KeyId),
            Signature = Convert.ToBase64String(signer.Sign(head.Message())),
        };

    private static Problem NoLine(long number, long lines) =>
        new(
            "audit.no-line",
            What: $"The journal has no line {number}.",
            Why: $"Its lines are numbered from 1 to {lines}.",
            Fix: "Find the number of the line: fairlead audit export, and look at 'sequence' in that file."
        )
        {
            Trouble = Trouble.NotFound,
        };

    private static Problem Gone(long number, Removal removal) =>
        new(
            "audit.removed",
            What: $"Line {number} is not in the journal any more.",
            Why: $"Lines up to {removal.Last()} were removed, the last time at {removal.At:u} by {removal.By} ({removal.Policy}).",
            Fix: "Its export has it, and proves it: fairlead audit check journal-FIRST-LAST.jsonl.gz"
        )
        {
            Trouble = Trouble.NotFound,
        };
}
