using System.ComponentModel;
using Fairlead.Engine.Deploying;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Operations;

/// <summary>Makes a role of one's own, or changes it for all who have it.</summary>
public static class SetRole
{
    private const int AboutLettersMax = 200;

    public sealed record Input
    {
        [Description("The role's name.")]
        [Positional]
        public required string Name { get; init; }

        [Description(
            "What it may do; often: see, watch, develop, deploy, approve, break-glass, operate, audit, secure, govern."
        )]
        public IReadOnlyList<string> Permission { get; init; } = [];

        [Description("For whom it is, in one line.")]
        public string About { get; init; } = "";
    }

    public static Operation Operation { get; } =
        new Operation<Input, ListRoles.RoleView>(
            "role.set",
            "Make a role of one's own, or change it.",
            Effect.Changes,
            RunAsync
        )
        {
            Examples =
            [
                "fairlead role set releaser --permission see --permission deploy --about 'Deploys, and approves nothing.'",
            ],
            Needs = Need.OfAll(Permission.Govern),
        };

    private static async Task<ListRoles.RoleView> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        Check(input);
        var policy = await AccessBook.PolicyAsync(engine.Server.Store, stop);
        foreach (var permission in input.Permission.Select(Permissions.OfWord).OfType<Permission>())
        {
            // Or whoever has the role could give themselves everything by changing it.
            var ruling = policy.OnAll(engine.Caller, permission);
            if (!ruling.IsAllowed)
            {
                throw new ProblemException(
                    AccessProblems.NotAllowed(engine.Caller, $"give '{permission.Word}' to a role", ruling)
                );
            }
        }
        var known = await engine.Server.Store.ListAsync(AccessBook.Roles, "", stop);
        if (known.Count >= AccessBook.RolesMax && known.All(one => one.Key != input.Name))
        {
            throw new ProblemException(
                AccessProblems.Wrong(
                    "full",
                    "There are too many roles.",
                    $"{AccessBook.RolesMax} are the most.",
                    "fairlead role remove NAME"
                )
            );
        }
        var role = new Role.Kept(input.Name, input.About, [.. input.Permission.Distinct()]);
        await AccessWrites.CommitAsync(
            engine,
            $"role {role.Name} may {string.Join(", ", role.Permissions)}",
            new Write(AccessBook.Roles, role.Name, Records.Body(role)),
            stop
        );
        return ListRoles.Of(role.Read());
    }

    private static void Check(Input input)
    {
        var unknown = input.Permission.Where(word => Permissions.OfWord(word) is null).ToList();
        Problem?[] problems =
        [
            Site.IsName(input.Name)
                ? null
                : AccessProblems.Wrong(
                    "name",
                    $"No role can be called '{input.Name}'.",
                    Names.Why,
                    "Write for example: fairlead role set releaser --permission deploy"
                ),
            Role.BuiltIn.All(role => role.Name != input.Name)
                ? null
                : AccessProblems.Wrong(
                    "built-in",
                    $"The role '{input.Name}' cannot be changed.",
                    "Every Fairlead has it, and means the same by it.",
                    "Choose another name."
                ),
            unknown.Count == 0 && input.Permission.Count > 0
                ? null
                : AccessProblems.Wrong(
                    "permission",
                    unknown.Count == 0 ? "A role needs a permission." : $"There is no permission '{unknown[0]}'.",
                    $"There are: {string.Join(", ", Permissions.All.Select(one => one.Word))}.",
                    "Write for example: fairlead role set releaser --permission deploy"
                ),
            input.About.Length <= AboutLettersMax && !input.About.Any(char.IsControl)
                ? null
                : AccessProblems.Wrong(
                    "about",
                    "This cannot be said of a role.",
                    $"It takes at most {AboutLettersMax} letters on one line.",
                    "Say it shorter."
                ),
        ];
        Problem[] found = [.. problems.OfType<Problem>()];
        if (found.Length > 0)
        {
            throw new ProblemException(found);
        }
    }
}

/// <summary>What a name is.</summary>
internal static class Names
{
    public const string Why =
        "A name has at most 40 lower-case letters, digits and dashes, begins with a letter and does not end with a dash.";
}
