using System.ComponentModel;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Fairlead.Engine.Operations;
using Fairlead.Faces.Cli;
using Fairlead.Faces.Cli.Reading;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Sent = Fairlead.Engine.Operations.Sent;

namespace Fairlead.Tests.Faces;

/// <summary>A command line without a process: operations of its own, a platform that answers from a script, streams in memory.</summary>
internal sealed class Stage : IPlatform
{
    private readonly Queue<Func<JsonObject, JsonNode>> answers = new();

    public Stage()
    {
        World = new World(Clock, new Random(1));
        Terminal = new Terminal(TextReader.Null, new StringWriter(), new StringWriter())
        {
            Folder = Path.GetTempPath(),
        };
    }

    public ImpatientClock Clock { get; } = new();

    public World World { get; }

    public Terminal Terminal { get; set; }

    public string Folder { get; set; } = Path.Combine(Path.GetTempPath(), "no-such-state");

    public List<string> Asked { get; } = [];

    public List<string> Started { get; } = [];

    public List<string> Brought { get; } = [];

    public IReadOnlyList<string> Out => Lines(Terminal.Out);

    public IReadOnlyList<string> Errors => Lines(Terminal.Error);

    public static IReadOnlyList<Operation> Operations { get; } =
    [
        new Operation<DeployInput, JsonObject>(
            "deploy",
            "Make a new release live.",
            Effect.Changes,
            Never<DeployInput>
        ),
        new Operation<AppInput, JsonObject>("abort", "Stop a deployment.", Effect.Changes, Never<AppInput>),
        new Operation<FollowInput, JsonObject>("follow", "Watch a deployment.", Effect.Reads, Never<FollowInput>),
        new Operation<AppInput, JsonObject>("status", "Show what runs.", Effect.Reads, Never<AppInput>),
        new Operation<LogsInput, JsonObject>("logs", "Show what replicas wrote.", Effect.Reads, Never<LogsInput>),
        new Operation<AppInput, JsonObject>("app.remove", "Remove an app.", Effect.Destroys, Never<AppInput>),
        new Operation<TypesInput, JsonObject>("app.types", "Take every type.", Effect.Reads, EchoAsync)
        {
            Runs = Runs.Here,
        },
        new Operation<NoInput, JsonObject>("journal.verify", "Check the journal.", Effect.Reads, BugAsync)
        {
            Runs = Runs.Here,
        },
    ];

    public sealed record DeployInput
    {
        [Description("The folder with fairlead.yaml."), Positional, Folder]
        public required string Folder { get; init; }

        [Description("The environment.")]
        public string Environment { get; init; } = "production";

        [Description("Overrides, service.key=value.")]
        public IReadOnlyList<string> Set { get; init; } = [];

        [Description("Wait for the one before.")]
        public bool Queue { get; init; }
    }

    public sealed record AppInput
    {
        [Description("The app."), Positional, Names("app")]
        public required string App { get; init; }
    }

    public sealed record FollowInput
    {
        [Description("The deployment."), Positional]
        public required string Deployment { get; init; }

        public long After { get; init; }

        public int WaitMilliseconds { get; init; }
    }

    public sealed record LogsInput
    {
        [Description("The app."), Names("app")]
        public required string App { get; init; }

        [Description("Only this service."), Names("service")]
        public string? Service { get; init; }

        [Description("Lines to begin with.")]
        public int Tail { get; init; } = 100;

        public string? Cursor { get; init; }

        public int WaitMilliseconds { get; init; }
    }

    public sealed record TypesInput
    {
        [Description("A number.")]
        public required int To { get; init; }

        [Description("A ratio.")]
        public double Ratio { get; init; } = 0.5;

        [Description("How loud.")]
        public Loudness Loudness { get; init; }

        [Description("Numbers.")]
        public IReadOnlyList<int> Ports { get; init; } = [];

        [Description("A whole structure.")]
        public JsonObject? Extra { get; init; }

        [Description("On or off.")]
        public bool Careful { get; init; }
    }

    [JsonConverter(typeof(JsonStringEnumConverter<Loudness>))]
    public enum Loudness
    {
        [JsonStringEnumMemberName("rather-quiet")]
        RatherQuiet,

        [JsonStringEnumMemberName("loud")]
        Loud,
    }

    public IReadOnlyList<Verb> Verbs => CliFace.Verbs(Context, Operations, own: []);

    private CliContext Context =>
        new(
            Terminal,
            World,
            _ => this,
            _ => new EngineContext
            {
                World = World,
                WriteNewFile = (_, _) => { },
                OpenFolder = _ => throw new NotSupportedException(),
            }
        );

    public Stage Answers(string json) => Answers(_ => JsonNode.Parse(json)!);

    public Stage Answers(Func<JsonObject, JsonNode> answer)
    {
        answers.Enqueue(answer);
        return this;
    }

    public Stage Refuses(Problem problem) => Answers(_ => throw new ProblemException(problem));

    public Task<int> TypeAsync(params string[] words) => TypeUntilAsync(words, CancellationToken.None);

    public Task<int> TypeUntilAsync(string[] words, CancellationToken stop) =>
        CliFace.RunAsync(Context, Verbs, words, stop);

    public Task<JsonNode> AskAsync(string operation, JsonObject input, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        Asked.Add($"{operation} {input.ToJsonString()}");
        return Task.FromResult(answers.Dequeue()(input));
    }

    public Task<string> BringAsync(string folder, Sent sent, Action<string> progress, CancellationToken stop)
    {
        Brought.Add($"{sent} of {folder}");
        return Task.FromResult(folder);
    }

    public Task StartAsync(Action<string> progress, CancellationToken stop)
    {
        Started.Add("platform");
        return Task.CompletedTask;
    }

    private static IReadOnlyList<string> Lines(TextWriter text) =>
        text.ToString()!.Split('\n') is [.. var lines, ""] ? lines : [text.ToString()!];

    private static Task<JsonObject> EchoAsync(TypesInput input, EngineContext engine, CancellationToken stop) =>
        Task.FromResult(
            new JsonObject
            {
                ["to"] = input.To,
                ["ratio"] = input.Ratio,
                ["loudness"] = input.Loudness.ToString(),
                ["ports"] = new JsonArray([.. input.Ports.Select(port => JsonValue.Create(port))]),
                ["extra"] = input.Extra?.DeepClone(),
                ["careful"] = input.Careful,
            }
        );

    private static Task<JsonObject> BugAsync(NoInput input, EngineContext engine, CancellationToken stop) =>
        throw new InvalidOperationException("the sky fell");

    private static Task<JsonObject> Never<TInput>(TInput input, EngineContext engine, CancellationToken stop) =>
        throw new InvalidOperationException("This runs in the server.");
}

/// <summary>A clock on which every wait is over at once, and has taken its time.</summary>
internal sealed class ImpatientClock : TimeProvider
{
    private DateTimeOffset now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    /// <summary>Its timers never fire: what has a deadline always comes before it.</summary>
    public bool StandsStill { get; set; }

    public override DateTimeOffset GetUtcNow() => now;

    public void Advance(TimeSpan time) => now += time;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime > TimeSpan.Zero && !StandsStill)
        {
            now += dueTime;
            ThreadPool.QueueUserWorkItem(_ => callback(state));
        }
        return new Fired();
    }

    private sealed class Fired : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose() { }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
