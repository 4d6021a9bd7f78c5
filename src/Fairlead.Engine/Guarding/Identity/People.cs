using System.Text.Json.Nodes;
using Fairlead.Engine.Deploying;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Security;

namespace Fairlead.Engine.Guarding.Identity;

/// <summary>People in the store, found by id, address and account elsewhere. Each change is a journal entry in the same transaction.</summary>
internal sealed class People(IStore store, Func<Fence> fence)
{
    private const string Collection = "people";
    private const string Emails = "people-emails";
    private const string Accounts = "people-accounts";
    private const int TriesMax = 5;

    /// <summary>Where the journal tells of people and their sign-ins.</summary>
    public static readonly Site Site = new("fairlead", "identity");

    public async Task<Person?> FindAsync(string id, CancellationToken stop) =>
        await store.ReadAsync(Collection, id, stop) is { } known ? Records.Read<Person>(known) : null;

    public Task<Person?> ByEmailAsync(string email, CancellationToken stop) => ByAsync(Emails, email, stop);

    public Task<Person?> ByAccountAsync(ProviderAccount account, CancellationToken stop) =>
        ByAsync(Accounts, KeyOf(account), stop);

    public async Task<IReadOnlyList<Person>> AllAsync(CancellationToken stop) =>
        [.. (await store.ListAsync(Collection, "", stop)).Select(Records.Read<Person>)];

    /// <param name="with">What is written in the same transaction.</param>
    /// <exception cref="ProblemException">Somebody has that address already.</exception>
    public async Task AddAsync(Person person, IReadOnlyList<Write> with, string text, CancellationToken stop)
    {
        try
        {
            await CommitAsync(
                text,
                [
                    new Write(Collection, person.Id, Records.Body(person), 0),
                    new Write(Emails, person.Email, Records.Body(person.Id), 0),
                    .. person.Accounts.Select(one => new Write(Accounts, KeyOf(one), Records.Body(person.Id), 0)),
                    .. with,
                ],
                stop
            );
        }
        catch (ConflictException caught)
        {
            throw new ProblemException(Exists(person.Email), caught);
        }
    }

    /// <summary>Changes somebody, deciding again when another changed them at the same time.</summary>
    /// <param name="change">What they become; null leaves them as they are.</param>
    /// <exception cref="ProblemException">There is no such person.</exception>
    public async Task<Person> ChangeAsync(
        string id,
        Func<Person, Person?> change,
        Func<Person, string> text,
        CancellationToken stop
    )
    {
        for (var tries = 1; ; tries++)
        {
            var document = await store.ReadAsync(Collection, id, stop) ?? throw new ProblemException(Unknown(id));
            var before = Records.Read<Person>(document);
            if (change(before) is not { } after)
            {
                return before;
            }
            try
            {
                await CommitAsync(
                    text(after),
                    [
                        new Write(Collection, id, Records.Body(after), document.Version),
                        .. after.Email == before.Email
                            ? Array.Empty<Write>()
                            :
                            [
                                new Write(Emails, before.Email, null),
                                new Write(Emails, after.Email, Records.Body(id), 0),
                            ],
                        .. after
                            .Accounts.Except(before.Accounts)
                            .Select(one => new Write(Accounts, KeyOf(one), Records.Body(id), 0)),
                        .. before.Accounts.Except(after.Accounts).Select(one => new Write(Accounts, KeyOf(one), null)),
                    ],
                    stop
                );
                return after;
            }
            catch (ConflictException) when (tries < TriesMax) { }
        }
    }

    public Task CommitAsync(string? text, IReadOnlyList<Write> writes, CancellationToken stop) =>
        CommitAsync(text, body: null, writes, stop);

    /// <param name="body">The same as the text, for programs.</param>
    public Task CommitAsync(string? text, JsonObject? body, IReadOnlyList<Write> writes, CancellationToken stop) =>
        store.CommitAsync(
            new Change(fence())
            {
                Entries = text is null ? [] : [new NewEntry(Site, Deployment: null, "identity", text, body)],
                Writes = writes,
            },
            stop
        );

    private async Task<Person?> ByAsync(string index, string key, CancellationToken stop) =>
        await store.ReadAsync(index, key, stop) is { } known
            ? await FindAsync(Records.Read<string>(known), stop)
            : null;

    // A subject may be any text.
    private static string KeyOf(ProviderAccount account) =>
        $"{account.Provider}/{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(account.Subject)))}";

    internal static Problem Unknown(string who) =>
        new(
            "identity.unknown-person",
            $"There is no person '{who}'.",
            "Nobody has that id or address.",
            "See who there is: fairlead person list"
        )
        {
            Trouble = Trouble.NotFound,
        };

    private static Problem Exists(string email) =>
        new(
            "identity.exists",
            What: $"{email} cannot be added.",
            Why: "Somebody with that address can sign in already, or the invitation was used a moment ago.",
            Fix: "See who there is: fairlead person list"
        )
        {
            Trouble = Trouble.Conflict,
        };
}
