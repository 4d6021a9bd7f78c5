using CsCheck;
using Fairlead.Drivers.Shell;
using Microsoft.Win32.SafeHandles;

namespace Fairlead.Tests.Drivers.Shell;

public sealed class RotatingLogTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_reader_gets_every_line_once_over_any_rotations() =>
        Gen.Select(Gen.Int[0, 6_000], Gen.Int[0, 60], Gen.Int[0, 3])
            .Array[1, 40]
            .Sample(
                steps =>
                {
                    var path = folder.File(Guid.NewGuid().ToString("N"));
                    var log = new RotatingLog(path, Small(kept: 1000));
                    List<string> written = [];
                    List<string> seen = [];
                    var place = 0L;
                    foreach (var (width, lines, action) in steps)
                    {
                        string[] more =
                        [
                            .. Enumerable
                                .Range(0, lines % 8)
                                .Select(at => $"{written.Count + at} {new string('x', width)}"),
                        ];
                        File.AppendAllLines(path, more);
                        written.AddRange(more);
                        log = action == 3 ? new RotatingLog(path, Small(kept: 1000)) : log;
                        if (action > 0)
                        {
                            log.RotateWhenLarge();
                        }
                        var (read, next) = log.Read(place, lines);
                        seen.AddRange(read);
                        place = next;
                    }
                    seen.AddRange(log.Read(place, int.MaxValue).Lines);
                    Assert.Equal(written, seen);
                },
                iter: 12,
                threads: 1
            );

    [Fact]
    public void A_program_that_appends_meanwhile_loses_nothing()
    {
        var path = folder.File("out.log");
        var log = new RotatingLog(path, Small(kept: 1000));
        const int rotationsWanted = 5;
        const int linesMax = 1_000_000;
        var (lines, rotations) = (0, 0);
        var writer = new Thread(() =>
        {
            // As a spawned program has it: .NET's own Append keeps a place instead, which a cut file would betray.
            using var handle = new SafeFileHandle(Libc.open(path, Libc.OpenAppend, 0b110_000_000), ownsHandle: true);
            using var file = new FileStream(handle, FileAccess.Write, bufferSize: 0);
            for (; lines < linesMax && Volatile.Read(ref rotations) < rotationsWanted; lines++)
            {
                file.Write(System.Text.Encoding.ASCII.GetBytes($"line {lines}\n"));
            }
        });
        writer.Start();
        while (writer.IsAlive)
        {
            rotations += log.RotateWhenLarge() ? 1 : 0;
        }

        Assert.SkipUnless(
            CanCollapse(),
            "This filesystem cannot cut a file's head off; there, a few bytes may be lost."
        );
        List<string> seen = [];
        for (var place = 0L; log.Read(place, 5_000) is { Lines.Count: > 0 } page; place = page.Next)
        {
            seen.AddRange(page.Lines);
        }
        Assert.True(rotations >= rotationsWanted);
        Assert.Equal(Enumerable.Range(0, lines).Select(line => $"line {line}"), seen);
    }

    [Fact]
    public void A_crash_between_copy_and_cut_is_repaired()
    {
        var path = folder.File("out.log");
        File.WriteAllLines(path, Lines(0, 2_000));
        File.Copy(path, path + ".0");
        using (var copy = new FileStream(path + ".0", FileMode.Open))
        {
            copy.SetLength(8192);
        }
        File.WriteAllText(path + ".state", $$"""{"start":0,"sizeBefore":{{new FileInfo(path).Length}}}""");
        File.AppendAllLines(path, Lines(2_000, 10));

        var log = new RotatingLog(path, Small(kept: 5));

        Assert.Equal(Lines(0, 2_010), log.Read(0, int.MaxValue).Lines);
        Assert.Equal(8192, new FileInfo(path + ".1").Length);
        Assert.Equal(Lines(0, 2_010), new RotatingLog(path, Small(kept: 5)).Read(0, int.MaxValue).Lines);
    }

    [Fact]
    public void Only_so_many_older_files_are_kept_and_a_reader_left_behind_goes_on_with_the_oldest()
    {
        var path = folder.File("out.log");
        var log = new RotatingLog(path, Small(kept: 2));
        for (var round = 0; round < 6; round++)
        {
            File.AppendAllLines(path, Lines(round * 2_000, 2_000));
            log.RotateWhenLarge();
        }

        Assert.Equal(
            ["out.log", "out.log.1", "out.log.2", "out.log.state"],
            Directory.GetFiles(folder.Path).Select(Path.GetFileName).Order()
        );
        string[] whole = [.. log.Read(0, int.MaxValue).Lines.Skip(1)];
        Assert.Equal(Lines(12_000 - whole.Length, whole.Length), whole);
        Assert.InRange(whole.Length, 2_000, 8_000);
        Assert.Equal(Lines(11_997, 3), log.Tail(0, 3));
    }

    [Fact]
    public void A_line_counts_once_it_is_ended_but_the_tail_shows_it()
    {
        var path = folder.File("out.log");
        File.WriteAllText(path, "one\r\ntwo\nthr");
        var log = new RotatingLog(path, new LogLimits());

        Assert.Equal(["one", "two"], log.Read(0, 10).Lines);
        Assert.Equal(9, log.Read(0, 10).Next);
        Assert.Equal(["two", "thr"], log.Tail(0, 2));
        Assert.Equal([5L, 0L, 9L], [log.TailStart(1), log.TailStart(7), log.TailStart(0)]);

        log.EndLine();
        log.EndLine();
        Assert.Equal(["one", "two", "thr"], log.Read(0, 10).Lines);
    }

    [Fact]
    public void A_log_that_does_not_exist_is_empty()
    {
        var log = new RotatingLog(folder.File("none.log"), new LogLimits());

        Assert.Equal(0, log.End);
        Assert.Empty(log.Read(77, 10).Lines);
        Assert.Empty(log.Tail(0, 10));
        Assert.False(log.RotateWhenLarge());
    }

    private bool CanCollapse()
    {
        var path = folder.File("probe");
        File.WriteAllBytes(path, new byte[3 * 4096]);
        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite);
        return Libc.fallocate((int)file.SafeFileHandle.DangerousGetHandle(), Libc.CollapseRange, 0, 4096) == 0;
    }

    private static LogLimits Small(int kept) => new(RotateAt: 12 * 1024, kept, Block: 4096);

    private static IEnumerable<string> Lines(int from, int count) =>
        Enumerable.Range(from, count).Select(line => $"line {line}");
}
