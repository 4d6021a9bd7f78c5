using System.Globalization;
using System.Runtime.InteropServices;
using Fairlead.Model.Problems;

namespace Fairlead.Drivers.Shell;

/// <summary>Starts processes that outlive us: own session, outputs in a file, fresh signals, no descriptor but those named.</summary>
public static class Spawner
{
    // glibc and musl need at most 336 bytes for any of posix_spawn's structures.
    private const int StructureBytes = 1024;

    // Above every number that a child is promised, so that one dup2 cannot overwrite the source of the next.
    private const int FirstSpareDescriptor = 200;

    // Constant: values come in as arguments, so nothing that a user wrote is ever read as shell. A group that refuses
    // (it was removed a moment ago) must not keep the program from running.
    private const string JoinGroups = """
        while [ "$1" != -- ]; do echo $$ > "$1"; shift; done
        shift
        unset PWD OLDPWD
        exec "$@"
        """;

    /// <summary>Starts it and says its process id; it must later be asked for by <see cref="Child.TryReap"/>.</summary>
    /// <exception cref="ProblemException">The program or the folder is missing, or the system refuses.</exception>
    public static int Start(SpawnOrder order)
    {
        var path = order.Env.TryGetValue("PATH", out var own) ? own : "";
        var program = Programs.Find(order.Words[0], order.Folder, path);
        if (!Directory.Exists(order.Folder))
        {
            throw new ProblemException(FolderMissing(order));
        }
        var joinsByShell = order.CgroupProcs.Count > 0 && order.Env.Keys.All(SurvivesShell);
        string[] words =
        [
            .. joinsByShell ? ["/bin/sh", "-c", JoinGroups, "sh", .. order.CgroupProcs, "--"] : Array.Empty<string>(),
            program,
            .. order.Words.Skip(1),
        ];
        var pid = Start(order, words);
        if (!joinsByShell)
        {
            JoinLate(pid, order.CgroupProcs);
        }
        return pid;
    }

    // A shell forgets variables whose names are not words of its language, such as Spring's my.key; such a program is put
    // in its groups just after its start instead, which a child made in its first microseconds can escape.
    private static bool SurvivesShell(string name) =>
        name.Length > 0
        && !char.IsAsciiDigit(name[0])
        && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '_');

    private static void JoinLate(int pid, IReadOnlyList<string> groups)
    {
        foreach (var group in groups)
        {
            try
            {
                File.WriteAllText(group, pid.ToString(CultureInfo.InvariantCulture));
            }
            catch (IOException) when (Child.HasEnded(pid)) { }
        }
    }

    private static int Start(SpawnOrder order, string[] words)
    {
        CloseOnExec();
        using var memory = new NativeMemoryScope();
        var (actions, attributes, signals) = (
            memory.Zeroed(StructureBytes),
            memory.Zeroed(StructureBytes),
            memory.Zeroed(StructureBytes)
        );
        List<int> spares = [];
        Check(Libc.posix_spawn_file_actions_init(actions), order);
        Check(Libc.posix_spawnattr_init(attributes), order);
        try
        {
            Check(Libc.posix_spawn_file_actions_addopen(actions, 0, "/dev/null", Libc.OpenRead, 0), order);
            Check(
                Libc.posix_spawn_file_actions_addopen(actions, 1, order.LogFile, Libc.OpenAppend, 0b110_000_000),
                order
            );
            Check(Libc.posix_spawn_file_actions_adddup2(actions, 1, 2), order);
            foreach (var (theirs, ours) in order.Descriptors ?? new Dictionary<int, int>())
            {
                var spare = Libc.fcntl(ours, Libc.DuplicateCloseOnExec, FirstSpareDescriptor);
                Check(spare < 0 ? Marshal.GetLastPInvokeError() : 0, order);
                spares.Add(spare);
                Check(Libc.posix_spawn_file_actions_adddup2(actions, spare, theirs), order);
            }
            Check(Libc.posix_spawn_file_actions_addchdir_np(actions, order.Folder), order);

            // .NET ignores SIGPIPE and its threads may block others: a program must not inherit that.
            const int flags = Libc.SpawnSetSession | Libc.SpawnSetSignalMask | Libc.SpawnSetSignalDefaults;
            Check(Libc.posix_spawnattr_setflags(attributes, flags), order);
            Check(Libc.sigemptyset(signals), order);
            Check(Libc.posix_spawnattr_setsigmask(attributes, signals), order);
            Check(Libc.sigfillset(signals), order);
            Check(Libc.posix_spawnattr_setsigdefault(attributes, signals), order);

            var argv = memory.Strings(words);
            var env = memory.Strings([.. order.Env.Select(pair => $"{pair.Key}={pair.Value}")]);
            Check(Libc.posix_spawn(out var pid, words[0], actions, attributes, argv, env), order);
            return pid;
        }
        finally
        {
            spares.ForEach(spare => _ = Libc.close(spare));
            _ = Libc.posix_spawn_file_actions_destroy(actions);
            _ = Libc.posix_spawnattr_destroy(attributes);
        }
    }

    // .NET opens everything to be closed on exec, but descriptors that we ourselves inherited (listening sockets, a log)
    // are not; the child shall have none of them.
    private static void CloseOnExec()
    {
        foreach (var entry in Directory.EnumerateFileSystemEntries("/proc/self/fd"))
        {
            var descriptor = int.Parse(Path.GetFileName(entry), CultureInfo.InvariantCulture);
            if (descriptor > 2)
            {
                _ = Libc.fcntl(descriptor, Libc.SetDescriptorFlags, Libc.CloseOnExec);
            }
        }
    }

    private static void Check(int error, SpawnOrder order)
    {
        if (error != 0)
        {
            throw new ProblemException(Refused(order, error));
        }
    }

    private static Problem FolderMissing(SpawnOrder order) =>
        new(
            "process.folder-missing",
            What: $"{order.Words[0]} could not be started.",
            Why: $"Its folder {order.Folder} does not exist.",
            Fix: "Deploy again, so that it is built anew: fairlead deploy"
        );

    private static Problem Refused(SpawnOrder order, int error) =>
        new(
            "process.refused",
            What: $"{order.Words[0]} could not be started in {order.Folder}.",
            Why: $"The system answered: {Marshal.GetPInvokeErrorMessage(error)} (errno {error}).",
            Fix: $"Start it there by hand to see more: cd {order.Folder} && {string.Join(' ', order.Words)}"
        );
}
