using Fairlead.Engine.Watching.Errors;
using Fairlead.Model.Telemetry;

namespace Fairlead.Tests.Telemetry.Errors;

/// <summary>Secrets and people do not reach the disk.</summary>
public sealed class ScrubberTests
{
    [Theory]
    [InlineData("password=hunter2 rest", "password=[scrubbed] rest")]
    [InlineData("{\"api_key\": \"abc123\", \"n\": 1}", "{\"api_key\": \"[scrubbed]\", \"n\": 1}")]
    [InlineData("Authorization: Bearer abcdefgh12345", "Authorization: [scrubbed]")]
    [InlineData("sent Bearer abcdefgh12345 to it", "sent Bearer [scrubbed] to it")]
    [InlineData("Cookie: a=b; c=d", "Cookie: [scrubbed]")]
    [InlineData("postgres://shop:geheim@db:5432/shop", "postgres://shop:[scrubbed]@db:5432/shop")]
    [InlineData("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0x.abc", "[scrubbed]")]
    [InlineData("key AKIAIOSFODNN7EXAMPLE", "key [scrubbed]")]
    [InlineData("card 4111 1111 1111 1111 refused", "card [scrubbed] refused")]
    [InlineData("order 4111 1111 1111 1112 refused", "order 4111 1111 1111 1112 refused")]
    [InlineData("mail ann@example.com", "mail [email]")]
    [InlineData("nothing to hide", "nothing to hide")]
    public void Texts_lose_what_looks_like_a_secret(string text, string expected) =>
        Assert.Equal(expected, Scrubber.Text(text));

    [Theory]
    [InlineData("203.0.113.9", "203.0.113.0")]
    [InlineData("::ffff:203.0.113.9", "203.0.113.0")]
    [InlineData("2001:db8:1:2:3::4", "2001:db8:1::")]
    [InlineData("nowhere", null)]
    public void An_address_loses_its_last_part(string address, string? expected) =>
        Assert.Equal(expected, Scrubber.Shortened(address));

    [Fact]
    public void An_event_keeps_no_cookie_no_query_no_token_and_no_user()
    {
        var clean = new Scrubber([1, 2, 3]).Clean(
            new ErrorEvent
            {
                Id = "1",
                At = default,
                User = "ann@example.com",
                Request = new(
                    "GET",
                    "https://ann:pw@shop.example/cart?token=abc#x",
                    new Dictionary<string, string>
                    {
                        ["Cookie"] = "a=b",
                        ["Authorization"] = "Bearer x",
                        ["User-Agent"] = "Mozilla/5.0",
                    }
                ),
                Tags = new Dictionary<string, string> { ["session_id"] = "s1", ["cart"] = "full" },
                Breadcrumbs = [new(null, "http", "POST /login password=geheim")],
            }
        );

        Assert.Equal("GET https://shop.example/cart", $"{clean.Request!.Method} {clean.Request.Url}");
        Assert.Equal(["User-Agent"], clean.Request.Headers.Keys);
        Assert.Equal(Scrubber.Gone, clean.Tags["session_id"]);
        Assert.Equal("full", clean.Tags["cart"]);
        Assert.Equal("POST /login password=[scrubbed]", clean.Breadcrumbs[0].Text);
        Assert.Matches("^[0-9a-f]{16}$", clean.User);
    }

    [Fact]
    public void The_same_user_has_the_same_hash_here_and_another_one_elsewhere()
    {
        Assert.Equal(HashOf(1, "ann"), HashOf(1, "ann"));
        Assert.NotEqual(HashOf(1, "ann"), HashOf(1, "bob"));
        Assert.NotEqual(HashOf(1, "ann"), HashOf(2, "ann"));
    }

    private static string? HashOf(byte secret, string user) =>
        new Scrubber([secret])
            .Clean(
                new ErrorEvent
                {
                    Id = "1",
                    At = default,
                    User = user,
                }
            )
            .User;
}
