using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Resources;

namespace Fairlead.Drivers.Infrastructure.CloudFormation;

/// <summary>
/// CloudFormation, by its API: plans are change sets, and what was made AWS itself knows. A site is one stack, with another for the
/// certificate of its CDN where that has to be in another region.
/// </summary>
/// <param name="open">AWS as a work's variables say it.</param>
/// <param name="reading">What reads templates.</param>
public sealed class CloudFormationProvisioner(Func<ProvisionWork, IAws> open, TemplateReading reading, World world)
    : IProvisioner
{
    private const string Ours = "fairlead-";
    private const string CertificateParameter = "CdnCertificateArn";
    private const string Everything =
        """{"Statement":[{"Effect":"Allow","Principal":"*","Action":"Update:*","Resource":"*"}]}""";
    private static readonly TimeSpan PlanMax = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan ApplyMax = TimeSpan.FromHours(2);

    private readonly ConcurrentDictionary<Site, bool> entered = new();

    public string Name => "cloudformation";

    // A change set names what changes; the template says the rest, with functions that only AWS resolves.
    public bool SpeaksTerraform => false;

    public bool KeepsState => false;

    public Task<ProvisionPlan> PlanAsync(ProvisionWork work, ProvisionAim aim, CancellationToken stop) =>
        AloneAsync(
            work,
            api =>
                aim switch
                {
                    ProvisionAim.Destroy => DestroyPlanAsync(api, work, stop),
                    ProvisionAim.Drift => new StackDrift(api, reading, world).FindAsync(work, PlanMax, stop),
                    _ => ApplyPlanAsync(api, work, stop),
                },
            stop
        );

    public Task ApplyAsync(ProvisionWork work, string plan, CancellationToken stop) =>
        AloneAsync(
            work,
            async api =>
            {
                var found = false;
                foreach (var part in StackProject.Read(work, reading.Terse))
                {
                    found |= await ExecuteAsync(api, (work, part), plan, stop);
                }
                if (!found)
                {
                    await RemoveAsync(api, work, plan, stop);
                }
                return found;
            },
            stop
        );

    public Task<IReadOnlyList<Provisioned>> ListAsync(ProvisionWork work, CancellationToken stop) =>
        AloneAsync(
            work,
            async api =>
            {
                List<Provisioned> all = [];
                foreach (var part in StackProject.Read(work, reading.Terse))
                {
                    if (await api.FindAsync(part, part.Stack, stop) is { IsEmpty: false })
                    {
                        all.AddRange(await ResourcesAsync(api, part, stop));
                    }
                }
                return (IReadOnlyList<Provisioned>)all;
            },
            stop
        );

    public Task ImportAsync(ProvisionWork work, string address, string id, CancellationToken stop) =>
        throw new ProblemException(StackProblems.NoImport(work.Site, address));

    private async Task<ProvisionPlan> ApplyPlanAsync(StackApi api, ProvisionWork work, CancellationToken stop)
    {
        var id = world.NewId();
        List<PlannedChange> changes = [];
        var certificate = "";
        foreach (var part in StackProject.Read(work, reading.Terse))
        {
            var state = await api.FindAsync(part, part.Stack, stop);
            ThrowIfStuck(part, state);
            var made = await ChangeSetAsync(api, part, (state, id, certificate), stop);
            changes.AddRange(made.Changes.Select(one => one with { Address = $"{part.Prefix}{one.Address}" }));
            certificate = state?.Outputs.GetValueOrDefault(CertificateParameter) ?? certificate;
        }
        return new(id, changes);
    }

    private static async Task<ChangeSetState> ChangeSetAsync(
        StackApi api,
        StackPart part,
        (StackState? State, string Id, string Certificate) with,
        CancellationToken stop
    )
    {
        if (with.State is not null)
        {
            await ForgetPlansAsync(api, part, stop);
        }
        var name = NameOf(part, with.Id);
        var isNew = with.State is null or { IsEmpty: true };
        var asked = StackAnswers.Parameters(await api.AskAsync(part, StackCalls.Summary(part), stop));
        var values = Values(part, asked, isNew ? null : with.State, with.Certificate);
        try
        {
            await api.AskAsync(part, StackCalls.CreateChangeSet(part, name, isNew, values), stop);
        }
        catch (ProblemException caught)
            when (caught.Problem.Why.Contains(ChangeSetState.NoUpdates, StringComparison.Ordinal))
        {
            // Simulators refuse at once what AWS makes and then calls failed.
            return new("FAILED", "UNAVAILABLE", ChangeSetState.NoUpdates, []);
        }
        var made = await api.ChangeSetAsync(part, name, PlanMax, stop);
        if (made is { IsEmpty: true })
        {
            return made with { Changes = [] };
        }
        return made is { IsReady: true }
            ? made
            : throw new ProblemException(
                StackProblems.Failed(part, new("", made?.Status ?? "", made?.Reason ?? "It is gone again."), [])
            );
    }

    /// <summary>
    /// What parameters are given: what the site's files say, else what they have already, else what the template says. An empty word is
    /// one that nobody said.
    /// </summary>
    internal static IReadOnlyList<StackValue> Values(
        StackPart part,
        IReadOnlyList<StackValue> asked,
        StackState? state,
        string certificate
    )
    {
        List<StackValue> values = [];
        List<string> missing = [];
        foreach (var (name, usual) in asked)
        {
            if (name == CertificateParameter && certificate.Length > 0)
            {
                values.Add(new(name, certificate));
            }
            else if (part.Values.GetValueOrDefault(name) is { Length: > 0 } said)
            {
                values.Add(new(name, said));
            }
            else if (state?.Parameters.ContainsKey(name) is true)
            {
                values.Add(new(name, null));
            }
            else if (usual is null)
            {
                missing.Add(name);
            }
        }
        return missing.Count > 0 ? throw new ProblemException(StackProblems.NotSaid(part, missing)) : values;
    }

    // A newer plan takes the place of those before it.
    private static async Task ForgetPlansAsync(StackApi api, StackPart part, CancellationToken stop)
    {
        var all = await api.AllAsync(
            part,
            next => StackCalls.ListChangeSets(part, next),
            StackAnswers.ChangeSets,
            stop
        );
        foreach (var (name, id) in all.Where(static one => one.Name.StartsWith(Ours, StringComparison.Ordinal)))
        {
            await api.TryAsync(StackCalls.DeleteChangeSet(part, id.Length > 0 ? id : name), stop);
        }
    }

    // False when the plan says nothing of this stack.
    private static async Task<bool> ExecuteAsync(
        StackApi api,
        (ProvisionWork Work, StackPart Part) what,
        string plan,
        CancellationToken stop
    )
    {
        var (work, part) = what;
        var name = NameOf(part, plan);
        if (await api.FindAsync(part, part.Stack, stop) is not { } state)
        {
            return false;
        }
        if (await api.ChangeSetAsync(part, name, PlanMax, stop) is not { } changeSet)
        {
            return false;
        }
        if (changeSet.IsEmpty)
        {
            return true;
        }
        if (changeSet.Execution != "AVAILABLE")
        {
            throw new ProblemException(
                StackProblems.Stale(
                    work.Site,
                    plan,
                    $"Its change set is {changeSet.Execution}: it was done, or the stack was changed since."
                )
            );
        }
        ThrowIfStuck(part, state);
        // Whoever asked for the plan was shown what is lost, and said yes: the policy is for everybody else.
        if (part.Policy is not null && !state.IsEmpty && changeSet.Changes.Any(static one => IsHarm(one.Action)))
        {
            await api.AskAsync(part, StackCalls.SetPolicy(part, Everything), stop);
        }
        var seen = await api.SeenAsync(part, state.Id, stop);
        await api.AskAsync(part, StackCalls.ExecuteChangeSet(part, name), stop);
        var (ended, causes) = await api.SettledAsync(part, (state.Id, seen, work.Say), ApplyMax, stop);
        if (part.Policy is { } policy && ended is { IsStillborn: false })
        {
            await api.AskAsync(part, StackCalls.SetPolicy(part, policy), stop);
        }
        return ended?.Status is "CREATE_COMPLETE" or "UPDATE_COMPLETE" or "IMPORT_COMPLETE"
            ? true
            : throw new ProblemException(StackProblems.Failed(part, ended, causes));
    }

    private static bool IsHarm(PlannedAction action) => action is PlannedAction.Replace or PlannedAction.Delete;

    private async Task<ProvisionPlan> DestroyPlanAsync(StackApi api, ProvisionWork work, CancellationToken stop)
    {
        List<PlannedChange> changes = [];
        // What was made last goes first.
        foreach (var part in StackProject.Read(work, reading.Terse).Reverse())
        {
            var state = await api.FindAsync(part, part.Stack, stop);
            if (state is null or { IsEmpty: true })
            {
                continue;
            }
            if (state.IsUnderWay)
            {
                throw new ProblemException(StackProblems.UnderWay(part, state));
            }
            var template = await api.AskAsync(part, StackCalls.Template(part), stop);
            var stays = reading.Kept(StackAnswers.Any(template, "TemplateBody"));
            var resources = await ResourcesAsync(api, part, stop);
            changes.AddRange(resources.Reverse().Select(one => Removed(one, stays, part.Prefix)));
        }
        return new(await DestroyIdAsync(api, work, stop), changes);
    }

    private static PlannedChange Removed(Provisioned one, IReadOnlyDictionary<string, string> stays, string prefix) =>
        stays.GetValueOrDefault(one.Address[prefix.Length..]) switch
        {
            "Retain" => new(one.Address, one.Type, PlannedAction.Forget)
            {
                Reason = $"it stays, and belongs to no stack any more ({one.Id})",
            },
            "Snapshot" => new(one.Address, one.Type, PlannedAction.Delete) { Reason = "a snapshot of it stays" },
            _ => new(one.Address, one.Type, PlannedAction.Delete),
        };

    // The same as long as nobody changes the stacks, so that a plan to remove is done as it was shown or not at all.
    private async Task<string> DestroyIdAsync(StackApi api, ProvisionWork work, CancellationToken stop)
    {
        var text = new StringBuilder("destroy");
        foreach (var part in StackProject.Read(work, reading.Terse))
        {
            var state = await api.FindAsync(part, part.Stack, stop);
            text.Append('\n').Append(state?.Id).Append(' ').Append(state?.Status).Append(' ').Append(state?.Changed);
        }
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())))[..16];
    }

    private async Task RemoveAsync(StackApi api, ProvisionWork work, string plan, CancellationToken stop)
    {
        if (await DestroyIdAsync(api, work, stop) != plan)
        {
            throw new ProblemException(StackProblems.NoPlan(work.Site, plan));
        }
        foreach (var part in StackProject.Read(work, reading.Terse).Reverse())
        {
            if (await api.FindAsync(part, part.Stack, stop) is not { } state)
            {
                continue;
            }
            var seen = await api.SeenAsync(part, state.Id, stop);
            await api.AskAsync(part, StackCalls.Delete(part, plan), stop);
            var (ended, causes) = await api.SettledAsync(part, (state.Id, seen, work.Say), ApplyMax, stop);
            if (ended is not null)
            {
                throw new ProblemException(StackProblems.Failed(part, ended, causes));
            }
        }
    }

    private static async Task<IReadOnlyList<Provisioned>> ResourcesAsync(
        StackApi api,
        StackPart part,
        CancellationToken stop
    )
    {
        var all = await api.AllAsync(part, next => StackCalls.Resources(part, next), StackAnswers.Resources, stop);
        return [.. all.Select(one => one with { Address = $"{part.Prefix}{one.Address}" })];
    }

    private static void ThrowIfStuck(StackPart part, StackState? state)
    {
        if (state is null)
        {
            return;
        }
        if (state.IsUnderWay)
        {
            throw new ProblemException(StackProblems.UnderWay(part, state));
        }
        if (state.IsStillborn)
        {
            throw new ProblemException(StackProblems.Stillborn(part, state));
        }
        if (state.Status == "UPDATE_ROLLBACK_FAILED")
        {
            throw new ProblemException(StackProblems.HalfRolledBack(part, state));
        }
    }

    // Change sets of two stacks have two names, so that no simulator takes one for the other.
    private static string NameOf(StackPart part, string plan) =>
        part.Prefix.Length > 0 ? $"{Ours}{plan}-certificate" : $"{Ours}{plan}";

    private async Task<T> AloneAsync<T>(ProvisionWork work, Func<StackApi, Task<T>> act, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        if (!entered.TryAdd(work.Site, true))
        {
            throw new ProblemException(StackProblems.Entered(work.Site));
        }
        try
        {
            return await act(new(open(work), world));
        }
        finally
        {
            entered.TryRemove(work.Site, out _);
        }
    }
}

/// <summary>Reads templates.</summary>
/// <param name="Kept">Ids of what stays when the stack goes, with <c>Retain</c> or <c>Snapshot</c>.</param>
/// <param name="Terse">The same template in fewer letters.</param>
public sealed record TemplateReading(
    Func<string, IReadOnlyDictionary<string, string>> Kept,
    Func<string, string> Terse
);
