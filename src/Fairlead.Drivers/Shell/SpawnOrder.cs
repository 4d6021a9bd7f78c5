namespace Fairlead.Drivers.Shell;

/// <summary>A process to start: in its own session, with its outputs in a file, tied to nobody's life.</summary>
/// <param name="Words">Program and arguments; no shell reads them. The program is looked up on the PATH of <paramref name="Env"/>.</param>
/// <param name="Folder">Where it runs, absolute.</param>
/// <param name="Env">Its whole environment.</param>
/// <param name="LogFile">Where both outputs are appended, absolute; made when missing, readable by the owner alone.</param>
/// <param name="Descriptors">Open descriptors it is given: its number, and which of ours that is.</param>
/// <param name="CgroupProcs">Absolute paths of the <c>cgroup.procs</c> files it joins before its first instruction.</param>
public sealed record SpawnOrder(
    IReadOnlyList<string> Words,
    string Folder,
    IReadOnlyDictionary<string, string> Env,
    string LogFile,
    IReadOnlyDictionary<int, int>? Descriptors,
    IReadOnlyList<string> CgroupProcs
);
