using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Scenarios.Dns;

/// <summary>What every keeper of names promises. The zone under test is <c>shop.example.com</c>.</summary>
public abstract class DnsZonesContract
{
    private const string Name = "_acme-challenge.www.shop.example.com";

    protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    protected static World World { get; } = new(TimeProvider.System, new Random(1));

    [Fact]
    public async Task A_text_is_given_out_once_it_is_added_and_gone_once_it_is_removed()
    {
        var zones = await OpenAsync();

        await zones.AddTextAsync(Name, "one", Stop);
        Assert.Equal(["one"], await TextsAsync(Name));

        await zones.RemoveTextAsync(Name, "one", Stop);
        Assert.Empty(await TextsAsync(Name));
    }

    [Fact]
    public async Task Asking_twice_is_asking_once()
    {
        var zones = await OpenAsync();

        await zones.AddTextAsync(Name, "one", Stop);
        await zones.AddTextAsync(Name, "one", Stop);
        Assert.Equal(["one"], await TextsAsync(Name));

        await zones.RemoveTextAsync(Name, "one", Stop);
        await zones.RemoveTextAsync(Name, "one", Stop);
        Assert.Empty(await TextsAsync(Name));
    }

    [Fact]
    public async Task Other_texts_of_a_name_stay()
    {
        var zones = await OpenAsync();

        await Task.WhenAll(
            zones.AddTextAsync(Name, "one", Stop),
            zones.AddTextAsync(Name, "two", Stop),
            zones.AddTextAsync(Name, "v=spf1 \"quoted\" \\ -all", Stop)
        );
        await zones.RemoveTextAsync(Name, "one", Stop);

        Assert.Equal(["two", "v=spf1 \"quoted\" \\ -all"], (await TextsAsync(Name)).Order());
    }

    [Fact]
    public async Task A_long_text_comes_back_whole()
    {
        var zones = await OpenAsync();
        var text = string.Concat(Enumerable.Range(0, 60).Select(number => $"part-{number};"));

        await zones.AddTextAsync("shop.example.com", text, Stop);
        Assert.Contains(text, await TextsAsync("shop.example.com"));

        await zones.RemoveTextAsync("shop.example.com", text, Stop);
        Assert.DoesNotContain(text, await TextsAsync("shop.example.com"));
    }

    [Fact]
    public async Task A_name_of_nobody_has_no_zone()
    {
        var zones = await OpenAsync();

        var caught = await Assert.ThrowsAsync<ProblemException>(() =>
            zones.AddTextAsync("www.other.test", "one", Stop)
        );

        Assert.Equal("dns.no-zone", caught.Problem.Code);
    }

    [Fact]
    public async Task Who_is_away_is_said_to_be_away()
    {
        var zones = OpenAt(Certificates.PebbleUnderTest.FreePort());

        var caught = await Assert.ThrowsAsync<ProblemException>(() => zones.AddTextAsync(Name, "one", Stop));

        Assert.Equal(("dns.unreachable", Trouble.Unreachable), (caught.Problem.Code, caught.Problem.Trouble));
    }

    /// <summary>Starts the real peer with an empty zone.</summary>
    protected abstract Task<IDnsZones> OpenAsync();

    protected abstract IDnsZones OpenAt(int port);

    /// <summary>What the world sees, asked without the driver.</summary>
    protected abstract Task<IReadOnlyList<string>> TextsAsync(string name);
}
