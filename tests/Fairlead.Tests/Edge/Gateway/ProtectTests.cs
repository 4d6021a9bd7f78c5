using System.Text;
using Fairlead.Drivers.State;
using Fairlead.Model.Apps;
using Fairlead.Roles.Edge.Gateway.Protecting;
using Microsoft.AspNetCore.Http;
using static Fairlead.Tests.Edge.Gateway.GatewaySample;

namespace Fairlead.Tests.Edge.Gateway;

public sealed class ProtectTests : IDisposable
{
    private static readonly string Hash = PasswordHash.Of("hunter2", "0123456789abcdef"u8);

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Who_knows_the_password_is_let_in_and_the_app_is_told_who_but_not_the_password()
    {
        var edge = Edge();
        var good = await edge.AskAsync("GET /", Basic("anna", "hunter2"), ("Fairlead-User", "root"));
        Assert.Equal("200", Text(good));
        Assert.Equal(("", "anna"), Sent(good));
        Assert.Equal(
            """
            401
            Cache-Control: no-store
            Content-Type: text/plain; charset=utf-8
            WWW-Authenticate: Basic realm="shop", charset="UTF-8"
            """,
            Text(await edge.AskAsync("GET /"))
        );
    }

    [Theory]
    [InlineData("anna", "hunter3")]
    [InlineData("ben", "hunter2")]
    [InlineData("ben", "")]
    [InlineData("", "")]
    public async Task Who_does_not_is_asked_again(string name, string password) =>
        Assert.Equal(401, (await Edge().AskAsync("GET /", Basic(name, password))).Response.StatusCode);

    [Theory]
    [InlineData("Basic")]
    [InlineData("Basic ")]
    [InlineData("Basic ????")]
    [InlineData("Basic YW5uYQ==")]
    [InlineData("Bearer YW5uYTpodW50ZXIy")]
    public async Task What_is_no_name_and_password_is_nobodys(string header) =>
        Assert.Equal(401, (await Edge().AskAsync("GET /", ("Authorization", header))).Response.StatusCode);

    [Fact]
    public async Task Who_guesses_is_slowed_down_and_others_are_not()
    {
        var edge = Edge();
        Assert.Equal(200, (await edge.AskAsync("GET /", Basic("anna", "hunter2"))).Response.StatusCode);
        var statuses = new List<int>();
        for (var guess = 0; guess < 11; guess++)
        {
            statuses.Add((await edge.AskAsync("GET /", Basic("anna", $"{guess}"))).Response.StatusCode);
        }
        Assert.Equal([.. Enumerable.Repeat(401, 10), 429], statuses);
        // What was found good before is not guessing, and neither is another's first try.
        Assert.Equal(200, (await edge.AskAsync("GET /", Basic("anna", "hunter2"))).Response.StatusCode);
        Assert.Equal(401, (await edge.AskAsync("GET / 198.51.100.1", Basic("anna", "x"))).Response.StatusCode);
    }

    [Fact]
    public async Task A_site_that_protects_its_previews_is_open_itself()
    {
        var edge = new GatewaySample(
            new()
            {
                Protect = new()
                {
                    PreviewsOnly = true,
                    Basic = new() { Users = new Dictionary<string, string>() },
                },
            }
        );
        Assert.Equal(200, (await edge.AskAsync("GET /")).Response.StatusCode);
    }

    [Fact]
    public void A_hash_holds_for_its_password_alone()
    {
        Assert.Matches("^pbkdf2\\$600000\\$[A-Za-z0-9_-]{22}\\$[A-Za-z0-9_-]{43}$", Hash);
        Assert.Equal((true, false), (PasswordHash.Holds(Hash, "hunter2"), PasswordHash.Holds(Hash, "hunter3")));
        foreach (var broken in new[] { "", "hunter2", "pbkdf2$", "pbkdf2$0$a$b", Hash[..^1], $"x{Hash}" })
        {
            Assert.False(PasswordHash.IsHash(broken) || PasswordHash.Holds(broken, "hunter2"), broken);
        }
    }

    [Fact]
    public void What_is_sealed_opens_for_its_purpose_alone_and_over_a_restart()
    {
        var person = new Person("1", "anna@example.com", ["ops"], DateTimeOffset.UnixEpoch);
        var text = new Sealer(Path.Combine(folder.Path, "gateway.key")).Seal(person, "session");
        var again = new Sealer(Path.Combine(folder.Path, "gateway.key"));
        Assert.Equal("anna@example.com", again.Open<Person>(text, "session")?.Email);
        Assert.Null(again.Open<Person>(text, "sign-in"));
        Assert.Null(new Sealer(keyFile: null).Open<Person>(text, "session"));
        Assert.DoesNotContain("anna", text, StringComparison.Ordinal);
        for (var place = 0; place < text.Length - 1; place += 7)
        {
            var changed = text.ToCharArray();
            changed[place] = changed[place] == 'A' ? 'B' : 'A';
            Assert.Null(again.Open<Person>(new string(changed), "session"));
        }
        Assert.Null(again.Open<Person>("", "session"));
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite,
            File.GetUnixFileMode(Path.Combine(folder.Path, "gateway.key"))
        );
    }

    [Theory]
    [InlineData("anna@example.com", "", true)]
    [InlineData("ANNA@EXAMPLE.COM", "", true)]
    [InlineData("ben@staff.example", "", true)]
    [InlineData("ben@evil.staff.example", "", false)]
    [InlineData("anna@example.com@evil.example", "", false)]
    [InlineData("ben@example.com", "", false)]
    [InlineData("ben@example.com", "ops", true)]
    [InlineData(null, "ops", true)]
    [InlineData(null, "", false)]
    public void The_manifest_says_who_of_those_who_sign_in_may_come(string? email, string group, bool mayCome)
    {
        var policy = new OidcPolicy
        {
            Issuer = "https://login.example.com",
            ClientId = "shop",
            Emails = ["anna@example.com"],
            Domains = ["staff.example"],
            Groups = ["ops"],
        };
        var person = new Person("1", email, group.Length == 0 ? [] : [group], DateTimeOffset.UnixEpoch);
        Assert.Equal(mayCome, person.IsLetInBy(policy));
        Assert.True(person.IsLetInBy(policy with { Emails = [], Domains = [], Groups = [] }));
    }

    [Theory]
    [InlineData("a=b", "a=b")]
    [InlineData("fairlead-session=x", "")]
    [InlineData("a=b; __Host-fairlead-session=x; c=d; fairlead-sign-in=y", "a=b; c=d")]
    [InlineData("not-fairlead-=1", "not-fairlead-=1")]
    public void The_app_never_sees_our_cookies(string sent, string left)
    {
        IHeaderDictionary headers = new HeaderDictionary { ["Cookie"] = sent };
        Cookies.Strip(headers);
        Assert.Equal(left, headers.Cookie.ToString());
    }

    private static GatewaySample Edge() =>
        new(
            new()
            {
                Protect = new() { Basic = new() { Users = new Dictionary<string, string> { ["anna"] = Hash } } },
                RequestIds = false,
            }
        );

    private static (string, string) Basic(string name, string password) =>
        ("Authorization", $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"{name}:{password}"))}");

    private static (string Authorization, string User) Sent(HttpContext http) =>
        (http.Request.Headers.Authorization.ToString(), http.Request.Headers[BasicGuard.UserHeader].ToString());
}
