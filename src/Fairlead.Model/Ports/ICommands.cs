using Fairlead.Model.Problems;

namespace Fairlead.Model.Ports;

/// <summary>Runs a gate's commands in the background, each once by its key.</summary>
public interface ICommands
{
    /// <summary>Begins a command, or finds it running or ended.</summary>
    Task StartAsync(CommandOrder order, CancellationToken stop);

    /// <summary>How it stands; null when nobody started it, or the one who did is gone.</summary>
    Task<CommandView?> ObserveAsync(string key, CancellationToken stop);
}

/// <param name="Key">The same key is the same run.</param>
/// <param name="Words">Program and arguments; no shell reads them.</param>
/// <param name="Folder">Where it runs, absolute.</param>
public sealed record CommandOrder(
    string Key,
    IReadOnlyList<string> Words,
    string Folder,
    IReadOnlyDictionary<string, string> Env,
    TimeSpan Timeout
)
{
    /// <summary>Only what it complains of is kept of its output, so that a long result does not push it out.</summary>
    public bool KeepsErrorsOnly { get; init; }
}

/// <param name="ExitCode">Null while it runs.</param>
/// <param name="Problem">It could not be started, or ran out of time.</param>
/// <param name="Lines">The last lines of its output.</param>
public sealed record CommandView(int? ExitCode, Problem? Problem, IReadOnlyList<string> Lines);
