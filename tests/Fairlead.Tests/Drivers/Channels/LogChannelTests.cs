using System.Text.Json.Nodes;
using Fairlead.Drivers.Channels;
using Fairlead.Model.Ports;

namespace Fairlead.Tests.Drivers.Channels;

public sealed class LogChannelTests : IDisposable
{
    private readonly TempFolder folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string Folder => folder.File("notifications");

    private static ChannelSettings None { get; } = new(new Dictionary<string, IReadOnlyList<string>>());

    [Fact]
    public async Task Each_notification_is_a_line_that_can_be_read()
    {
        using var log = new LogChannel(Folder);

        Assert.Equal(Sent.Taken, await log.SendAsync(Notices.Firing, None, Stop));
        Assert.Equal(Sent.Taken, await log.SendAsync(Notices.Hostile, None, Stop));

        var lines = await File.ReadAllLinesAsync(Path.Combine(Folder, "notifications.jsonl"), Stop);
        Assert.Equal(
            ["aa11", "dd44"],
            lines.Select(static one => JsonNode.Parse(one)!["fairlead"]!["id"]!.GetValue<string>())
        );
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite,
            File.GetUnixFileMode(Path.Combine(Folder, "notifications.jsonl"))
        );
    }

    [Fact]
    public async Task A_full_file_is_put_aside_and_no_more_than_one()
    {
        using var log = new LogChannel(Folder);
        Directory.CreateDirectory(Folder);
        var path = Path.Combine(Folder, "a.jsonl");
        await File.WriteAllBytesAsync(path, new byte[LogChannel.BytesMax], Stop);
        await File.WriteAllTextAsync(path + ".1", "older", Stop);

        await log.SendAsync(Notices.Firing, None.With("file", "a.jsonl"), Stop);

        Assert.Single(await File.ReadAllLinesAsync(path, Stop));
        Assert.Equal(LogChannel.BytesMax, new FileInfo(path + ".1").Length);
        Assert.Equal(2, Directory.GetFiles(Folder).Length);
    }

    [Theory]
    [InlineData("../state.db")]
    [InlineData("/etc/passwd")]
    [InlineData(".hidden")]
    [InlineData("a/b")]
    [InlineData("")]
    public async Task No_file_is_written_elsewhere(string file)
    {
        using var log = new LogChannel(Folder);
        var settings = None.With("file", file);

        Assert.NotNull(log.Fault(settings));
        await log.SendAsync(Notices.Firing, settings, Stop);
        Assert.DoesNotContain(
            Directory.GetFiles(folder.Path, "*", SearchOption.AllDirectories),
            path =>
                !path.StartsWith(Folder, StringComparison.Ordinal) || Path.GetFileName(path) != "notifications.jsonl"
        );
    }

    [Fact]
    public async Task A_folder_that_is_none_is_told_of()
    {
        await File.WriteAllTextAsync(Folder, "in the way", Stop);
        using var log = new LogChannel(Folder);

        var sent = await log.SendAsync(Notices.Firing, None, Stop);

        Assert.Equal((false, true), (sent.IsTaken, sent.MayRetry));
    }

    [Fact]
    public async Task Many_at_once_are_all_whole()
    {
        using var log = new LogChannel(Folder);

        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => log.SendAsync(Notices.Sixty, None, Stop)));

        Assert.Equal(
            50,
            (await File.ReadAllLinesAsync(Path.Combine(Folder, "notifications.jsonl"), Stop)).Count(static one =>
                JsonNode.Parse(one) is not null
            )
        );
    }

    public void Dispose() => folder.Dispose();
}
