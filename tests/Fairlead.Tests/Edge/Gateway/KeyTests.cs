using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Security;
using Fairlead.Roles.Edge.Gateway;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using static Fairlead.Tests.Edge.Gateway.GatewaySample;

namespace Fairlead.Tests.Edge.Gateway;

public sealed class KeyTests : IDisposable
{
    private static readonly Rate Two = new(2, TimeSpan.FromDays(1));

    private readonly TempFolder folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Who_has_no_good_key_is_told_what_is_needed()
    {
        var edge = new GatewaySample(new() { Keys = new(), RequestIds = false });
        var (good, _) = await AddAsync(edge, key => key);
        var (foreign, _) = ApiKey.New();
        foreach (var wrong in new[] { "", "fl_", foreign, good[..^1], good + "x", new string('x', 5_000) })
        {
            Assert.Equal(
                """
                401
                Cache-Control: no-store
                Content-Type: text/plain; charset=utf-8
                WWW-Authenticate: ApiKey header="X-Api-Key"
                """,
                Text(await edge.AskAsync("GET /", ("X-Api-Key", wrong)))
            );
        }
        Assert.Equal("200", Text(await edge.AskAsync("GET /", ("X-Api-Key", good))));
    }

    [Fact]
    public async Task The_app_learns_whose_key_it_was_and_not_the_key()
    {
        var edge = new GatewaySample(
            new()
            {
                Keys = new() { Header = "Authorization", IsRequired = false },
            }
        );
        var (text, id) = await AddAsync(edge, key => key);
        var known = await edge.AskAsync("GET /", ("Authorization", $"Bearer {text}"), ("Fairlead-Key", "forged"));
        Assert.Equal(("", id), Sent(known));
        var other = await edge.AskAsync("GET /", ("Authorization", "Bearer theirs"), ("Fairlead-Key", "forged"));
        Assert.Equal(("Bearer theirs", ""), Sent(other));
    }

    [Fact]
    public async Task A_key_is_good_until_it_expires_and_for_its_services_alone()
    {
        var edge = new GatewaySample(new() { Keys = new() });
        var (brief, _) = await AddAsync(edge, key => key with { ExpiresAt = edge.World.Now + TimeSpan.FromHours(1) });
        var (other, _) = await AddAsync(edge, key => key with { Services = ["billing"] });
        Assert.Equal(200, (await edge.AskAsync("GET /", ("X-Api-Key", brief))).Response.StatusCode);
        Assert.Equal(401, (await edge.AskAsync("GET /", ("X-Api-Key", other))).Response.StatusCode);
        edge.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(401, (await edge.AskAsync("GET /", ("X-Api-Key", brief))).Response.StatusCode);
    }

    [Fact]
    public async Task A_quota_is_of_one_key_and_begins_anew_at_midnight()
    {
        var edge = new GatewaySample(
            new()
            {
                Keys = new() { Quota = Two },
                RequestIds = false,
            }
        );
        var (plain, _) = await AddAsync(edge, key => key);
        var (large, _) = await AddAsync(edge, key => key with { Quota = new Rate(100, TimeSpan.FromHours(1)) });
        Assert.Equal(
            """
            200
            RateLimit: "quota";r=1;t=43200
            RateLimit-Policy: "quota";q=2;w=86400
            """,
            Text(await edge.AskAsync("GET /", ("X-Api-Key", plain)))
        );
        await edge.AskAsync("GET /", ("X-Api-Key", plain));
        Assert.Equal(
            """
            429
            Cache-Control: no-store
            Content-Type: text/plain; charset=utf-8
            RateLimit: "quota";r=0;t=43200
            RateLimit-Policy: "quota";q=2;w=86400
            Retry-After: 43200
            """,
            Text(await edge.AskAsync("GET /", ("X-Api-Key", plain)))
        );
        Assert.Equal(
            "\"quota\";r=99;t=3600",
            (await edge.AskAsync("GET /", ("X-Api-Key", large))).Response.Headers["RateLimit"]
        );
        edge.Clock.Advance(TimeSpan.FromHours(12));
        Assert.Equal(200, (await edge.AskAsync("GET /", ("X-Api-Key", plain))).Response.StatusCode);
    }

    [Fact]
    public async Task A_rate_by_key_counts_keys_and_strangers_by_their_address()
    {
        var limit = new RateLimit
        {
            Name = "key",
            By = "key",
            Limit = new Rate(1, TimeSpan.FromMinutes(1)),
        };
        var edge = new GatewaySample(new() { Keys = new(), RateLimits = [limit] });
        var (one, _) = await AddAsync(edge, key => key);
        var (two, _) = await AddAsync(edge, key => key);
        var statuses = new List<int>();
        foreach (var key in new[] { one, two, one, "wrong", "worse" })
        {
            statuses.Add((await edge.AskAsync("GET /", ("X-Api-Key", key))).Response.StatusCode);
        }
        Assert.Equal([200, 200, 429, 401, 429], statuses);
    }

    [Fact]
    public async Task Keys_are_kept_and_a_damaged_file_is_as_good_as_none()
    {
        var (id, text) = ApiKey.New();
        var ring = new KeyRing(EdgeSample.Shop, [Key(id, text)]);
        using (var keys = new KeyChain(folder.Path))
        {
            await keys.ApplyAsync(ring, new Fence(3), Stop);
        }
        using (var keys = new KeyChain(folder.Path))
        {
            Assert.Equal(id, keys.Find(EdgeSample.Shop, text)?.Key.Id);
            Assert.Equal(ring.Digest, keys.Digests["shop/production"]);
            await Assert.ThrowsAsync<FencedException>(() => keys.ApplyAsync(ring, new Fence(2), Stop));
        }
        Assert.DoesNotContain(text, File.ReadAllText(Path.Combine(folder.Path, "keys.json")), StringComparison.Ordinal);
        folder.Write("keys.json", "{\"fence\":");
        using var none = new KeyChain(folder.Path);
        Assert.Null(none.Find(EdgeSample.Shop, text));
    }

    [Fact]
    public async Task What_a_key_has_asked_outlives_the_edge()
    {
        var world = new GatewaySample(new()).World;
        var key = Key("0a1b2c3d4e5f", "text");
        await using (var book = new QuotaBook(folder.Path, world, NullLogger.Instance))
        {
            Assert.Equal(1, book.Take(key, Two).Left);
        }
        await using var next = new QuotaBook(folder.Path, world, NullLogger.Instance);
        Assert.Equal((true, 0), (next.Take(key, Two).IsAllowed, next.Take(key, Two).Left));
    }

    private static (string Authorization, string Key) Sent(HttpContext http) =>
        (http.Request.Headers.Authorization.ToString(), http.Request.Headers[KeyFinder.NameHeader].ToString());

    private static ApiKey Key(string id, string text) =>
        new()
        {
            Id = id,
            Name = "acme",
            Site = EdgeSample.Shop,
            Hash = ApiKey.HashOf(text),
            CreatedAt = DateTimeOffset.UnixEpoch,
        };

    private readonly List<ApiKey> made = [];

    private async Task<(string Text, string Id)> AddAsync(GatewaySample edge, Func<ApiKey, ApiKey> change)
    {
        var (id, text) = ApiKey.New();
        made.Add(change(Key(id, text)));
        await edge.Shared.Keys.ApplyAsync(new KeyRing(EdgeSample.Shop, made), new Fence(1), Stop);
        return (text, id);
    }
}
