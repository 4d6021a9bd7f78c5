using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Model.Apps;
using Fairlead.Model.Problems;
using Fairlead.Model.Security;

namespace Fairlead.Engine.Operations;

/// <summary>Answers "may X do Y on Z, and why".</summary>
public static class CheckAccess
{
    public sealed record Input
    {
        [Description("E-mail address or id of a person, or id of a token; yourself when left out.")]
        [Positional]
        public string? Who { get; init; }

        [Description("One permission, such as deploy; all of them when left out.")]
        public string? Permission { get; init; }

        [Description("On this app; on everything when left out.")]
        public string? OnlyApp { get; init; }

        [Description("In this environment; production when left out.")]
        public string OnlyEnvironment { get; init; } = "production";
    }

    public sealed record Output(string Who, string On, IReadOnlyList<Answer> Answers);

    public sealed record Answer(string Permission, bool May, string Because);

    public static Operation Operation { get; } =
        new Operation<Input, Output>("access.check", "Say who may do what, and why.", Effect.Reads, RunAsync)
        {
            Examples =
            [
                "fairlead access check",
                "fairlead access check ana@example.com --permission deploy --only-app shop",
            ],
            Needs = Need.Anybody,
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var store = engine.Server.Store;
        var policy = await AccessBook.PolicyAsync(store, stop);
        var who = engine.Caller;
        if (input.Who is { } id && id != who.Id)
        {
            // About oneself anybody may know; about others, who may audit.
            var ruling = policy.OnAll(engine.Caller, Guarding.Access.Permission.Audit);
            who = ruling.IsAllowed
                ? await FindAsync(engine, id, stop)
                : throw new ProblemException(
                    AccessProblems.NotAllowed(engine.Caller, "look into others' access", ruling)
                );
        }
        var asked = input.Permission is { } word
            ? [Permissions.OfWord(word) ?? throw new ProblemException(Unknown(word))]
            : Permissions.All;
        var site = input.OnlyApp is { } app ? new Site(app, input.OnlyEnvironment) : null;
        return new(
            who.ToString(),
            site?.ToString() ?? "everything",
            [
                .. asked
                    .Select(permission =>
                        (
                            permission,
                            Answer: site is null ? policy.OnAll(who, permission) : policy.On(who, permission, site)
                        )
                    )
                    .Select(one => new Answer(one.permission.Word, one.Answer.IsAllowed, one.Answer.Because)),
            ]
        );
    }

    private static async Task<Principal> FindAsync(EngineContext engine, string who, CancellationToken stop)
    {
        if (await engine.Server.Tokens(engine.World).PrincipalAsync(who, stop) is { } token)
        {
            return token;
        }
        var person = await PeopleRules.FindAsync(engine.Server.Identity, who, stop);
        return await engine.Server.Identity.SignIn.PrincipalAsync(person.Id, stop)
            ?? new Principal(PrincipalKind.Person, person.Id, person.Name);
    }

    private static Problem Unknown(string word) =>
        AccessProblems.Wrong(
            "permission",
            $"There is no permission '{word}'.",
            $"There are: {string.Join(", ", Permissions.All.Select(one => one.Word))}.",
            "Write for example: fairlead access check --permission deploy --only-app shop"
        );
}
