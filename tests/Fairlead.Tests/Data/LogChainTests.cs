using Fairlead.Drivers.Data.Backups;
using Fairlead.Engine.Data.Backups;
using Fairlead.Model.Data;

namespace Fairlead.Tests.Data;

/// <summary>Whether the pieces of a log lead on from a copy, and where each byte of them belongs.</summary>
public sealed class LogChainTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 28, 12, 0, 0, TimeSpan.Zero);
    private readonly DirectoryInfo root = Directory.CreateTempSubdirectory("fairlead-log-");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => root.Delete(recursive: true);

    [Theory]
    [InlineData("0-10 10-20 20-30", "0-10 10-20 20-30", null)]
    [InlineData("20-30 0-10 10-20", "0-10 10-20 20-30", null)]
    [InlineData("0-3 3-20 20-30", "3-20 20-30", null)]
    [InlineData("0-10 20-30", "0-10", "Between 7:1:0/0000000A and 7:1:0/00000014 there is nothing.")]
    [InlineData("0-10 8-20 9-12", "0-10 8-20", null)]
    [InlineData("10-20 20-30", "", "Its log is not there from 7:1:0/00000005 on, where the copy needs it.")]
    [InlineData("", "", "Its log is not there from 7:1:0/00000005 on, where the copy needs it.")]
    public void A_hole_ends_a_chain_and_is_told(string pieces, string chain, string? gap)
    {
        var found = LogChain.Of(new("7", 1, 5), Pieces(pieces), out var problem);
        Assert.Equal(chain, string.Join(' ', (found?.Pieces ?? []).Select(static one => $"{one.From.At}-{one.To}")));
        Assert.Equal(gap, problem?.Why);
    }

    [Fact]
    public void What_came_of_another_history_is_a_hole_too()
    {
        var other = Piece(40, 50) with { From = new("7", 2, 40), At = Noon.AddHours(1) };
        var found = LogChain.Of(new("7", 1, 5), [.. Pieces("0-10"), other], out var problem);
        Assert.Equal(10, found!.To);
        Assert.Equal("What came last is of another history: 7:2:0/00000028.", problem!.Why);
    }

    [Fact]
    public void Only_as_much_is_read_as_a_moment_needs_and_only_that_kept_which_some_copy_needs()
    {
        var chain = LogChain.Of(new("7", 1, 5), Pieces("0-10 10-20 20-30"), out _)!;
        Assert.Equal(20, chain.Until(Noon.AddSeconds(15)).To);
        Assert.Equal(10, chain.Until(Noon.AddSeconds(10)).To);
        Assert.Equal(30, chain.Until(Noon.AddSeconds(99)).To);
        Assert.Equal(
            ["0-10"],
            LogChain
                .Spent([new("7", 1, 12), new("7", 1, 25)], Pieces("0-10 10-20 20-30"))
                .Select(static one => $"{one.From.At}-{one.To}")
        );
        Assert.Empty(LogChain.Spent([], Pieces("0-10")));
    }

    [Theory]
    [InlineData("7362:1:16/B374D848", true)]
    [InlineData("7362:1:80000000/0", false)]
    [InlineData("7362:1:16", false)]
    [InlineData("7362:1:x/y", false)]
    [InlineData(":1:0/0", false)]
    [InlineData("", false)]
    public void A_place_is_read_as_it_is_written(string text, bool isOne) =>
        Assert.Equal(isOne ? text : null, LogPlace.TryParse(text)?.ToString());

    [Theory]
    [InlineData(1, 0x1_0000_0000L + (5 << 24), "000000010000000100000005")]
    [InlineData(10, 0x0FF0_0000L, "0000000A000000000000000F")]
    public void A_segment_is_called_as_PostgreSQL_calls_it(long timeline, long at, string name) =>
        Assert.Equal(name, LogSegments.Name(timeline, at, 16 << 20));

    [Fact]
    public async Task Pieces_are_laid_side_by_side_over_the_ends_of_files()
    {
        const int Size = 1 << 20;
        Directory.CreateDirectory(Path.Combine(root.FullName, "data", "pg_wal"));
        await File.WriteAllBytesAsync(
            Path.Combine(root.FullName, "data", "pg_wal", "000000010000000000000001"),
            new byte[Size],
            Stop
        );
        var all = new byte[(2 * Size) + 500];
        new Random(7).NextBytes(all);
        await AddAsync(Size, all[..100]);
        await AddAsync(Size + 100, all[100..]);
        await AddAsync(Size + 50, all[50..90]);

        Assert.Equal(all[..Size], await ReadAsync("000000010000000000000001"));
        Assert.Equal(all[Size..(2 * Size)], await ReadAsync("000000010000000000000002"));
        var last = await ReadAsync("000000010000000000000003");
        Assert.Equal((Size, 0), (last.Length, last[500]));
        Assert.Equal(all[(2 * Size)..], last[..500]);
    }

    private Task AddAsync(long at, byte[] bytes) =>
        LogSegments.AddAsync(root.FullName, new("7", 1, at), new MemoryStream(bytes), Stop);

    private Task<byte[]> ReadAsync(string name) =>
        File.ReadAllBytesAsync(Path.Combine(root.FullName, "wal", name), Stop);

    // 10-20 20-30: from and to of each; each came as many seconds after noon as it ends.
    private static IReadOnlyList<LogPiece> Pieces(string text) =>
        [
            .. text.Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .Select(static one => one.Split('-').Select(int.Parse).ToArray())
                .Select(static one => Piece(one[0], one[1])),
        ];

    private static LogPiece Piece(int from, int to) =>
        new()
        {
            Site = new("shop", "production"),
            Database = "db",
            Id = "12345678",
            From = new("7", 1, from),
            To = to,
            At = Noon.AddSeconds(to),
            Digest = "",
        };
}
