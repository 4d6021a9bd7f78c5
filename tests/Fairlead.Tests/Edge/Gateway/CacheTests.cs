using System.Globalization;
using Fairlead.Model.Apps;
using Fairlead.Roles.Edge.Gateway.Caching;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Fairlead.Tests.Edge.Gateway;

public sealed class CacheTests
{
    private static readonly Address Home = new("https", "h", "/");

    private static readonly DateTimeOffset Now = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("", "fresh 60 swr 10 sie 20")]
    [InlineData("Cache-Control: max-age=5", "fresh 5 swr 10 sie 20 said")]
    [InlineData("Cache-Control: max-age=5, s-maxage=7", "fresh 7 swr 0 sie 0 said")]
    [InlineData("Cache-Control: public, max-age=\"5\", stale-while-revalidate=1", "fresh 5 swr 1 sie 20 said")]
    [InlineData("Cache-Control: max-age=5, must-revalidate", "fresh 5 swr 0 sie 0 said")]
    [InlineData("Cache-Control: max-age=99999999999", "fresh 2147483647 swr 10 sie 20 said")]
    [InlineData("Cache-Control: max-age=-1", "no")]
    [InlineData("Cache-Control: max-age=0", "no")]
    [InlineData("Cache-Control: no-store", "no")]
    [InlineData("Cache-Control: PRIVATE, max-age=60", "no")]
    [InlineData("Cache-Control: no-cache=\"Set-Cookie\", max-age=60", "no")]
    [InlineData("Expires: Mon, 23 Nov 2026 12:01:00 GMT", "fresh 60 swr 10 sie 20 said")]
    [InlineData(
        "Expires: Mon, 23 Nov 2026 12:01:00 GMT|Date: Mon, 23 Nov 2026 12:00:50 GMT",
        "fresh 10 swr 10 sie 20 said"
    )]
    [InlineData("Expires: 0", "no")]
    [InlineData("Expires: Mon, 23 Nov 2026 12:01:00 GMT|Cache-Control: max-age=5", "fresh 5 swr 10 sie 20 said")]
    [InlineData("Set-Cookie: a=b|Cache-Control: public, max-age=60", "no")]
    [InlineData("Vary: Accept, *", "no")]
    [InlineData("Vary: Accept", "fresh 60 swr 10 sie 20")]
    [InlineData("Content-Type: text/event-stream", "no")]
    public void An_answer_is_kept_as_long_as_it_says_or_the_manifest_does(string headers, string expected) =>
        Assert.Equal(expected, Text(200, headers));

    [Theory]
    [InlineData(200, "fresh 60 swr 10 sie 20", "fresh 5 swr 10 sie 20 said")]
    [InlineData(301, "fresh 60 swr 10 sie 20", "fresh 5 swr 10 sie 20 said")]
    [InlineData(404, "no", "fresh 5 swr 10 sie 20 said")]
    [InlineData(302, "no", "no")]
    [InlineData(206, "no", "no")]
    [InlineData(500, "no", "no")]
    public void What_is_kept_depends_on_the_status(int status, string bySilence, string bySaying) =>
        Assert.Equal((bySilence, bySaying), (Text(status, ""), Text(status, "Cache-Control: max-age=5")));

    [Fact]
    public void An_answer_to_someone_with_a_cookie_is_kept_only_if_it_says_so() =>
        Assert.Equal(
            ("no", "fresh 5 swr 10 sie 20 said"),
            (Text(200, "", hadCookie: true), Text(200, "Cache-Control: max-age=5", hadCookie: true))
        );

    [Fact]
    public void Each_variant_is_kept_by_itself_and_names_are_of_any_case()
    {
        var store = new AnswerStore(1 << 20);
        var vary = CacheRules.VaryOf(new() { Vary = ["X-Tenant"] }, "Accept-Language,x-tenant");
        Assert.Equal(["accept-language", "x-tenant"], vary);
        store.Keep(Home, Request("Accept-Language: de"), vary, Answer("de"));
        store.Keep(Home, Request("Accept-Language: en"), vary, Answer("en"));
        Assert.Equal(
            ("de", "en", null),
            (Find(store, "accept-language: de"), Find(store, "Accept-Language: en"), Find(store, "Accept-Language: fr"))
        );
        store.Forget(Home);
        Assert.Null(Find(store, "Accept-Language: de"));
        store.Keep(Home, Request("Accept-Language: en"), vary, Answer("new"));
        Assert.Equal((null, "new"), (Find(store, "Accept-Language: de"), Find(store, "Accept-Language: en")));
    }

    [Fact]
    public void What_is_kept_for_one_scheme_is_not_given_by_the_other_and_a_change_counts_for_both()
    {
        var store = new AnswerStore(1 << 20);
        store.Keep(Home with { Scheme = "http" }, Request(""), [], Answer("go to https"));
        Assert.Null(Find(store, ""));
        store.Keep(Home, Request(""), [], Answer("page"));
        Assert.Equal("page", Find(store, ""));
        store.Forget(Home with { Scheme = "http" });
        Assert.Null(Find(store, ""));
    }

    [Fact]
    public void A_request_whose_answer_is_not_for_keeping_empties_no_other_variant()
    {
        var store = new AnswerStore(1 << 20);
        store.Keep(Home, Request("Accept-Language: de"), ["accept-language"], Answer("de"));
        store.Pass(Home, Request("Accept-Language: xx"), Now.AddSeconds(10));
        Assert.Equal("de", Find(store, "Accept-Language: de"));
        Assert.Equal(
            (true, false, false),
            (
                store.IsPassed(Home, Request("Accept-Language: xx"), Now),
                store.IsPassed(Home, Request("Accept-Language: xx"), Now.AddSeconds(10)),
                store.IsPassed(Home, Request("Accept-Language: de"), Now)
            )
        );
        store.Pass(Home with { Target = "/none" }, Request(""), Now.AddSeconds(10));
        Assert.True(store.IsPassed(Home with { Target = "/none" }, Request("Accept-Language: de"), Now));
    }

    [Fact]
    public void Memory_is_bounded_and_what_is_asked_for_stays()
    {
        var store = new AnswerStore(1 << 20);
        for (var number = 0; number < 1_000; number++)
        {
            store.Keep(Home with { Target = $"/{number}" }, Request(""), [], Answer(new string('x', 10_000)));
            Assert.NotNull(store.Find(Home with { Target = "/0" }, Request("")));
            Assert.InRange(store.Bytes, 0, 1 << 20);
        }
        Assert.Null(store.Find(Home with { Target = "/1" }, Request("")));
        store.Keep(Home with { Target = "/large" }, Request(""), [], Answer(new string('x', 300_000)));
        Assert.Null(store.Find(Home with { Target = "/large" }, Request("")));
    }

    [Theory]
    [InlineData("If-None-Match: \"a\"", true)]
    [InlineData("If-None-Match: W/\"a\", \"b\"", true)]
    [InlineData("If-None-Match: *", true)]
    [InlineData("If-None-Match: \"b\"|If-Modified-Since: Mon, 23 Nov 2026 12:00:00 GMT", false)]
    [InlineData("If-Modified-Since: Mon, 23 Nov 2026 12:00:00 GMT", true)]
    [InlineData("If-Modified-Since: Sun, 22 Nov 2026 12:00:00 GMT", false)]
    [InlineData("If-Modified-Since: yesterday", false)]
    [InlineData("", false)]
    public void Who_has_the_answer_already_is_told_so(string headers, bool isKnown) =>
        Assert.Equal(
            isKnown,
            (
                Answer("x") with
                {
                    Headers = [new("ETag", "\"a\""), new("Last-Modified", "Mon, 23 Nov 2026 11:00:00 GMT")],
                }
            ).IsKnownTo(Request(headers))
        );

    private static string Text(int status, string headers, bool hadCookie = false)
    {
        var policy = new CachePolicy
        {
            Ttl = TimeSpan.FromSeconds(60),
            StaleWhileRevalidate = TimeSpan.FromSeconds(10),
            StaleIfError = TimeSpan.FromSeconds(20),
        };
        return CacheRules.LifetimeOf(policy, status, Request(headers), hadCookie, Now) is { } lifetime
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"fresh {lifetime.Fresh.TotalSeconds} swr {lifetime.WhileRevalidated.TotalSeconds} sie {lifetime.IfError.TotalSeconds}{(lifetime.IsSaid ? " said" : "")}"
            )
            : "no";
    }

    private static string? Find(AnswerStore store, string headers) =>
        store.Find(Home, Request(headers)) is { } answer ? System.Text.Encoding.UTF8.GetString(answer.Body) : null;

    private static StoredAnswer Answer(string body) =>
        new()
        {
            Status = 200,
            Headers = [],
            Body = System.Text.Encoding.UTF8.GetBytes(body),
            Part = "api@1",
            At = Now,
            AgeThen = TimeSpan.Zero,
            Lifetime = new(TimeSpan.FromMinutes(1), TimeSpan.Zero, TimeSpan.Zero, IsSaid: true),
        };

    // "Name: value|Name: value"
    private static HeaderDictionary Request(string headers)
    {
        var dictionary = new HeaderDictionary();
        foreach (var line in headers.Split('|', StringSplitOptions.RemoveEmptyEntries))
        {
            dictionary.Append(line[..line.IndexOf(':')], new StringValues(line[(line.IndexOf(':') + 2)..]));
        }
        return dictionary;
    }
}
