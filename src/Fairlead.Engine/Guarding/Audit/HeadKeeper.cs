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
    private readonly MerkleTree tree = new();
    private string chain = JournalChain.Root;

    public string Name => "journal heads";

    /// <summary>The public half of the key that signs, in PEM.</summary>
    public string PublicPem => signer.PublicPem;

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
    public async Task<TreeHead?> SignAsync(CancellationToken stop)
    {
        await turn.WaitAsync(stop);
        try
        {
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
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Compares the journal with itself and with all that was signed of it.</summary>
    public async Task<JournalCheck> CheckAsync(CancellationToken stop)
    {
        var pem = signer.PublicPem;
        var check = new JournalCheck(await files.HeadsAsync(stop), head => JournalCheck.IsSignedBy(pem, head));
        while (await store.ReadLinesAsync(check.Lines, PageMax, stop) is { Count: > 0 } page && check.Break is null)
        {
            foreach (var line in page)
            {
                check.Take(line);
            }
        }
        check.Finish();
        return check;
    }

    /// <summary>Writes the journal to a file that proves itself.</summary>
    /// <returns>Where it lies, and its last head; null while the journal is empty.</returns>
    public async Task<(string Path, TreeHead Head)?> ExportAsync(CancellationToken stop)
    {
        if (await SignAsync(stop) is not { } head)
        {
            return null;
        }
        var heads = await files.HeadsAsync(stop);
        return (await files.ExportAsync(head.Size, LinesAsync(head, heads, stop), stop), head);
    }

    public void Dispose() => turn.Dispose();

    private TreeHead Signed(TreeHead head) =>
        head with
        {
            Key = JournalCheck.Short(signer.KeyId),
            Signature = Convert.ToBase64String(signer.Sign(head.Message())),
        };

    private async IAsyncEnumerable<string> LinesAsync(
        TreeHead last,
        IReadOnlyList<TreeHead> heads,
        [EnumeratorCancellation] CancellationToken stop
    )
    {
        yield return JournalExport.First(signer.PublicPem);
        var written = 0L;
        while (
            written < last.Size
            && await store.ReadLinesAsync(written, (int)Math.Min(PageMax, last.Size - written), stop)
                is { Count: > 0 } page
        )
        {
            foreach (var line in page)
            {
                yield return JournalExport.Of(line);
            }
            written = page[^1].Row.Sequence;
        }
        foreach (var head in heads.Where(one => one.Size <= last.Size))
        {
            yield return JournalExport.Of(head);
        }
    }
}
