using Fairlead.Model.Ports;

namespace Fairlead.Tests.Drivers.Channels;

/// <summary>What channels promise that speak HTTP.</summary>
public abstract class HttpChannelContract : ChannelContract
{
    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        await using var elsewhere = await PlayedHttp.StartAsync(Play.Takes);
        await using var there = await PlayedHttp.StartAsync(
            (http, _) =>
            {
                http.Response.StatusCode = 307;
                http.Response.Headers.Location = elsewhere.Url.ToString();
                return Task.CompletedTask;
            }
        );

        var sent = await TellAsync(there);

        Assert.Equal((false, false), (sent.IsTaken, sent.MayRetry));
        Assert.Contains("Redirects are not followed", sent.Why, StringComparison.Ordinal);
        Assert.Empty(elsewhere.Seen);
    }

    [Theory]
    [InlineData(500, null, null)]
    [InlineData(503, "30", 30)]
    [InlineData(503, "Sat, 28 Nov 2026 12:01:30 GMT", 90)]
    [InlineData(503, "Sat, 28 Nov 2026 11:00:00 GMT", 0)]
    [InlineData(429, "999999999", 3600)]
    [InlineData(429, "soon", null)]
    [InlineData(408, null, null)]
    public async Task When_to_try_again_is_read_in_seconds_and_as_a_date(int status, string? header, int? seconds)
    {
        await using var there = await PlayedHttp.StartAsync(
            (http, _) =>
            {
                http.Response.StatusCode = status;
                http.Response.Headers.RetryAfter = header;
                return Task.CompletedTask;
            }
        );

        var sent = await TellAsync(there);

        TimeSpan? after = seconds is { } known ? TimeSpan.FromSeconds(known) : null;
        Assert.Equal((false, true, after), (sent.IsTaken, sent.MayRetry, sent.After));
    }

    [Theory]
    [InlineData(401)]
    [InlineData(404)]
    [InlineData(410)]
    public async Task Whoever_does_not_want_it_is_quoted(int status)
    {
        await using var there = await PlayedHttp.StartAsync(
            (http, _) =>
            {
                http.Response.StatusCode = status;
                return Microsoft.AspNetCore.Http.HttpResponseWritingExtensions.WriteAsync(
                    http.Response,
                    "no\r\nsuch\u001b[31m thing",
                    Stop
                );
            }
        );

        var sent = await TellAsync(there);

        Assert.Equal(Sent.Never($"127.0.0.1 answered {status}: no such [31m thing"), sent);
    }

    [Fact]
    public async Task A_refusal_without_an_end_is_quoted_by_its_beginning()
    {
        await using var there = await PlayedHttp.StartAsync(
            async (http, _) =>
            {
                http.Response.StatusCode = 500;
                await PlayedHttp.SpeakAsync(http.Response, http.RequestAborted);
            }
        );

        var sent = await TellAsync(there);

        Assert.Equal((false, true), (sent.IsTaken, sent.MayRetry));
        Assert.InRange(sent.Why!.Length, 100, 300);
    }

    internal override async Task<IPlayed> StartAsync(Play play) => await PlayedHttp.StartAsync(play, Takes);

    /// <summary>What it says when all is well.</summary>
    protected virtual string Takes => "{}";
}
