using System.Text;
using Fairlead.Drivers.State;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Resources;

namespace Fairlead.Drivers.Infrastructure.Terraform;

/// <summary>Terraform, and OpenTofu, which is called alike, by the program that is installed on this machine.</summary>
/// <param name="root">Below it is a folder for each site; made when it is first needed.</param>
/// <param name="reading">What reads plans and states.</param>
public sealed class TerraformProvisioner(
    string program,
    string root,
    Sealer sealer,
    TerraformReading reading,
    World world
) : IProvisioner
{
    private static readonly TimeSpan InitMax = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan PlanMax = TimeSpan.FromMinutes(20);
    private static readonly TimeSpan ApplyMax = TimeSpan.FromHours(2);

    private readonly TerraformProgram terraform = new(program, world);

    public string Name => program == "tofu" ? "opentofu" : program;

    public bool SpeaksTerraform => true;

    public bool KeepsState => true;

    public async Task<ProvisionPlan> PlanAsync(ProvisionWork work, ProvisionAim aim, CancellationToken stop)
    {
        using var folder = Enter(work);
        await InitAsync(folder, work, stop);
        string[] words =
        [
            "plan",
            "-json",
            "-input=false",
            $"-out={folder.PlanPath}",
            .. aim switch
            {
                ProvisionAim.Destroy => ["-destroy"],
                ProvisionAim.Drift => ["-refresh-only"],
                _ => Array.Empty<string>(),
            },
        ];
        await DoneAsync(folder, work, (words, PlanMax, $"{work.Site} could not be planned."), stop);
        var shown = await DoneAsync(
            folder,
            work,
            (["show", "-json", folder.PlanPath], PlanMax, $"The plan of {work.Site} could not be read."),
            stop
        );
        var id = folder.PlanId();
        if (aim is not ProvisionAim.Drift)
        {
            folder.KeepPlan();
        }
        return reading.Plan(Encoding.UTF8.GetBytes(shown.Output), id);
    }

    public async Task ApplyAsync(ProvisionWork work, string plan, CancellationToken stop)
    {
        using var folder = Enter(work);
        folder.OpenPlan(work.Site, plan);
        await InitAsync(folder, work, stop);
        await DoneAsync(
            folder,
            work,
            (
                ["apply", "-json", "-input=false", folder.PlanPath],
                ApplyMax,
                $"Not all of the plan of {work.Site} could be done."
            ),
            stop
        );
    }

    public Task<IReadOnlyList<Provisioned>> ListAsync(ProvisionWork work, CancellationToken stop)
    {
        using var folder = Enter(work);
        return Task.FromResult(
            folder.State() is { } state ? reading.State(Encoding.UTF8.GetBytes(state)) : (IReadOnlyList<Provisioned>)[]
        );
    }

    public async Task ImportAsync(ProvisionWork work, string address, string id, CancellationToken stop)
    {
        using var folder = Enter(work);
        await InitAsync(folder, work, stop);
        await DoneAsync(
            folder,
            work,
            (
                ["import", "-input=false", "-no-color", "--", address, id],
                PlanMax,
                $"{address} of {work.Site} could not be taken over."
            ),
            stop
        );
    }

    private TerraformFolder Enter(ProvisionWork work) =>
        TerraformFolder.Enter(Path.Combine(root, work.Site.App, work.Site.Environment, Name), sealer, work);

    // What is there already is used again, so that after the first time this costs a moment.
    private Task<TerraformAnswer> InitAsync(TerraformFolder folder, ProvisionWork work, CancellationToken stop) =>
        DoneAsync(
            folder,
            work,
            (["init", "-json", "-input=false"], InitMax, $"{terraform.Name} could not get ready for {work.Site}."),
            stop
        );

    private async Task<TerraformAnswer> DoneAsync(
        TerraformFolder folder,
        ProvisionWork work,
        (IReadOnlyList<string> Words, TimeSpan Limit, string What) call,
        CancellationToken stop
    )
    {
        var answer = await terraform.RunAsync(folder, work, call.Words, call.Limit, stop);
        if (answer.IsLate)
        {
            throw new ProblemException(TerraformProblems.TimedOut(call.What, call.Limit));
        }
        if (answer.Code == 0)
        {
            return answer;
        }
        var errors = TerraformMessages.Errors(answer.Lines);
        var why = errors.Length > 0 ? errors : Tail(answer);
        if (why.Contains("Saved plan is stale", StringComparison.Ordinal))
        {
            throw new ProblemException(TerraformProblems.Stale(work.Site));
        }
        throw new ProblemException(
            why.Contains("Error acquiring the state lock", StringComparison.Ordinal)
                ? TerraformProblems.StillRunning(work.Site, why)
                : TerraformProblems.Failed(call.What, why, terraform.Name)
        );
    }

    private static string Tail(TerraformAnswer answer) =>
        answer.Lines is { Count: > 0 } lines
            ? string.Join(' ', lines.TakeLast(5))
            : $"It ended with {answer.Code} and said nothing.";
}

/// <summary>Reads what Terraform says of itself.</summary>
/// <param name="Plan">Of <c>terraform show -json</c> and the plan's id.</param>
/// <param name="State">Of a state file.</param>
public sealed record TerraformReading(
    Func<ReadOnlyMemory<byte>, string, ProvisionPlan> Plan,
    Func<ReadOnlyMemory<byte>, IReadOnlyList<Provisioned>> State
);
