using System.Text.Json;
using System.Text.Json.Nodes;
using Fairlead.Engine.Agents;
using Fairlead.Model.Agents;
using Fairlead.Model.Ports;
using Fairlead.Model.Security;

namespace Fairlead.Engine.Operations.Agents;

/// <summary>How a protocol tells of tasks.</summary>
/// <param name="DeskOf">Tasks in somebody's name, through the gate.</param>
/// <param name="EventsOf">What happened to a task after a change of it, each with the number of its change.</param>
/// <param name="BodyType">Media type of an event.</param>
/// <param name="TokenHeader">Header that carries a caller's token back to it.</param>
public sealed record PushSpeech(
    Func<Principal, AgentTaskDesk> DeskOf,
    Func<AgentTask, int, IEnumerable<(int Change, JsonObject Event)>> EventsOf,
    string BodyType,
    string TokenHeader
);

/// <summary>
/// Tells callers of tasks what became of them, at the addresses that they gave: each change at least once and in its order, again and again where
/// it is not taken. Each look is done in the caller's own name, so whoever lost a right is told nothing that it may not see.
/// </summary>
public sealed class AgentPushTeller(ServerSide server, AgentParts parts, World world) : IBackgroundWork
{
    private const int AtOnceMax = 16;
    private const int AttemptsMax = 12;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan RetryMax = TimeSpan.FromMinutes(10);

    public string Name => "agents that are told";

    /// <summary>Null while no protocol is spoken.</summary>
    public PushSpeech? Speech { get; set; }

    private PushBook Book => new(server.Store, () => server.Conductor.Fence);

    public async Task RunAsync(CancellationToken stop)
    {
        while (true)
        {
            await LookAsync(stop);
            await Task.Delay(Pause, world.Clock, stop);
        }
    }

    /// <summary>Tells what is new and due.</summary>
    public async Task LookAsync(CancellationToken stop)
    {
        if (Speech is not { } speech)
        {
            return;
        }
        var all = await Book.AllAsync(stop);
        await Book.ForgetAsync(all, world.Now, stop);
        var due = all.Where(one => one.Push.Ended is null && one.Push.NextAt <= world.Now);
        foreach (var batch in due.Chunk(AtOnceMax))
        {
            await Task.WhenAll(batch.Select(one => TellAsync(one.Push, one.Version, speech, stop)));
        }
    }

    private async Task TellAsync(TaskPush push, int version, PushSpeech speech, CancellationToken stop)
    {
        if (await server.Tokens(world).AgainAsync(push.Owner, stop) is not { } owner)
        {
            await KeepAsync(push with { Ended = "Who asked for it may come in no longer." }, version, stop);
            return;
        }
        if (await speech.DeskOf(owner).FindAsync(push.Task, stop) is not { } task)
        {
            await Book.RemoveAsync([push], stop);
            return;
        }
        var after = await SentAsync(push, task, speech, stop);
        if (after.Ended is null && task.IsOver && after.Told >= task.Latest)
        {
            after = after with { Ended = "The task is over." };
        }
        if (after != push)
        {
            await KeepAsync(after, version, stop);
        }
    }

    private async Task<TaskPush> SentAsync(TaskPush push, AgentTask task, PushSpeech speech, CancellationToken stop)
    {
        var secrets = push.Sealed is { } text
            ? Opened((await parts.OpenSeal(stop)).Open(text, AgentPushDesk.Purpose))
            : null;
        foreach (var change in speech.EventsOf(task, push.Told).GroupBy(static one => one.Change))
        {
            foreach (var (_, what) in change)
            {
                var answer = await parts.Wire.AskAsync(RequestOf(push, secrets, what, speech), stop);
                if (!answer.Sent.IsTaken)
                {
                    return NotTaken(push, answer.Sent);
                }
            }
            push = push with { Told = change.Key, Attempts = 0 };
        }
        return push;
    }

    private static WireRequest RequestOf(TaskPush push, PushSecrets? secrets, JsonObject what, PushSpeech speech) =>
        new(push.Url, push.Most)
        {
            Body = what,
            BodyType = speech.BodyType,
            ReadsAnswer = false,
            Headers =
            [
                .. secrets?.Token is { } token ? new[] { (speech.TokenHeader, token) } : [],
                .. push.Scheme is { } scheme
                    ? new[] { ("Authorization", $"{scheme} {secrets?.Credentials}".Trim()) }
                    : [],
            ],
            Secrets = [.. new[] { secrets?.Token, secrets?.Credentials }.OfType<string>()],
        };

    private TaskPush NotTaken(TaskPush push, Model.Ports.Sent sent)
    {
        var attempts = push.Attempts + 1;
        var usual = TimeSpan.FromSeconds(Math.Pow(2, attempts));
        var pause = sent.After is { } asked && asked > usual ? asked : usual;
        return sent.MayRetry && attempts < AttemptsMax
            ? push with
            {
                Attempts = attempts,
                NextAt = world.Now + (pause < RetryMax ? pause : RetryMax),
            }
            : push with
            {
                Attempts = attempts,
                Ended = $"It was not taken: {PlainText.Of(sent.Why ?? "", 300)}",
            };
    }

    private async Task KeepAsync(TaskPush push, int version, CancellationToken stop)
    {
        try
        {
            await Book.KeepAsync(push, version, stop);
        }
        catch (ConflictException)
        {
            // Its caller replaced or removed it meanwhile; what that one says counts.
        }
    }

    private static PushSecrets? Opened(string? text) =>
        text is null ? null : JsonSerializer.Deserialize<PushSecrets>(text);
}
