using System.Text.Json.Nodes;
using Fairlead.Model.Agents;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Operations.Agents;

/// <summary>What a walk is about.</summary>
/// <param name="Folder">With the fairlead.yaml; null to look after what is live, and deploy nothing.</param>
/// <param name="Wait">How long it waits for a person to approve.</param>
public sealed record SpecialistOrder(string App, string Environment, string? Folder, TimeSpan Wait);

/// <summary>
/// The deployment specialist without a model: walks the phases in their order, does what is safe, asks for what needs a person, and
/// writes down what it saw. It asks for the same operations as every agent, as an agent.
/// </summary>
public sealed partial class Specialist(SpecialistOrder order, AskOperation ask, World world, Action<string> say)
{
    private const int LinesMax = 12;
    private static readonly TimeSpan FollowMax = TimeSpan.FromHours(3);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private readonly List<SpecialistPhase> phases = [];
    private string? deployment;
    private string? ended;
    private JsonNode? plan;
    private JsonNode? incident;
    private JsonNode? shown;

    private int? Number => incident?["incident"]?.GetValue<int>();

    private JsonObject Site => new() { ["app"] = order.App, ["environment"] = order.Environment };

    private JsonObject App => new() { ["app"] = order.App };

    public async Task<SpecialistRecord> RunAsync(CancellationToken stop)
    {
        var began = world.Now;
        await BeforeAsync(stop);
        await DeployAsync(stop);
        await AfterAsync(stop);
        await IncidentAsync(stop);
        return new(order.App, order.Environment, began, world.Now, phases);
    }

    private async Task BeforeAsync(CancellationToken stop)
    {
        await PhaseAsync("before", "prepare", look => PrepareAsync(look, stop), stop);
        await PhaseAsync("before", "provision", look => ProvisionAsync(look, stop), stop);
        await PhaseAsync("before", "secure", look => SecureAsync(look, stop), stop);
        await PhaseAsync("before", "monitor", look => MonitorsAsync(look, stop), stop);
    }

    private async Task DeployAsync(CancellationToken stop)
    {
        await PhaseAsync("deployment", "validate", look => ValidateAsync(look, stop), stop);
        await PhaseAsync("deployment", "deploy", look => ApplyAsync(look, stop), stop);
        await PhaseAsync("deployment", "check", look => FollowAsync(look, stop), stop);
        await PhaseAsync("deployment", "shift", look => ShiftAsync(look, stop), stop);
    }

    private async Task AfterAsync(CancellationToken stop)
    {
        await PhaseAsync("after", "validate monitoring", look => MonitorsAsync(look, stop), stop);
        await PhaseAsync("after", "validate performance", look => ValidatePerformanceAsync(look, stop), stop);
        await PhaseAsync("after", "acceptance", look => AcceptanceAsync(look, stop), stop);
        await PhaseAsync("after", "documentation", look => DocumentationAsync(look, stop), stop);
    }

    private async Task IncidentAsync(CancellationToken stop)
    {
        await PhaseAsync("incident", "detect", look => DetectAsync(look, stop), stop);
        await PhaseAsync("incident", "assess", look => AssessAsync(look, stop), stop);
        await PhaseAsync("incident", "decide", look => DecideAsync(look, stop), stop);
        await PhaseAsync("incident", "communicate", look => CommunicateAsync(look, stop), stop);
    }

    private async Task PhaseAsync(string stage, string phase, Func<Look, Task> body, CancellationToken stop)
    {
        var look = new Look(ask);
        try
        {
            await body(look);
        }
        catch (ProblemException caught)
        {
            if (caught.Problem.Trouble is Trouble.NotAllowed)
            {
                look.Ask($"{caught.Problem.What} {caught.Problem.Fix}");
            }
            else if (caught.Problem.Trouble is Trouble.NotFound)
            {
                look.Nothing($"{caught.Problem.What} {caught.Problem.Why}");
            }
            else
            {
                look.Fail($"{caught.Problem.What} {caught.Problem.Why}");
                look.Ask(caught.Problem.Fix);
            }
        }
        stop.ThrowIfCancellationRequested();
        var done = look.Make(stage, phase);
        phases.Add(done);
        say($"{phase}: {done.Result.ToString().ToLowerInvariant()}");
    }

    /// <summary>What a phase sees, with what it saw it by.</summary>
    private sealed class Look(AskOperation ask)
    {
        private readonly List<string> found = [];
        private readonly List<string> evidence = [];
        private string? asks;
        private PhaseResult result = PhaseResult.Done;

        public async Task<JsonNode> AskAsync(string operation, JsonObject input, CancellationToken stop)
        {
            Evidence($"fairlead {operation.Replace('.', ' ')}");
            return await ask(operation, input, stop);
        }

        public void Evidence(string what)
        {
            if (!evidence.Contains(what))
            {
                evidence.Add(what);
            }
        }

        public void Say(string line) => found.Add(PlainText.Of(line, 400));

        public void Fail(string line)
        {
            Say(line);
            result = PhaseResult.Failed;
        }

        public void Nothing(string line)
        {
            Say(line);
            result = PhaseResult.Nothing;
        }

        public void Ask(string what)
        {
            asks = asks is null ? what : $"{asks}; {what}";
            result = result is PhaseResult.Failed ? result : PhaseResult.Asks;
        }

        public SpecialistPhase Make(string stage, string phase) =>
            new(stage, phase, result, found, evidence.Count == 0 ? ["nothing had to be asked"] : evidence, asks);
    }
}
