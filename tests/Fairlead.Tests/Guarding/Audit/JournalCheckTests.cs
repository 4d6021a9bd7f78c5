using Fairlead.Drivers.State;
using Fairlead.Engine.Guarding.Audit;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Security;
using Fairlead.Tests.Drivers;
using Fairlead.Tests.Fakes;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Fairlead.Tests.Guarding.Audit;

/// <summary>Whatever is done to a journal, by whoever can write all of it but has not the key, is found.</summary>
public sealed class JournalCheckTests : IDisposable
{
    private static readonly Site Shop = new("shop", "production");

    private readonly TempFolder folder = new();
    private readonly World world = new(new FakeTimeProvider(new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero)), new Random(1));
    private readonly MemoryStore store;
    private readonly AuditFiles files;
    private readonly SigningKey signer;
    private readonly HeadKeeper keeper;

    public JournalCheckTests()
    {
        store = new(world);
        files = new(folder.File("audit"), folder.File("copy.jsonl"), NullLogger.Instance);
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
    public async Task A_journal_as_it_was_written_holds()
    {
        await WriteAsync();

        var check = await keeper.CheckAsync(Stop);

        Assert.Null(check.Break);
        Assert.Equal((100, 100, 4), (check.Lines, check.Covered, check.Proven));
    }

    [Fact]
    public async Task Each_of_1000_random_alterations_is_found()
    {
        await WriteAsync();
        var lines = await store.ReadLinesAsync(0, 10_000, Stop);
        var heads = await files.HeadsAsync(Stop);
        var random = new Random(7);
        var missed = new List<string>();
        for (var turn = 0; turn < 1_000; turn++)
        {
            var (altered, signed, what) = Alter([.. lines], [.. heads], random);
            var check = new JournalCheck(signed, [], signer.PublicPem);
            altered.ForEach(check.Take);
            if (check.Finish() is null)
            {
                missed.Add(what);
            }
        }
        TestContext.Current.TestOutputHelper!.WriteLine($"1000 alterations, {1000 - missed.Count} found");
        Assert.Empty(missed);
    }

    [Fact]
    public async Task An_export_proves_itself_and_each_changed_byte_of_it_is_found()
    {
        await WriteAsync();
        var made = await keeper.ExportAsync(Stop);
        List<string> lines = [.. AuditFiles.Lines(made!.Value.Path, JournalExport.LineLettersMax)];

        var (whole, key, _) = JournalExport.Check(lines);
        Assert.Null(whole.Break);
        Assert.Equal((100, 100), (whole.Lines, whole.Covered));
        Assert.Equal(signer.PublicPem, key);

        var random = new Random(11);
        for (var turn = 0; turn < 300; turn++)
        {
            var changed = new List<string>(lines);
            var line = random.Next(1, lines.Count);
            var at = random.Next(lines[line].Length);
            var letter = (char)random.Next('0', 'z');
            // A sign that JSON or a time's zone may write in two ways is no change.
            if (letter == lines[line][at] || !char.IsAsciiLetterOrDigit(lines[line][at]))
            {
                continue;
            }
            changed[line] = string.Concat(lines[line].AsSpan(0, at), letter.ToString(), lines[line].AsSpan(at + 1));
            Assert.True(IsFound(changed, lines), changed[line]);
        }
    }

    [Fact]
    public async Task A_head_goes_to_the_copy_as_well_and_none_is_made_where_nothing_grew()
    {
        await WriteAsync();
        await keeper.SignAsync(Stop);
        await keeper.SignAsync(Stop);

        Assert.Equal(4, (await files.HeadsAsync(Stop)).Count);
        Assert.Equal(
            await File.ReadAllTextAsync(folder.File("audit/heads.jsonl"), Stop),
            await File.ReadAllTextAsync(folder.File("copy.jsonl"), Stop)
        );
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite,
            File.GetUnixFileMode(folder.File("audit/heads.jsonl"))
        );
    }

    [Fact]
    public async Task Half_a_line_that_a_power_cut_left_is_no_head_and_hides_none()
    {
        await WriteAsync();
        await File.AppendAllTextAsync(folder.File("audit/heads.jsonl"), "{\"size\":10", Stop);
        Assert.Equal(4, (await files.HeadsAsync(Stop)).Count);

        await NoteAsync(1);
        await keeper.SignAsync(Stop);

        Assert.Equal([25, 50, 75, 100, 101], (await files.HeadsAsync(Stop)).Select(head => head.Size));
        Assert.Null((await keeper.CheckAsync(Stop)).Break);
    }

    [Fact]
    public async Task A_keeper_that_starts_anew_goes_on_where_the_one_before_ended()
    {
        await WriteAsync();
        await NoteAsync(1);
        using var again = new HeadKeeper(
            store,
            files,
            new SigningKey(folder.File("signing-key.pem")),
            world,
            NullLogger.Instance
        );

        Assert.Equal(101, (await again.SignAsync(Stop))!.Size);
        Assert.Null((await again.CheckAsync(Stop)).Break);
    }

    private async Task WriteAsync()
    {
        for (var part = 0; part < 4; part++)
        {
            await NoteAsync(25);
            await keeper.SignAsync(Stop);
        }
    }

    private async Task NoteAsync(int count)
    {
        var fence = store.Highest.Number == 0 ? await store.TakeChargeAsync("one", Stop) : store.Highest;
        for (var i = 0; i < count; i++)
        {
            var entry = new NewEntry(
                Shop,
                i % 3 == 0 ? null : $"d{i}",
                "note",
                $"note {store.Journal.Count}",
                i % 2 == 0 ? i : null
            );
            await store.CommitAsync(new Change(fence) { Entries = [entry] }, Stop);
        }
    }

    /// <summary>What can be read anew and says the same is no change, such as a letter that JSON ignores.</summary>
    private static bool IsFound(List<string> changed, List<string> lines)
    {
        try
        {
            var (check, _, _) = JournalExport.Check(changed);
            return check.Break is not null || check.Covered < check.Lines || check.Lines < lines.Count - 5;
        }
        catch (FormatException)
        {
            return true;
        }
    }

    private static (List<HashedLine> Lines, List<TreeHead> Heads, string What) Alter(
        List<HashedLine> lines,
        List<TreeHead> heads,
        Random random
    )
    {
        var at = random.Next(lines.Count);
        var other = (at + 1 + random.Next(lines.Count - 1)) % lines.Count;
        var kind = random.Next(8);
        var rechains = random.Next(2) == 0;
        switch (kind)
        {
            case 0:
                lines[at] = lines[at] with { Row = Changed(lines[at].Row, random) };
                break;
            case 1:
                lines.RemoveAt(at);
                break;
            case 2:
                (lines[at], lines[other]) = (lines[other], lines[at]);
                break;
            case 3:
                lines.Insert(at, lines[other]);
                break;
            case 4:
                lines.RemoveRange(at, lines.Count - at);
                break;
            case 5:
                lines.Insert(at, new(Changed(lines[other].Row, random), lines[other].Hash));
                break;
            case 6:
                lines[at] = lines[at] with { Hash = lines[other].Hash };
                rechains = false;
                break;
            default:
                var head = random.Next(heads.Count);
                heads[head] = random.Next(4) switch
                {
                    0 => heads[head] with { Size = heads[head].Size - 1 },
                    1 => heads[head] with { Root = lines[at].Hash },
                    2 => heads[head] with { At = heads[head].At.AddTicks(1) },
                    _ => heads[head] with { Signature = Convert.ToBase64String(new byte[64]) },
                };
                return (lines, heads, $"head {head}");
        }
        return (rechains ? Rechained(lines) : lines, heads, $"kind {kind} at {at}, {other}, anew {rechains}");
    }

    private static JournalRow Changed(JournalRow row, Random random) =>
        random.Next(7) switch
        {
            0 => row with { At = row.At.Replace("2026", "2025", StringComparison.Ordinal) },
            1 => row with { App = "other" },
            2 => row with { Environment = "staging" },
            3 => row with { Deployment = row.Deployment is null ? "d" : null },
            4 => row with { Fence = row.Fence + 1 },
            5 => row with { Text = row.Text + " " },
            _ => row with { Body = row.Body is null ? "{}" : null },
        };

    /// <summary>As someone would who can write the whole journal anew.</summary>
    private static List<HashedLine> Rechained(List<HashedLine> lines)
    {
        var (before, made) = (JournalChain.Root, new List<HashedLine>());
        foreach (var line in lines)
        {
            var row = line.Row with { Sequence = made.Count + 1 };
            before = JournalChain.Hash(before, row);
            made.Add(new(row, before));
        }
        return made;
    }
}
