using Fairlead.Engine.Deploying;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Security;

namespace Fairlead.Engine.Operations;

/// <summary>A person or a token, whose grants are kept with it and nowhere else.</summary>
/// <param name="Name">Such as <c>Anna Berg &lt;anna@example.org&gt;</c>.</param>
internal sealed record Grantee(string Id, string Name, IReadOnlyList<Grant> Grants)
{
    private AccessToken? Token { get; init; }

    /// <summary>The token's document; 0 for a person.</summary>
    private int Version { get; init; }

    /// <param name="who">Address or id of a person, or id of a token.</param>
    /// <exception cref="ProblemException">There is nobody like that.</exception>
    public static async Task<Grantee> FindAsync(EngineContext engine, string who, CancellationToken stop)
    {
        if (await engine.Server.Store.ReadAsync(AccessBook.Tokens, who, stop) is { } document)
        {
            return Of(Records.Read<AccessToken>(document)) with { Version = document.Version };
        }
        return Of(await PeopleRules.FindAsync(engine.Server.Identity, who, stop));
    }

    public static async Task<IReadOnlyList<Grantee>> AllAsync(EngineContext engine, CancellationToken stop)
    {
        var people = await engine.Server.Identity.Parts.People.AllAsync(stop);
        var tokens = await engine.Server.Tokens(engine.World).AllAsync(stop);
        return
        [
            .. people.OrderBy(one => one.Email, StringComparer.Ordinal).Select(Of),
            .. tokens.OrderBy(one => one.CreatedAt).Select(Of),
        ];
    }

    /// <param name="change">From the grants of now to those that shall be.</param>
    /// <param name="text">What is done, such as <c>gets viewer of all teams</c>.</param>
    /// <exception cref="ProblemException">It would leave no owner, or it changed meanwhile.</exception>
    public async Task<Grantee> ChangeAsync(
        EngineContext engine,
        Func<IReadOnlyList<Grant>, IReadOnlyList<Grant>> change,
        string text,
        CancellationToken stop
    )
    {
        if (Token is { } token)
        {
            var after = token with { Grants = change(token.Grants) };
            await AccessWrites.CommitAsync(
                engine,
                $"{Name} {text}",
                new Write(AccessBook.Tokens, Id, Records.Body(after), Version),
                stop
            );
            return Of(after);
        }
        var desk = engine.Server.Identity;
        var person = await PeopleRules.FindAsync(desk, Id, stop);
        await PeopleRules.KeepAnOwnerAsync(desk, person, person with { Grants = change(person.Grants) }, stop);
        return Of(
            await desk.Parts.People.ChangeAsync(
                Id,
                one => one with { Grants = change(one.Grants) },
                one => $"{one} {text}, by {engine.Caller}",
                stop
            )
        );
    }

    private static Grantee Of(Person person) => new(person.Id, person.ToString(), person.Grants);

    private static Grantee Of(AccessToken token) =>
        new(token.Id, $"token {token.Id} ({token.Name})", token.Grants) { Token = token };
}
