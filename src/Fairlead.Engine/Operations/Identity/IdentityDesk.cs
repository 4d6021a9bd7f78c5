using Fairlead.Engine.Guarding.Identity;
using Fairlead.Model.Ports;
using Fairlead.Model.Security;

namespace Fairlead.Engine.Operations.Identity;

/// <summary>A browser at the door.</summary>
/// <param name="Device">The id that it was given when it signed in before, with whose it is: <c>person/device</c>; null when it never did.</param>
public sealed record Visitor(string Address, string Agent, string? Device = null);

/// <summary>Somebody is signed in.</summary>
/// <param name="Secret">What their browser shall hold.</param>
public sealed record SignedIn(string Secret, Person Person);

/// <summary>Everything about people signing in that the faces may ask for.</summary>
public sealed class IdentityDesk
{
    internal IdentityDesk(IdentityParts parts) =>
        (Parts, SignIn, Account, Invitations, Providers) = (parts, new(parts), new(parts), new(parts), new(parts));

    /// <param name="state">The store, and this server's fence as it is now.</param>
    /// <param name="origin"><inheritdoc cref="Origin" path="/summary"/></param>
    public static IdentityDesk Open(
        (IStore Store, Func<Fence> Fence) state,
        IPasswordHashes hashes,
        ISeal seal,
        Uri origin,
        (World World, Func<string, string?> Variable) around
    )
    {
        var world = around.World;
        var store = state.Store;
        var people = new People(store, state.Fence);
        return new(
            new IdentityParts(store, people, new Sessions(store, people, world), hashes, seal)
            {
                World = world,
                Pace = new SignInPace(world),
                Refusals = new Refusals(world),
            }
        )
        {
            Origin = origin,
            Variable = around.Variable,
        };
    }

    /// <summary>Where people's browsers reach it, such as <c>http://localhost:8077</c>. A passkey is bound to this name.</summary>
    public required Uri Origin { get; init; }

    /// <summary>The server's own environment, for secrets that are given by the name of a variable.</summary>
    public required Func<string, string?> Variable { get; init; }

    public SignInDesk SignIn { get; }

    /// <summary>A link for an invitation. What follows # stays in the browser: no log and no other server ever sees it.</summary>
    internal string LinkFor(string secret) => $"{Origin.GetLeftPart(UriPartial.Authority)}/welcome#{secret}";

    public AccountDesk Account { get; }

    public InvitationDesk Invitations { get; }

    public ProviderDesk Providers { get; }

    internal IdentityParts Parts { get; }
}

/// <summary>What the desks work with.</summary>
internal sealed record IdentityParts(IStore Store, People People, Sessions Sessions, IPasswordHashes Hashes, ISeal Seal)
{
    public required World World { get; init; }

    public required SignInPace Pace { get; init; }

    public required Refusals Refusals { get; init; }

    public async Task<string> OpenSessionAsync(
        Person person,
        (string Way, bool IsProven) how,
        IReadOnlyList<Grant> grants,
        Visitor visitor,
        CancellationToken stop
    ) =>
        await Sessions.OpenAsync(
            new Session(person.Id, how.Way, World.Now)
            {
                SeenAt = World.Now,
                ProvedAt = how.IsProven ? World.Now : null,
                Address = visitor.Address,
                Agent = visitor.Agent,
                Grants = grants,
            },
            $"{person} signed in by {how.Way} from {visitor.Address}",
            stop
        );

    /// <summary>Tells the journal of a refusal, within measure.</summary>
    public Task RefusedAsync(string text, CancellationToken stop) =>
        Refusals.Of(text) is { } told ? People.CommitAsync(told, [], stop) : Task.CompletedTask;
}
