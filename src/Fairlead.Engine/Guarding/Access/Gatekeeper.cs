using System.Text.Json.Nodes;
using Fairlead.Engine.Agents;
using Fairlead.Engine.Operations;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Security;

namespace Fairlead.Engine.Guarding.Access;

/// <summary>
/// The one way to an operation for whoever comes from outside: asks whether the caller may, narrows what the body can see to the sites
/// on which it may, writes down who did it, and counts refusals.
/// </summary>
/// <param name="refusals">Where refusals are written; null for nowhere.</param>
public sealed class Gatekeeper(EngineContext engine, RefusalBook? refusals = null)
{
    private static readonly string[] Told = ["id", "name", "deployment", "release", "team", "role", "host", "who"];
    private const int ToldLettersMax = 80;

    /// <exception cref="ProblemException">The caller may not, or the operation could not be done.</exception>
    public async Task<JsonNode> RunAsync(
        Operation operation,
        JsonObject input,
        Principal caller,
        CancellationToken stop
    )
    {
        if (!engine.HasServer)
        {
            return await operation.RunAsync(input, engine with { Caller = caller }, stop);
        }
        var about = operation.AboutOf(input);
        try
        {
            var (standing, reach) = await AdmitAsync(operation, about, caller, stop);
            if (operation.Effect is not Effect.Reads)
            {
                await WriteDownAsync(operation, (input, about), standing, stop);
            }
            return await operation.RunAsync(input, Within(standing, reach), stop);
        }
        catch (ProblemException caught) when (caught.Problem.Trouble is Trouble.NotAllowed)
        {
            await RefusedAsync(caller, $"{operation.Name}{about}", caught.Problem, stop);
            throw;
        }
        catch (ConflictException caught)
        {
            throw new ProblemException(AccessProblems.Overtaken(caught), caught);
        }
    }

    /// <summary>
    /// Whether a caller may ask for an operation, for faces that offer only what can be asked for. Nobody did ask, so nothing is written down;
    /// whoever does ask then passes the gate all the same.
    /// </summary>
    public async Task<bool> MayAsync(Operation operation, JsonObject input, Principal caller, CancellationToken stop)
    {
        try
        {
            await AdmitAsync(operation, operation.AboutOf(input), caller, stop);
            return true;
        }
        catch (ProblemException caught) when (caught.Problem.Trouble is Trouble.NotAllowed or Trouble.NotFound)
        {
            return false;
        }
    }

    /// <summary>Whether a caller has a permission on everything, for faces that offer only what can be had; nothing is written down.</summary>
    public async Task<bool> MayAllAsync(Principal caller, Permission permission, CancellationToken stop)
    {
        var standing = await AccessBook.StandingAsync(engine.Server.Store, caller, stop);
        return standing.Policy.OnAll(standing.Caller, permission).IsAllowed;
    }

    /// <summary>Writes down that somebody was refused; null for somebody unknown.</summary>
    public Task RefusedAsync(Principal? caller, string what, Problem problem, CancellationToken stop) =>
        refusals?.NoteAsync(caller, what, problem, stop) ?? Task.CompletedTask;

    /// <summary>Metrics as a caller may see them, for faces that ask in a language of their own.</summary>
    /// <exception cref="ProblemException">It may see none.</exception>
    public async Task<MetricDesk> MetricsAsync(Principal caller, CancellationToken stop) =>
        (await NarrowedAsync(caller, Permission.Watch, "metrics", stop)).Server.Metrics;

    /// <summary>The server as a caller with this permission on some site may see it, for faces that ask in a language of their own.</summary>
    /// <param name="what">What is asked for, such as <c>metrics</c>.</param>
    /// <exception cref="ProblemException">It has the permission nowhere.</exception>
    public async Task<EngineContext> NarrowedAsync(
        Principal caller,
        Permission permission,
        string what,
        CancellationToken stop
    )
    {
        var standing = await AccessBook.StandingAsync(engine.Server.Store, caller, stop);
        var ruling = standing.Policy.Anywhere(standing.Caller, permission);
        if (!ruling.IsAllowed)
        {
            var problem = AccessProblems.NotAllowed(caller, $"ask for {what}", ruling);
            await RefusedAsync(caller, what, problem, stop);
            throw new ProblemException(problem);
        }
        return Within(standing, standing.ReachOf(permission));
    }

    /// <summary>Asks for a permission on everything, for endpoints that are no operation.</summary>
    /// <exception cref="ProblemException">It has it not.</exception>
    public async Task DemandAllAsync(Principal caller, Permission permission, string what, CancellationToken stop)
    {
        var standing = await AccessBook.StandingAsync(engine.Server.Store, caller, stop);
        var ruling = standing.Policy.OnAll(standing.Caller, permission);
        if (!ruling.IsAllowed)
        {
            var problem = AccessProblems.NotAllowed(caller, what, ruling);
            await RefusedAsync(caller, what, problem, stop);
            throw new ProblemException(problem);
        }
    }

    /// <summary>Asks for a permission on a site, for endpoints that are no operation.</summary>
    /// <exception cref="ProblemException">It has it not there.</exception>
    public async Task DemandAsync(
        (Principal Caller, Permission Permission, Site Site) who,
        string what,
        CancellationToken stop
    )
    {
        var standing = await AccessBook.StandingAsync(engine.Server.Store, who.Caller, stop);
        try
        {
            standing.Demand(who.Permission, who.Site);
        }
        catch (ProblemException caught)
        {
            await RefusedAsync(who.Caller, what, caught.Problem, stop);
            throw;
        }
    }

    /// <summary>Asks for one of several permissions on some site, for endpoints that are no operation.</summary>
    /// <exception cref="ProblemException">It has none of them anywhere.</exception>
    public async Task DemandAnyAsync(
        Principal caller,
        IReadOnlyList<Permission> permissions,
        string what,
        CancellationToken stop
    )
    {
        var standing = await AccessBook.StandingAsync(engine.Server.Store, caller, stop);
        var rulings = permissions.Select(one => standing.Policy.Anywhere(standing.Caller, one)).ToList();
        if (!rulings.Exists(static one => one.IsAllowed))
        {
            var problem = AccessProblems.NotAllowed(caller, what, rulings[0]);
            await RefusedAsync(caller, what, problem, stop);
            throw new ProblemException(problem);
        }
    }

    private async Task<(Standing Standing, Reach Reach)> AdmitAsync(
        Operation operation,
        About about,
        Principal caller,
        CancellationToken stop
    )
    {
        var standing = await AccessBook.StandingAsync(engine.Server.Store, caller, stop);
        if (operation.Needs is not { } need)
        {
            // The owner of the state folder could do it without any server.
            return caller.Kind is PrincipalKind.Owner
                ? (standing, Reach.Everything)
                : throw new ProblemException(AccessProblems.NoPolicy(operation.Name));
        }
        await CheckAgentAsync(operation, caller, stop);
        if (need.Reaches is Reaches.Anybody)
        {
            return (standing, standing.ReachOf(Permission.See));
        }
        var ruling = Rule(standing, need, about);
        return ruling.IsAllowed
            ? (standing, standing.ReachOf(need.Permission))
            : throw new ProblemException(
                AccessProblems.NotAllowed(caller, $"{operation.Name.Replace('.', ' ')}{about}", ruling)
            );
    }

    // Whichever way it comes in: a token of an agent is worth no more at the API than in a conversation.
    private async Task CheckAgentAsync(Operation operation, Principal caller, CancellationToken stop)
    {
        if (caller.Kind is not PrincipalKind.Agent || operation.Effect is Effect.Reads)
        {
            return;
        }
        if (operation.Agents is AgentUse.ByPlan)
        {
            throw new ProblemException(AgentProblems.NeedsPlan(operation.Name.Replace('.', ' ')));
        }
        if (operation.Agents is AgentUse.Freely)
        {
            var book = new AgentBook(engine.Server.Store, () => engine.Server.Conductor.Fence, engine.World);
            if (await book.FreezeAsync(stop) is { } freeze)
            {
                throw new ProblemException(AgentProblems.Frozen(freeze));
            }
        }
    }

    private static AccessAnswer Rule(Standing standing, Need need, About about)
    {
        var (policy, caller) = (standing.Policy, standing.Caller);
        var isAboutAll = need.Reaches is Reaches.Everything || (need.Reaches is Reaches.Named && about.App is null);
        if (isAboutAll)
        {
            return policy.OnAll(caller, need.Permission);
        }
        var anywhere = policy.Anywhere(caller, need.Permission);
        if (!anywhere.IsAllowed || about.App is null)
        {
            return anywhere;
        }
        // What it may not know of is left to the body, which does not find it: as if it were not there.
        var rulings = standing
            .Known.Where(site => about.Fits(site) && standing.Knows(site))
            .Select(site => policy.On(caller, need.Permission, site))
            .ToList();
        return rulings.Count == 0 || rulings.Any(one => one.IsAllowed) ? anywhere : rulings[0];
    }

    private EngineContext Within(Standing standing, Reach reach) =>
        engine with
        {
            Caller = standing.Caller,
            Standing = standing,
            AskAsync = (operation, input, stop) => RunAsync(operation, input, standing.Caller, stop),
            Server = engine.Server.Within(standing, reach),
        };

    // Before it is done: what was done and is not written down would be worse than the other way round.
    private async Task WriteDownAsync(
        Operation operation,
        (JsonObject Input, About About) asked,
        Standing standing,
        CancellationToken stop
    )
    {
        var (input, about) = asked;
        var words = string.Join(
            ' ',
            input
                .Where(one => Told.Contains(one.Key, StringComparer.OrdinalIgnoreCase))
                .Select(one => one.Value)
                .OfType<JsonValue>()
                .Select(value => value.ToString())
                .Select(text => text.Length > ToldLettersMax ? $"{text[..ToldLettersMax]}..." : text)
        );
        var what = $"{operation.Name}{about}{(words.Length == 0 ? "" : $" {words}")}";
        var site = standing.Known.FirstOrDefault(known => about.App is not null && about.Fits(known));
        await engine.Server.Store.CommitAsync(
            new Change(engine.Server.Conductor.Fence)
            {
                Entries =
                [
                    new NewEntry(
                        site ?? AccessBook.Platform,
                        Deployment: null,
                        "act",
                        $"{what}, by {standing.Caller}",
                        new JsonObject { ["operation"] = operation.Name, ["by"] = standing.Caller.Written() }
                    ),
                ],
            },
            stop
        );
    }
}

/// <summary>The app and the environment that an input names.</summary>
public sealed record About(string? App, string? Environment)
{
    public bool Fits(Site site) =>
        (App is null || App == site.App) && (Environment is null || Environment == site.Environment);

    public override string ToString() => App is null ? "" : $" {App}{(Environment is null ? "" : $"/{Environment}")}";
}
