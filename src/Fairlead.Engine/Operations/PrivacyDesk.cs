using System.Globalization;
using System.Text.Json.Nodes;
using Fairlead.Engine.Deploying;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Watching.Errors;
using Fairlead.Engine.Watching.Logs;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Security;
using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Operations;

/// <summary>What is held of a person, and what becomes of it when they are erased.</summary>
/// <param name="Place">Where.</param>
/// <param name="Count">How much; null where nobody can count it.</param>
/// <param name="Outcome">erased, kept, ages or ask.</param>
/// <param name="Why">Why it is so, or what to do.</param>
public sealed record Holding(string Place, long? Count, string Outcome, string Why);

/// <summary>Finds one person in everything that Fairlead holds, and takes them out where that can be. May be done twice.</summary>
internal sealed class PrivacyDesk
{
    private const int LettersMin = 3;
    private const int LettersMax = 320;
    private const int PageMax = 10_000;

    // Long enough that all of the past is a few steps.
    private const long LogStep = 1_000L * 24 * 3_600 * 1_000_000_000;

    private readonly EngineContext engine;
    private readonly string subject;

    /// <exception cref="ProblemException">Nobody can be called so.</exception>
    public PrivacyDesk(EngineContext engine, string subject)
    {
        this.engine = engine;
        this.subject = subject.Trim();
        if (
            this.subject.Length is < LettersMin or > LettersMax
            || this.subject.Any(static letter => char.IsControl(letter) || letter is '*')
        )
        {
            throw new ProblemException(
                new Problem(
                    "privacy.subject",
                    What: "Nobody can be found by this.",
                    Why: $"A person is named by an id or an address of {LettersMin} to {LettersMax} letters on one line, without a star.",
                    Fix: "Write for example: fairlead privacy find anna@example.org"
                )
                {
                    Trouble = Trouble.WrongUse,
                }
            );
        }
        Pseudonym = engine.Server.Pseudonyms.Of(this.subject);
    }

    /// <summary>What they are called in evidence.</summary>
    public string Pseudonym { get; }

    private ServerSide Server => engine.Server;

    private Forgetting Forgetting =>
        new(subject, [.. new[] { subject, subject.ToLowerInvariant() }.Distinct().Select(Server.Pseudonyms.UserHash)]);

    /// <summary>Counts; changes nothing.</summary>
    public async Task<IReadOnlyList<Holding>> FindAsync(CancellationToken stop)
    {
        var person = await PersonAsync(stop);
        return
        [
            Erased("errors", await Server.Errors.RewriteAsync(Forgetting.Rewrite, isTrial: true, stop)),
            Erased("people", person is null ? 0 : 1),
            Erased("sessions", person is null ? 0 : (await Sessions.OfAsync(person.Id, stop)).Count),
            Erased("tokens", (await TokensAsync(person, stop)).Count),
            Erased("invitations", (await Invitations.ForAsync(Email, stop)).Count),
            .. await KeptAsync(person, stop),
        ];
    }

    /// <summary>Takes them out of what can be changed, and writes down that it was done.</summary>
    /// <exception cref="ProblemException">They are a person who signs in here, and the caller is no owner or they are the last.</exception>
    public async Task<IReadOnlyList<Holding>> EraseAsync(CancellationToken stop)
    {
        var person = await PersonAsync(stop);
        var tokens = await TokensAsync(person, stop);
        var sessions = person is null ? [] : await Sessions.OfAsync(person.Id, stop);
        var invitations = await Invitations.ForAsync(Email, stop);
        if (person is not null)
        {
            await ForgetAsync(person, stop);
        }
        if (sessions.Count > 0)
        {
            await Sessions.EndAsync(sessions, $"sessions of {Pseudonym} ended: they were erased", stop);
        }
        if (invitations.Count > 0)
        {
            await Invitations.EndAsync(invitations, $"invitations of {Pseudonym} ended: they were erased", stop);
        }
        var errors = await Server.Errors.RewriteAsync(Forgetting.Rewrite, isTrial: false, stop);
        IReadOnlyList<Holding> all =
        [
            Erased("errors", errors),
            Erased("people", person is null ? 0 : 1),
            Erased("sessions", sessions.Count),
            Erased("tokens", tokens.Count),
            Erased("invitations", invitations.Count),
            .. await KeptAsync(person, stop),
        ];
        await Server.Store.CommitAsync(
            new Change(Server.Conductor.Fence)
            {
                Entries = [EntryOf(all)],
                Writes = [.. tokens.Select(static token => new Write(AccessBook.Tokens, token.Id, Body: null))],
            },
            stop
        );
        return all;
    }

    private string Email => subject.ToLowerInvariant();

    private Guarding.Identity.Sessions Sessions => Server.Identity.Parts.Sessions;

    private Identity.InvitationDesk Invitations => Server.Identity.Invitations;

    private async Task<Person?> PersonAsync(CancellationToken stop)
    {
        var people = Server.Identity.Parts.People;
        return await people.FindAsync(subject, stop) ?? await people.ByEmailAsync(Email, stop);
    }

    // Theirs, and those that were made with them: they would stand for nobody.
    private async Task<IReadOnlyList<AccessToken>> TokensAsync(Person? person, CancellationToken stop) =>
        person is null
            ? []
            :
            [
                .. (await new TokenDesk(Server.Store, engine.World).AllAsync(stop)).Where(token =>
                    ListTokens.IsOf(token, new Principal(PrincipalKind.Person, person.Id, person.Name))
                ),
            ];

    // The id stays, so that what they did is still somebody's; nothing says whose.
    private async Task ForgetAsync(Person person, CancellationToken stop)
    {
        var desk = PeopleRules.NeedOwner(engine);
        Person Nobody(Person one) =>
            one with
            {
                Name = Pseudonym,
                Email = $"{Pseudonym}@erased.invalid",
                Grants = [],
                IsDisabled = true,
                SessionsFrom = engine.World.Now,
                Password = null,
                Passkeys = [],
                Authenticator = null,
                RecoveryCodes = [],
                Accounts = [],
            };
        await PeopleRules.KeepAnOwnerAsync(desk, person, Nobody(person), stop);
        await desk.Parts.People.ChangeAsync(person.Id, Nobody, _ => $"{Pseudonym} was erased by {By(person)}", stop);
    }

    // Whoever erases themselves is not named by it.
    private string By(Person? person) =>
        person is not null && engine.Caller.Id == person.Id ? Pseudonym : engine.Caller.ToString();

    private async Task<IReadOnlyList<Holding>> KeptAsync(Person? person, CancellationToken stop) =>
        [
            new(
                "logs",
                await LogsAsync(stop),
                "ages",
                "Logs lie in sealed blocks that are not rewritten: they go when they are old. Mask such values where they are logged."
            ),
            new(
                "traces",
                null,
                "ages",
                "Attributes of traces are not searched for a person: they go when they are old."
            ),
            new(
                "journal",
                await JournalAsync(person, stop),
                "kept",
                "It proves who changed what, and a line that is changed breaks the proof: GDPR article 17(3)(b) and (e), where they hold for you."
            ),
            .. (await Server.Store.ListAsync(LogForwarder.Collection, "", stop))
                .Select(Records.Read<LogForwarding>)
                .Select(static one => Elsewhere($"logs at {one.Url.Host}")),
            .. await AppsAsync(stop),
        ];

    private async Task<long> LogsAsync(CancellationToken stop) =>
        (await Server.LogStore.CountAsync(new LogFilter { Text = subject }, LogStep, stop)).Sum(static one =>
            one.Count
        );

    private async Task<long> JournalAsync(Person? person, CancellationToken stop)
    {
        string[] names = [subject, .. person is null ? Array.Empty<string>() : [person.Id, person.Email]];
        var (found, after) = (0L, 0L);
        while (await Server.Store.ReadJournalAsync(after, filter: null, PageMax, stop) is { Count: > 0 } page)
        {
            found += page.Count(entry =>
                names.Any(name =>
                    entry.Text.Contains(name, StringComparison.OrdinalIgnoreCase) || IsIn(entry.Body, name)
                )
            );
            after = page[^1].Sequence;
        }
        return found;
    }

    private static bool IsIn(JsonNode? node, string name) =>
        node switch
        {
            JsonObject record => record.Any(one => IsIn(one.Value, name)),
            JsonArray list => list.Any(one => IsIn(one, name)),
            JsonValue value => value.TryGetValue<string>(out var text)
                && text.Contains(name, StringComparison.OrdinalIgnoreCase),
            _ => false,
        };

    // What apps keep is in databases that Fairlead does not look into.
    private async Task<IReadOnlyList<Holding>> AppsAsync(CancellationToken stop)
    {
        List<Holding> all = [];
        foreach (var site in (await Sites.AllAsync(Server, stop)).Where(static one => one.Live is not null))
        {
            if (await Server.Errors.ForwardAsync(site.Site, stop) is { } vendor)
            {
                all.Add(Elsewhere($"{site.Site} errors at {vendor.To.Host}"));
            }
            var release = await Sites.ReleaseAsync(Server, site.Site, site.Live!.Value, stop);
            all.AddRange(
                (release.Data ?? []).Select(use => new Holding(
                    $"{site.Site} {use.Service}: {use.Category}",
                    null,
                    "ask",
                    $"Erase it in {use.Service}{(use.Processors.Count == 0 ? "" : $", and tell {string.Join(", ", use.Processors)}")}; it is kept {use.Retention ?? "for a time that nobody says"}."
                ))
            );
        }
        return all;
    }

    private static Holding Elsewhere(string place) =>
        new(place, null, "ask", "They are sent on as they come: have it erased there too.");

    private NewEntry EntryOf(IReadOnlyList<Holding> all)
    {
        var counts = all.Where(static one => one.Count is not null).ToList();
        var by = engine.Caller.ToString().Contains(subject, StringComparison.OrdinalIgnoreCase)
            ? Pseudonym
            : engine.Caller.ToString();
        return new(
            AccessBook.Platform,
            Deployment: null,
            "erased",
            string.Create(
                CultureInfo.InvariantCulture,
                $"{Pseudonym} was erased by {by}: {string.Join(", ", counts.Select(one => string.Create(CultureInfo.InvariantCulture, $"{one.Count} {one.Place} {one.Outcome}")))}"
            ),
            new JsonObject
            {
                ["subject"] = Pseudonym,
                ["by"] = by,
                ["held"] = new JsonArray([
                    .. all.Select(static one => new JsonObject
                    {
                        ["place"] = one.Place,
                        ["count"] = one.Count,
                        ["outcome"] = one.Outcome,
                    }),
                ]),
            }
        );
    }

    private static Holding Erased(string place, long count) => new(place, count, "erased", "");
}
