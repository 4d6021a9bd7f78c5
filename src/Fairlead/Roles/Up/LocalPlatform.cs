using System.Text.Json;
using System.Text.Json.Nodes;
using Fairlead.Drivers.Shell;
using Fairlead.Drivers.State;
using Fairlead.Engine.Operations;
using Fairlead.Faces.Cli;
using Fairlead.Model.Problems;

namespace Fairlead.Roles.Up;

/// <summary>The platform of a state folder on this machine, asked on its Unix socket.</summary>
public sealed class LocalPlatform(UpContext context) : IPlatform
{
    private const int EvidenceLines = 20;
    private static readonly TimeSpan StartMax = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Asked as an agent of this name; null for as the owner.</summary>
    public string? Agent { get; init; }

    public string Folder => context.State.Root;

    public async Task<JsonNode> AskAsync(string operation, JsonObject input, CancellationToken stop)
    {
        using var client = context.Client("server", AllOperations.AnswerMaxOf(operation), Agent);
        return await client.PostAsync<JsonNode>($"/api/{operation}", input, fence: null, stop);
    }

    public Task<string> BringAsync(string folder, Sent sent, Action<string> progress, CancellationToken stop) =>
        Task.FromResult(folder);

    public Task StartAsync(Action<string> progress, CancellationToken stop) =>
        StartAsync(new UpOrder(null, null), progress, stop);

    /// <inheritdoc cref="IPlatform.StartAsync"/>
    /// <param name="order">What is asked for explicitly.</param>
    public async Task StartAsync(UpOrder order, Action<string> progress, CancellationToken stop)
    {
        var pid = 0;
        if (RoleNotes.Parent(context.State) is null)
        {
            progress($"starting Fairlead in the background, state in {Folder}");
            pid = Start(order);
        }
        var deadline = context.World.Now + StartMax;
        while (!RoleNotes.IsUp(context.State) || !await context.IsReadyAsync(context, "server", stop))
        {
            // Two may start it at once: then one of the parents ends, and the other is waited for.
            if (pid > 0 && Child.TryReap(pid) is { } ending && RoleNotes.Parent(context.State) is null)
            {
                throw new ProblemException(Ended(ending));
            }
            if (context.World.Now >= deadline)
            {
                throw new ProblemException(
                    NotReady(await Readiness.WaitAsync(context, UpContext.Roles, TimeSpan.Zero, stop))
                );
            }
            await Task.Delay(Pause, context.World.Clock, stop);
        }
    }

    private int Start(UpOrder order)
    {
        Directory.CreateDirectory(context.State.Logs);
        var log = context.LogOf(RoleNotes.ParentRole);
        RotatedLog.Rotate(log);
        var env = OwnEnvironment.Copy();
        if (order.Store is { } store)
        {
            // Not among the words, which everybody on the machine can see.
            env[StoreChoice.Variable] = store;
        }
        string[] words =
        [
            "up",
            "--json",
            "--state",
            Folder,
            .. order.Http is { } http ? ["--http", http] : Array.Empty<string>(),
            .. order.Https is { } https ? ["--https", https] : Array.Empty<string>(),
            .. order.Api is { } api ? ["--api", api] : Array.Empty<string>(),
        ];
        return Spawner.Start(new SpawnOrder(context.Words(words), "/", env, log, null, []));
    }

    /// <summary>The parent's own words, which it left as the last envelope in its log.</summary>
    private Problem Ended(Ending ending)
    {
        var lines = RotatedLog.Tail(context.LogOf(RoleNotes.ParentRole), EvidenceLines);
        var said = lines.LastOrDefault(line => line.StartsWith('{'));
        var error = said is null ? null : JsonNode.Parse(said)?["error"];
        return error?.Deserialize<Problem>(Drivers.Http.Wire.Json) is { } own
            ? own with
            {
                Trouble = Enum.IsDefined((Trouble)(ending.Code ?? 1)) ? (Trouble)(ending.Code ?? 1) : Trouble.Failed,
            }
            : new Problem(
                "up.ended",
                What: "Fairlead did not start.",
                Why: $"Its parent process ended with {ending}.",
                Fix: "See more by starting it in the foreground: fairlead up"
            )
            {
                Evidence = lines,
            };
    }

    private Problem NotReady(IReadOnlyList<string> late)
    {
        var log = context.LogOf(late.Count > 0 ? late[0] : RoleNotes.ParentRole);
        return new(
            "up.not-ready",
            What: late.Count > 0
                ? $"Fairlead is not ready: no answer from {string.Join(", ", late)}."
                : "Fairlead is not ready: it still takes over from its predecessor.",
            Why: $"It was waited for {StartMax.TotalSeconds:0} s.",
            Fix: $"Read {log}"
        )
        {
            Evidence = RotatedLog.Tail(log, EvidenceLines),
            Trouble = Trouble.TimedOut,
        };
    }
}
