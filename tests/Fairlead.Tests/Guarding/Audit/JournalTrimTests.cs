using Fairlead.Drivers.State;
using Fairlead.Drivers.Stores;
using Fairlead.Engine.Deploying;
using Fairlead.Engine.Guarding.Audit;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Security;
using Fairlead.Tests.Drivers;
using Fairlead.Tests.Fakes;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Fairlead.Tests.Guarding.Audit;

/// <summary>Old lines go with proof, the rest is proven as before, and nobody but Fairlead can do it unseen.</summary>
public sealed class JournalTrimTests : IDisposable
{
    private static readonly Site Shop = new("shop", "production");

    private readonly TempFolder folder = new();
    private readonly FakeTimeProvider clock = new(new(2025, 1, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly World world;
    private readonly MemoryStore store;
    private readonly AuditFiles files;
    private readonly SigningKey signer;
    private readonly HeadKeeper keeper;

    public JournalTrimTests()
    {
        world = new(clock, new Random(1));
        store = new(world);
        files = new(folder.File("audit"), copy: null, NullLogger.Instance);
        signer = new(folder.File("signing-key.pem"));
        keeper = new(store, files, signer, world, NullLogger.Instance);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        keeper.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task Lines_older_than_the_bound_go_up_to_a_signed_head_and_the_rest_is_proven_from_there()
    {
        await WriteAsync();

        // 25 lines a month; the bound lies within the fourth month's lines, so three months go.
        var done = await TrimAsync(new(2025, 3, 15, 0, 0, 0, TimeSpan.Zero));

        Assert.Equal((1, 75), (done.Removal!.First, done.Removal.Last()));
        var check = await keeper.CheckAsync(Stop);
        Assert.Null(check.Break);
        Assert.Equal((75, 101, 101), (check.Removed, check.Lines, check.Covered));
        Assert.Equal(
            "lines 1 to 75 of the journal were removed by ada (keep 400d); they are in journal-1-75.jsonl.gz",
            store.Journal[^1].Text
        );
    }

    [Fact]
    public async Task What_was_removed_proves_itself_against_what_stands_for_it()
    {
        await WriteAsync();
        var first = await TrimAsync(new(2025, 1, 15, 0, 0, 0, TimeSpan.Zero));
        var second = await TrimAsync(new(2025, 3, 15, 0, 0, 0, TimeSpan.Zero));

        foreach (var (done, begin, end) in new[] { (first, 1L, 25L), (second, 26L, 75L) })
        {
            var (check, key, removal) = JournalExport.Check(Lines(done.File!));
            Assert.Null(check.Break);
            Assert.Equal(signer.PublicPem, key);
            Assert.Equal((begin, end), (removal!.First, removal.Last()));
            Assert.Equal((end, end, begin - 1), (check.Lines, check.Covered, check.Removed));
            Assert.Equal(done.Removal!.Signature, removal.Signature);
        }
        // A line less, or the two files' removals swapped, is found.
        var lines = Lines(second.File!);
        lines.RemoveAt(5);
        Assert.NotNull(JournalExport.Check(lines).Check.Break);
        lines = Lines(second.File!);
        lines[^1] = Lines(first.File!)[^1];
        Assert.NotNull(JournalExport.Check(lines).Check.Break);
    }

    [Fact]
    public async Task An_export_and_a_new_server_go_on_behind_what_was_removed()
    {
        await WriteAsync();
        await TrimAsync(new(2025, 3, 15, 0, 0, 0, TimeSpan.Zero));
        using var again = new HeadKeeper(store, files, signer, world, NullLogger.Instance);
        await NoteAsync(3);

        Assert.Equal(104, (await again.SignAsync(Stop))!.Size);
        Assert.Null((await again.CheckAsync(Stop)).Break);
        var made = await again.ExportAsync(Stop);
        var (check, _, removal) = JournalExport.Check(Lines(made!.Value.Path));
        Assert.Null(check.Break);
        Assert.Null(removal);
        Assert.Equal((75, 104, 104), (check.Removed, check.Lines, check.Covered));
    }

    [Fact]
    public async Task A_line_is_proven_alone_before_and_after_others_were_removed_and_a_removed_one_is_not()
    {
        await WriteAsync();
        Assert.Null((await keeper.ProveAsync(80, Stop)).Fault());
        await TrimAsync(new(2025, 3, 15, 0, 0, 0, TimeSpan.Zero));

        for (var line = 76; line <= 101; line++)
        {
            var proof = JournalProof.Read((await keeper.ProveAsync(line, Stop)).Text());
            Assert.Null(proof.Fault());
            Assert.Equal((line, signer.PublicPem), (proof.Line.Row.Sequence, proof.PublicKey));
        }
        await RefusedAsync("audit.removed", 75);
        await RefusedAsync("audit.no-line", 102);
        await RefusedAsync("audit.no-line", 0);

        async Task RefusedAsync(string code, long line) =>
            Assert.Equal(
                code,
                (await Assert.ThrowsAsync<ProblemException>(() => keeper.ProveAsync(line, Stop))).Problem.Code
            );
    }

    [Fact]
    public async Task Each_changed_letter_of_a_proof_is_found()
    {
        await WriteAsync();
        var text = (await keeper.ProveAsync(42, Stop)).Text();
        var random = new Random(3);
        for (var turn = 0; turn < 500; turn++)
        {
            var at = random.Next(text.Length);
            var letter = (char)random.Next('0', 'z');
            if (letter == text[at] || !char.IsAsciiLetterOrDigit(text[at]) || letter == '\\')
            {
                continue;
            }
            var changed = string.Concat(text.AsSpan(0, at), letter.ToString(), text.AsSpan(at + 1));
            Assert.True(Fails(changed), changed);
        }

        static bool Fails(string changed)
        {
            try
            {
                return JournalProof.Read(changed).Fault() is not null;
            }
            catch (FormatException)
            {
                return true;
            }
        }
    }

    [Fact]
    public async Task A_deployment_under_way_keeps_its_lines_and_says_so()
    {
        await WriteAsync();
        await store.CommitAsync(
            new Change(store.Highest)
            {
                Writes = [new Write(Records.Deployments, $"{Shop}/d31", Records.Body(Unfinished("d31")))],
            },
            Stop
        );

        // d31 is of line 32, in the second month: only the first month goes.
        var done = await TrimAsync(new(2025, 3, 15, 0, 0, 0, TimeSpan.Zero));
        Assert.Equal(25, done.Removal!.Last());
        var held = await TrimAsync(new(2025, 3, 15, 0, 0, 0, TimeSpan.Zero));
        Assert.Null(held.Removal);
        Assert.Equal("deployment d31 of shop/production, which is under way, began at line 32", held.Held);
    }

    [Fact]
    public async Task Nothing_is_removed_of_a_journal_that_was_changed()
    {
        await WriteAsync();
        await files.AppendAsync((await files.HeadsAsync(Stop))[0] with { Root = new string('0', 64) }, Stop);

        var caught = await Assert.ThrowsAsync<ProblemException>(() =>
            TrimAsync(new(2025, 3, 15, 0, 0, 0, TimeSpan.Zero))
        );

        Assert.Equal("journal.broken", caught.Problem.Code);
        Assert.Equal(100, store.Journal.Count);
        Assert.Empty(await store.ReadRemovalsAsync(Stop));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Killed_before_or_after_its_one_transaction_the_journal_is_whole_and_the_next_one_goes_on(
        bool isDone
    )
    {
        await WriteAsync();
        using (var dying = new HeadKeeper(new Dying(store, isDone), files, signer, world, NullLogger.Instance))
        {
            await Assert.ThrowsAsync<IOException>(() =>
                dying.Trim.RunAsync(new(2025, 2, 15, 0, 0, 0, TimeSpan.Zero), ("ada", "keep 400d"), store.Highest, Stop)
            );
        }

        using var again = new HeadKeeper(store, files, signer, world, NullLogger.Instance);
        var check = await again.CheckAsync(Stop);
        Assert.Null(check.Break);
        Assert.Equal(isDone ? 50 : 0, check.Removed);
        // The file was there first, whichever it was.
        Assert.Null(JournalExport.Check(Lines(folder.File("audit/journal-1-50.jsonl.gz"))).Check.Break);
        var done = await again.Trim.RunAsync(
            new(2025, 3, 15, 0, 0, 0, TimeSpan.Zero),
            ("ada", "keep 400d"),
            store.Highest,
            Stop
        );
        Assert.Equal((isDone ? 51 : 1, 75), (done.Removal!.First, done.Removal.Last()));
        Assert.Null((await again.CheckAsync(Stop)).Break);
    }

    [Fact]
    public async Task The_same_on_the_disk_and_after_it_was_opened_anew()
    {
        var path = folder.File("state/fairlead.db");
        Removal removal;
        using (var disk = SqliteStore.Open(path, world))
        using (var first = new HeadKeeper(disk, files, signer, world, NullLogger.Instance))
        {
            var fence = await disk.TakeChargeAsync("one", Stop);
            for (var month = 0; month < 4; month++)
            {
                await disk.CommitAsync(
                    new Change(fence)
                    {
                        Entries =
                        [
                            .. Enumerable.Range(0, 25).Select(one => new NewEntry(Shop, null, "note", $"{one}", one)),
                        ],
                    },
                    Stop
                );
                await first.SignAsync(Stop);
                clock.Advance(TimeSpan.FromDays(30));
            }
            var done = await first.Trim.RunAsync(
                new(2025, 3, 15, 0, 0, 0, TimeSpan.Zero),
                ("ada", "keep 400d"),
                fence,
                Stop
            );
            removal = done.Removal!;
            Assert.Equal((1, 75), (removal.First, removal.Last()));
        }

        using var again = SqliteStore.Open(path, world);
        using var next = new HeadKeeper(again, files, signer, world, NullLogger.Instance);
        Assert.Null(await again.FindBreakAsync(Stop));
        var check = await next.CheckAsync(Stop);
        Assert.Null(check.Break);
        Assert.Equal((75, 101, 101), (check.Removed, check.Lines, check.Covered));
        Assert.Null((await next.ProveAsync(76, Stop)).Fault());
        Assert.Equal([removal.Signature], (await again.ReadRemovalsAsync(Stop)).Select(one => one.Signature));
    }

    [Fact]
    public async Task Each_of_1000_random_alterations_of_a_trimmed_journal_is_found()
    {
        await WriteAsync();
        await TrimAsync(new(2025, 1, 15, 0, 0, 0, TimeSpan.Zero));
        var old = await store.ReadLinesAsync(0, 10_000, Stop);
        await TrimAsync(new(2025, 2, 15, 0, 0, 0, TimeSpan.Zero));
        var lines = await store.ReadLinesAsync(0, 10_000, Stop);
        var removals = await store.ReadRemovalsAsync(Stop);
        var heads = await files.HeadsAsync(Stop);
        Assert.Null(Found([.. lines], [.. removals]));
        var random = new Random(7);
        var missed = new List<string>();
        for (var turn = 0; turn < 1_000; turn++)
        {
            var (altered, standing, what) = Alter([.. lines], [.. removals], old, random);
            if (Found(altered, standing) is null)
            {
                missed.Add(what);
            }
        }
        TestContext.Current.TestOutputHelper!.WriteLine($"1000 alterations, {1000 - missed.Count} found");
        Assert.Empty(missed);

        JournalBreak? Found(List<HashedLine> altered, List<Removal> standing)
        {
            var check = new JournalCheck(heads, standing, signer.PublicPem);
            altered.ForEach(check.Take);
            return check.Finish();
        }
    }

    /// <param name="old">Lines that were there before the second removal.</param>
    private static (List<HashedLine> Lines, List<Removal> Removals, string What) Alter(
        List<HashedLine> lines,
        List<Removal> removals,
        IReadOnlyList<HashedLine> old,
        Random random
    )
    {
        var which = random.Next(removals.Count);
        var one = removals[which];
        var cut = 1 + random.Next(lines.Count - 1);
        var kind = random.Next(12);
        switch (kind)
        {
            case 0:
                // Lines go, and nothing stands for them.
                lines.RemoveRange(0, cut);
                break;
            case 1:
                removals.RemoveAt(which);
                break;
            case 2:
                // The bound is moved over lines that then go.
                lines.RemoveRange(0, cut);
                removals[^1] = removals[^1] with { Head = removals[^1].Head with { Size = removals[^1].Last() + cut } };
                break;
            case 3:
                removals[which] = one with { First = one.First + 1 + random.Next(9) };
                break;
            case 4:
                removals[which] = one with { At = one.At.AddTicks(1 + random.Next(1_000)) };
                break;
            case 5:
                removals[which] = one with { By = "nobody" };
                break;
            case 6:
                removals[which] = one with { Policy = "keep 30d" };
                break;
            case 7:
                removals[which] = one with { Peaks = [.. one.Peaks.Reverse(), .. one.Peaks.Take(1)] };
                break;
            case 8:
                removals[which] = one with { Head = one.Head with { Chain = lines[cut].Hash } };
                break;
            case 9:
                // What was removed comes back, so that it seems never to have been.
                lines = [.. old];
                break;
            case 10:
                lines = [.. old];
                removals.RemoveAt(1);
                break;
            default:
                removals[which] = one with
                {
                    Oldest = one.Oldest.Replace("2025", "2024", StringComparison.Ordinal) + " ",
                };
                break;
        }
        return (lines, removals, $"kind {kind}, removal {which}, {cut} lines");
    }

    private Task<Trimmed> TrimAsync(DateTimeOffset before) =>
        keeper.Trim.RunAsync(before, ("ada", "keep 400d"), store.Highest, Stop);

    private static List<string> Lines(string path) => [.. AuditFiles.Lines(path, JournalExport.LineLettersMax)];

    /// <summary>25 lines and a head each month from January to April.</summary>
    private async Task WriteAsync()
    {
        for (var month = 0; month < 4; month++)
        {
            await NoteAsync(25);
            await keeper.SignAsync(Stop);
            clock.Advance(TimeSpan.FromDays(30));
        }
    }

    private async Task NoteAsync(int count)
    {
        var fence = store.Highest.Number == 0 ? await store.TakeChargeAsync("one", Stop) : store.Highest;
        for (var i = 0; i < count; i++)
        {
            var entry = new NewEntry(Shop, $"d{store.Journal.Count}", "note", $"note {store.Journal.Count}");
            await store.CommitAsync(new Change(fence) { Entries = [entry] }, Stop);
        }
    }

    private Deployment Unfinished(string id) =>
        new()
        {
            Id = id,
            Site = Shop,
            Release = 1,
            RequestedAt = world.Now,
            Deadline = world.Now,
        };

    /// <summary>A store whose server is killed at its next commit, before or after it is done.</summary>
    private sealed class Dying(IStore store, bool isDone) : IStore
    {
        public Task<Fence> TakeChargeAsync(string owner, CancellationToken stop) => store.TakeChargeAsync(owner, stop);

        public async Task<IReadOnlyList<JournalEntry>> CommitAsync(Change change, CancellationToken stop)
        {
            if (isDone)
            {
                await store.CommitAsync(change, stop);
            }
            throw new IOException("killed");
        }

        public Task<Document?> ReadAsync(string collection, string key, CancellationToken stop) =>
            store.ReadAsync(collection, key, stop);

        public Task<IReadOnlyList<Document>> ListAsync(string collection, string keyPrefix, CancellationToken stop) =>
            store.ListAsync(collection, keyPrefix, stop);

        public Task<IReadOnlyList<JournalEntry>> ReadJournalAsync(
            long after,
            JournalFilter? filter,
            int max,
            CancellationToken stop
        ) => store.ReadJournalAsync(after, filter, max, stop);

        public Task<IReadOnlyList<HashedLine>> ReadLinesAsync(long after, int max, CancellationToken stop) =>
            store.ReadLinesAsync(after, max, stop);

        public Task<IReadOnlyList<Removal>> ReadRemovalsAsync(CancellationToken stop) => store.ReadRemovalsAsync(stop);

        public Task<long?> FindBreakAsync(CancellationToken stop) => store.FindBreakAsync(stop);
    }
}
