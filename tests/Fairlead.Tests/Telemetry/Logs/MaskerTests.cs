using System.Globalization;
using CsCheck;
using Fairlead.Engine.Watching.Logs;
using Fairlead.Model.Telemetry;

namespace Fairlead.Tests.Telemetry.Logs;

/// <summary>Secrets do not get through, and what is none stays.</summary>
public sealed class MaskerTests
{
    private readonly Masker masker = Masker.Of(["s3cr3t-of-the-shop", "short"]);

    [Theory]
    [InlineData("the key is s3cr3t-of-the-shop.", "the key is ***.")]
    [InlineData("short words stay", "short words stay")]
    [InlineData("Authorization: Bearer abcdef0123456789", "Authorization: Bearer ***")]
    [InlineData("Authorization: Basic dXNlcjpwYXNzd29yZA==", "Authorization: Basic ***")]
    [InlineData("a basic explanation of things", "a basic explanation of things")]
    [InlineData(
        "jwt eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U end",
        "jwt *** end"
    )]
    [InlineData("key AKIAIOSFODNN7EXAMPLE used", "key AKIA*** used")]
    [InlineData("postgres://shop:hunter2@db:5432/shop", "postgres://shop:***@db:5432/shop")]
    [InlineData("redis://:hunter2@cache:6379", "redis://:***@cache:6379")]
    [InlineData("https://shop.example:8443/a@b", "https://shop.example:8443/a@b")]
    [InlineData("login password=hunter2 ok", "login password=*** ok")]
    [InlineData("""{"password": "hunter2", "user": "a"}""", """{"password": "***", "user": "a"}""")]
    [InlineData("""{\"client_secret\":\"hunter2\"}""", """{\"client_secret\":\"***\"}""")]
    [InlineData("api-key: 12345&x=1", "api-key: ***&x=1")]
    [InlineData("used 512 tokens: fine", "used 512 tokens: fine")]
    [InlineData("pushed with ghp_abcdefghijklmnopqrstuvwxyz0123456789", "pushed with ghp_***")]
    [InlineData("card 4111 1111 1111 1111 charged", "card ****1111 charged")]
    [InlineData("card 4111-1111-1111-1111.", "card ****1111.")]
    [InlineData("card 378282246310005 charged", "card ****0005 charged")]
    [InlineData("card 4111111111111112 charged", "card 4111111111111112 charged")]
    [InlineData("order-4111111111111111 shipped", "order-4111111111111111 shipped")]
    [InlineData("at 1767225600000000000 ns", "at 1767225600000000000 ns")]
    [InlineData("trace 0af7651916cd43dd8448eb211c80319c", "trace 0af7651916cd43dd8448eb211c80319c")]
    [InlineData(
        "-----BEGIN RSA PRIVATE KEY-----\nMIIE\nabc\n-----END RSA PRIVATE KEY-----\nafter",
        "-----BEGIN RSA PRIVATE KEY----- ***\nafter"
    )]
    [InlineData("-----BEGIN PRIVATE KEY-----\nMIIEvQ", "-----BEGIN PRIVATE KEY----- ***")]
    [InlineData("GET /cart 200 in 12 ms", "GET /cart 200 in 12 ms")]
    public void Secrets_are_hidden_and_nothing_else(string text, string expected) =>
        Assert.Equal(expected, masker.Masked(text));

    [Theory]
    [InlineData("password", "x", "***")]
    [InlineData("http.request.header.authorization", "x", "***")]
    [InlineData("user.apiKey", "x", "***")]
    [InlineData("accessToken", "x", "***")]
    [InlineData("token", "x", "***")]
    [InlineData("tokens", "17", "17")]
    [InlineData("user", "postgres://a:b@c", "postgres://a:***@c")]
    [InlineData("password", "", "")]
    public void A_field_is_hidden_by_its_name_too(string name, string value, string expected) =>
        Assert.Equal(new LogField(name, expected), masker.Masked(new LogField(name, value)));

    [Fact]
    public void A_text_without_secrets_is_not_even_copied()
    {
        const string Text = "GET /cart 200 in 12 ms, 3 items of 4";
        Assert.Same(Text, masker.Masked(Text));
    }

    [Fact]
    public void A_known_secret_never_gets_through() =>
        Gen.Select(Gen.String, Gen.String)
            .Sample(
                (before, behind) =>
                    !masker.Masked(before + "s3cr3t-of-the-shop" + behind).Contains("s3cr3t-of-the-shop")
            );

    [Fact]
    public void Any_card_is_found_among_any_words() =>
        Gen.Select(Gen.Int[0, 999_999_999], Gen.Int[0, 3])
            .Sample(
                (number, gap) =>
                {
                    var card = WithCheckDigit("411111" + number.ToString("d9", CultureInfo.InvariantCulture));
                    var shown =
                        gap == 0
                            ? card
                            : string.Join(gap == 1 ? ' ' : '-', card.Chunk(4).Select(four => new string(four)));
                    Assert.Equal($"paid with ****{card[^4..]} today", masker.Masked($"paid with {shown} today"));
                }
            );

    private static string WithCheckDigit(string digits)
    {
        var sum = digits
            .Reverse()
            .Select((digit, place) => place % 2 == 0 ? (digit - '0') * 2 : digit - '0')
            .Sum(value => value > 9 ? value - 9 : value);
        return digits + ((10 - (sum % 10)) % 10).ToString(CultureInfo.InvariantCulture);
    }
}
