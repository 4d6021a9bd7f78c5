using System.Globalization;
using Fairlead.Drivers.Shell;

namespace Fairlead.Drivers.Nodes;

/// <summary>
/// Has the exit code of a job written down when it ends, since the node that began it may be gone by then, and the system tells only the parent. A shell waits for the
/// program; what a user wrote is never read by it.
/// </summary>
internal static class ExitKeeping
{
    // The group's SIGTERM reaches shell and program alike: the shell, which has a trap, goes on waiting for the program's own answer.
    // With an empty trap the program would inherit that, and never hear of it.
    private const string Script = """
        trap : TERM INT HUP
        file=$1
        shift
        unset PWD OLDPWD
        "$@"
        code=$?
        echo "$code" > "$file.new" && mv -f "$file.new" "$file"
        exit "$code"
        """;

    private const int SignalBase = 128;

    /// <summary>The words of a command that runs these and leaves their exit code in a file.</summary>
    /// <exception cref="Model.Problems.ProblemException">The program is missing.</exception>
    public static IReadOnlyList<string> Around(
        IReadOnlyList<string> words,
        string file,
        string folder,
        IReadOnlyDictionary<string, string> env
    )
    {
        File.Delete(file); // Of the attempt before.
        var program = Programs.Find(words[0], folder, env.GetValueOrDefault("PATH", ""));
        return ["/bin/sh", "-c", Script, "sh", file, program, .. words.Skip(1)];
    }

    /// <summary>What was left there; null where nothing was.</summary>
    public static Ending? Read(string file) =>
        File.Exists(file)
        && int.TryParse(File.ReadAllText(file).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var code)
            ? Of(code)
            : null;

    /// <summary>Shells say 128 and the signal's number for a program that a signal ended.</summary>
    public static Ending Of(int code) =>
        code is > SignalBase and < SignalBase + 65 ? new(null, code - SignalBase) : new(code, null);
}
