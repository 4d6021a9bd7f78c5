using Fairlead.Drivers.Passwords;
using Fairlead.Drivers.State;
using Fairlead.Engine.Operations.Identity;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Security;
using Fairlead.Tests.Fakes;
using Microsoft.Extensions.Time.Testing;

namespace Fairlead.Tests.Guarding.Identity;

/// <summary>People, from their invitation to the end of their session.</summary>
public sealed class IdentityDeskTests
{
    private const string Word = "tall ships need wind";
    private static readonly Visitor Here = new("10.0.0.1", "Firefox");

    private readonly FakeTimeProvider clock = new(DateTimeOffset.FromUnixTimeSeconds(1_800_000_000));
    private readonly MemoryStore store;
    private readonly IdentityDesk desk;

    public IdentityDeskTests()
    {
        var world = new World(clock, new Random(1));
        store = new(world);
        desk = IdentityDesk.Open(
            (store, () => store.Highest),
            new Argon2Passwords(memory: 64, passes: 1),
            new KeyFileSeal(new Sealer(keyFile: null)),
            new Uri("http://localhost:8077"),
            (world, _ => null)
        );
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_first_owner_comes_once_and_then_nobody_comes_that_way()
    {
        var link = await desk.Invitations.FirstAsync(Stop);
        var anna = await AcceptAsync(link, "anna@example.org");

        Assert.Equal([new Grant("owner")], anna.Person.Grants);
        Assert.Equal(PrincipalKind.Person, (await desk.SignIn.KnowAsync(anna.Secret, Stop))!.Kind);
        Assert.Equal("identity.no-invitation", await CodeAsync(() => AcceptAsync(link, "eve@example.org")));
        Assert.Null(await desk.Invitations.FirstAsync(Stop));
    }

    [Fact]
    public async Task A_first_link_is_replaced_by_a_newer_one_and_too_old_after_an_hour()
    {
        var first = await desk.Invitations.FirstAsync(Stop);
        var second = await desk.Invitations.FirstAsync(Stop);

        Assert.Equal("identity.no-invitation", await CodeAsync(() => AcceptAsync(first, "eve@example.org")));
        clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal("identity.no-invitation", await CodeAsync(() => AcceptAsync(second, "anna@example.org")));
    }

    [Fact]
    public async Task An_invitation_is_for_the_invitee_whatever_they_say()
    {
        await OwnerAsync();
        var bert = new Invitation("Bert", "bert@example.org", clock.GetUtcNow() + TimeSpan.FromDays(1))
        {
            Grants = [new Grant("viewer", "shop")],
        };
        var link = await desk.Invitations.InviteAsync(bert, Principal.Owner, Stop);
        var came = await AcceptAsync(link, "eve@example.org");

        Assert.Equal(("Bert", "bert@example.org"), (came.Person.Name, came.Person.Email));
        Assert.Equal([new Grant("viewer", "shop")], came.Person.Grants);
    }

    [Fact]
    public async Task No_secret_of_anybody_is_in_the_store_or_the_journal()
    {
        var link = await desk.Invitations.FirstAsync(Stop);
        var anna = await AcceptAsync(link, "anna@example.org");
        var (otp, _) = await desk.Account.BeginAuthenticatorAsync(anna.Secret, Stop);

        var kept = string.Join(
            '\n',
            new[] { "people", "sessions", "invitations" }
                .SelectMany(store.All)
                .Select(one => one.Body.ToJsonString())
                .Concat(store.Journal.Select(one => one.Text))
        );
        Assert.DoesNotContain(link!, kept);
        Assert.DoesNotContain(anna.Secret, kept);
        Assert.DoesNotContain(Word, kept);
        Assert.DoesNotContain(otp.Split("secret=")[1].Split('&')[0], kept);
        Assert.Contains("$argon2id$", kept);
    }

    [Fact]
    public async Task A_wrong_password_and_an_unknown_address_are_told_the_same()
    {
        await OwnerAsync();
        async Task<string> SaidAsync(string email, string password) =>
            (
                await Assert.ThrowsAsync<ProblemException>(() =>
                    desk.SignIn.ByPasswordAsync((email, password, null), Here, Stop)
                )
            ).Problem.ToString();

        Assert.Equal(await SaidAsync("anna@example.org", "wrong"), await SaidAsync("nobody@example.org", "wrong"));
        Assert.Equal(await SaidAsync("anna@example.org", "wrong"), await SaidAsync("\0", ""));
    }

    [Fact]
    public async Task A_session_ends_when_it_idles_for_12_hours_and_after_7_days_however_busy()
    {
        var anna = await OwnerAsync();
        clock.Advance(TimeSpan.FromHours(11.9));
        Assert.NotNull(await desk.SignIn.KnowAsync(anna.Secret, Stop));
        for (var hours = 11.9; hours < 167; hours += 8)
        {
            clock.Advance(TimeSpan.FromHours(8));
            _ = await desk.SignIn.KnowAsync(anna.Secret, Stop);
        }
        Assert.Null(await desk.SignIn.KnowAsync(anna.Secret, Stop));

        var again = (await desk.SignIn.ByPasswordAsync(("anna@example.org", Word, null), Here, Stop))!;
        clock.Advance(TimeSpan.FromHours(12));
        Assert.Null(await desk.SignIn.KnowAsync(again.Secret, Stop));
    }

    [Fact]
    public async Task A_new_password_ends_every_session_but_gives_this_browser_a_new_one()
    {
        var anna = await OwnerAsync();
        var other = (await desk.SignIn.ByPasswordAsync(("anna@example.org", Word, null), Here, Stop))!;
        clock.Advance(TimeSpan.FromSeconds(1));
        var after = await desk.Account.SetPasswordAsync(anna.Secret, "small boats like calm", Here, Stop);

        Assert.Null(await desk.SignIn.KnowAsync(anna.Secret, Stop));
        Assert.Null(await desk.SignIn.KnowAsync(other.Secret, Stop));
        Assert.NotNull(await desk.SignIn.KnowAsync(after.Secret, Stop));
    }

    [Fact]
    public async Task The_last_way_in_stays()
    {
        var anna = await OwnerAsync();

        Assert.Equal(
            "identity.last-way-in",
            await CodeAsync(() => desk.Account.RemovePasswordAsync(anna.Secret, Stop))
        );
        await desk.Account.AddPasskeyAsync(anna.Secret, new("AAAA", "Laptop", "AAAA", 0, clock.GetUtcNow()), Stop);
        await desk.Account.RemovePasswordAsync(anna.Secret, Stop);
        Assert.Equal(
            "identity.last-way-in",
            await CodeAsync(() => desk.Account.RemovePasskeyAsync(anna.Secret, "AAAA", Stop))
        );
    }

    [Fact]
    public async Task Ways_to_sign_in_change_only_after_a_fresh_proof()
    {
        var anna = await OwnerAsync();
        clock.Advance(TimeSpan.FromMinutes(10));

        Assert.Equal(
            "identity.prove-first",
            await CodeAsync(() => desk.Account.SetPasswordAsync(anna.Secret, "small boats like calm", Here, Stop))
        );
    }

    [Fact]
    public async Task A_password_proves_who_acts_only_where_nothing_stronger_is_there()
    {
        var anna = await AcceptAsync(await desk.Invitations.FirstAsync(Stop), "anna@example.org");
        Task ProveAsync(string word) => desk.SignIn.ProveByPasswordAsync(anna.Secret, word, Here, Stop);
        Assert.Null((await desk.SignIn.KnowAsync(anna.Secret, Stop))!.ProvedAt);
        Assert.Equal("identity.wrong", await CodeAsync(() => ProveAsync("another word entirely")));
        Assert.Null((await desk.SignIn.KnowAsync(anna.Secret, Stop))!.ProvedAt);
        await ProveAsync(Word);
        Assert.Equal(clock.GetUtcNow(), (await desk.SignIn.KnowAsync(anna.Secret, Stop))!.ProvedAt);

        var (link, made) = await desk.Account.BeginAuthenticatorAsync(anna.Secret, Stop);
        await desk.Account.AddAuthenticatorAsync(anna.Secret, made, Code(link), Stop);
        Assert.Equal("identity.stronger-proof", await CodeAsync(() => ProveAsync(Word)));
    }

    [Fact]
    public async Task A_proof_by_password_is_guessed_no_faster_than_a_sign_in()
    {
        var anna = await AcceptAsync(await desk.Invitations.FirstAsync(Stop), "anna@example.org");
        var said = new List<string>();
        for (var turn = 0; turn < 12; turn++)
        {
            said.Add(
                await CodeAsync(() => desk.SignIn.ProveByPasswordAsync(anna.Secret, $"guess number {turn}", Here, Stop))
            );
        }
        Assert.Equal("identity.slow", said[^1]);
        Assert.Equal(
            "identity.slow",
            await CodeAsync(() => desk.SignIn.ProveByPasswordAsync(anna.Secret, Word, Here, Stop))
        );
    }

    [Fact]
    public async Task With_an_authenticator_a_code_is_asked_for_and_good_once()
    {
        var anna = await OwnerAsync();
        var (link, made) = await desk.Account.BeginAuthenticatorAsync(anna.Secret, Stop);
        var codes = await desk.Account.AddAuthenticatorAsync(anna.Secret, made, Code(link), Stop);
        Task<SignedIn?> Try(string? code) => desk.SignIn.ByPasswordAsync(("anna@example.org", Word, code), Here, Stop);

        Assert.Null(await Try(null));
        // The code that it was added with is used.
        Assert.Equal("identity.wrong", await CodeAsync(() => Try(Code(link))));
        clock.Advance(TimeSpan.FromSeconds(30));
        var signedIn = await Try(Code(link));
        Assert.NotNull((await desk.SignIn.KnowAsync(signedIn!.Secret, Stop))!.ProvedAt);
        Assert.Equal("identity.wrong", await CodeAsync(() => Try(Code(link))));
        Assert.NotNull(await Try(codes[0]));
        Assert.Equal("identity.wrong", await CodeAsync(() => Try(codes[0])));
    }

    [Fact]
    public async Task A_provider_lets_in_whom_it_verified_and_a_group_vouches_for()
    {
        await OwnerAsync();
        var provider = new IdentityProvider("corp", "https://login.example.org", "fairlead")
        {
            Groups = [new GroupGrant("dev", new Grant("deployer", "shop"))],
        };
        Task<SignedIn> Come(string subject, string? email, params string[] groups) =>
            desk.Providers.SignInAsync(provider, new(subject, "Cleo", email, groups), Here, Stop);

        Assert.Equal("identity.not-invited", await CodeAsync(() => Come("1", "cleo@example.org")));
        Assert.Equal("identity.not-invited", await CodeAsync(() => Come("1", null, "dev")));
        var cleo = await Come("1", "cleo@example.org", "dev");
        Assert.Equal([new Grant("deployer", "shop")], (await desk.SignIn.KnowAsync(cleo.Secret, Stop))!.Grants);
        // What a group gives ends with the session.
        var later = await Come("1", "cleo@example.org");
        Assert.Empty((await desk.SignIn.KnowAsync(later.Secret, Stop))!.Grants);
        Assert.Equal(cleo.Person.Id, later.Person.Id);
        // The owner is known by the address that it verified.
        Assert.Equal("anna@example.org", (await Come("2", "anna@example.org")).Person.Email);
    }

    private Task<SignedIn> OwnerAsync() => FirstAsync("anna@example.org");

    private async Task<SignedIn> FirstAsync(string email) =>
        await AcceptAsync(await desk.Invitations.FirstAsync(Stop), email);

    private Task<SignedIn> AcceptAsync(string? link, string email) =>
        desk.Invitations.AcceptAsync(link, ("0a1b" + email, "Anna", email), new(Word, null), Here, Stop);

    // As an authenticator app does it.
    private string Code(string link)
    {
        var letters = link.Split("secret=")[1].Split('&')[0];
        var bits = string.Concat(
            letters.Select(one => Convert.ToString("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".IndexOf(one), 2).PadLeft(5, '0'))
        );
        var seed = bits.Chunk(8)
            .Where(one => one.Length == 8)
            .Select(one => Convert.ToByte(new string(one), 2))
            .ToArray();
        return Fairlead.Engine.Guarding.Identity.Totp.CodeAt(
            seed,
            Fairlead.Engine.Guarding.Identity.Totp.StepAt(clock.GetUtcNow())
        );
    }

    private static async Task<string> CodeAsync(Func<Task> act) =>
        (await Assert.ThrowsAsync<ProblemException>(act)).Problem.Code;
}
