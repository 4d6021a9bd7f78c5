using System.Text.Json.Serialization;

namespace Fairlead.Model.Security;

/// <summary>What kind of caller it is.</summary>
public enum PrincipalKind
{
    /// <summary>Whoever owns this Fairlead's state folder, by its Unix socket or the token in that folder.</summary>
    Owner,

    /// <summary>Somebody who signed in.</summary>
    Person,

    /// <summary>A program with a token of its own, such as a pipeline.</summary>
    Service,

    /// <summary>A program that decides by itself what it does, such as a language model's agent.</summary>
    Agent,
}

/// <summary>Who asks: found out by the door, asked for by everything behind it.</summary>
/// <param name="Id">Never used for another: a person's or token's id; empty for the owner of the state folder.</param>
/// <param name="Name">For people to read.</param>
public sealed record Principal(PrincipalKind Kind, string Id, string Name)
{
    public static Principal Owner { get; } = new(PrincipalKind.Owner, "", "owner");

    /// <summary>What it may do; the owner of the state folder needs none.</summary>
    public IReadOnlyList<Grant> Grants { get; init; } = [];

    /// <summary>Who made its token, and answers for what it does: it may never do more than that one may now. Null for who stands for itself.</summary>
    public Principal? Behind { get; init; }

    /// <summary>The one who answers for it in the end.</summary>
    [JsonIgnore]
    public Principal Answerable => Behind?.Answerable ?? this;

    /// <summary>When it last proved with a passkey or a code, not only a session, that it is who it is; null for never.</summary>
    public DateTimeOffset? ProvedAt { get; init; }

    /// <summary>
    /// The same as a program that decides for itself: it may do what they may, but for what no agent ever gets. The owner's is an operator.
    /// </summary>
    public Principal AsAgent(string name = "conversation") =>
        Kind switch
        {
            PrincipalKind.Agent => this,
            PrincipalKind.Service => this with { Kind = PrincipalKind.Agent },
            PrincipalKind.Person => new(PrincipalKind.Agent, $"{Id}-agent", $"agent of {Name}")
            {
                Grants = Grants,
                Behind = this,
            },
            _ => new(PrincipalKind.Agent, $"local-{name}", $"{name} on this machine")
            {
                Grants = [new("operator")],
                Behind = this,
            },
        };

    public override string ToString() => Kind is PrincipalKind.Owner ? "owner" : $"{Name} ({Id})";
}

/// <summary>A role within a part of all apps and environments.</summary>
/// <param name="Role">Name of a role: viewer, developer, deployer, operator, security, owner, or one of the team's own.</param>
/// <param name="Team">The team whose apps it is about; <c>*</c> for all.</param>
/// <param name="App">One app; <c>*</c> for all of the team's.</param>
/// <param name="Environment">One environment; <c>*</c> for all.</param>
public sealed record Grant(string Role, string Team = "*", string App = "*", string Environment = "*");
