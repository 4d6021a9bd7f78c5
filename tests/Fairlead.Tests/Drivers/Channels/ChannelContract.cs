using System.Runtime.CompilerServices;
using System.Text;
using Fairlead.Drivers.Channels;
using Fairlead.Model.Alerting;
using Fairlead.Model.Ports;
using Microsoft.Extensions.Time.Testing;

namespace Fairlead.Tests.Drivers.Channels;

/// <summary>What every channel promises, whatever the other side does. Each secret of its settings has "hush" in it.</summary>
public abstract class ChannelContract : IDisposable
{
    private readonly TempFolder folder = new();

    protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    protected FakeTimeProvider Clock { get; } = new(Notices.Now);

    /// <summary>As the program has it.</summary>
    protected IChannel Channel =>
        field ??= AllChannels.Entries(new World(Clock, new Random(1)), folder.Path).Single(one => one.Kind == Kind);

    protected abstract string Kind { get; }

    /// <summary>How long it says that it is busy; null where it has no words for it.</summary>
    protected virtual TimeSpan? Busy => TimeSpan.FromSeconds(7);

    [Fact]
    public async Task What_is_taken_is_taken_at_once()
    {
        await using var there = await StartAsync(Play.Takes);

        Assert.Equal(Sent.Taken, await TellAsync(there));
        Assert.NotEmpty(there.Seen);
    }

    [Fact]
    public async Task What_is_refused_for_ever_is_never_sent_again()
    {
        await using var there = await StartAsync(Play.Refuses);

        var sent = await TellAsync(there);

        Assert.Equal((false, false, null), (sent.IsTaken, sent.MayRetry, sent.After));
        Assert.Matches("400|550", sent.Why!);
    }

    [Fact]
    public async Task Whoever_is_busy_is_told_later_and_says_when()
    {
        await using var there = await StartAsync(Play.IsBusy);

        var sent = await TellAsync(there);

        Assert.Equal((false, true, Busy), (sent.IsTaken, sent.MayRetry, sent.After));
    }

    [Fact]
    public async Task Whoever_never_answers_is_not_waited_for()
    {
        await using var there = await StartAsync(Play.IsSilent);

        var telling = TellAsync(there);
        await there.Met.WaitAsync(Stop);
        Clock.Advance(TimeSpan.FromSeconds(31));
        var sent = await telling;

        Assert.Equal((false, true), (sent.IsTaken, sent.MayRetry));
        Assert.Matches("within [13]0 s", sent.Why!);
    }

    [Fact]
    public async Task Whoever_hangs_up_is_told_later()
    {
        await using var there = await StartAsync(Play.HangsUp);

        var sent = await TellAsync(there);

        Assert.Equal((false, true), (sent.IsTaken, sent.MayRetry));
    }

    [Fact]
    public async Task An_answer_without_an_end_ends()
    {
        await using var there = await StartAsync(Play.IsEndless);

        var sent = await TellAsync(there);

        // Who said that it is taken has taken it, whatever comes after; who is to be understood has not.
        Assert.True(sent.IsTaken || sent.MayRetry);
    }

    [Fact]
    public async Task Nobody_there_is_told_later()
    {
        int port;
        await using (var there = await StartAsync(Play.Takes))
        {
            port = there.Port;
        }

        var sent = Quiet(await Channel.SendAsync(Notices.Firing, Settings(port), Stop));

        Assert.Equal((false, true), (sent.IsTaken, sent.MayRetry));
    }

    [Fact]
    public async Task Told_twice_it_is_the_same_to_the_last_letter()
    {
        await using var there = await StartAsync(Play.Takes);

        await TellAsync(there);
        var once = there.Seen;
        await TellAsync(there);

        Assert.Equal(once, there.Seen.Skip(once.Count));
        Assert.Contains(Notices.Firing.Id, string.Concat(once), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_stops_it_stops_it()
    {
        await using var there = await StartAsync(Play.IsSilent);
        using var stop = new CancellationTokenSource();

        var telling = Channel.SendAsync(Notices.Firing, Settings(there.Port), stop.Token);
        await there.Met.WaitAsync(Stop);
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => telling);
    }

    [Fact]
    public void Its_settings_are_described_and_right_ones_are_right()
    {
        Assert.Null(Channel.Fault(Settings(1)));
        Assert.All(Channel.Fields, static one => Assert.Matches("^[A-Z0-9`].{9,}[.)`]$", one.Description));
        Assert.Equal(Channel.Fields.Count, Channel.Fields.Select(static one => one.Name).Distinct().Count());
        Assert.All(Settings(1).Values.Keys, name => Assert.Contains(Channel.Fields, one => one.Name == name));
        Assert.All(
            Channel.Fields.Where(static one => one.IsRequired),
            one => Assert.NotNull(Settings(1).Text(one.Name))
        );
        Assert.All(
            Channel.Fields.Where(one => one.IsSecret && Settings(1).Text(one.Name) is not null),
            one => Assert.Contains("hush", Settings(1).Text(one.Name)!, StringComparison.Ordinal)
        );
    }

    [Fact]
    public void No_setting_can_break_a_line_of_a_head_or_lead_away_and_faults_do_not_repeat_it()
    {
        var settings = Settings(1);
        Assert.All(
            Channel.Fields.Where(static one => one.IsSecret || one.Name.EndsWith("url", StringComparison.Ordinal)),
            one =>
            {
                var fault = Channel.Fault(settings.With(one.Name, "hush\r\nX-Evil: 1"));
                // What is only ever in a body cannot break anything.
                Assert.True(
                    fault is not null || one.Name is "secret" or "routing_key" or "password" or "auth_password",
                    one.Name
                );
                Assert.DoesNotContain("X-Evil", fault ?? "", StringComparison.Ordinal);
            }
        );
    }

    [Theory]
    [InlineData("firing")]
    [InlineData("sixty")]
    [InlineData("resolved")]
    [InlineData("hostile")]
    public async Task What_is_told_is_written_down(string golden)
    {
        await using var there = await StartAsync(Play.Takes);

        await Channel.SendAsync(Golden(golden), Settings(there.Port), Stop);

        var actual = string.Join("\n----------\n", there.Seen)
            .Replace($":{there.Port}", ":PORT", StringComparison.Ordinal);
        var path = Path.Combine(Here(), "Golden", $"{Kind}-{golden}.txt");
        if (Environment.GetEnvironmentVariable("FAIRLEAD_GOLDEN") == "write")
        {
            await File.WriteAllTextAsync(path, actual, Stop);
        }
        Assert.Equal(await File.ReadAllTextAsync(path, Stop), actual);
    }

    public void Dispose()
    {
        folder.Dispose();
        GC.SuppressFinalize(this);
    }

    internal abstract Task<IPlayed> StartAsync(Play play);

    protected abstract ChannelSettings Settings(int port);

    internal async Task<Sent> TellAsync(IPlayed there) =>
        Quiet(await Channel.SendAsync(Notices.Firing, Settings(there.Port), Stop));

    protected static ChannelSettings Of(params (string Name, string Text)[] settings) =>
        new(settings.ToDictionary(static one => one.Name, static one => (IReadOnlyList<string>)[one.Text]));

    /// <summary>Whatever became of it, no secret is told.</summary>
    protected static Sent Quiet(Sent sent)
    {
        Assert.DoesNotContain("hush", sent.ToString(), StringComparison.OrdinalIgnoreCase);
        // Nor as it is sent where user and password are one.
        foreach (var word in (sent.Why ?? "").Split(' '))
        {
            var bytes = new byte[word.Length];
            if (Convert.TryFromBase64String(word, bytes, out var count))
            {
                Assert.DoesNotContain("hush", Encoding.UTF8.GetString(bytes, 0, count), StringComparison.Ordinal);
            }
        }
        return sent;
    }

    private static Notification Golden(string name) =>
        name switch
        {
            "firing" => Notices.Firing,
            "sixty" => Notices.Sixty,
            "resolved" => Notices.Resolved,
            _ => Notices.Hostile,
        };

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
