using System.Globalization;
using Fairlead.Drivers.Shell;
using Fairlead.Model.Pipelines;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Drivers.Pipelines;

/// <summary>
/// Keeps runs in a folder, each with its lines and a file to which is appended as it goes on: <c>begin</c>, <c>start</c>, <c>end</c>,
/// <c>close</c>. What is appended outlives the program, however it ends.
/// </summary>
internal sealed class RunShelf(string folder) : IRunShelf
{
    private const int RunsMax = 50;

    private readonly Lock gate = new();

    public IDisposable Enter() =>
        LockFile.TryTake(Path.Combine(folder, "lock"), out var holder)
        ?? throw new ProblemException(PipelineProblems.Running(holder));

    public RunRecord? Last(string pipeline) =>
        Folders(pipeline).Select(Read).FirstOrDefault(static one => one is not null);

    public void Begin(RunRecord run)
    {
        foreach (var old in Folders(run.Pipeline).Skip(RunsMax - 1))
        {
            Directory.Delete(old, recursive: true);
        }
        Directory.CreateDirectory(FolderOf(run));
        Append(
            run,
            [
                "begin",
                run.Id,
                run.Pipeline,
                run.Began.ToString("O", CultureInfo.InvariantCulture),
                run.Branch,
                run.Source,
            ]
        );
        foreach (var (job, needs) in run.Needs)
        {
            Append(run, ["needs", job, .. needs]);
        }
    }

    public void Start(RunRecord run, string job, string task) => Append(run, ["start", job, task]);

    public void End(RunRecord run, TaskResult result) =>
        Append(
            run,
            [
                "end",
                result.Job,
                result.Task,
                result.Outcome.ToString(),
                Milliseconds(result.Began),
                Milliseconds(result.Took),
                result.ExitCode?.ToString(CultureInfo.InvariantCulture) ?? "",
                result.Attempts.ToString(CultureInfo.InvariantCulture),
                result.IsFlaky ? "flaky" : "",
                result.Key ?? "",
                result.Why,
            ]
        );

    public void Close(RunRecord run, TimeSpan took) => Append(run, ["close", Milliseconds(took)]);

    public string LogOf(RunRecord run, string job, string task) => LogIn(FolderOf(run), job, task);

    /// <summary>Where a task's lines are in the folder of its run.</summary>
    internal static string LogIn(string place, string job, string task) =>
        Path.Combine(place, $"{FileName(job)}.{FileName(task)}.log");

    public IReadOnlyDictionary<string, PastTask> Past(string pipeline)
    {
        var past = new Dictionary<string, PastTask>(StringComparer.Ordinal);
        var path = PastPath(pipeline);
        if (!File.Exists(path))
        {
            return past;
        }
        // task build/build	1234	keyed
        // part command=["make"]
        var (name, took, isKeyed, parts) = ("", TimeSpan.Zero, false, new List<KeyPart>());
        foreach (var line in File.ReadLines(path).Append("task \t0\t"))
        {
            if (line.StartsWith("part ", StringComparison.Ordinal) && line.Contains('=', StringComparison.Ordinal))
            {
                parts.Add(EntryText.PartOf(line[5..]));
                continue;
            }
            if (name.Length > 0)
            {
                past[name] = new(isKeyed ? new TaskKey(parts) : null, took);
            }
            if (line.Split('\t') is not [['t', 'a', 's', 'k', ' ', .. var task], var time, var keyed])
            {
                // Damaged: without it only the time that tasks take and the reasons for them are not known.
                return new Dictionary<string, PastTask>(StringComparer.Ordinal);
            }
            (name, took, isKeyed, parts) = (EntryText.Plain(task), TimeOf(time), keyed == "keyed", []);
        }
        return past;
    }

    public void Remember(string pipeline, IReadOnlyDictionary<string, PastTask> past)
    {
        var path = PastPath(pipeline);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var beside = string.Create(CultureInfo.InvariantCulture, $"{path}.{Environment.ProcessId}");
        File.WriteAllLines(
            beside,
            past.SelectMany(one =>
                (string[])
                    [
                        $"task {EntryText.Escaped(one.Key)}\t{Milliseconds(one.Value.Took)}\t{(one.Value.Key is null ? "" : "keyed")}",
                        .. (one.Value.Key?.Parts ?? []).Select(static part => $"part {EntryText.Written(part)}"),
                    ]
            )
        );
        File.Move(beside, path, overwrite: true);
    }

    public PastTests Tests(string pipeline, string task) => TestShelf.Read(TestsPath(pipeline, task));

    public void Remember(string pipeline, string task, PastTests tests) =>
        TestShelf.Write(TestsPath(pipeline, task), tests);

    /// <summary>The run that a folder holds; null when it is not to be read.</summary>
    internal static RunRecord? Read(string folder)
    {
        var path = Path.Combine(folder, "record");
        if (!File.Exists(path))
        {
            return null;
        }
        RunRecord? run = null;
        var (results, open) = (new List<TaskResult>(), new List<string>());
        var needs = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach (var line in File.ReadLines(path))
        {
            var words = line.Split('\t').Select(EntryText.Plain).ToArray();
            switch (words)
            {
                case ["begin", var id, var pipeline, var began, var branch, var source]
                    when DateTimeOffset.TryParse(began, CultureInfo.InvariantCulture, out var at):
                    run = new(id, pipeline, at, branch, source);
                    break;
                case ["needs", var job, .. var others]:
                    needs[job] = others;
                    break;
                case ["start", var job, var task]:
                    open.Add($"{job}/{task}");
                    break;
                case ["end", var job, var task, var outcome, ..]
                    when words.Length == 11 && Enum.TryParse<TaskOutcome>(outcome, out var how):
                    open.Remove($"{job}/{task}");
                    results.Add(
                        new(job, task, how, TimeOf(words[4]), TimeOf(words[5]), words[10])
                        {
                            ExitCode = int.TryParse(
                                words[6],
                                NumberStyles.AllowLeadingSign,
                                CultureInfo.InvariantCulture,
                                out var code
                            )
                                ? code
                                : null,
                            Attempts = int.TryParse(
                                words[7],
                                NumberStyles.None,
                                CultureInfo.InvariantCulture,
                                out var often
                            )
                                ? often
                                : 0,
                            IsFlaky = words[8] == "flaky",
                            Key = words[9].Length > 0 ? words[9] : null,
                        }
                    );
                    break;
                case ["close", var took]:
                    run = run is null ? null : run with { Took = TimeOf(took) };
                    break;
                // The last line of a run that was cut may be cut as well.
                default:
                    break;
            }
        }
        return run is null ? null : run with { Results = results, Open = open, Needs = needs };
    }

    private void Append(RunRecord run, IReadOnlyList<string> words)
    {
        var line = string.Join(
            '\t',
            words.Select(static one => EntryText.Escaped(one).Replace("\t", " ", StringComparison.Ordinal))
        );
        lock (gate)
        {
            File.AppendAllText(Path.Combine(FolderOf(run), "record"), line + "\n");
        }
    }

    private List<string> Folders(string pipeline)
    {
        var runs = Path.Combine(folder, FileName(pipeline), "runs");
        return Directory.Exists(runs)
            ? Directory.EnumerateDirectories(runs).OrderDescending(StringComparer.Ordinal).ToList()
            : [];
    }

    // Names of folders sort as the runs began.
    private string FolderOf(RunRecord run) =>
        Path.Combine(
            folder,
            FileName(run.Pipeline),
            "runs",
            $"{run.Began.UtcDateTime.ToString("yyyyMMdd'T'HHmmssfff", CultureInfo.InvariantCulture)}-{run.Id}"
        );

    private string TestsPath(string pipeline, string task) =>
        Path.Combine(folder, FileName(pipeline), "tests", FileName(task));

    private string PastPath(string pipeline) => Path.Combine(folder, FileName(pipeline), "past");

    // Values of a matrix may hold anything, and be long.
    private static string FileName(string text)
    {
        var plain = new string([
            .. text.Take(80).Select(static one => char.IsAsciiLetterOrDigit(one) || one is '-' or '_' ? one : '_'),
        ]);
        return plain == text
            ? plain
            : $"{plain}-{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(text)))[..8]}";
    }

    private static string Milliseconds(TimeSpan time) =>
        ((long)time.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);

    private static TimeSpan TimeOf(string text) =>
        TimeSpan.FromMilliseconds(
            long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var all) ? all : 0
        );
}
