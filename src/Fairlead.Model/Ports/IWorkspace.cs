using Fairlead.Model.Pipelines;
using Fairlead.Model.Problems;

namespace Fairlead.Model.Ports;

/// <summary>The folder in which tasks work. Globs are relative to it and never lead out; <c>.git</c> is no part of it.</summary>
public interface IWorkspace
{
    /// <summary>Absolute.</summary>
    string Root { get; }

    /// <summary>Files that fit one of the globs and none that begins with <c>!</c>, sorted by path, with their digests. Links are not followed.</summary>
    /// <exception cref="ProblemException">Something cannot be read, or there is too much of it.</exception>
    IReadOnlyList<WorkFile> Find(IReadOnlyList<string> globs);

    /// <summary>Whether a path fits globs as <see cref="Find"/> reads them, be there such a file or not.</summary>
    bool Fits(IReadOnlyList<string> globs, string path);

    /// <summary>Removes files that fit the globs.</summary>
    void Clear(IReadOnlyList<string> globs);

    /// <summary>Puts a file into <see cref="LentFolder"/> until it is disposed of. No glob finds it, and git is told to ignore it.</summary>
    /// <param name="name">Of letters, digits, <c>-</c> and <c>_</c>.</param>
    /// <exception cref="ProblemException">It cannot be written.</exception>
    IDisposable Lend(string name, string text);

    /// <summary>The folder, from the workspace, of files that are only there while a task runs.</summary>
    const string LentFolder = ".fairlead-run";
}

/// <summary>A workspace of one job, thrown away in the end.</summary>
public interface IApartWorkspace : IWorkspace, IDisposable
{
    /// <summary>Puts files that fit the globs into the workspace that this one was copied from.</summary>
    void GiveBack(IReadOnlyList<string> globs);
}

/// <summary>What tasks made, by what they were made of. Bounded: what was not used for longest goes first.</summary>
public interface ITaskCache
{
    /// <summary>The entry with this key that may be used on a branch: made there, or on the main one. Null when there is none, or not all of it.</summary>
    KeptTask? Find(TaskKey key, string branch);

    /// <summary>Keeps what a workspace has of an entry's outputs.</summary>
    void Keep(KeptTask entry, IWorkspace workspace);

    /// <summary>Puts an entry's outputs into a workspace, and takes away what else fits their globs; false when a file of it is not what it was.</summary>
    bool Restore(KeptTask entry, IWorkspace workspace, IReadOnlyList<string> globs);

    /// <summary>Remembers that a task failed with this key.</summary>
    void Mourn(TaskKey key);

    /// <summary>Whether a task once failed with this key.</summary>
    bool HasFailed(TaskKey key);

    /// <summary>Makes the cache smaller where it is too large, and writes down what it learnt.</summary>
    void Settle();
}

/// <summary>Runs commands of tasks; what they begin ends with them.</summary>
public interface ITaskRunner
{
    /// <param name="line">Takes each line that it prints, with secrets hidden.</param>
    /// <exception cref="ProblemException">It cannot be started.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> fired; all of it is gone.</exception>
    Task<TaskEnd> RunAsync(TaskOrder order, Action<string> line, CancellationToken stop);

    /// <summary>Ends all that tasks of a run left behind which was cut off.</summary>
    /// <returns>How many processes.</returns>
    int Sweep(string run);

    /// <summary>What tells a tool's version, such as <c>v22.1.0</c>; null when there is no such program.</summary>
    Task<string?> VersionAsync(string tool, CancellationToken stop);
}

/// <param name="Id">Of its run, and then of the task in it: what it begins is found again by it.</param>
/// <param name="Words">Program and arguments; no shell reads them.</param>
/// <param name="Folder">Absolute.</param>
/// <param name="Env">Beyond what tools need of the caller's.</param>
/// <param name="Log">Where all its lines go, absolute; null for nowhere.</param>
public sealed record TaskOrder(
    string Id,
    IReadOnlyList<string> Words,
    string Folder,
    IReadOnlyDictionary<string, string> Env,
    TimeSpan Timeout,
    string? Log
)
{
    /// <summary>Names of further variables that it takes over from the caller, where it has them.</summary>
    public IReadOnlyList<string> Inherits { get; init; } = [];
}

/// <param name="ExitCode">Null when its time was over.</param>
public sealed record TaskEnd(int? ExitCode);

/// <summary>Keeps what became of runs, task by task, so that an interrupted one is known.</summary>
public interface IRunShelf
{
    /// <summary>Keeps other runs out of the folder until it is disposed of, or its process ends.</summary>
    /// <exception cref="ProblemException">Another run goes on there.</exception>
    IDisposable Enter();

    /// <summary>The newest run of a pipeline; null when there is none.</summary>
    RunRecord? Last(string pipeline);

    /// <summary>Begins a run.</summary>
    void Begin(RunRecord run);

    /// <summary>Says that a task begins; on the disk when it returns.</summary>
    void Start(RunRecord run, string job, string task);

    void End(RunRecord run, TaskResult result);

    /// <summary>The run is over.</summary>
    void Close(RunRecord run, TimeSpan took);

    /// <summary>Where a task's lines are kept, absolute.</summary>
    string LogOf(RunRecord run, string job, string task);

    /// <summary>The last key with which each task was done, by <c>job/task</c>, and how long it took.</summary>
    IReadOnlyDictionary<string, PastTask> Past(string pipeline);

    void Remember(string pipeline, IReadOnlyDictionary<string, PastTask> past);

    /// <summary>What earlier runs say of a task's tests; nothing when it is not known.</summary>
    /// <param name="task">As <c>job/task</c>.</param>
    PastTests Tests(string pipeline, string task);

    void Remember(string pipeline, string task, PastTests tests);
}

/// <param name="Key">Null when its inputs are not said.</param>
/// <param name="Took">When it last ran.</param>
public sealed record PastTask(TaskKey? Key, TimeSpan Took);
