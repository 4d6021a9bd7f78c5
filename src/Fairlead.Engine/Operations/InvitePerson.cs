using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Guarding.Identity;
using Fairlead.Model.Problems;
using Fairlead.Model.Releases;
using Fairlead.Model.Security;

namespace Fairlead.Engine.Operations;

/// <summary>Invites somebody by a link that is good once.</summary>
public static class InvitePerson
{
    private static readonly TimeSpan Usual = TimeSpan.FromDays(2);
    private static readonly TimeSpan Most = TimeSpan.FromDays(7);

    public sealed record Input
    {
        [Description("Their e-mail address. Left out for the first owner, who chooses one.")]
        [Positional]
        public string? Email { get; init; }

        [Description("Their name; their address when left out.")]
        public string? Name { get; init; }

        [Description(
            "What they may do, such as operator or deployer@shop/storefront/staging; several with commas between."
        )]
        public string? Role { get; init; }

        [Description(
            "Make them an owner, who may do everything. While there is nobody, makes the first owner's link anew."
        )]
        public bool Owner { get; init; }

        [Description("How long the link is good, at most 7d; 2d when left out.")]
        public string? Expires { get; init; }
    }

    /// <param name="Link">Whoever has it comes in: give it to the invitee alone. It is shown now and never again.</param>
    public sealed record Output(string? Email, string Link, DateTimeOffset Expires);

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "person.invite",
            "Invite somebody to sign in, by a link that is good once.",
            Effect.Changes,
            RunAsync
        )
        {
            Examples = ["fairlead person invite ben@example.com --role deployer@shop"],
            Needs = Need.OfAll(Permission.Govern),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var desk = PeopleRules.NeedOwner(engine);
        if (input is { Email: null, Owner: true } && await desk.Invitations.FirstAsync(stop) is { } first)
        {
            return new(null, desk.LinkFor(first), engine.World.Now + TimeSpan.FromHours(1));
        }
        var invitation = Read(input, engine.World.Now);
        return new(
            invitation.Email,
            desk.LinkFor(await desk.Invitations.InviteAsync(invitation, engine.Caller, stop)),
            invitation.ExpiresAt
        );
    }

    private static Invitation Read(Input input, DateTimeOffset now)
    {
        var email = WaysIn.TryEmail(input.Email);
        var time = input.Expires is { } text ? Units.TryParseDuration(text) : Usual;
        List<Problem> findings = [];
        if (email is null)
        {
            findings.Add(Identity.InvitationDesk.BadEmail(input.Email));
        }
        if (time is null || time <= TimeSpan.Zero || time > Most)
        {
            findings.Add(
                Wrong("expires", $"'{input.Expires}' is no time.", "It takes a time up to 7d.", "--expires 2d")
            );
        }
        if (!input.Owner && string.IsNullOrWhiteSpace(input.Role))
        {
            findings.Add(
                Wrong(
                    "role",
                    "It is not said what they may do.",
                    "Nobody may do anything by default.",
                    "--role operator"
                )
            );
        }
        if (findings.Count > 0)
        {
            throw new ProblemException(findings);
        }
        var name = input.Name ?? email!; // Looked at above.
        Identity.AccountDesk.CheckName(name);
        Grant[] grants =
        [
            .. input.Owner ? [new Grant("owner")] : Array.Empty<Grant>(),
            .. PeopleRules.Grants(input.Role ?? ""),
        ];
        return new Invitation(name, email, now + time!.Value) { Grants = grants }; // Looked at above.
    }

    private static Problem Wrong(string name, string what, string why, string fix) =>
        new(
            "identity.bad-invitation",
            what,
            $"--{name}: {why}",
            $"Write for example: fairlead person invite anna@example.org {fix}"
        )
        {
            Trouble = Trouble.WrongUse,
        };
}
