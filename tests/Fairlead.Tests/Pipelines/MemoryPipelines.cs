using System.Collections.Concurrent;
using System.Text;
using Fairlead.Engine.Pipelines.Files;
using Fairlead.Engine.Pipelines.Running;
using Fairlead.Model.Pipelines;
using Fairlead.Model.Ports;
using Fairlead.Tests.Fakes;

namespace Fairlead.Tests.Pipelines;

/// <summary>A machine of which only its memory is real: files, a cache, records, and commands that are functions.</summary>
internal sealed class MemoryPipelines : IWorkspace, ITaskCache, ITaskRunner, IRunShelf, IChanges
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, KeptTask> entries = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> kept = new(StringComparer.Ordinal);
    private readonly HashSet<string> mourned = new(StringComparer.Ordinal);
    private Dictionary<string, PastTask> past = new(StringComparer.Ordinal);

    /// <summary>Commands of several jobs write at the same time.</summary>
    public ConcurrentDictionary<string, string> Files { get; } = new(StringComparer.Ordinal);

    /// <summary>What a command's first word does: 0 when it is not here.</summary>
    public Dictionary<string, Func<TaskOrder, CancellationToken, Task<int?>>> Commands { get; } =
        new(StringComparer.Ordinal);

    public Dictionary<string, string> Secrets { get; } = new(StringComparer.Ordinal);

    /// <summary>The cache of a team; null for none.</summary>
    public ISharedCache? Shared { get; set; }

    public MemoryRooms Rooms => field ??= new(this);

    public List<string> Ran { get; } = [];

    /// <summary>Variables of the last command.</summary>
    public IReadOnlyDictionary<string, string> LastEnv { get; private set; } = new Dictionary<string, string>();

    public List<string> Said { get; } = [];

    public PipelineRun? LastRun { get; private set; }

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    public List<RunRecord> Records { get; } = [];

    public string Root => "/work";

    public PipelinePorts Ports =>
        new(new World(Clock, new Random(1)), this, this, this, this)
        {
            Open = root => new MemoryTree(Files, root),
            Apart = (_, _) => throw new NotSupportedException(),
            Rooms = Rooms,
            Changes = this,
            Shared = Shared,
            Watch = _ => new Reading(this),
            InCluster = _ => throw new NotSupportedException(),
            Head = ("main", "c0ffee"),
            Cores = 2,
            Platform = "linux-x64",
            Self = ["fairlead"],
            Secret = name => Secrets.GetValueOrDefault(name),
            Hide = _ => { },
            Salt = [1, 2, 3],
            Say = line =>
            {
                lock (gate)
                {
                    Said.Add(line);
                }
            },
        };

    /// <summary>Runs a pipeline, and says what became of each job, sorted.</summary>
    public async Task<IReadOnlyList<string>> RunAsync(string text, Func<RunSettings, RunSettings>? change = null)
    {
        Ran.Clear();
        var pipeline = PipelineReader.Read(text);
        var settings = new RunSettings(2, new("main", "", "push"), "source");
        var run = new PipelineRun(pipeline, Graph.Of(pipeline, []), Ports, change?.Invoke(settings) ?? settings);
        LastRun = run;
        var record = await run.RunAsync(TestContext.Current.CancellationToken);
        return
        [
            .. record
                .Results.Select(static one =>
                    $"{(one.Job == one.Task ? one.Job : $"{one.Job}/{one.Task}")} {Waterfall.Word(one.Outcome)}{(one.IsFlaky ? " flaky" : "")}"
                )
                .Order(StringComparer.Ordinal),
        ];
    }

    public IReadOnlyList<WorkFile> Find(IReadOnlyList<string> globs)
    {
        lock (gate)
        {
            return
            [
                .. Files
                    .Where(one =>
                        globs.Any(glob =>
                            glob == one.Key
                            || (
                                glob.EndsWith("**", StringComparison.Ordinal)
                                && one.Key.StartsWith(glob[..^2], StringComparison.Ordinal)
                            )
                        )
                    )
                    .OrderBy(static one => one.Key, StringComparer.Ordinal)
                    .Select(static one => new WorkFile(
                        one.Key,
                        $"digest of {one.Value}",
                        one.Value.Length,
                        false,
                        false
                    )),
            ];
        }
    }

    /// <summary>Files that differ from the main branch.</summary>
    public List<string> Changed { get; } = [];

    public Task<ChangedFiles> SinceAsync(string? reference, CancellationToken stop) =>
        Task.FromResult(new ChangedFiles(reference ?? "main", [.. Changed]));

    public bool Fits(IReadOnlyList<string> globs, string path) =>
        globs.Any(glob =>
            glob == path
            || glob.EndsWith("**", StringComparison.Ordinal) && path.StartsWith(glob[..^2], StringComparison.Ordinal)
        ) && !globs.Contains($"!{path}");

    public void Clear(IReadOnlyList<string> globs)
    {
        foreach (var file in Find(globs))
        {
            lock (gate)
            {
                Files.TryRemove(file.Path, out _);
            }
        }
    }

    public KeptTask? Find(TaskKey key, string branch)
    {
        lock (gate)
        {
            return entries.GetValueOrDefault(key.Digest);
        }
    }

    public void Keep(KeptTask entry, IWorkspace workspace)
    {
        lock (gate)
        {
            entries[entry.Key.Digest] = entry;
            foreach (var file in entry.Outputs)
            {
                kept[file.Digest] = Files[file.Path];
            }
        }
    }

    public bool Restore(KeptTask entry, IWorkspace workspace, IReadOnlyList<string> globs)
    {
        Clear(globs);
        lock (gate)
        {
            foreach (var file in entry.Outputs)
            {
                Files[file.Path] = kept[file.Digest];
            }
        }
        return true;
    }

    public void Mourn(TaskKey key)
    {
        lock (gate)
        {
            mourned.Add(key.Digest);
        }
    }

    /// <summary>Files that commands read, as they say themselves.</summary>
    public List<string> Read { get; } = [];

    /// <summary>Whether all of it could be seen.</summary>
    public bool SeesAll { get; set; } = true;

    private sealed class Reading : IOpenings
    {
        private readonly MemoryPipelines machine;

        public Reading(MemoryPipelines machine)
        {
            this.machine = machine;
            machine.Read.Clear();
        }

        public SeenFiles End() => new([.. machine.Read], machine.SeesAll);

        public void Dispose() { }
    }

    /// <summary>As another machine, which has nothing.</summary>
    public void Forget()
    {
        entries.Clear();
        Files
            .Keys.Where(static one => one.StartsWith("out/", StringComparison.Ordinal))
            .ToList()
            .ForEach(one => Files.TryRemove(one, out _));
    }

    public bool HasFailed(TaskKey key) => mourned.Contains(key.Digest);

    public void Settle() { }

    public async Task<TaskEnd> RunAsync(TaskOrder order, Action<string> line, CancellationToken stop)
    {
        lock (gate)
        {
            Ran.Add(string.Join(' ', order.Words));
            LastEnv = order.Env;
        }
        line($"this is {order.Words[0]}");
        return new(Commands.TryGetValue(order.Words[0], out var command) ? await command(order, stop) : 0);
    }

    public Task<string?> VersionAsync(string tool, CancellationToken stop) =>
        Task.FromResult(tool == "node" ? "v22.1.0" : null);

    public int Sweep(string run) => 0;

    public IDisposable Enter() => throw new NotSupportedException();

    public RunRecord? Last(string pipeline) => Records.LastOrDefault();

    public void Begin(RunRecord run) => Records.Add(run);

    public void Start(RunRecord run, string job, string task) =>
        Records[^1] = Records[^1] with { Open = [.. Records[^1].Open, $"{job}/{task}"] };

    public void End(RunRecord run, TaskResult result) =>
        Records[^1] = Records[^1] with
        {
            Open = [.. Records[^1].Open.Where(one => one != $"{result.Job}/{result.Task}")],
            Results = [.. Records[^1].Results, result],
        };

    public void Close(RunRecord run, TimeSpan took) => Records[^1] = Records[^1] with { Took = took };

    public string LogOf(RunRecord run, string job, string task) => new StringBuilder(job).Append(task).ToString();

    public IReadOnlyDictionary<string, PastTask> Past(string pipeline) => past;

    public void Remember(string pipeline, IReadOnlyDictionary<string, PastTask> past) => this.past = new(past);

    public Dictionary<string, PastTests> PastTests { get; } = new(StringComparer.Ordinal);

    public PastTests Tests(string pipeline, string task) =>
        PastTests.GetValueOrDefault(task, Model.Pipelines.PastTests.Nothing);

    public void Remember(string pipeline, string task, PastTests tests) => PastTests[task] = tests;

    /// <summary>Files that are lent to tasks just now, by name.</summary>
    public ConcurrentDictionary<string, string> Lent { get; } = new(StringComparer.Ordinal);

    public IDisposable Lend(string name, string text)
    {
        Lent[name] = text;
        return new Loan(() => Lent.TryRemove(name, out _));
    }

    private sealed class Loan(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
