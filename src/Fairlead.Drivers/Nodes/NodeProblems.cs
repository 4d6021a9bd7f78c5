using System.Globalization;
using Fairlead.Drivers.Shell;
using Fairlead.Model.Problems;
using Fairlead.Model.Releases;
using Fairlead.Model.Security;

namespace Fairlead.Drivers.Nodes;

/// <summary>What can go wrong with a replica, in words.</summary>
internal static class NodeProblems
{
    private const int EvidenceLineMax = 500;

    public static string Name(InstanceKey key) => $"{key.Part}#{key.Slot} of {key.Site}";

    public static Problem NoSecret(InstanceKey key, SecretVersion version) =>
        new(
            "target.secret-missing",
            What: $"{Name(key)} cannot be started without {version.Label}.",
            Why: "The node does not have its value: it is only in memory, and no server gave it since the machine was started.",
            Fix: "See that the server runs and can open its secrets: fairlead status, fairlead secret list"
        );

    public static Problem NoMemoryFolder(InstanceKey key, string variable) =>
        new(
            "target.no-memory-folder",
            What: $"{Name(key)} cannot get {variable} as a file.",
            Why: "Files with secrets are only written to memory, and neither /dev/shm nor the user's runtime folder is a tmpfs that we may write.",
            Fix: $"Mount one (mount -t tmpfs tmpfs /dev/shm), or take it as a variable: secrets: [{variable}]"
        );

    public static Problem ExitedAtStart(InstanceOrder order, string why, IReadOnlyList<string> log) =>
        new(
            "target.exited-at-start",
            What: $"{Name(order.Key)} ended before it was ready.",
            Why: why,
            Fix: log.Count == 0
                ? $"It wrote nothing. Start it by hand to see more: {string.Join(' ', order.Service.Recipe.Run)}"
                : $"See what it wrote, mend it and deploy again: {LogsCommand(order.Key)}"
        )
        {
            Evidence = Evidence(log),
        };

    public static Problem RunFailed(InstanceKey key, string why, IReadOnlyList<string> log) =>
        new(
            "job.failed",
            What: $"{Name(key)} failed.",
            Why: why,
            Fix: $"See what it wrote: {LogsCommand(key)} --service {key.Part.Service}"
        )
        {
            Evidence = Evidence(log),
        };

    public static Problem RunTimedOut(InstanceKey key, TimeSpan limit, IReadOnlyList<string> log) =>
        new(
            "job.timed-out",
            What: $"{Name(key)} was ended.",
            Why: $"It took longer than its 'timeout' of {limit.Text}.",
            Fix: $"See where it was: {LogsCommand(key)} --service {key.Part.Service}. Make it quicker, or give it more 'timeout'."
        )
        {
            Trouble = Trouble.TimedOut,
            Evidence = Evidence(log),
        };

    /// <param name="elsewhere">Where it listens instead, and what to do.</param>
    public static Problem NotReady(InstanceOrder order, Answer? last, (string Why, string Fix)? elsewhere) =>
        new(
            "target.not-ready",
            What: string.Create(
                CultureInfo.InvariantCulture,
                $"{Name(order.Key)} was not ready within {order.Service.Health.StartGrace.TotalSeconds} s."
            ),
            Why: string.Join(
                ' ',
                new[] { last is null ? "It was never asked." : $"{last}.", elsewhere?.Why }.OfType<string>()
            ),
            Fix: elsewhere?.Fix
                ?? "Correct 'health' of the service in fairlead.yaml, or give it more time there: health: { grace: 3m }"
        );

    public static Problem Crashed(InstanceKey key, string why, TimeSpan pause, IReadOnlyList<string> log) =>
        new(
            "target.crashed",
            What: $"{Name(key)} crashed.",
            Why: string.Create(
                CultureInfo.InvariantCulture,
                $"{why} It is started again after {pause.TotalSeconds:0.#} s."
            ),
            Fix: $"See what it wrote: {LogsCommand(key)}"
        )
        {
            Evidence = Evidence(log),
        };

    public static Problem Unhealthy(InstanceKey key, Answer last, int failures) =>
        new(
            "target.unhealthy",
            What: $"{Name(key)} runs but is not healthy.",
            Why: $"{last}, and {failures} times in a row it was not well.",
            Fix: $"See what it wrote: {LogsCommand(key)}"
        );

    public static Problem PortTaken(InstanceKey key, int port, ProcessStat? holder, IReadOnlyList<string> log) =>
        new(
            "target.port-taken",
            What: $"{Name(key)} could not start on port {port}.",
            Why: holder is null
                ? "A process of another user listens there."
                : $"Process {holder.Pid} ({holder.Name}) listens there.",
            Fix: (holder is null ? "Find and stop it" : $"Stop it (kill {holder.Pid})")
                + ", or set another 'port' in fairlead.yaml, or leave 'port' out and let the program listen on $PORT."
        )
        {
            Evidence = Evidence(log),
        };

    public static Problem ArtifactMissing(InstanceOrder order, string folder) =>
        new(
            "target.artifact-missing",
            What: $"{Name(order.Key)} has nothing to run.",
            Why: $"Its artifact {folder} does not exist.",
            Fix: "Deploy again, so that it is built anew: fairlead deploy"
        );

    public static Problem NoPortLeft(int first, int last) =>
        new(
            "target.no-port-left",
            What: "A replica could not be given a port.",
            Why: $"All ports from {first} to {last} are taken on this machine.",
            Fix: "See who listens: ss -ltn. Run fewer replicas."
        );

    public static Problem Disk(string folder, string reason) =>
        new(
            "node.disk",
            What: $"The node cannot write to {folder}.",
            Why: reason,
            Fix: $"Make room or correct the permissions: df -h {folder}"
        );

    public static Problem AlreadyRuns(string root, int holder) =>
        new(
            "node.already-runs",
            What: $"Another node runs on the state directory {root}.",
            Why: holder > 0 ? $"Process {holder} holds its lock." : "Its lock is held.",
            Fix: holder > 0 ? $"Use that one, or stop it: kill {holder}" : "Use that one, or stop it."
        )
        {
            Trouble = Trouble.Conflict,
        };

    /// <summary>Why a process ended, by all that the kernel tells.</summary>
    public static string Reason(Ending ending, bool isOutOfMemory, long? memory) =>
        isOutOfMemory && memory is { } bytes
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"It was killed by the kernel: over its {Mebibytes(bytes)} MiB."
            )
        : isOutOfMemory ? "It was killed by the kernel: the machine had no memory left."
        : $"It ended with {ending}.";

    private static string Mebibytes(long bytes) =>
        (bytes / 1024.0 / 1024.0).ToString("0.#", CultureInfo.InvariantCulture);

    private static string LogsCommand(InstanceKey key) => $"fairlead logs {key.Site.App} --env {key.Site.Environment}";

    /// <summary>Lines, each of a length that can be shown.</summary>
    public static IReadOnlyList<string> Evidence(IReadOnlyList<string> log) =>
        [.. log.Select(line => line.Length <= EvidenceLineMax ? line : line[..EvidenceLineMax] + "…")];
}
